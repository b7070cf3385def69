"""The answers of a workbook as pages and files read them."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from koers.editions.structure import Field, Part, Section
from koers.workbook.models import Answer, Standing, Workbook
from koers.workbook.queries.conflicts import OpenConflict, open_conflicts
from koers.workbook.queries.course import FieldState, FieldStates
from koers.workbook.values import Value, plain_text

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as pages read it: `by` is the name of who changed it last, empty for the command line.

    `standing` is its mark, with who marked it when; `conflicts` and `threads` count what is open at it.
    """

    pk: int
    revision: int
    value: Value
    at: datetime
    by: str
    standing: str = Standing.DRAFT
    standing_at: datetime | None = None
    standing_by: str = ""
    conflicts: int = 0
    threads: int = 0

    @property
    def stamp(self) -> tuple[object, ...]:
        return (self.pk, self.revision, self.at, self.standing, self.standing_at, self.conflicts, self.threads)


def answers_of(workbook: Workbook, section: Section) -> dict[str, Answered]:
    """The answers of a section, by field key. One query, without building rows into objects."""
    return _read(Answer.objects.filter(workbook=workbook, field_key__startswith=f"{section.id}/"))


def every_answer(workbook: Workbook) -> dict[str, Answered]:
    """All answers of a workbook, by field key. One query."""
    return _read(Answer.objects.filter(workbook=workbook))


class Answers:
    """Answers of which a page first asks whether they changed: their stamps at once, the rest when asked for."""

    def __init__(
        self,
        stamps: Mapping[str, tuple[object, ...]],
        read: Callable[[], dict[str, Answered]],
        conflicts: Callable[[], dict[str, list[OpenConflict]]],
    ) -> None:
        self._stamps = stamps
        self._read = read
        self._read_conflicts = conflicts

    def stamp(self, key: str) -> tuple[object, ...] | None:
        """What tells one state of an answer from every other: row, revision, time, mark and what is open."""
        return self._stamps.get(key)

    def tag(self, section: Section) -> str:
        """What tells one state of a section from every other, short enough to send along."""
        stamps = [(field.key, self._stamps.get(field.key)) for field in section.fields]
        return hashlib.blake2b(repr(stamps).encode(), digest_size=9).hexdigest()

    def get(self, key: str) -> Answered | None:
        return self._full.get(key) if key in self._stamps else None

    def conflicts(self, key: str) -> Sequence[OpenConflict]:
        """The open conflicts of a field; read for all fields at once, when the first one is asked for."""
        return self._conflicts.get(key, ())

    @functools.cached_property
    def _conflicts(self) -> dict[str, list[OpenConflict]]:
        return self._read_conflicts()

    @functools.cached_property
    def _full(self) -> dict[str, Answered]:
        return self._read()


def section_answers(workbook: Workbook, section: Section, part: Part) -> tuple[Answers, FieldStates]:
    """The answers of a section, and where every field of its whole part stands.

    One narrow query, and another when an answer has to be drawn.
    """
    rows = (
        Answer.objects.filter(workbook=workbook, field_key__startswith=f"{part.id}.")
        .annotate(moment=Cast("updated_at", CharField()), marked=Cast("standing_at", CharField()))
        .values_list("field_key", "pk", "revision", "moment", "marked", *FieldState._fields)
    )
    stamps: dict[str, tuple[object, ...]] = {}
    states: dict[str, FieldState] = {}
    for key, pk, revision, moment, marked, answered, *more in rows:
        stamps[key] = (pk, revision, moment, marked, *more)
        states[key] = FieldState(answered, *more)
    contested = [key for key, state in states.items() if state.conflicts and key.startswith(f"{section.id}/")]
    return Answers(stamps, lambda: answers_of(workbook, section), lambda: open_conflicts(workbook, contested)), states


def one_answer(workbook: Workbook, field: Field) -> Answers:
    """The answer to one field, in the same shape."""
    answer = answer_to(workbook, field)
    full = {field.key: answer} if answer else {}
    stamps = {field.key: answer.stamp} if answer else {}
    return Answers(stamps, lambda: full, lambda: open_conflicts(workbook, [field.key]))


def answer_to(workbook: Workbook, field: Field) -> Answered | None:
    """The answer to one field."""
    return _read(Answer.objects.filter(workbook=workbook, field_key=field.key)).get(field.key)


def _read(answers: QuerySet[Answer]) -> dict[str, Answered]:
    rows = answers.values_list(
        "field_key", "pk", "revision", "value", "updated_at", "updated_by__name", "updated_by__email",
        "standing", "standing_at", "standing_by__name", "standing_by__email", "conflicts", "threads",
    )  # fmt: skip
    return {
        key: Answered(pk, revision, value, at, name or email or "", standing, marked, marker or address or "", *counts)
        for key, pk, revision, value, at, name, email, standing, marked, marker, address, *counts in rows
    }


def values_of(workbook: Workbook) -> dict[str, Value]:
    """The values by field key, without those that were cleared."""
    rows = Answer.objects.filter(workbook=workbook, value__isnull=False).values_list("field_key", "value")
    return dict(rows)


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
