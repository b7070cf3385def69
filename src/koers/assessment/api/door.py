"""The door to a measurement for the API, and what it says when nothing can be changed any more."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils.translation import gettext as _

from koers.assessment.access import measurement_for
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Measurement
from koers.kit.api import Refusal
from koers.organisations.access import Ability
from koers.workbook.api import opened_workbook
from koers.workbook.models import Workbook


@contextmanager
def opened_measurement(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, ability: Ability
) -> Iterator[Measurement]:
    """The measurement of the workbook that the key opens, within its scope. 404 for any other."""
    with opened_workbook(request, workbook_id, ability) as workbook:
        yield measurement_for(workbook, measurement_id)


def require_open(measurement: Measurement) -> None:
    """Raises 423 for a closed measurement, which never changes."""
    if not measurement.is_open:
        raise Refusal(423, _("This measurement is closed: nothing is changed in it any more."))


def require_round(workbook: Workbook) -> None:
    if workbook.closed_at is not None:
        raise Refusal(423, _("The round is closed: nothing is changed in it any more."))


def asked(measurement: Measurement, key: str) -> Question:
    """The question with this key, or 422."""
    question = asked_by(measurement).questions.get(key)
    if question is None:
        raise Refusal(
            422, _("This measurement does not ask “%(question)s”.") % {"question": key[:80]}, ["body", "question"]
        )
    return question
