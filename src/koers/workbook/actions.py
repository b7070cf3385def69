"""What people do with a workbook: named verbs that take the actor. Call them within the administration's scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from koers.editions.loading import edition as load_edition
from koers.editions.structure import Field
from koers.kit import events
from koers.organisations.actions import record
from koers.organisations.models import Administration, User
from koers.workbook.models import Answer, Origin, Revision, Workbook
from koers.workbook.values import Value


@dataclass(frozen=True)
class Saved:
    """The state of an answer after a save. `stale` means refused: somebody else saved in between, and `answer` is theirs."""

    answer: Answer
    stale: bool = False


def create_workbook(
    administration: Administration, actor: User | None, edition_id: str = "draaiboek", title: str = ""
) -> Workbook:
    """Open a workbook in the newest version of an edition."""
    with transaction.atomic():
        workbook = Workbook.objects.create(
            administration=administration,
            title=title,
            edition_id=edition_id,
            edition_version=load_edition(edition_id).version,
        )
        record(administration, actor, "workbook.create", str(workbook), workbook=str(workbook.pk))
    return workbook


def rename_workbook(workbook: Workbook, title: str, actor: User) -> None:
    """Give the workbook another name; without one it carries the edition's."""
    with transaction.atomic():
        workbook.title = title
        workbook.save(update_fields=["title"])
        record(workbook.administration, actor, "workbook.rename", str(workbook), workbook=str(workbook.pk))


def save_answer(workbook: Workbook, field: Field, value: Value, base: int, actor: User | None) -> Saved:
    """Save one answer, if `base` is still its revision; call it within a transaction.

    A save that starts from an older revision changes nothing and comes back as stale, unless it says what already
    stands there. Every change leaves a revision with its author and time.
    """
    answer = (
        Answer.objects.select_related("updated_by").filter(workbook=workbook, field_key=field.key).first()
    )
    if answer is None:
        answer = Answer(
            administration_id=workbook.administration_id, workbook=workbook, field_key=field.key, revision=0
        )
    if answer.value == value:
        return Saved(answer)
    if answer.revision != base:
        return Saved(answer, stale=True)
    if not _advance(answer, value, actor):
        current = Answer.objects.select_related("updated_by").get(workbook=workbook, field_key=field.key)
        return Saved(current, stale=True)
    _add_revision(answer, Origin.EDIT)
    announce(workbook, [answer], actor)
    return Saved(answer)


def _advance(answer: Answer, value: Value, actor: User | None) -> bool:
    """Write the next revision of an answer; False when somebody was first."""
    before = answer.revision
    answer.revision = before + 1
    answer.value = value
    answer.updated_at = timezone.now()
    answer.updated_by = actor
    if before == 0:
        Answer.objects.bulk_create([answer], ignore_conflicts=True)
        stored = Answer.objects.values_list("revision", "updated_at").get(
            workbook_id=answer.workbook_id, field_key=answer.field_key
        )
        return stored == (1, answer.updated_at)
    changed = Answer.objects.filter(pk=answer.pk, revision=before).update(
        revision=answer.revision, value=value, updated_at=answer.updated_at, updated_by=actor
    )
    return changed == 1


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


def _add_revision(answer: Answer, origin: Origin) -> None:
    _revision(answer, origin).save(force_insert=True)


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
            answer.updated_at = now
            answer.updated_by = actor
        Answer.objects.bulk_create(new)
        Answer.objects.bulk_update(changed, ["revision", "value", "updated_at", "updated_by"])
        Revision.objects.bulk_create(_revision(answer, origin) for answer in [*new, *changed])
        if new or changed:
            if origin == Origin.IMPORT:
                record(
                    workbook.administration, actor, "workbook.import", str(workbook),
                    workbook=str(workbook.pk), answers=len(new) + len(changed),
                )  # fmt: skip
            announce(workbook, [*new, *changed], actor)
    return len(new) + len(changed)


def announce(workbook: Workbook, answers: list[Answer], actor: User | None) -> None:
    """Tell the open pages of a workbook what changed, once the transaction is committed."""
    data: dict[str, Any] = {
        "fields": {answer.field_key: answer.revision for answer in answers[:400]},
        "by": str(actor) if actor else "",
    }
    events.publish(events.workbook_channel(workbook.pk), "saved", data)
