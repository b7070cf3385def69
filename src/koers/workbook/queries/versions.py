"""Versions of a whole workbook, and its rounds: what stood there, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from koers.editions.loading import edition as load_edition
from koers.editions.structure import Edition, Field, Section
from koers.workbook.differences import Difference, difference, still_fits
from koers.workbook.models import Answer, Revision, Round, Standing, Version, VersionKind, Workbook, version_words
from koers.workbook.values import Value


@dataclass(frozen=True)
class ListedVersion:
    """A version in the list, without its content."""

    pk: int
    name: str
    kind: str
    round: int
    at: datetime
    by: str

    @property
    def kind_words(self) -> str:
        return str(VersionKind(self.kind).label)


def versions_of(workbook: Workbook) -> list[ListedVersion]:
    """The versions of a workbook, the newest first. One query."""
    rows = Version.objects.filter(workbook=workbook).order_by("-at", "-pk")
    return [
        ListedVersion(pk, version_words(name, number, put_back), kind, number, at, by or email or "")
        for pk, name, put_back, kind, number, at, by, email in rows.values_list(
            "pk", "name", "put_back", "kind", "round", "at", "by__name", "by__email"
        )
    ]


@dataclass(frozen=True)
class Held:
    """What stood in a field: which revision, and where it stood among the people who write it."""

    revision: int | None
    number: int
    standing: str


Holding = Mapping[str, Held]


def held_now(workbook: Workbook) -> dict[str, Held]:
    """Per field the revision that stands now. Two queries."""
    answers = Answer.objects.filter(workbook=workbook).values_list("field_key", "revision", "standing")
    present = {key: (number, standing) for key, number, standing in answers}
    numbers = {number for number, _standing in present.values() if number}
    rows = Revision.objects.filter(workbook=workbook, field_key__in=present, number__in=numbers)
    revisions = {(key, number): pk for key, number, pk in rows.values_list("field_key", "number", "pk")}
    return {
        key: Held(revisions.get((key, number)), number, standing)
        for key, (number, standing) in present.items()
        if number or standing != Standing.DRAFT
    }


def held_in(version: Version) -> dict[str, Held]:
    """Per field the revision that stood there in a version."""
    return {key: Held(each["revision"], each["number"], each["standing"]) for key, each in version.content.items()}


def values_held(workbook: Workbook, holding: Holding) -> dict[str, Value]:
    """The values that revisions hold, by field key: never what stands there today. One query."""
    wanted = {held.revision for held in holding.values() if held.revision is not None}
    rows = Revision.objects.filter(workbook=workbook, pk__in=wanted).values_list("field_key", "value")
    return dict(rows)


def edition_of(workbook: Workbook, version: Version) -> Edition:
    """The edition in which the answers of a version were given."""
    return load_edition(workbook.edition_id, version.edition_version)


@dataclass(frozen=True)
class Changed:
    """A field that differs between two versions."""

    field: Field
    kind: str
    difference: Difference
    before_number: int
    standing_before: str
    standing_after: str

    @property
    def standing_changed(self) -> bool:
        return self.standing_before != self.standing_after

    @property
    def before_words(self) -> str:
        return str(Standing(self.standing_before).label)

    @property
    def after_words(self) -> str:
        return str(Standing(self.standing_after).label)


@dataclass(frozen=True)
class SectionChanges:
    section: Section
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions, by section, with counts."""

    sections: tuple[SectionChanges, ...]
    added: int
    changed: int
    removed: int
    marks: int
    same: int

    @property
    def total(self) -> int:
        return self.added + self.changed + self.removed


_NOWHERE: Final = Held(None, 0, Standing.DRAFT)


