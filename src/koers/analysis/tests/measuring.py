"""Measurements for the tests of results: who answered what."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.closing import close_measurement
from koers.assessment.actions.measuring import create_measurement, record_consensus
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument
from koers.assessment.models import Measurement, Respondent, Response, Workshop
from koers.kit.tenancy import scope

DIMENSIONS = ("B.4.1", "B.4.2", "B.4.3", "B.4.4", "B.4.5")
SECRET_NAME = "Veerle Onzichtbaar"


def begin(cast: Cast, name: str = "Baseline", dimensions: tuple[str, ...] = DIMENSIONS) -> Measurement:
    with scope(cast.administration.pk):
        return create_measurement(cast.workbook, instrument(PLAYBOOK, 1), name, dimensions, cast.lead)


def answer(
    cast: Cast, measurement: Measurement, role: str, answers: Mapping[str, Any], *, people: int = 1,
    mode: str = "interview", first: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """So many people of a role answer the same; `first` is what they voted before in a workshop."""
    here: dict[str, Any] = {"administration": cast.administration, "measurement": measurement}
    with scope(cast.administration.pk):
        workshop = None
        if mode == "workshop":
            workshop = Workshop.objects.create(title="Workshop", status="ended", **here)
        for _person in range(people):
            named = (
                {} if workshop else {"name": SECRET_NAME, "email": "veerle@example.test", "department": "Burgerzaken"}
            )
            respondent = Respondent.objects.create(mode=mode, role=role, workshop=workshop, **named, **here)
            Response.objects.bulk_create(
                Response(respondent=respondent, question=key, value=value, ballot=2 if first else 1, **here)
                for key, value in answers.items()
            )
            Response.objects.bulk_create(
                Response(respondent=respondent, question=key, value=value, ballot=1, **here)
                for key, value in (first or {}).items()
            )


def agree(cast: Cast, measurement: Measurement, answers: Mapping[str, Any]) -> None:
    with scope(cast.administration.pk):
        questions = asked_by(measurement).questions
        for key, value in answers.items():
            record_consensus(measurement, questions[key], value, cast.lead, reason="x")


def close(cast: Cast, measurement: Measurement, days_ago: int = 0) -> Measurement:
    with scope(cast.administration.pk):
        close_measurement(measurement, cast.lead)
        at = timezone.now() - timedelta(days=days_ago)
        Measurement.objects.filter(pk=measurement.pk).update(closed_at=at)
        return Measurement.objects.get(pk=measurement.pk)


def results_address(measurement: Measurement, page: str = "results") -> str:
    return f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/{page}/"
