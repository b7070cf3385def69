"""The questions of an instrument as its file writes them: taken from an edition, or its own."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from django.utils.translation import gettext as _

from koers.assessment.instruments.custom import EXTRAS
from koers.assessment.instruments.given import File
from koers.assessment.instruments.structure import CUSTOM, Question
from koers.assessment.instruments.taken import asked_fields, taken
from koers.assessment.models import Role
from koers.editions import structure as s
from koers.kit.located import Path as Where

KINDS: Final = ("single", "multi", "matrix", "percent", "shares", "open", "line")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")

_CHOICES: Final = ("single", "multi", "matrix")
_ORDERED: Final = ("single", "matrix", "percent")
_KEY: Final = re.compile(r"(?=.{3,96}\Z)[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+\Z")
_USUAL: Final = {"matrix": 75, "open": 120, "text": 120, "list": 180, "shares": 90, "multi": 45}
_TAKEN: Final = {"from", "roles", "seconds"}
_OWN: Final = {
    "key", "kind", "label", "short", "help", "options", "extra", "rows", "total", "scoring", "descending", "remark",
    "roles", "seconds", "writes",
}  # fmt: skip


def _roles_and_time(file: File, where: Where, given: Mapping[str, Any], usual: int) -> tuple[tuple[str, ...], int]:
    seconds = given.get("seconds")
    return (
        file.several_of((*where, "roles"), given.get("roles"), Role.values),
        usual if seconds is None else file.whole((*where, "seconds"), seconds, 5, 1800),
    )


def read_taken(file: File, where: Where, given: dict[str, Any], dimension: str) -> list[Question]:
    """What ``from`` names: one field of the edition, or all that a section asks."""
    file.only(where, given, _TAKEN)
    name = file.text((*where, "from"), given["from"], 96)
    if file.edition is None:
        file.wrong((*where, "from"), _("“from” needs “edition” at the top of the file."))
        return []
    field, section = file.edition.fields.get(name), file.edition.sections.get(name)
    if field is not None:
        fields: tuple[s.Field, ...] = (field,)
    elif section is not None and asked_fields(section):
        fields = asked_fields(section)
    else:
        file.wrong((*where, "from"), _("The edition has no field or questions “%(name)s”."), name=name)
        return []
    questions = []
    for each in fields:
        roles, seconds = _roles_and_time(file, where, given, _USUAL.get(each.kind, 45))
        question = taken(file.edition.sections[each.section], each, dimension)
        questions.append(Question(question.field, dimension, roles=roles, seconds=seconds, writes=question.writes))
    return questions


def _options(file: File, where: Where, given: Mapping[str, Any], kind: str) -> tuple[s.Words, ...]:
    at = (*where, "options")
    if kind not in _CHOICES:
        if "options" in given:
            file.wrong(at, _("A question of the kind “%(kind)s” has no options."), kind=kind)
        return ()
    options = file.items(at, given.get("options"), 30)
    if len(options) < 2:
        file.wrong(at if "options" in given else where, _("Give at least two options."))
    return tuple(file.words((*at, index), each, needed=True, limit=600) for index, each in enumerate(options))


def _rows(file: File, where: Where, given: Mapping[str, Any], kind: str) -> tuple[s.Row, ...]:
    at = (*where, "rows")
    if kind not in {"matrix", "shares"}:
        if "rows" in given:
            file.wrong(at, _("A question of the kind “%(kind)s” has no rows."), kind=kind)
        return ()
    rows = file.mapping(at, given.get("rows"))
    if not 2 <= len(rows) <= 30:
        file.wrong(at if "rows" in given else where, _("Give from 2 to 30 rows."))
    for row in rows:
        if not NAME.match(row):
            file.wrong((*at, row), _("“%(id)s” is not a name: letters, digits, - . _ only."), id=row)
    return tuple(
        s.Row(row, file.words((*at, row), label, needed=True, limit=600)) for row, label in list(rows.items())[:30]
    )


def _extra(file: File, where: Where, given: Mapping[str, Any], kind: str) -> tuple[s.Special | None, s.Words]:
    """``extra: dont-know``, or with a text of its own ``extra: {dont-know: {nl: …}}``."""
    at, value = (*where, "extra"), given.get("extra")
    if value is None:
        return None, s.Words()
    if kind not in {"single", "multi"}:
        file.wrong(at, _("Only a single or multi question can have an “extra”."))
        return None, s.Words()
    name = next(iter(value), None) if isinstance(value, dict) else value
    special = file.one_of(at, name, get_args(s.Special))
    if isinstance(value, dict):
        file.only(at, value, {special})
        return special, file.words((*at, special), value.get(special), needed=True, limit=200)
    known = EXTRAS[special]
    if not set(file.languages) <= set(known):
        file.wrong(at, _("Give this text in each language: %(languages)s."), languages=", ".join(file.languages))
    return special, s.Words({each: known.get(each, "") for each in file.languages})


def _remark(file: File, where: Where, given: Mapping[str, Any], kind: str) -> tuple[bool, s.Words]:
    at, value = (*where, "remark"), given.get("remark")
    if value is None or value is False:
        return False, s.Words()
    if kind not in {*_CHOICES, "shares"}:
        file.wrong(at, _("A question of the kind “%(kind)s” has no remark."), kind=kind)
        return False, s.Words()
    return True, s.Words() if value is True else file.words(at, value, limit=200)


def _scoring(file: File, where: Where, given: Mapping[str, Any], kind: str) -> s.Scoring:
    at = (*where, "scoring")
    scoring = file.one_of(at, given.get("scoring", "context"), get_args(s.Scoring))
    if scoring != "context" and kind not in _ORDERED:
        file.wrong(at, _("Only a single, matrix or percent question can be scored; this one is “context”."))
        return "context"
    return cast(s.Scoring, scoring)


def read_own(file: File, where: Where, given: dict[str, Any], dimension: str) -> Question:
    file.only(where, given, _OWN)
    key = file.text((*where, "key"), given.get("key"), 200)
    if not _KEY.match(key) or key.startswith(f"{CUSTOM}/"):
        message = _("The key “%(key)s” is not right: two or more names with a “/” between, such as “skills/1”.")
        file.wrong((*where, "key"), message, key=key)
    kind = file.one_of((*where, "kind"), given.get("kind"), KINDS)
    if kind != given.get("kind"):
        # What belongs to a kind cannot be judged without it.
        kind, given = "line", {name: given[name] for name in given if name in {"label", "short", "help"}}
    extra, extra_label = _extra(file, where, given, kind)
    remark, remark_label = _remark(file, where, given, kind)
    descending = file.truth((*where, "descending"), given.get("descending"))
    label = file.words((*where, "label"), given.get("label"), needed=True, limit=1000)
    short = file.words((*where, "short"), given.get("short"), limit=120)
    field = s.Field(
        key=key,
        section=dimension,
        block="questions",
        kind="percent" if kind == "shares" else cast(s.Kind, kind),
        name=key.rpartition("/")[2],
        own=True,
        options=_options(file, where, given, kind),
        extra=extra,
        extra_label=extra_label,
        scoring=_scoring(file, where, given, kind),
        descending=descending,
        remark=remark,
        remark_label=remark_label,
        rows=_rows(file, where, given, kind),
        label=label,
        short=short or s.Words({each: text[:80] for each, text in label.items()}),
        help=file.words((*where, "help"), given.get("help")),
    )
    if descending and kind not in {"single", "matrix"}:
        file.wrong((*where, "descending"), _("Only a single or matrix question can be descending."))
    roles, seconds = _roles_and_time(file, where, given, _USUAL.get(kind, 45))
    return Question(
        field,
        dimension,
        total=_total(file, where, given, kind),
        roles=roles,
        seconds=seconds,
        writes=_writes(file, where, given, field, kind),
    )


def _total(file: File, where: Where, given: Mapping[str, Any], kind: str) -> int | None:
    if kind != "shares":
        if "total" in given:
            file.wrong((*where, "total"), _("Only a question of shares has a total."))
        return None
    return file.whole((*where, "total"), given.get("total", 100), 1, 100)


def _writes(file: File, where: Where, given: Mapping[str, Any], field: s.Field, kind: str) -> dict[str, str]:
    """Where what is agreed goes in the workbook: ``writes: A.3/why``, or of rows ``writes: {row: key}``."""
    at, value = (*where, "writes"), given.get("writes")
    if value is None:
        return {}
    if file.edition is None:
        file.wrong(at, _("“writes” needs “edition” at the top of the file."))
        return {}
    if isinstance(value, str):
        targets: dict[str, Any] = {"": value}
    else:
        targets = file.mapping(at, value)
        file.only(at, targets, [row.id for row in field.rows])
    found = {}
    for row, name in targets.items():
        place = (*at, row) if row else at
        target = file.edition.fields.get(name) if isinstance(name, str) else None
        if target is None:
            file.wrong(place, _("The edition has no field “%(name)s”."), name=name)
        elif not _fits(field, kind, row, target):
            file.wrong(place, _("The field “%(name)s” takes another kind of answer than this question."), name=name)
        else:
            found[row] = target.key
    return found


def _fits(field: s.Field, kind: str, row: str, target: s.Field) -> bool:
    if row:
        wanted = "percent" if kind == "shares" else "single"
        return target.kind == wanted and len(target.options) == len(field.options)
    return (
        kind != "shares"
        and target.kind == field.kind
        and len(target.options) == len(field.options)
        and target.extra == field.extra
        and {each.id for each in target.rows} == {each.id for each in field.rows}
        and (target.remark or not field.remark)
    )
