"""The history of a field and of a section: who changed what, newest first, a page at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q, QuerySet

from koers.editions.structure import Field, Section
from koers.workbook.differences import Difference, difference_of, lasting_text
from koers.workbook.models import Answer, Revision, Workbook
from koers.workbook.values import Value

# People save every second: what one person did within this time is one step.
FOLD: Final = timedelta(minutes=10)
STEPS_A_PAGE: Final = 30
# How many revisions are looked at to make the steps of a page, without their values.
MOST_ROWS: Final = 400


@dataclass(frozen=True, slots=True)
class _Row:
    """A revision without its value."""

    pk: int
    key: str
    number: int
    at: datetime
    author_id: int | None
    name: str | None
    email: str | None
    origin: str
    round: int

    @property
    def hand(self) -> tuple[int | None, str, int]:
        """What revisions of one step have in common."""
        return (self.author_id, self.origin, self.round)


@dataclass(frozen=True)
class Step:
    """What one person changed in one go: revisions `first` to `number`, and what that changed in words."""

    field: Field
    number: int
    first: int
    author: str
    at: datetime
    origin: str
    round: int
    difference: Difference

    @property
    def count(self) -> int:
        return self.number - self.first + 1


@dataclass(frozen=True)
class FieldHistory:
    """A page of steps. `older` is where the next page begins; `present` the number of the revision that stands now."""

    steps: tuple[Step, ...]
    older: int | None
    present: int


@dataclass(frozen=True)
class Sitting:
    """What one person changed in a section in one go."""

    author: str
    at: datetime
    origin: str
    round: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class SectionHistory:
    sittings: tuple[Sitting, ...]
    older: int | None


def _rows(revisions: QuerySet[Revision]) -> list[_Row]:
    return [
        _Row(*row)
        for row in revisions.values_list(
            "pk", "field_key", "number", "at", "author_id", "author__name", "author__email", "origin", "round"
        )
    ]


def _values(workbook: Workbook, wanted: dict[str, set[int]]) -> dict[tuple[str, int], Value]:
    """The values of some revisions of some fields. One query."""
    if not wanted:
        return {}
    asked = reduce(or_, (Q(field_key=key, number__in=numbers) for key, numbers in wanted.items()))
    rows = Revision.objects.filter(asked, workbook=workbook).values_list("field_key", "number", "value")
    return {(key, number): value for key, number, value in rows}


def _steps(workbook: Workbook, groups: Iterable[list[_Row]]) -> Iterator[Step]:
    """A step for each group of revisions that follow one another in one field, the newest first."""
    found = list(groups)
    wanted: dict[str, set[int]] = {}
    for rows in found:
        wanted.setdefault(rows[0].key, set()).update({rows[0].number, rows[-1].number - 1})
    values = _values(workbook, wanted)
    fields = workbook.edition.fields
    # What a step changed to is what the next one started from: read once.
    words = {place: lasting_text(fields[place[0]], value) for place, value in values.items()}
    for rows in found:
        newest, first = rows[0], rows[-1].number
        field = fields[newest.key]
        before, after = (field.key, first - 1), (field.key, newest.number)
        changed = difference_of(words.get(before, ""), words.get(after, ""), values.get(before), values.get(after))
        yield Step(
            field, newest.number, first, newest.name or newest.email or "", newest.at, newest.origin, newest.round,
            changed,
        )  # fmt: skip


def _folded(rows: Iterable[_Row]) -> list[list[_Row]]:
    """Revisions of one author within ten minutes that came about the same way, together."""
    groups: list[list[_Row]] = []
    for row in rows:
        newest = groups[-1][0] if groups else None
        if newest and newest.hand == row.hand and newest.at - row.at <= FOLD:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def field_history(
    workbook: Workbook, field: Field, before: int | None = None, within: tuple[int, int] | None = None
) -> FieldHistory:
    """A page of the history of a field, of revisions older than `before`.

    `within` gives the revisions of one step apart, from its first to its last. Three queries, however long it is.
    """
    revisions = Revision.objects.filter(workbook=workbook, field_key=field.key).order_by("-number")
    lowest = 1
    if within:
        lowest = within[0]
        revisions = revisions.filter(number__range=within)
    if before is not None:
        revisions = revisions.filter(number__lt=before)
    if within:
        groups = [[row] for row in _rows(revisions[:STEPS_A_PAGE])]
    else:
        rows = _rows(revisions[:MOST_ROWS])
        groups = _folded(rows)
        if len(rows) == MOST_ROWS and len(groups) > 1:
            # The last one goes on where the reading stopped: it opens the next page, whole.
            groups.pop()
    shown = groups[:STEPS_A_PAGE]
    oldest = shown[-1][-1].number if shown else lowest
    present = Answer.objects.filter(workbook=workbook, field_key=field.key).values_list("revision", flat=True).first()
    return FieldHistory(tuple(_steps(workbook, shown)), oldest if oldest > lowest else None, present or 0)


def section_history(workbook: Workbook, section: Section, before: int | None = None) -> SectionHistory:
    """A page of the history of a section: what each person did in one go, over all its fields. Two queries."""
    keys = [field.key for field in section.fields]
    revisions = Revision.objects.filter(workbook=workbook, field_key__in=keys).order_by("-pk")
    if before is not None:
        revisions = revisions.filter(pk__lt=before)
    rows = _rows(revisions[: MOST_ROWS + 1])
    is_cut = len(rows) > MOST_ROWS
    stretches = _stretches(rows[:MOST_ROWS])
    if is_cut and len(stretches) > 1:
        stretches.pop()
    found: list[list[list[_Row]]] = []
    used = 0
    for stretch in stretches:
        if len(found) >= STEPS_A_PAGE:
            break
        found += _hands(stretch)
        used += len(stretch)
    steps = iter(list(_steps(workbook, (group for sitting in found for group in sitting))))
    sittings = []
    for groups in found:
        ours = tuple(next(steps) for _group in groups)
        sittings.append(Sitting(ours[0].author, ours[0].at, ours[0].origin, ours[0].round, ours))
    return SectionHistory(tuple(sittings), rows[used - 1].pk if used < len(rows) else None)


def _stretches(rows: Iterable[_Row]) -> list[list[_Row]]:
    """Revisions within ten minutes of one another, whoever made them: people work in a section together."""
    stretches: list[list[_Row]] = []
    for row in rows:
        if stretches and stretches[-1][0].at - row.at <= FOLD:
            stretches[-1].append(row)
        else:
            stretches.append([row])
    return stretches


def _hands(stretch: Iterable[_Row]) -> list[list[list[_Row]]]:
    """A stretch by who did it; within that by field, and apart where somebody else changed the field in between."""
    by_hand: dict[tuple[Any, ...], list[list[_Row]]] = {}
    for row in stretch:
        groups = by_hand.setdefault(row.hand, [])
        for group in groups:
            if group[-1].key == row.key and group[-1].number == row.number + 1:
                group.append(row)
                break
        else:
            groups.append([row])
    return list(by_hand.values())


def revision_of(workbook: Workbook, field: Field, number: int) -> Revision | None:
    """One revision of a field, with its author."""
    found = Revision.objects.filter(workbook=workbook, field_key=field.key, number=number)
    return found.select_related("author").first()
