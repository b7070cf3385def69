"""The questions that a measurement adds for itself. They are kept as a list, read here, and never scored.

``{"id": "parking", "kind": "single", "label": "…", "help": "…", "options": ["…", "…"], "extra": "dont-know",
"remark": true, "roles": ["it"], "seconds": 45}``; only `id`, `kind` and `label` are needed, and `options` of a
choice (of a matrix `rows` as well).
Texts are in whatever language they were written; `{"nl": "…", "en": "…"}` gives more than one.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from koers.assessment.instruments.structure import CUSTOM, Question
from koers.assessment.models import Role
from koers.editions.structure import Field, Kind, Row, Special, Words
from koers.kit.located import Path
from koers.workbook.values import InvalidValue

KINDS: Final = ("single", "multi", "open", "line", "percent", "matrix")
MOST: Final = 40
LANGUAGES: Final = ("nl", "en")
EXTRAS: Final = {
    "not-applicable": Words(nl="Niet van toepassing", en="Not applicable"),
    "dont-know": Words(nl="Weet ik niet", en="Don't know"),
}
_KEYS: Final = {"id", "kind", "label", "help", "options", "rows", "extra", "remark", "roles", "seconds"}
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_SECONDS: Final = {"matrix": 75, "single": 30, "multi": 40, "open": 90, "line": 40, "percent": 30}


def _words(raw: Any, path: Path, limit: int, *, needed: bool = True) -> Words:
    given = raw if isinstance(raw, dict) else dict.fromkeys(LANGUAGES, raw if raw is not None else "")
    if not set(given) <= set(LANGUAGES) or not all(isinstance(each, str) for each in given.values()):
        raise InvalidValue(_("This must be text."), path)
    read = Words({each: " ".join(given[each].split()) for each in LANGUAGES if given.get(each, "").strip()})
    if needed and not read:
        raise InvalidValue(_("Write a text here."), path)
    if any(len(text) > limit for text in read.values()):
        raise InvalidValue(_("This text is too long: at most %(limit)s characters fit.") % {"limit": limit}, path)
    return read


def _options(kind: str, raw: Any, path: Path) -> tuple[Words, ...]:
    if kind not in {"single", "multi", "matrix"}:
        if raw:
            raise InvalidValue(_("Only a question of choice has options."), path)
        return ()
    if not isinstance(raw, list | tuple) or not 2 <= len(raw) <= 12:
        raise InvalidValue(_("Give from 2 to 12 options."), path)
    return tuple(_words(each, (*path, index), 400) for index, each in enumerate(raw))


def _rows(kind: str, raw: Any, path: Path) -> tuple[Row, ...]:
    if kind != "matrix":
        if raw:
            raise InvalidValue(_("Only a table of choices has rows."), path)
        return ()
    if not isinstance(raw, list | tuple) or not 2 <= len(raw) <= 12:
        raise InvalidValue(_("Give from 2 to 12 rows."), path)
    return tuple(Row(f"row-{index + 1}", _words(each, (*path, index), 400)) for index, each in enumerate(raw))


def _one(raw: Any, path: Path, seen: set[str]) -> Question:
    if not isinstance(raw, dict) or set(raw) - _KEYS:
        raise InvalidValue(_("This is not a question of a measurement."), path)
    ident, kind, extra, roles = raw.get("id"), raw.get("kind"), raw.get("extra") or None, raw.get("roles") or []
    if not isinstance(ident, str) or not _ID.match(ident) or ident in seen:
        raise InvalidValue(_("Each question needs an id of its own."), (*path, "id"))
    seen.add(ident)
    if kind not in KINDS:
        raise InvalidValue(_("Choose what kind of question this is."), (*path, "kind"))
    if extra is not None and (extra not in EXTRAS or kind not in {"single", "multi"}):
        raise InvalidValue(_("This is not an answer beside the options."), (*path, "extra"))
    if not isinstance(roles, list | tuple) or not all(each in Role.values for each in roles):
        raise InvalidValue(_("There is no such role."), (*path, "roles"))
    seconds = raw.get("seconds") or _SECONDS[kind]
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 5 <= seconds <= 1800:
        raise InvalidValue(_("This must be a whole number."), (*path, "seconds"))
    label = _words(raw.get("label"), (*path, "label"), 400)
    field = Field(
        key=f"{CUSTOM}/{ident}",
        section=CUSTOM,
        block="questions",
        kind=cast(Kind, kind),
        name=ident,
        own=True,
        options=_options(kind, raw.get("options"), (*path, "options")),
        rows=_rows(kind, raw.get("rows"), (*path, "rows")),
        extra=cast(Special | None, extra),
        extra_label=EXTRAS[extra] if extra else Words(),
        remark=bool(raw.get("remark")) and kind in {"single", "multi", "matrix"},
        label=label,
        short=Words({language: text[:80] for language, text in label.items()}),
        help=_words(raw.get("help"), (*path, "help"), 1000, needed=False),
    )
    return Question(field, CUSTOM, roles=tuple(roles), seconds=seconds)


def read_custom(raw: Any) -> tuple[Question, ...]:
    """The questions of a list from outside or from `Measurement.custom`. Raises `InvalidValue`."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > MOST:
        raise InvalidValue(_("A measurement has at most %(limit)s questions of its own.") % {"limit": MOST})
    seen: set[str] = set()
    return tuple(_one(each, (index,), seen) for index, each in enumerate(raw))


def as_custom(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The list that `read_custom` reads, in full: what a measurement keeps."""
    return [
        {
            "id": each.field.name,
            "kind": each.field.kind,
            "label": dict(each.field.label),
            "help": dict(each.field.help),
            "options": [dict(option) for option in each.field.options],
            **({"rows": [dict(row.label) for row in each.field.rows]} if each.field.rows else {}),
            "extra": each.field.extra,
            "remark": each.field.remark,
            "roles": list(each.roles),
            "seconds": each.seconds,
        }
        for each in questions
    ]
