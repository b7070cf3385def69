"""What is read of a workbook. Call these within the administration's scope."""

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from koers.editions.structure import Edition, Field, Part, Section
from koers.kit.tenancy import unscoped
from koers.organisations.models import Membership, User
from koers.workbook.models import Answer, Origin, Revision, Workbook
from koers.workbook.values import Value, plain_text

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as pages read it: `by` is the name of who changed it last, empty for the command line."""

    pk: int
    revision: int
    value: Value
    at: datetime
    by: str


def answers_of(workbook: Workbook, section: Section) -> dict[str, Answered]:
    """The answers of a section, by field key. One query, without building rows into objects."""
    return _read(Answer.objects.filter(workbook=workbook, field_key__startswith=f"{section.id}/"))


class Answers:
    """Answers of which a page first asks whether they changed: their stamps at once, the rest when asked for."""

    def __init__(self, stamps: Mapping[str, tuple[object, ...]], read: Callable[[], dict[str, Answered]]) -> None:
        self._stamps = stamps
        self._read = read

    def stamp(self, key: str) -> tuple[object, ...] | None:
        """What tells one state of an answer from every other: row, revision, and time as the database has it."""
        return self._stamps.get(key)

    def get(self, key: str) -> Answered | None:
        return self._full.get(key) if key in self._stamps else None

    @functools.cached_property
    def _full(self) -> dict[str, Answered]:
        return self._read()


def section_answers(workbook: Workbook, section: Section, part: Part) -> tuple[Answers, set[str]]:
    """The answers of a section, and which fields of its whole part were answered.

    One narrow query, and another when an answer has to be drawn.
    """
    rows = (
        Answer.objects.filter(workbook=workbook, field_key__startswith=f"{part.id}.")
        .annotate(moment=Cast("updated_at", CharField()))
        .values_list("field_key", "pk", "revision", "moment", "answered")
    )
    stamps: dict[str, tuple[object, ...]] = {}
    answered: set[str] = set()
    for key, pk, revision, moment, is_answer in rows:
        stamps[key] = (pk, revision, moment)
        if is_answer:
            answered.add(key)
    return Answers(stamps, lambda: answers_of(workbook, section)), answered


def one_answer(workbook: Workbook, field: Field) -> Answers:
    """The answer to one field, in the same shape."""
    answer = answer_to(workbook, field)
    full = {field.key: answer} if answer else {}
    stamps = {field.key: (answer.pk, answer.revision, answer.at)} if answer else {}
    return Answers(stamps, lambda: full)


def answer_to(workbook: Workbook, field: Field) -> Answered | None:
    """The answer to one field."""
    return _read(Answer.objects.filter(workbook=workbook, field_key=field.key)).get(field.key)


def _read(answers: QuerySet[Answer]) -> dict[str, Answered]:
    rows = answers.values_list(
        "field_key", "pk", "revision", "value", "updated_at", "updated_by__name", "updated_by__email"
    )
    return {
        key: Answered(pk, revision, value, at, name or email or "")
        for key, pk, revision, value, at, name, email in rows
    }


def values_of(workbook: Workbook) -> dict[str, Value]:
    """The values by field key, without those that were cleared."""
    rows = Answer.objects.filter(workbook=workbook, value__isnull=False).values_list("field_key", "value")
    return dict(rows)


@dataclass(frozen=True)
class Progress:
    """How far a section, a part or a workbook is: fields answered of all fields."""

    answered: int
    total: int

    @property
    def state(self) -> str:
        """``not-started``, ``under-way`` or ``complete``: the shape of the waypoint."""
        if self.answered == 0:
            return "not-started"
        return "complete" if self.answered >= self.total else "under-way"

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(self.answered + other.answered, self.total + other.total)


@dataclass(frozen=True)
class SectionProgress:
    section: Section
    progress: Progress


@dataclass(frozen=True)
class PartProgress:
    part: Part
    progress: Progress
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True)
class CourseMap:
    """The route: progress of each part and section, and the section to do next."""

    parts: tuple[PartProgress, ...]
    progress: Progress
    upcoming: Section | None

    @property
    def key(self) -> tuple[object, ...]:
        """What the drawing of the route depends on."""
        return (id(self.parts[0].part), *(each.progress.answered for part in self.parts for each in part.sections))


def section_progress(section: Section, answered: Collection[str]) -> Progress:
    """Progress of a section, given the keys of the fields that were answered."""
    return Progress(sum(field.key in answered for field in section.fields), len(section.fields))


def answered_fields(workbook: Workbook) -> set[str]:
    """The keys of the fields that were answered."""
    return set(Answer.objects.filter(workbook=workbook, answered=True).values_list("field_key", flat=True))


def stretch_of(part: Part, answered: Collection[str]) -> tuple[tuple[Section, str], ...]:
    """The sections of a part with the state of each, ``reading`` when there is nothing to answer."""
    return tuple(
        (section, section_progress(section, answered).state if section.fields else "reading")
        for section in part.sections
    )


def course_map(edition: Edition, answered: Collection[str]) -> CourseMap:
    """Progress over the whole edition. Next is the first section under way, else the first one not begun."""
    parts = []
    for part in edition.parts:
        sections = tuple(SectionProgress(section, section_progress(section, answered)) for section in part.sections)
        parts.append(PartProgress(part, sum((each.progress for each in sections), Progress(0, 0)), sections))
    every = [each for part in parts for each in part.sections]
    upcoming = next((each.section for each in every if each.progress.state == "under-way"), None) or next(
        (each.section for each in every if each.progress.state == "not-started"), None
    )
    return CourseMap(tuple(parts), sum((part.progress for part in parts), Progress(0, 0)), upcoming)


@dataclass(frozen=True)
class Change:
    """Somebody's latest work on one section."""

    section: Section
    author_id: int | None
    author: str
    at: datetime
    fields: int
    imported: bool


