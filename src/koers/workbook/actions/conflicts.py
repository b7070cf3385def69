"""Ending a conflict: somebody chooses between what two people wrote at the same time."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from koers.organisations.actions import DeedRefused
from koers.organisations.models import User
from koers.workbook.actions.answers import Save, Saved, announce, locked_answers, save_answers
from koers.workbook.models import Answer, Conflict, Origin, Settled, Workbook
from koers.workbook.refusals import why_refused


def settle_conflict(workbook: Workbook, conflict: Conflict, how: Settled, actor: User) -> Saved:
    """Keep one version of a conflict, or both as they stand. What was written since is merged with the choice.

    Settling what was settled already changes nothing. Raises `DeedRefused` in a closed round.
    """
    field = workbook.edition.fields[conflict.field_key]
    with transaction.atomic():
        answer = locked_answers({(workbook.pk, field.key): workbook})[workbook.pk, field.key]
        conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
        value = {Settled.STORED: conflict.stored, Settled.INCOMING: conflict.incoming}.get(how, answer.value)
        base = None if how == Settled.BOTH or conflict.settled_at else conflict.revision
        save = Save(workbook, field, answer.value if base is None else value, base, actor, origin=Origin.SETTLE)
        (saved,) = save_answers([save])
        if not saved.is_written:
            raise DeedRefused(why_refused(saved))
        if conflict.settled_at is None:
            conflict.settled_at = timezone.now()
            conflict.settled_by, conflict.settled_how = actor, how
            conflict.save(update_fields=["settled_at", "settled_by", "settled_how"])
            Answer.objects.filter(pk=answer.pk).update(conflicts=F("conflicts") - 1)
            announce([Answer.objects.select_related("updated_by").get(pk=answer.pk)])
    return saved
