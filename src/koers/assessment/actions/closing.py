"""What happens to a measurement as a whole: its name, its own questions, its closing, its end."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import announce, locked
from koers.assessment.instruments.custom import read_custom
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.plain import as_json
from koers.assessment.instruments.structure import CUSTOM
from koers.assessment.models import Consensus, Measurement, Respondent, Response, Status, Workshop
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User


def rename_measurement(measurement: Measurement, name: str, actor: User) -> None:
    """Give it another name, as long as it is open."""
    with transaction.atomic():
        locked(measurement)
        before, measurement.name = measurement.name, name.strip()[:160]
        measurement.save(update_fields=["name"])
        record(
            measurement.workbook.administration, actor, "measurement.rename", measurement.name,
            workbook=str(measurement.workbook_id), before=before,
        )  # fmt: skip
        announce(measurement)


def set_own_questions(measurement: Measurement, questions: list[dict[str, Any]], actor: User) -> None:
    """Replace the questions that the measurement adds for itself, in the shape of `instruments.custom`.

    A question that was answered stays as it is: raises `DeedRefused` when it would change or go, `InvalidValue` when
    the list is not one.
    """
    read_custom(questions)
    with transaction.atomic():
        present = locked(measurement)
        kept = {f"{CUSTOM}/{each['id']}": each for each in questions}
        touched = [key for key, each in _own_of(present).items() if kept.get(key) != each]
        if Response.objects.filter(measurement_id=present.pk, question__in=touched).exists():
            raise DeedRefused(_("Somebody answered this question already: it stays as it is."))
        measurement.custom = questions
        measurement.save(update_fields=["custom"])
        record(
            measurement.workbook.administration, actor, "measurement.questions", measurement.name,
            workbook=str(measurement.workbook_id), questions=len(questions),
        )  # fmt: skip
        announce(measurement)


def _own_of(measurement: Measurement) -> dict[str, dict[str, Any]]:
    return {f"{CUSTOM}/{each['id']}": each for each in measurement.custom}


def says_something(measurement: Measurement) -> bool:
    """Whether anybody answered, or anything was agreed: a team may agree without answers one by one."""
    return (
        Response.objects.filter(measurement_id=measurement.pk).exists()
        or Consensus.objects.filter(measurement_id=measurement.pk).exists()
    )


def close_measurement(measurement: Measurement, actor: User) -> None:
    """Close it for good: nobody answers in it any more, and it keeps the instrument as it is now.

    Raises `DeedRefused` while nothing was answered nor agreed, or a workshop is under way.
    """
    with transaction.atomic():
        # Until now somebody may be answering: who is in the middle of that goes first.
        present = Measurement.objects.select_for_update(of=("self",)).filter(pk=measurement.pk).first()
        if present is None or not present.is_open:
            raise DeedRefused(_("This measurement is closed already."))
        if Workshop.objects.filter(measurement_id=present.pk, status=Status.OPEN).exists():
            raise DeedRefused(_("A workshop is under way. End it first."))
        if not says_something(present):
            raise DeedRefused(_("Nobody answered yet: there is nothing to close. You can delete this measurement."))
        measurement.frozen = {"instrument": as_json(asked_by(present))}
        measurement.closed_at, measurement.closed_by = timezone.now(), actor
        measurement.save(update_fields=["frozen", "closed_at", "closed_by"])
        record(
            measurement.workbook.administration, actor, "measurement.close", measurement.name,
            workbook=str(measurement.workbook_id),
        )  # fmt: skip
        announce(measurement)


def delete_measurement(measurement: Measurement, actor: User) -> None:
    """Delete it with all its answers; what was agreed stays in the workbook. Raises `DeedRefused` during a workshop."""
    with transaction.atomic():
        present = Measurement.objects.select_for_update(of=("self",)).filter(pk=measurement.pk).first()
        if present is None:
            raise DeedRefused(_("This measurement was deleted."))
        if Workshop.objects.filter(measurement_id=present.pk, status=Status.OPEN).exists():
            raise DeedRefused(_("A workshop is under way. End it first."))
        people = Respondent.objects.filter(measurement_id=present.pk).count()
        record(
            measurement.workbook.administration, actor, "measurement.delete", measurement.name,
            workbook=str(measurement.workbook_id), people=people,
        )  # fmt: skip
        announce(present)
        present.delete()