def recent_changes(workbook: Workbook, limit: int = 6) -> list[Change]:
    """Who did what last: the newest revisions, those of one author in one section taken together."""
    newest = (
        Revision.objects.filter(workbook=workbook)
        .order_by("-id")
        .values_list("field_key", "author_id", "author__name", "author__email", "origin", "at")[: 40 * limit]
    )
    edition = workbook.edition
    grouped: dict[tuple[str, int | None, str], tuple[Change, set[str]]] = {}
    for key, author_id, name, email, origin, at in newest:
        field = edition.fields.get(key)
        if field is None:
            continue
        imported = origin == Origin.IMPORT
        place = ("" if imported else field.section, author_id, origin)
        if place not in grouped:
            if len(grouped) == limit:
                continue
            change = Change(edition.sections[field.section], author_id, name or email or "", at, 0, imported)
            grouped[place] = (change, set())
        grouped[place][1].add(key)
    return [replace(change, fields=len(keys)) for change, keys in grouped.values()]


@dataclass(frozen=True)
class ListedWorkbook:
    """A workbook in a list, with the reader's role."""

    workbook: Workbook
    role: str
    progress: Progress
    changed_at: datetime


def workbooks_of(user: User) -> list[ListedWorkbook]:
    """Every workbook that a person may open, the last changed first. A fixed number of queries."""
    with unscoped():
        roles = dict(Membership.objects.filter(user=user).values_list("administration_id", "role"))
        workbooks = list(Workbook.objects.filter(administration_id__in=roles).select_related("administration"))
        keys: dict[UUID, set[str]] = {}
        changed: dict[UUID, datetime] = {}
        rows = Answer.objects.filter(workbook__in=workbooks).values_list(
            "workbook_id", "field_key", "updated_at", "answered"
        )
        for workbook_id, key, at, answered in rows.iterator():
            if answered:
                keys.setdefault(workbook_id, set()).add(key)
            changed[workbook_id] = max(at, changed.get(workbook_id, at))
    listed = [
        ListedWorkbook(
            workbook=workbook,
            role=roles[workbook.administration_id],
            progress=Progress(
                len(keys.get(workbook.pk, set()) & workbook.edition.fields.keys()), len(workbook.edition.fields)
            ),
            changed_at=changed.get(workbook.pk, workbook.created_at),
        )
        for workbook in workbooks
    ]
    return sorted(listed, key=lambda each: each.changed_at, reverse=True)


@dataclass(frozen=True)
class FieldChange:
    """What an import would do to one field: the words before and after."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do: fields filled in anew, fields changed, and how many stay as they are."""

    new: tuple[FieldChange, ...]
    changed: tuple[FieldChange, ...]
    same: int


def preview_import(workbook: Workbook, values: Values) -> ImportPreview:
    """Compare a file with the workbook, without touching it."""
    present = values_of(workbook)
    new: list[FieldChange] = []
    changed: list[FieldChange] = []
    same = 0
    for key, value in values.items():
        field = workbook.edition.fields[key]
        before = present.get(key)
        if before == value:
            same += 1
            continue
        change = FieldChange(field, plain_text(field, before), plain_text(field, value))
        (changed if before is not None else new).append(change)
    return ImportPreview(tuple(new), tuple(changed), same)
