"""What people do with a workbook: named verbs that take the actor. Call them within the administration's scope."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from koers.editions.structure import Field
from koers.kit import events
from koers.organisations.actions import record
from koers.organisations.models import User
from koers.workbook.models import Answer, Origin, Revision, Workbook
from koers.workbook.values import Value, is_answered


@dataclass(frozen=True)
class Save:
    """One answer to save. `base` is the revision that the writer saw."""

    workbook: Workbook
    field: Field
    value: Value
    base: int
    actor: User | None


@dataclass(frozen=True)
class Saved:
    """The state of an answer after a save. `stale`: refused, somebody else saved in between, and this is theirs."""

    value: Value
    revision: int
    at: datetime
    by: User | None
    stale: bool = False


def save_answer(workbook: Workbook, field: Field, value: Value, base: int, actor: User | None) -> Saved:
    """Save one answer; see `save_answers`."""
    (saved,) = save_answers([Save(workbook, field, value, base, actor)])
    return saved


def save_answers(saves: Sequence[Save]) -> list[Saved]:
    """Save answers, in order, each if its `base` is still the revision of its answer; call it within a transaction.

    A save that starts from an older revision changes nothing and comes back as stale, unless it says what already
    stands there. Every change leaves a revision with its author and time. A fixed number of queries.
    """
    answers = _locked({(save.workbook.pk, save.field.key): save.workbook for save in saves})
    now = timezone.now()
    changed: dict[int, Answer] = {}
    revisions: list[Revision] = []
    results: list[Saved] = []
    for save in saves:
        answer = answers[save.workbook.pk, save.field.key]
        stale = answer.value != save.value and answer.revision != save.base
        if answer.value != save.value and not stale:
            answer.revision += 1
            answer.value = save.value
            answer.answered = is_answered(save.value)
            answer.updated_at = now
            answer.updated_by = save.actor
            changed[answer.pk] = answer
            revisions.append(_revision(answer, Origin.EDIT))
        results.append(Saved(answer.value, answer.revision, answer.updated_at, answer.updated_by, stale))
    if changed:
        # The rows are there and locked: an upsert is the one statement that changes them all.
        Answer.objects.bulk_create(
            changed.values(), update_conflicts=True, unique_fields=["workbook", "field_key"],
            update_fields=["revision", "value", "answered", "updated_at", "updated_by"],
        )  # fmt: skip
        Revision.objects.bulk_create(revisions)
    for workbook_pk in {answer.workbook_id for answer in changed.values()}:
        ours = [answer for answer in changed.values() if answer.workbook_id == workbook_pk]
        announce(workbook_pk, ours, ours[-1].updated_by)
    return results


def _locked(wanted: Mapping[tuple[UUID, str], Workbook]) -> dict[tuple[UUID, str], Answer]:
    """The answers, locked until the transaction ends; those that were not there yet, empty with revision 0."""

    def find(keys: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], Answer]:
        rows = (
            Answer.objects.select_for_update(of=("self",))
            .filter(workbook_id__in={pk for pk, _key in keys}, field_key__in={key for _pk, key in keys})
            .select_related("updated_by")
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


def _revision(answer: Answer, origin: Origin) -> Revision:
    return Revision(
        administration_id=answer.administration_id,
        workbook_id=answer.workbook_id,
        field_key=answer.field_key,
        number=answer.revision,
        value=answer.value,
        at=answer.updated_at,
        author_id=answer.updated_by_id,
        origin=origin,
    )


def import_answers(
    workbook: Workbook,
    values: Mapping[str, Value],
    actor: User | None,
    *,
    origin: Origin = Origin.IMPORT,
    at: datetime | None = None,
) -> int:
    """Take over answers in one transaction; what is not named is left alone. Returns how many changed.

    `at` is the time of the change (now), for a world that is made with a past.
    """
    with transaction.atomic():
        present = {answer.field_key: answer for answer in Answer.objects.filter(workbook=workbook)}
        now = at or timezone.now()
        new, changed = [], []
        for key, value in values.items():
            answer = present.get(key)
            if answer is None:
                if value is None:
                    continue
                answer = Answer(administration_id=workbook.administration_id, workbook=workbook, field_key=key)
                new.append(answer)
            elif answer.value == value:
                continue
            else:
                changed.append(answer)
            answer.revision += 1
            answer.value = value
            answer.answered = is_answered(value)
            answer.updated_at = now
            answer.updated_by = actor
        Answer.objects.bulk_create(new)
        Answer.objects.bulk_update(changed, ["revision", "value", "answered", "updated_at", "updated_by"])
        Revision.objects.bulk_create(_revision(answer, origin) for answer in [*new, *changed])
        if new or changed:
            if origin == Origin.IMPORT:
                record(
                    workbook.administration, actor, "workbook.import", str(workbook),
                    workbook=str(workbook.pk), answers=len(new) + len(changed),
                )  # fmt: skip
            announce(workbook.pk, [*new, *changed], actor)
    return len(new) + len(changed)


def announce(workbook_id: UUID, answers: Sequence[Answer], actor: User | None) -> None:
    """Tell the open pages of a workbook what changed, once the transaction is committed."""
    data: dict[str, Any] = {
        "fields": {answer.field_key: answer.revision for answer in answers[:400]},
        "by": str(actor) if actor else "",
    }
    events.publish(events.workbook_channel(workbook_id), "saved", data)
