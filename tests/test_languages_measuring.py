"""Measuring speaks Dutch to who reads Dutch: every page of it, over the measurements of the demo world."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from koers.assessment.models import Measurement, OutsideResult, Respondent, Workshop
from koers.demo.world import make_world
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from tests.test_languages import page_in, remnants

LANGUAGE = "nl"

# Each address with what it needs besides the workbook: an open measurement, a workshop that was held or is planned, …
PAGES = (
    ("measurements", ""), ("new_measurement", ""), ("measurement", "open"), ("measurement", "closed"),
    ("own_questions", "open"), ("measured_question", "open"), ("add_respondents", "open"),
    ("close_measurement", "open"),
    ("delete_measurement", "open"), ("own_estimate", "open"), ("measured_results", "open"),
    ("measured_results", "closed"), ("compare_measurements", "open"), ("import_measurement", ""),
    ("respondent", "open person"), ("withdraw_respondent", "open person"), ("note_answers", "open person"),
    ("note_answers_page", "open person number"), ("instruments", ""), ("new_outcome", ""), ("edit_outcome", "outcome"),
    ("delete_outcome", "outcome"), ("workshops", ""), ("plan_workshop", ""), ("workshop", "planned"),
    ("workshop", "held"), ("edit_workshop", "planned"), ("delete_workshop", "planned"),
    ("workshop_console", "planned"), ("change_step", "planned step"), ("join", "nowhere"), ("api_page", "nowhere"),
    ("method", "nowhere"), ("api_keys", "place"), ("audit_log", "place"),
)  # fmt: skip
QUERY = {"measured_question": "?key=B.4.2/5"}
# The page of the API tells what programs read; operations are described in English (docs/api.md).
ENGLISH = {"api_page"}


def _addresses() -> dict[str, str]:
    with unscoped():
        running, closed = Measurement.objects.get(closed_at=None), Measurement.objects.exclude(closed_at=None).get()
        held = Workshop.objects.get(measurement=running, opened_at__isnull=False)
        planned = Workshop.objects.get(measurement=running, opened_at=None)
        person = Respondent.objects.filter(measurement=running, mode="interview").order_by("pk")[0]
        outcome = OutsideResult.objects.order_by("pk")[0]
        step = planned.steps.order_by("position")[2]
    parts: dict[str, dict[str, Any]] = {
        "open": {"measurement_id": running.pk}, "closed": {"measurement_id": closed.pk},
        "planned": {"workshop_id": planned.pk}, "held": {"workshop_id": held.pk}, "step": {"step_id": step.pk},
        "person": {"respondent_id": person.pk}, "number": {"number": 1}, "outcome": {"result_id": outcome.pk},
    }  # fmt: skip
    found = {}
    for name, needs in PAGES:
        arguments: dict[str, Any] = {"workbook_id": running.workbook_id}
        if needs == "nowhere":
            arguments = {}
        elif needs == "place":
            arguments = {"administration_id": running.administration_id}
        else:
            for need in needs.split():
                arguments |= parts[need]
        found[f"{name} {needs}".strip()] = reverse(name, kwargs=arguments) + QUERY.get(name, "")
    return found


@pytest.mark.django_db
def test_no_english_is_left_where_people_measure() -> None:
    with translation.override(LANGUAGE):
        make_world(lambda _line: None)
    client = Client()
    client.force_login(User.objects.get(email="lead@kastelbeke.example.test"))
    left = {}
    for name, address in _addresses().items():
        found = sorted(set(remnants(page_in(client, address, LANGUAGE), LANGUAGE)))
        if found and name.split()[0] not in ENGLISH:
            left[name] = found
    assert left == {}
