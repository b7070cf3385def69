"""Taking over answers from a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.actions.answers import Outcome, Save, save_answers
from koers.workbook.models import Answer, Origin, Workbook
from koers.workbook.refusals import why_refused
from koers.workbook.values import Value


def import_answers(
    workbook: Workbook,
    values: Mapping[str, Value],
    actor: User | None,
    *,
    origin: Origin = Origin.IMPORT,
    at: datetime | None = None,
) -> int:
    """Take over answers in one transaction; what is not named is left alone. Returns how many changed.

    `at` is the time of the change (now), for a world that is made with a past. Raises `DeedRefused` in a closed round.
    """
    fields = workbook.edition.fields
    with transaction.atomic():
        before = dict(Answer.objects.filter(workbook=workbook).values_list("field_key", "value"))
        saves = [
            Save(workbook, fields[key], value, None, actor, origin=origin, at=at)
            for key, value in values.items()
            if value != before.get(key)
        ]
        for saved in save_answers(saves):
            if saved.outcome is Outcome.CLOSED:
                raise DeedRefused(why_refused(saved))
        if saves and origin == Origin.IMPORT:
            record(
                workbook.administration, actor, "workbook.import", str(workbook),
                workbook=str(workbook.pk), answers=len(saves),
            )  # fmt: skip
    return len(saves)
