"""Saving one answer from a page: every change a revision, a stale save refused with both texts kept."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from conftest import Cast
from koers.kit.tenancy import unscoped
from koers.workbook.models import Answer, Revision

FIELD = "A.3/why"


def save(cast: Cast, who: str, value: Any, base: int = 0, field: str = FIELD, workbook: Any = None) -> HttpResponse:
    body = json.dumps({"field": field, "base": base, "value": value})
    target = workbook or cast.workbook
    response = cast.client(who).post(f"/w/{target.pk}/save", body, content_type="application/json")
    assert isinstance(response, HttpResponse)
    return response


def test_a_save_is_stored_as_a_revision_with_author_and_time(cast: Cast) -> None:
    response = save(cast, "contributor", "<p>Omdat</p>")
    assert response.status_code == 200
    body = response.json()  # type: ignore[attr-defined]
    assert (body["revision"], body["value"], body["by"]) == (1, {"html": "<p>Omdat</p>"}, "Contributor")
    with unscoped():
        revision = Revision.objects.get()
    assert (revision.number, revision.value, revision.author, revision.origin) == (
        1, {"html": "<p>Omdat</p>"}, cast.people["contributor"], "edit",
    )  # fmt: skip
    assert revision.at.isoformat() == body["at"]


def test_each_change_leaves_a_revision_and_none_is_lost(cast: Cast) -> None:
    save(cast, "lead", "een")
    save(cast, "editor", "twee", base=1)
    save(cast, "editor", None, base=2)
    with unscoped():
        numbers = list(Revision.objects.order_by("number").values_list("number", "value"))
    assert numbers == [(1, {"html": "<p>een</p>"}), (2, {"html": "<p>twee</p>"}), (3, None)]


def test_a_stale_save_changes_nothing_and_shows_what_stands_there(cast: Cast) -> None:
    save(cast, "lead", "een")
    response = save(cast, "editor", "ander", base=0)
    assert response.status_code == 409
    body = response.json()  # type: ignore[attr-defined]
    assert (body["stale"], body["revision"], body["value"], body["by"]) == (True, 1, {"html": "<p>een</p>"}, "Lead")
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>een</p>"}
        assert Revision.objects.count() == 1


def test_saving_what_already_stands_there_is_no_change(cast: Cast) -> None:
    save(cast, "lead", "een")
    response = save(cast, "editor", "een", base=0)
    assert response.status_code == 200
    assert response.json()["revision"] == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"field": 1, "base": 0, "value": null}', 400),
        ('{"field": "A.3/why", "base": -1, "value": null}', 400),
        ('{"field": "A.3/why", "base": true, "value": null}', 400),
        ('{"field": "X/y", "base": 0, "value": null}', 422),
        ('{"field": "B.4.1/1", "base": 0, "value": {"choice": 9}}', 422),
    ],
)
def test_what_cannot_be_read_or_does_not_fit_is_refused(cast: Cast, body: str, status: int) -> None:
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    assert response.status_code == status
    assert response.json()["error"]
    with unscoped():
        assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 401), ("outsider", 404), ("viewer", 403), ("contributor", 200), ("lead", 200)]
)
def test_who_may_save(cast: Cast, who: str, status: int) -> None:
    assert save(cast, who, "x").status_code == status


def test_scripts_never_reach_the_store(cast: Cast) -> None:
    save(cast, "lead", "<p onmouseover=alert(1)>x<img src=x onerror=alert(1)><script>alert(1)</script></p>")
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>x</p>"}


def test_a_session_needs_its_token_and_without_a_session_one_is_signed_out(cast: Cast) -> None:
    body = json.dumps({"field": FIELD, "base": 0, "value": "x"})
    client = Client(enforce_csrf_checks=True)
    without = client.post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    client.force_login(cast.lead)
    forged = client.post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    assert (without.status_code, forged.status_code) == (401, 403)
