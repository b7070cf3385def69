"""One table of every operation of the API x everybody. An operation that is missing from it fails the test."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.exchange.content import gather
from koers.assessment.exchange.files import to_json
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.config.api import api
from koers.kit.tenancy import scope
from koers.organisations.models import Membership
from tests.api_cast import BASE, Asked, Programs, asked_in

WHO = ("anonymous", "outsider", "viewer", "contributor", "editor", "lead", "reading lead")
OWN = (401, 200, 200, 200, 200, 200, 200)
READ = (401, 404, 200, 200, 200, 200, 200)
ONE = "/workbooks/{workbook_id}/measurements/{measurement_id}"

TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/me"): OWN,
    ("GET", "/administrations"): OWN,
    ("GET", "/administrations/{administration_id}"): READ,
    ("GET", "/workbooks"): OWN,
    ("GET", "/workbooks/{workbook_id}"): READ,
    ("GET", "/workbooks/{workbook_id}/answers"): READ,
    ("GET", "/workbooks/{workbook_id}/answer"): READ,
    ("PUT", "/workbooks/{workbook_id}/answer"): (401, 404, 403, 200, 200, 200, 403),
    ("GET", "/workbooks/{workbook_id}/measurements"): READ,
    ("POST", "/workbooks/{workbook_id}/measurements"): (401, 404, 403, 403, 201, 201, 403),
    ("POST", "/workbooks/{workbook_id}/measurements/import"): (401, 404, 403, 403, 201, 201, 403),
    ("GET", ONE): READ,
    ("POST", f"{ONE}/close"): (401, 404, 403, 403, 403, 200, 403),
    ("GET", f"{ONE}/questions"): READ,
    ("GET", f"{ONE}/counts"): READ,
    ("GET", f"{ONE}/results"): READ,
    ("GET", f"{ONE}/consensus"): READ,
    ("PUT", f"{ONE}/consensus"): (401, 404, 403, 403, 200, 200, 403),
    # Who answers, and each answer, is for those who may work the measurement out.
    ("GET", f"{ONE}/respondents"): (401, 404, 403, 403, 200, 200, 403),
    ("POST", f"{ONE}/respondents"): (401, 404, 403, 403, 201, 201, 403),
    ("GET", f"{ONE}/answers"): (401, 404, 403, 403, 200, 200, 403),
    ("PUT", f"{ONE}/respondents/{{respondent_id}}/answers"): (401, 404, 403, 403, 200, 200, 403),
    ("GET", f"{ONE}/export/{{form}}"): READ,
    ("GET", "/workbooks/{workbook_id}/outcomes"): READ,
    ("POST", "/workbooks/{workbook_id}/outcomes"): (401, 404, 403, 403, 201, 201, 403),
}

BODY: dict[tuple[str, str], Any] = {
    ("PUT", "/workbooks/{workbook_id}/answer"): {"field": "A.3/why", "base": 0, "value": "<p>x</p>"},
    ("POST", "/workbooks/{workbook_id}/measurements"): {"name": "Tweede"},
    ("PUT", f"{ONE}/consensus"): {"question": "B.4.1/1", "value": {"choice": 2}, "reason": "x"},
    ("POST", f"{ONE}/respondents"): {"name": "Els"},
    ("PUT", f"{ONE}/respondents/{{respondent_id}}/answers"): {"answers": {"B.4.1/1": {"choice": 3}}},
    ("POST", "/workbooks/{workbook_id}/outcomes"): {
        "instrument": "lordimas", "date": "2026-03-01", "scores": [{"dimension": "Data", "score": "3,5"}],
    },
}  # fmt: skip


def operations() -> set[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return {(method.upper(), path.removeprefix(BASE)) for path, methods in paths.items() for method in methods}


def address(path: str, asked: Asked) -> str:
    values = {
        "administration_id": asked.measurement.administration_id, "workbook_id": asked.measurement.workbook_id,
        "measurement_id": asked.measurement.pk, "respondent_id": asked.respondent.pk, "form": "json",
    }  # fmt: skip
    return re.sub(r"{(\w+)}", lambda found: str(values[found[1]]), path)


def body_of(method: str, path: str, asked: Asked) -> Any:
    if path.endswith("/import"):
        with scope(asked.measurement.administration_id):
            return to_json(gather(asked.measurement))
    return BODY.get((method, path))


def test_every_operation_is_in_the_table() -> None:
    assert operations() == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), sorted(TABLE), ids=lambda part: part)
def test_who_gets_what(cast: Cast, method: str, path: str) -> None:
    programs, asked = Programs(cast), asked_in(cast)
    got = []
    for who in WHO:
        reply = programs.send(who, method, address(path, asked), body_of(method, path, asked))
        got.append(reply.status_code)
        if reply.status_code >= 400:
            assert "error" in json.loads(reply.content)
    assert tuple(got) == TABLE[method, path]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), sorted(TABLE), ids=lambda part: part)
def test_an_id_of_another_tenant_is_not_there(cast: Cast, method: str, path: str) -> None:
    """Each id of the address in turn is one that exists elsewhere, or nowhere."""
    programs, asked = Programs(cast), asked_in(cast)
    with scope(cast.other_administration.pk):
        theirs = create_measurement(cast.other_workbook, instrument(PLAYBOOK, 1), "x", ["B.4.1"], cast.outsider)
    other = {
        str(asked.measurement.administration_id): str(cast.other_administration.pk),
        str(asked.measurement.workbook_id): str(cast.other_workbook.pk),
        str(asked.measurement.pk): str(theirs.pk),
    }
    url, body = address(path, asked), body_of(method, path, asked)
    for mine, foreign in other.items():
        for wrong in (foreign, str(UUID(int=7))):
            if mine in url:
                assert programs.send("lead", method, url.replace(mine, wrong), body).status_code == 404


@pytest.mark.django_db
def test_a_key_opens_one_administration_also_to_who_is_in_two(cast: Cast) -> None:
    programs = Programs(cast)
    with scope(cast.other_administration.pk):
        Membership.objects.create(administration=cast.other_administration, user=cast.lead, role="lead")
    listed = json.loads(programs.send("lead", "GET", "/workbooks").content)["items"]
    assert [each["id"] for each in listed] == [str(cast.workbook.pk)]
    assert programs.send("lead", "GET", f"/workbooks/{cast.other_workbook.pk}").status_code == 404
