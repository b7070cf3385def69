"""Saving answers: one verb for pages, imports and restores, which merges what several people changed."""

import enum
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from koers.editions.structure import Field
from koers.kit import events
from koers.kit.rows import insert_rows, update_rows
from koers.organisations.models import User
from koers.workbook.actions.news import tell
from koers.workbook.merging import MergedValue, merge_values
from koers.workbook.models import Answer, Conflict, NewsKind, Origin, Revision, Workbook, standing_after_change
from koers.workbook.values import Value, fits, is_answered


class NotGiven(enum.Enum):
    """Says that a page did not tell what it had read."""

    TOKEN = enum.auto()


NOT_GIVEN: Final = NotGiven.TOKEN


@dataclass(frozen=True)
class Save:
    """One answer to save. `base` is the revision that the writer saw; None means: whatever stands there now.

    `seen` is what the writer's page made of that revision, when that is not the same: an older page does not know
    everything that a newer one stores, and what it never saw it cannot have removed. `round` is the round of the page.
    """

    workbook: Workbook
    field: Field
    value: Value
    base: int | None
    actor: User | None
    seen: Value | NotGiven = NOT_GIVEN
    round: int | None = None
    origin: Origin = Origin.EDIT
    at: datetime | None = None


class Outcome(enum.Enum):
    """What became of a save."""

    SAVED = enum.auto()
    MERGED = enum.auto()
    UNKNOWN_BASE = enum.auto()
    CLOSED = enum.auto()
    TOO_LONG = enum.auto()


@dataclass(frozen=True)
class Saved:
    """The state of an answer after a save. `conflicts`: how many are open at the field now.

    With an outcome other than SAVED or MERGED nothing was written, and this is what stands there.
    """

    value: Value
    revision: int
    at: datetime
    by: User | None
    outcome: Outcome = Outcome.SAVED
    conflicts: int = 0
    round: int = 1

    @property
    def is_written(self) -> bool:
        return self.outcome in {Outcome.SAVED, Outcome.MERGED}


def save_answer(workbook: Workbook, field: Field, value: Value, base: int | None, actor: User | None) -> Saved:
    """Save one answer; see `save_answers`."""
    (saved,) = save_answers([Save(workbook, field, value, base, actor)])
    return saved


def save_answers(saves: Sequence[Save]) -> list[Saved]:
    """Save answers, in order; call it within a transaction. A fixed number of queries.

    A save that starts from an older revision is merged with what was saved since: nothing that either side wrote is
    lost. The same words changed by both stand there twice, with a conflict that somebody ends by choosing. Every
    change leaves a revision with its author and time. Nothing is written in a closed round.
    """
    return _Group(saves).run()


def locked_answers(wanted: Mapping[tuple[UUID, str], Workbook]) -> dict[tuple[UUID, str], Answer]:
    """The answers, locked until the transaction ends; those that were not there yet are made, with revision 0."""

    def find(keys: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], Answer]:
        rows = (
            Answer.objects.select_for_update(of=("self",))
            .filter(workbook_id__in={pk for pk, _key in keys}, field_key__in={key for _pk, key in keys})
            .order_by("pk")
        )
        return {(row.workbook_id, row.field_key): row for row in rows if (row.workbook_id, row.field_key) in wanted}

    found = find(wanted.keys())
    missing = wanted.keys() - found.keys()
    if missing:
        Answer.objects.bulk_create(
            [
                Answer(administration_id=wanted[pair].administration_id, workbook_id=pair[0], field_key=pair[1])
                for pair in sorted(missing)
            ],
            ignore_conflicts=True,
        )
        found |= find(missing)
    return found


def locked_rounds(workbooks: Iterable[UUID]) -> dict[UUID, tuple[int, bool]]:
    """The round of each workbook and whether it is open; nobody closes it until the transaction ends."""
    rows = Workbook.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(workbooks)).order_by("pk")
    return {
        pk: (number, closed_at is None and deleted_at is None)
        for pk, number, closed_at, deleted_at in rows.values_list("pk", "round", "closed_at", "deleted_at")
    }


