"""The API: keys, the same merge and refusals as the page, and never an answer that is not in its documentation."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from koers.assessment.models import Measurement, Mode, OutsideResult, Respondent, Response, Workshop
from koers.config.api import api
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import change_role, remove_member
from koers.organisations.models import ApiKey, AuditEntry, Membership
from koers.workbook.actions import save_answer
from koers.workbook.models import Answer, Workbook
from tests.api_cast import BASE, Asked, Programs, asked_in
from tests.test_api_permissions import TABLE, address, body_of

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def programs(cast: Cast) -> Programs:
    return Programs(cast)


@pytest.fixture
def asked(cast: Cast) -> Asked:
    return asked_in(cast)


def said(reply: Any) -> Any:
    return json.loads(reply.content)


# Keys


def test_the_secret_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    editor = cast.client("editor")
    page = reverse("api_keys", args=[cast.administration.pk])
    made = editor.post(page, {"name": "dashboard", "may_write": "yes", "lasts": "year"})
    secret = made.context["made"].secret
    assert secret in made.content.decode()
    assert secret not in editor.get(page).content.decode()
    with unscoped():
        (key,) = ApiKey.objects.all()
        assert secret not in str(vars(key))
        assert (key.person, key.name, key.may_write) == (cast.people["editor"], "dashboard", True)
        assert key.expires_at <= timezone.now() + timedelta(days=365)
        assert AuditEntry.objects.get(verb="key.create").subject == "dashboard"
    me = said(Client(headers={"Authorization": f"Bearer {secret}"}).get(f"{BASE}/me"))
    assert (me["email"], me["administration"]["role"]) == ("editor@kastelbeke.example.test", "editor")
    with unscoped():
        assert ApiKey.objects.get().last_used_on == timezone.localdate()


def test_a_withdrawn_key_opens_nothing(cast: Cast, programs: Programs) -> None:
    assert programs.send("editor", "GET", "/me").status_code == 200
    with unscoped():
        key = ApiKey.objects.get()
    address_of = reverse("withdraw_api_key", args=[cast.administration.pk, key.pk])
    assert cast.client("viewer").post(address_of).status_code == 404
    assert cast.client("lead").post(address_of).status_code == 302
    assert programs.send("editor", "GET", "/me").status_code == 401


def test_a_key_is_dead_with_its_membership_and_stays_so(cast: Cast, programs: Programs) -> None:
    programs.send("editor", "GET", "/me")
    with scope(cast.administration.pk):
        remove_member(Membership.objects.get(user=cast.people["editor"]), cast.lead)
    assert programs.send("editor", "GET", "/me").status_code == 401
    with scope(cast.administration.pk):
        Membership.objects.create(administration=cast.administration, user=cast.people["editor"], role="editor")
    assert programs.send("editor", "GET", "/me").status_code == 401


def test_a_key_never_does_more_than_its_person_may_now(cast: Cast, programs: Programs) -> None:
    body = {"field": "A.3/why", "base": 0, "value": "<p>x</p>"}
    path = f"/workbooks/{cast.workbook.pk}/answer"
    assert programs.send("editor", "PUT", path, body).status_code == 200
    with scope(cast.administration.pk):
        change_role(Membership.objects.get(user=cast.people["editor"]), "viewer", cast.lead)
    assert programs.send("editor", "PUT", path, {**body, "base": 1}).status_code == 403
    cast.people["editor"].is_active = False
    cast.people["editor"].save()
    assert programs.send("editor", "GET", "/me").status_code == 401


def test_an_expired_key_opens_nothing(programs: Programs) -> None:
    programs.send("editor", "GET", "/me")
    with unscoped():
        ApiKey.objects.update(expires_at=timezone.now())
    reply = programs.send("editor", "GET", "/me")
    assert (reply.status_code, reply["WWW-Authenticate"]) == (401, "Bearer")
    assert said(reply) == {"error": "Send a key of the API along that still opens something."}


def test_a_session_opens_nothing(cast: Cast) -> None:
    assert cast.client("lead").get(f"{BASE}/me").status_code == 401


def test_who_guesses_keys_has_to_wait(cast: Cast, programs: Programs) -> None:
    guesser = Client(headers={"Authorization": "Bearer koers_" + "x" * 43})
    got = [guesser.get(f"{BASE}/me").status_code for _guess in range(21)]
    assert got == [401] * 20 + [429]
    assert guesser.get(f"{BASE}/me")["Retry-After"] == "60"


def test_a_viewer_makes_keys_that_read(cast: Cast) -> None:
    page = reverse("api_keys", args=[cast.administration.pk])
    viewer = cast.client("viewer")
    viewer.post(page, {"name": "x", "may_write": "no", "lasts": "month"})
    assert viewer.post(page, {"name": "", "may_write": "no", "lasts": "month"}).status_code == 422
    assert viewer.post(page, {"name": "x", "may_write": "no", "lasts": "ever"}).status_code == 422
    assert len(viewer.get(page).context["own"]) == 1
    assert viewer.get(page).context["others"] == []
    assert len(cast.client("lead").get(page).context["others"]) == 1
    assert cast.client("contributor").get(page).context["others"] == []


# Answers of the workbook


def test_an_older_base_is_merged_and_an_unknown_one_refused(cast: Cast, programs: Programs) -> None:
    path = f"/workbooks/{cast.workbook.pk}/answer"
    first = {"field": "A.3/why", "base": 0, "value": "<p>Eén.</p><p>Twee.</p>"}
    assert said(programs.send("editor", "PUT", path, first))["revision"] == 1
    field = cast.workbook.edition.fields["A.3/why"]
    with scope(cast.administration.pk):
        save_answer(cast.workbook, field, {"html": "<p>Eén en een half.</p><p>Twee.</p>"}, 1, cast.lead)
    second = said(programs.send("editor", "PUT", path, {**first, "base": 1, "value": "<p>Eén.</p><p>Twee!</p>"}))
    assert (second["merged"], second["revision"]) == (True, 3)
    assert second["value"] == "<p>Eén en een half.</p><p>Twee!</p>"
    refused = programs.send("editor", "PUT", path, {**first, "base": 9})
    assert refused.status_code == 409
    assert (said(refused)["revision"], said(refused)["value"]) == (3, second["value"])
    read = said(programs.send("viewer", "GET", f"{path}?field=A.3/why"))
    assert (read["value"], read["revision"], read["by"]) == (second["value"], 3, "Editor")


def test_wrong_values_are_refused_with_their_place(cast: Cast, programs: Programs) -> None:
    path = f"/workbooks/{cast.workbook.pk}/answer"
    refused = programs.send("editor", "PUT", path, {"field": "B.4.1/1", "base": 0, "value": {"choice": 9}})
    assert refused.status_code == 422
    assert said(refused)["error"] == "9 is out of range: choose from 1 to 4."
    assert said(refused)["path"] == ["choice"]
    assert said(programs.send("editor", "PUT", path, {"field": "A.3/why"}))["path"] == ["body", "base"]
    assert programs.send("editor", "PUT", path, b'{"field": NaN}').status_code == 400
    assert programs.send("editor", "PUT", path, b"{" + b" " * 600_000 + b"}").status_code == 413
    assert programs.send("editor", "PUT", path, b"[" * 200_000).status_code == 400


def test_a_closed_round_is_locked(cast: Cast, programs: Programs) -> None:
    with unscoped():
        Workbook.objects.filter(pk=cast.workbook.pk).update(closed_at=timezone.now())
    path = f"/workbooks/{cast.workbook.pk}"
    body = {"field": "A.3/why", "base": 0, "value": "<p>x</p>"}
    assert programs.send("editor", "PUT", f"{path}/answer", body).status_code == 423
    assert programs.send("editor", "POST", f"{path}/measurements", {"name": "x"}).status_code == 423


# Measurements


def test_a_measurement_from_begin_to_end(cast: Cast, programs: Programs) -> None:
    made = said(programs.send("editor", "POST", f"/workbooks/{cast.workbook.pk}/measurements", {
        "name": "Over de API", "dimensions": ["B.4.1"], "custom": [{"id": "x", "kind": "line", "label": "X?"}],
    }))  # fmt: skip
    path = f"/workbooks/{cast.workbook.pk}/measurements/{made['id']}"
    asks = said(programs.send("viewer", "GET", f"{path}/questions"))["items"]
    assert [each["key"] for each in asks][::7] == ["B.4.1/1", "custom/x"]
    person = said(programs.send("editor", "POST", f"{path}/respondents", {"name": "Els", "role": "it"}))
    noted = {"answers": {"B.4.1/1": {"choice": 2, "remark": "zo"}, "custom/x": "ja"}}
    assert programs.send("editor", "PUT", f"{path}/respondents/{person['id']}/answers", noted).status_code == 200
    rows = said(programs.send("editor", "GET", f"{path}/answers"))["items"]
    assert [(row["question"], row["respondent"], row["name"], row["value"], row["counted"]) for row in rows] == [
        ("B.4.1/1", str(person["id"]), "Els", {"choice": 2, "remark": "zo"}, True),
        ("custom/x", str(person["id"]), "Els", "ja", True),
    ]
    agreed = {"question": "B.4.1/1", "value": {"choice": 2}, "reason": "Iedereen zei het."}
    assert programs.send("editor", "PUT", f"{path}/consensus", agreed).status_code == 200
    with scope(cast.administration.pk):
        answer = Answer.objects.get(field_key="B.4.1/1")
        assert answer.value == {"choice": 2, "remark": "Iedereen zei het."}
    assert [each["by"] for each in said(programs.send("viewer", "GET", f"{path}/consensus"))["items"]] == ["Editor"]
    assert said(programs.send("lead", "POST", f"{path}/close"))["closed_at"] is not None
    for method, more, body in (("PUT", "/consensus", agreed), ("POST", "/respondents", {"name": "x"})):
        assert programs.send("editor", method, path + more, body).status_code == 423


def test_participants_of_a_workshop_are_in_no_list_and_cannot_be_written(programs: Programs, asked: Asked) -> None:
    of = {"administration_id": asked.measurement.administration_id, "measurement": asked.measurement}
    with unscoped():
        workshop = Workshop.objects.create(title="x", **of)
        for number in range(6):
            seat = Respondent.objects.create(mode=Mode.WORKSHOP, workshop=workshop, role="staff", **of)
            value = {"choice": 1 + number % 2}
            Response.objects.create(respondent=seat, question="B.4.1/1", value=value, **of)
            Response.objects.create(respondent=seat, question="B.4.1/2", value={"choice": 1}, **of)
    listed = said(programs.send("lead", "GET", f"{asked.path}/respondents"))["items"]
    assert [each["mode"] for each in listed] == ["interview"]
    rows = [row for row in said(programs.send("lead", "GET", f"{asked.path}/answers"))["items"]
            if row["mode"] == "workshop"]  # fmt: skip
    assert [row["value"]["choice"] for row in rows if row["question"] == "B.4.1/1"] == [1, 1, 1, 2, 2, 2]
    assert {row["respondent"] for row in rows} == {f"w{number}" for number in range(1, 7)}
    noted = {"answers": {"B.4.1/1": {"choice": 1}}}
    gone = programs.send("lead", "PUT", f"{asked.path}/respondents/{seat.pk}/answers", noted)
    assert gone.status_code == 404


def test_counts_are_for_readers_and_hide_small_groups(programs: Programs, asked: Asked) -> None:
    (first, *_more) = said(programs.send("viewer", "GET", f"{asked.path}/counts"))["items"]
    assert (first["key"], first["answered"], first["counts"]) == ("B.4.1/1", None, None)


def test_results_are_those_of_the_page(programs: Programs, asked: Asked) -> None:
    read = said(programs.send("viewer", "GET", f"{asked.path}/results"))
    assert (read["basis"], read["people"]) == ("middle", 1)
    (dimension,) = read["dimensions"]
    assert (dimension["id"], dimension["index"], dimension["scored"], dimension["roles"]) == ("B.4.1", 1 / 3, 1, [])
    assert dimension["questions"][0] == {
        "key": "B.4.1/1", "agreed": False, "answered": 1, "rank": 1 / 3, "disagreement": None,
    }  # fmt: skip
    agreed = said(programs.send("viewer", "GET", f"{asked.path}/results?basis=agreed"))
    assert agreed["dimensions"][0]["index"] is None


def test_a_file_goes_out_and_in(cast: Cast, programs: Programs, asked: Asked) -> None:
    for form in ("json", "csv", "xlsx"):
        data = programs.send("editor", "GET", f"{asked.path}/export/{form}").content
        path = f"/workbooks/{cast.workbook.pk}/measurements/import"
        seen = programs.send("editor", "POST", f"{path}?preview=true", data, kind="application/octet-stream")
        assert (seen.status_code, said(seen)["new_answers"], said(seen)["measurement"]) == (200, 1, None)
        done = programs.send("editor", "POST", path, data, kind="application/octet-stream")
        assert done.status_code == 201
        again = programs.send("editor", "POST", f"{path}?into={asked.measurement.pk}", data)
        assert (again.status_code, said(again)["same"], said(again)["new_answers"]) == (200, 1, 0)
    with unscoped():
        assert Measurement.objects.count() == 4
    wrong = programs.send("editor", "POST", path, b"question;value\nB.9/9;1\n")
    assert wrong.status_code == 422
    assert said(wrong)["problems"][0]["line"] == 0
    for who, names in (("viewer", False), ("reading editor", False), ("editor", True)):
        assert (b"Jan" in programs.send(who, "GET", f"{asked.path}/export/json").content) is names


def test_an_outcome_from_elsewhere_is_checked_as_on_the_page(cast: Cast, programs: Programs) -> None:
    path = f"/workbooks/{cast.workbook.pk}/outcomes"
    outcome = {"instrument": "lordimas", "date": "2026-03-01", "scores": [
        {"dimension": "Data", "score": "3,5", "low": "1", "high": "5"},
    ]}  # fmt: skip
    made = said(programs.send("editor", "POST", path, outcome))
    assert (made["name"], made["scores"][0]["score"]) == ("LORDIMAS 2026", "3,5")
    outcome["scores"][0]["score"] = "7"  # type: ignore[index]
    refused = programs.send("editor", "POST", path, outcome)
    assert (refused.status_code, said(refused)["path"]) == (422, ["body", "scores", 0, "score"])
    assert programs.send("editor", "POST", path, {**outcome, "url": "javascript:alert(1)"}).status_code == 422
    with unscoped():
        assert OutsideResult.objects.count() == 1


# Lists


def test_a_list_comes_in_pages(cast: Cast, programs: Programs, asked: Asked) -> None:
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = said(programs.send("viewer", "GET", f"{asked.path}/questions?limit=3&cursor={cursor}"))
        found += [each["key"] for each in page["items"]]
        cursor = page["next"]
    assert found == [f"B.4.1/{number}" for number in range(1, 8)]
    for wrong in ("limit=0", "limit=201", "limit=x", "cursor=-1", "cursor=x", "cursor=9999999999"):
        assert programs.send("viewer", "GET", f"{asked.path}/questions?{wrong}").status_code == 422


def test_a_list_costs_the_same_for_one_and_for_three(
    cast: Cast, programs: Programs, asked: Asked, django_assert_num_queries: Any
) -> None:
    programs.send("lead", "GET", "/me")
    queries = {"/answers": 7, "/respondents": 4, "/counts": 7, "/consensus": 4, "": 3}
    for number in range(2):
        for more, count in queries.items():
            with django_assert_num_queries(count):
                assert programs.send("lead", "GET", asked.path + more).status_code == 200
        with scope(cast.administration.pk):
            for each in range(3):
                seat = Respondent.objects.create(
                    administration=cast.administration, measurement=asked.measurement, mode=Mode.INTERVIEW,
                    name=f"{number}-{each}",
                )  # fmt: skip
                Response.objects.create(
                    administration=cast.administration, measurement=asked.measurement, respondent=seat,
                    question="B.4.1/1", value={"choice": 1},
                )  # fmt: skip


# The documentation


def test_the_schema_is_public_and_the_page_shows_every_operation(cast: Cast) -> None:
    schema = said(cast.client("anonymous").get(f"{BASE}/openapi.json"))
    page = cast.client("anonymous").get("/api/").content.decode()
    for path, methods in schema["paths"].items():
        assert path in page
        for method, operation in methods.items():
            assert f'id="{operation["operationId"]}"' in page
            assert operation["summary"] in page
            assert {"401", "429"} <= set(operation["responses"])
            assert ("413" in operation["responses"]) == ("requestBody" in operation), (method, path)
    assert "style=" not in page
    assert cast.client("anonymous").get(f"{BASE}/nowhere/at/all").json() == {
        "error": "The API has no such address. See /api/."
    }


def test_the_examples_of_the_documentation_are_of_operations_that_there_are(cast: Cast) -> None:
    text = (ROOT / "docs/api.md").read_text()
    known = set(TABLE)
    examples = re.findall(r"curl ((?:[^\n]|\\\n)*)", text)
    assert len(examples) >= 8
    for example in examples:
        method = (re.search(r"-X (\w+)", example) or ["", "GET"])[1]
        found = re.search(r"\$KOERS/api/v1(/[^\s\"'?]*)", example)
        assert found is not None, example
        filled = found[1].replace("$WORKBOOK", "{workbook_id}").replace("$MEASUREMENT", "{measurement_id}")
        filled = filled.replace("$RESPONDENT", "{respondent_id}").replace("export/xlsx", "export/{form}")
        assert (method, filled) in known, example
        body = re.search(r"-d '([^']*)'", example)
        if body:
            assert isinstance(json.loads(body[1]), dict)
    for method, path in known:
        assert f"| `{method}` | `{path}`" in text, (method, path)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40), st.sampled_from(["\x00", "\ud800", "../..", "B.4.1/1", "A.3/why", "x" * 7000]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["choice", "choices", "rows", "items", "remark", "shares"]),
                    st.one_of(st.integers(-3, 9), st.text(max_size=5), st.lists(st.integers(0, 9), max_size=3)),
                    max_size=3),
)  # fmt: skip
CHANGING = sorted({(method, path) for method, path in TABLE if method != "GET"})
READING = sorted({path for method, path in TABLE if method == "GET"})


def documented(method: str, path: str) -> set[int]:
    operation = api.get_openapi_schema()["paths"][BASE + path][method.lower()]
    return {int(status) for status in operation["responses"]}


@pytest.mark.parametrize(("method", "path"), CHANGING, ids=lambda part: part)
def test_odd_bodies_are_answered_as_documented(
    cast: Cast, programs: Programs, asked: Asked, method: str, path: str
) -> None:
    whole = body_of(method, path, asked)
    keys = sorted(whole) if isinstance(whole, dict) else ["format", "respondents"]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(keys), ODD, st.booleans())
    def answers(key: str, odd: Any, alone: bool) -> None:
        sent = {key: odd} if alone or not isinstance(whole, dict) else {**whole, key: odd}
        data = odd if odd is None or isinstance(odd, list) else sent
        reply = programs.send("lead", method, address(path, asked), data)
        assert reply.status_code in documented(method, path), (reply.status_code, sent)
        assert reply.status_code < 400 or isinstance(said(reply)["error"], str)

    answers()


@pytest.mark.parametrize("path", READING)
def test_odd_questions_are_answered_as_documented(programs: Programs, asked: Asked, path: str) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(["limit", "cursor", "field", "into"]), st.text(max_size=20), st.booleans())
    def answers(name: str, odd: str, in_path: bool) -> None:
        url = address(path, asked)
        if in_path:
            url = "/".join([*url.split("/")[:-1], re.sub(r"[^\w.-]", "x", odd) or "x"])
        if resolve(BASE + url).view_name in {"api_nowhere", "api_root"}:
            return
        query = re.sub(r"[&#]|[\ud800-\udfff]", "", odd)
        reply = programs.send("lead", "GET", f"{url}?{name}={query}")
        assert reply.status_code in documented("GET", path) | {405}, reply.status_code
        assert reply.status_code in {200, 405} or isinstance(said(reply)["error"], str)

    answers()