def compare(workbook: Workbook, before: Holding, after: Holding, old: Edition, new: Edition) -> Comparison:
    """What differs from one version to a later one; only the answers that differ are read. Two queries."""
    differing = {
        key
        for key in before.keys() | after.keys()
        if before.get(key, _NOWHERE).revision != after.get(key, _NOWHERE).revision
        or before.get(key, _NOWHERE).standing != after.get(key, _NOWHERE).standing
    }
    was = values_held(workbook, {key: before[key] for key in differing if key in before})
    now = values_held(workbook, {key: after[key] for key in differing if key in after})
    counts = {"added": 0, "changed": 0, "removed": 0, "marked": 0}
    sections = []
    for section in _sections(old, new):
        changes = []
        for key in _keys(section, old, new):
            if key not in differing:
                continue
            old_field = old.fields.get(key) or new.fields[key]
            held, holds = before.get(key, _NOWHERE), after.get(key, _NOWHERE)
            kind = _kind(was.get(key), now.get(key), held.standing != holds.standing)
            if kind:
                counts[kind] += 1
                changed = difference(old_field, was.get(key), now.get(key), new.fields.get(key))
                changes.append(Changed(old_field, kind, changed, held.number, held.standing, holds.standing))
        if changes:
            sections.append(SectionChanges(section, tuple(changes)))
    same = sum(
        1 for key, held in after.items() if held.revision and held.revision == before.get(key, _NOWHERE).revision
    )
    return Comparison(tuple(sections), counts["added"], counts["changed"], counts["removed"], counts["marked"], same)


def _sections(old: Edition, new: Edition) -> list[Section]:
    gone = [section for key, section in old.sections.items() if key not in new.sections]
    return [*new.sections.values(), *gone]


def _keys(section: Section, old: Edition, new: Edition) -> list[str]:
    ours = [field.key for field in section.fields]
    other = old.sections.get(section.id)
    gone = [field.key for field in other.fields if field.key not in new.fields] if other else []
    return [*ours, *(key for key in gone if key not in ours)]


def _kind(was: Value, now: Value, marked: bool) -> str:
    if was == now:
        return "marked" if marked else ""
    if was is None:
        return "added"
    return "removed" if now is None else "changed"


@dataclass(frozen=True)
class Lap:
    """A round with the version that keeps it."""

    number: int
    name: str
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    closed_by: str
    version: int | None


def rounds_of(workbook: Workbook) -> list[Lap]:
    """The rounds of a workbook, the newest first. One query."""
    rows = Round.objects.filter(workbook=workbook).select_related("started_by", "closed_by").order_by("-number")
    return [
        Lap(
            each.number, str(each), each.started_at, str(each.started_by or ""), each.closed_at,
            str(each.closed_by or ""), each.version_id,
        )
        for each in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """What a field said at the end of a round."""

    lap: Lap
    field: Field
    value: Value
    held: Held
    difference: Difference


def earlier_answers(workbook: Workbook, field: Field) -> list[Earlier]:
    """What a field said at the end of each closed round, the newest first, with what changed since. Four queries."""
    laps = [lap for lap in rounds_of(workbook) if lap.version is not None and lap.closed_at is not None]
    versions = Version.objects.filter(workbook=workbook, pk__in=[lap.version for lap in laps]).in_bulk()
    now = Answer.objects.filter(workbook=workbook, field_key=field.key).values_list("value", flat=True).first()
    found: list[tuple[Lap, Field, Held]] = []
    for lap in laps:
        version = versions[lap.version]
        old = edition_of(workbook, version).fields.get(field.key, field)
        found.append((lap, old, held_in(version).get(field.key, _NOWHERE)))
    wanted = {held.revision for _lap, _old, held in found if held.revision is not None}
    values: dict[Any, Value] = dict(
        Revision.objects.filter(workbook=workbook, pk__in=wanted).values_list("pk", "value")
    )
    return [
        Earlier(lap, old, values.get(held.revision), held, difference(old, values.get(held.revision), now, field))
        for lap, old, held in found
    ]


@dataclass(frozen=True)
class RestorePlan:
    """What putting back a whole version would do: the values to write, and the fields that no longer take theirs."""

    values: Mapping[str, Value]
    unfit: tuple[Field, ...]


def restore_plan(workbook: Workbook, version: Version) -> RestorePlan:
    """What putting back a version would change. Two queries."""
    then = values_held(workbook, held_in(version))
    now = dict(Answer.objects.filter(workbook=workbook).values_list("field_key", "value"))
    values: dict[str, Value] = {}
    unfit = []
    for key, field in workbook.edition.fields.items():
        if then.get(key) == now.get(key):
            continue
        if still_fits(field, then.get(key)):
            values[key] = then.get(key)
        else:
            unfit.append(field)
    return RestorePlan(values, tuple(unfit))