# What a save writes: of the answer, and as its revision.
_CHANGED: Final = (
    "revision", "value", "answered", "updated_at", "updated_by_id", "standing", "standing_at", "standing_by_id",
    "conflicts",
)  # fmt: skip
_REVISION: Final = (
    "administration_id", "workbook_id", "field_key", "number", "value", "at", "author_id", "origin", "round",
)  # fmt: skip


class _Group:
    """Saves that are written together."""

    def __init__(self, saves: Sequence[Save]) -> None:
        self.saves = saves
        self.now = timezone.now()
        self.rounds = locked_rounds(save.workbook.pk for save in saves)
        self.answers = locked_answers({(save.workbook.pk, save.field.key): save.workbook for save in saves})
        self.people = self._people()
        self.bases = self._bases()
        self.changed: dict[int, Answer] = {}
        self.revisions: list[tuple[Any, ...]] = []
        self.conflicts: list[tuple[Conflict, Save]] = []

    def _people(self) -> dict[int, User]:
        """Who saves, and who saved last: most often the same people, and then no query is needed."""
        known = {save.actor.pk: save.actor for save in self.saves if save.actor}
        others = {answer.updated_by_id for answer in self.answers.values()} - known.keys() - {None}
        return known | (User.objects.in_bulk(others) if others else {})

    def _bases(self) -> dict[tuple[UUID, str, int], Value]:
        """The older values from which saves start. One query, when there are any."""
        stale: dict[UUID, dict[str, set[int]]] = {}
        known: dict[tuple[UUID, str, int], Value] = {}
        for save in self.saves:
            answer = self.answers[save.workbook.pk, save.field.key]
            known[save.workbook.pk, save.field.key, 0] = None
            known[save.workbook.pk, save.field.key, answer.revision] = answer.value
            if save.base and save.base < answer.revision:
                stale.setdefault(save.workbook.pk, {}).setdefault(save.field.key, set()).add(save.base)
        if stale:
            keys = {key for fields in stale.values() for key in fields}
            numbers = {number for fields in stale.values() for each in fields.values() for number in each}
            rows = Revision.objects.filter(workbook_id__in=stale, field_key__in=keys, number__in=numbers)
            for pk, key, number, value in rows.values_list("workbook_id", "field_key", "number", "value"):
                known[pk, key, number] = value
        return known

    def run(self) -> list[Saved]:
        results = [self._one(save) for save in self.saves]
        if self.conflicts:
            self._write_conflicts()
        if self.changed:
            changed = [tuple(getattr(each, name) for name in (*_CHANGED, "pk")) for each in self.changed.values()]
            update_rows(Answer, _CHANGED, changed)
            if self.revisions:
                insert_rows(Revision, _REVISION, self.revisions)
            announce(self.changed.values())
        return results

    def _one(self, save: Save) -> Saved:
        answer = self.answers[save.workbook.pk, save.field.key]
        number, is_open = self.rounds.get(save.workbook.pk, (0, False))
        if not is_open or save.round not in {None, number}:
            return self._left(answer, Outcome.CLOSED)
        if answer.value == save.value:
            return self._left(answer, Outcome.SAVED)
        base = self._base_of(save, answer)
        if base is NOT_GIVEN:
            return self._left(answer, Outcome.UNKNOWN_BASE)
        if base == answer.value:
            self._write(answer, save, save.value, save.origin)
            return self._left(answer, Outcome.SAVED)
        return self._merge(answer, save, base)

    def _base_of(self, save: Save, answer: Answer) -> Value | NotGiven:
        if save.seen is not NOT_GIVEN:
            return save.seen
        if save.base is None:
            return answer.value
        return self.bases.get((save.workbook.pk, save.field.key, save.base), NOT_GIVEN)

    def _merge(self, answer: Answer, save: Save, base: Value) -> Saved:
        merged = merge_values(save.field, base, answer.value, save.value)
        if not fits(save.field, merged.value):
            return self._left(answer, Outcome.TOO_LONG)
        before_by = answer.updated_by_id
        if merged.value != answer.value:
            self._write(answer, save, merged.value, Origin.MERGE if save.origin == Origin.EDIT else save.origin)
        if merged.clashes:
            self._clash(answer, save, merged, before_by)
        return self._left(answer, Outcome.SAVED if merged.value == save.value else Outcome.MERGED)

    def _clash(self, answer: Answer, save: Save, merged: MergedValue, stored_by: int | None) -> None:
        answer.conflicts += 1
        self.changed[answer.pk] = answer
        conflict = Conflict(
            administration_id=answer.administration_id, workbook_id=answer.workbook_id, field_key=answer.field_key,
            revision=answer.revision, stored=merged.with_stored, incoming=merged.with_incoming,
            passages=[asdict(clash) for clash in merged.clashes], stored_by_id=stored_by, incoming_by=save.actor,
            at=self.now,
        )  # fmt: skip
        self.conflicts.append((conflict, save))

    def _write(self, answer: Answer, save: Save, value: Value, origin: Origin) -> None:
        answer.revision += 1
        answer.value = value
        answer.answered = is_answered(value)
        answer.updated_at = save.at or self.now
        answer.updated_by = save.actor
        standing_after_change(answer)
        self.changed[answer.pk] = answer
        self.bases[answer.workbook_id, answer.field_key, answer.revision] = value
        self.revisions.append((
            answer.administration_id, answer.workbook_id, answer.field_key, answer.revision, value, answer.updated_at,
            answer.updated_by_id, str(origin), self.rounds[answer.workbook_id][0],
        ))  # fmt: skip

    def _left(self, answer: Answer, outcome: Outcome) -> Saved:
        number, _open = self.rounds.get(answer.workbook_id, (1, False))
        by = self.people.get(answer.updated_by_id) if answer.updated_by_id else None
        return Saved(answer.value, answer.revision, answer.updated_at, by, outcome, answer.conflicts, number)

    def _write_conflicts(self) -> None:
        Conflict.objects.bulk_create(conflict for conflict, _save in self.conflicts)
        # Read anew: `self.people` may hold accounts kept since an earlier request, with an older choice of mail.
        people = User.objects.in_bulk({each.stored_by_id for each, _save in self.conflicts if each.stored_by_id})
        for conflict, save in self.conflicts:
            concerned = [people[pk] for pk in [conflict.stored_by_id] if pk in people]
            tell(
                save.workbook, NewsKind.CONFLICT, concerned, save.actor,
                section_id=save.field.section, field_key=save.field.key,
            )  # fmt: skip


# A page takes what is small from the event itself; for more it asks.
MAX_TOLD: Final = 12


def announce(answers: Collection[Answer]) -> None:
    """Tell the open pages of each workbook what changed, once the transaction is committed."""
    ours: dict[UUID, list[Answer]] = {}
    for answer in answers:
        ours.setdefault(answer.workbook_id, []).append(answer)
    for pk, changed in ours.items():
        events.publish_made(events.workbook_channel(pk), "saved", functools.partial(_told, changed))


def _told(answers: Sequence[Answer]) -> tuple[dict[str, Any], dict[str, Any]]:
    """How the fields stand now; and, for when that is too much, only which they are."""
    by = answers[-1].updated_by
    brief: dict[str, Any] = {
        "fields": {answer.field_key: answer.revision for answer in answers[:400]},
        "by": str(by) if by else "",
    }
    told = {
        answer.field_key: {
            "value": answer.value, "at": answer.updated_at.isoformat(), "by": str(answer.updated_by or ""),
            "conflicts": answer.conflicts, "standing": answer.standing,
        }
        for answer in answers[:MAX_TOLD]
    }  # fmt: skip
    return {**brief, "now": told}, brief
