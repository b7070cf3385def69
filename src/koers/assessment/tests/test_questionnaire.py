"""The questionnaire: by personal link, by a member for herself, by an editor who notes an interview."""

import json
import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.closing import close_measurement
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.actions.respondents import NewPerson, add_respondents, new_link, withdraw_respondent
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.links import known_secret
from koers.assessment.models import Measurement, Respondent, Workshop
from koers.assessment.queries.answers import given_answers
from koers.kit.tenancy import scope
from koers.organisations.actions import digest_of
from koers.organisations.models import User
from koers.workbook.queries import values_of

STRATEGY = "B.4.1/1"


@pytest.fixture(autouse=True)
def no_guesses_yet() -> None:
    cache.clear()


@pytest.fixture
def measurement(cast: Cast) -> Measurement:
    with scope(cast.administration.pk):
        return create_measurement(
            cast.workbook, instrument(PLAYBOOK, 1), "Baseline", ["B.4.1", "B.4.5", "C.2.3"], cast.lead
        )


def linked(cast: Cast, measurement: Measurement, **more: Any) -> tuple[Respondent, str]:
    options: dict[str, Any] = {"questions": None, "due": None, "language": "en", **more}
    with scope(cast.administration.pk):
        (each,) = add_respondents(
            measurement, [NewPerson("An", "an@example.test", "it")], cast.lead, by_link=True, **options
        )
    return each.respondent, f"/r/{each.secret}/"


def answers(cast: Cast, measurement: Measurement) -> dict[str, Any]:
    with scope(cast.administration.pk):
        return {each.question: each.value for each in given_answers(measurement)}


def send(client: Client, root: str, field: str, value: object) -> Any:
    body = json.dumps({"field": field, "base": 0, "value": value})
    return client.post(f"{root}save", body, content_type="application/json")


def own_root(measurement: Measurement) -> str:
    return f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/estimate/"


# By link


def test_before_it_begins_all_is_told_and_no_cookie_is_set(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    visitor = Client()
    page = visitor.get(root).content.decode()
    for words in ("Hello An", "11 questions", "Lead asks this for the digital course of Gemeente Kastelbeke.",
                  "Only the people who prepare this measurement see the answers with the name."):  # fmt: skip
        assert words in page
    for question in instrument(PLAYBOOK, 1).by_id["B.4.5"].questions:
        assert question.field.label.say("en") in page
    visitor.get(f"{root}1/")
    assert dict(visitor.cookies) == {}


def test_each_answer_is_saved_as_it_is_given(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    visitor = Client(enforce_csrf_checks=True)
    reply = send(visitor, root, STRATEGY, {"choice": 2, "remark": " It depends. "})
    assert (reply.status_code, reply.json()["revision"], reply.json()["conflicts"]) == (200, 1, 0)
    assert reply.json()["value"] == {"choice": 2, "remark": "It depends."}
    send(visitor, root, "B.4.5/3", {"rows": {"visionary": 3}})
    send(visitor, root, STRATEGY, {"choice": None, "remark": ""})
    assert answers(cast, measurement) == {"B.4.5/3": {"rows": {"visionary": 3}}}
    with scope(cast.administration.pk):
        assert values_of(cast.workbook) == {}


def test_a_page_without_scripts_saves_and_goes_on(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    visitor = Client(enforce_csrf_checks=True)
    on = visitor.post(f"{root}1/", {
        f"{STRATEGY}:base": "0", STRATEGY: "3", "B.4.1/2:base": "0", "B.4.1/2": "not-applicable",
        "B.4.1/6:base": "0", "B.4.1/6": ["1", "4"], "B.4.1/7:base": "0", "next": "yes",
    })  # fmt: skip
    assert (on.status_code, on.headers["Location"]) == (302, f"{root}2/")
    assert answers(cast, measurement) == {
        STRATEGY: {"choice": 3}, "B.4.1/2": {"choice": "not-applicable"}, "B.4.1/6": {"choices": [1, 4]},
    }  # fmt: skip
    assert 'value="3" checked' in visitor.get(f"{root}1/").content.decode()
    assert visitor.post(f"{root}2/", {"back": "yes"}).headers["Location"] == f"{root}1/"
    assert visitor.post(f"{root}2/", {"stop": "yes"}).headers["Location"] == root


def test_shares_must_add_up_and_what_was_typed_stays(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    rows = ("inspired", "indifferent", "frustrated", "oppressed")

    def typed(*shares: str) -> dict[str, str]:
        given = {f"C.2.3/adoption:{row}": share for row, share in zip(rows, shares, strict=True)}
        return {"C.2.3/adoption:base": "0", "finish": "yes", **given}

    page = Client().post(f"{root}3/", typed("40", "30", "20", "12,5"))
    assert page.status_code == 422
    assert "The shares must add up to 100; they make 102.5." in page.content.decode()
    assert 'value="12.5"' in page.content.decode()
    assert Client().post(f"{root}3/", typed("40", "30", "20", "10")).headers["Location"] == root
    assert answers(cast, measurement) == {
        "C.2.3/adoption": {"shares": {"inspired": 40, "indifferent": 30, "frustrated": 20, "oppressed": 10}}
    }


def test_stopping_and_resuming_finishing_and_changing(cast: Cast, measurement: Measurement) -> None:
    who, root = linked(cast, measurement)
    visitor = Client()
    for number in range(1, 8):
        kind = {"choices": [1]} if number > 5 else {"choice": 1}
        assert send(visitor, root, f"B.4.1/{number}", kind).status_code == 200
    later = Client().get(root).content.decode()
    assert "7 of 11 answered" in later
    assert f'href="{root}2/"' in later
    visitor.post(root, {"finish": "yes"})
    done = visitor.get(root).content.decode()
    assert "Your 7 answers are in." in done
    assert "4 questions are left open; that may be." in done
    assert send(visitor, root, STRATEGY, {"choice": 4}).status_code == 200
    assert answers(cast, measurement)[STRATEGY] == {"choice": 4}
    with scope(cast.administration.pk):
        assert Respondent.objects.get(pk=who.pk).finished_at is not None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"field": STRATEGY, "base": 0, "value": {"choice": 9}}, 422),
        ({"field": STRATEGY, "base": 0, "value": "x"}, 422),
        ({"field": "B.4.2/1", "base": 0, "value": {"choice": 1}}, 404),
        ({"field": STRATEGY, "value": {"choice": 1}}, 400),
        ([1], 400),
        (None, 400),
    ],
)
def test_what_is_no_answer_is_refused(cast: Cast, measurement: Measurement, body: object, status: int) -> None:
    _who, root = linked(cast, measurement)
    reply = Client().post(f"{root}save", json.dumps(body), content_type="application/json")
    assert reply.status_code == status
    assert reply.json()["error"]
    assert answers(cast, measurement) == {}


def test_a_subset_is_all_that_is_asked(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement, questions=["B.4.5/1"])
    visitor = Client()
    assert "One question" in visitor.get(root).content.decode()
    assert visitor.get(f"{root}2/").status_code == 404
    assert send(visitor, root, STRATEGY, {"choice": 1}).status_code == 404


def test_the_language_is_hers(cast: Cast, measurement: Measurement) -> None:
    who, root = linked(cast, measurement)
    visitor = Client()
    visitor.post(root, {"language": "nl"})
    page = visitor.get(root).content.decode()
    assert '<html lang="nl">' in page
    assert instrument(PLAYBOOK, 1).questions["B.4.5/1"].field.label.say("nl") in page
    with scope(cast.administration.pk):
        assert Respondent.objects.get(pk=who.pk).language == "nl"


# Links that end


def test_a_closed_measurement_says_so_kindly(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    visitor = Client()
    send(visitor, root, STRATEGY, {"choice": 2})
    with scope(cast.administration.pk):
        close_measurement(measurement, cast.lead)
    page = visitor.get(root)
    assert page.status_code == 200
    assert "This measurement is closed." in page.content.decode()
    assert "Your answer counted." in page.content.decode()
    assert visitor.get(f"{root}1/").headers["Location"] == root
    assert send(visitor, root, STRATEGY, {"choice": 3}).status_code == 423
    assert answers(cast, measurement) == {STRATEGY: {"choice": 2}}


@pytest.mark.parametrize("keep", [True, False])
def test_who_is_withdrawn_can_answer_no_more(cast: Cast, measurement: Measurement, keep: bool) -> None:
    who, root = linked(cast, measurement)
    visitor = Client()
    send(visitor, root, STRATEGY, {"choice": 2})
    with scope(cast.administration.pk):
        withdraw_respondent(who, cast.lead, keep_answers=keep)
    assert "This link was withdrawn" in visitor.get(root).content.decode()
    assert b"This link was withdrawn" in send(visitor, root, STRATEGY, {"choice": 3}).content
    assert answers(cast, measurement) == ({STRATEGY: {"choice": 2}} if keep else {})
    with scope(cast.administration.pk):
        assert Respondent.objects.get(pk=who.pk).email == ""


def test_a_new_link_ends_the_old_one(cast: Cast, measurement: Measurement) -> None:
    who, root = linked(cast, measurement)
    with scope(cast.administration.pk):
        fresh = new_link(who, cast.lead)
        assert known_secret(Respondent.objects.get(pk=who.pk)) == fresh.secret
    assert Client().get(root).status_code == 404
    assert Client().get(f"/r/{fresh.secret}/").status_code == 200


def test_the_secret_is_kept_nowhere_and_never_logged(
    cast: Cast, measurement: Measurement, caplog: pytest.LogCaptureFixture
) -> None:
    _who, root = linked(cast, measurement)
    secret = root.split("/")[2]
    with scope(cast.administration.pk):
        assert secret not in repr(list(Respondent.objects.values()))
    with caplog.at_level(logging.DEBUG):
        send(Client(), root, STRATEGY, {"choice": 9})
        Client().get(f"{root}9/")
        assert Client().get(root).headers["Referrer-Policy"] == "no-referrer"
    assert [record.getMessage() for record in caplog.records if secret in record.getMessage()] == []


def test_guessing_links_is_limited(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    guesser = Client()
    assert [guesser.get(f"/r/guess-{number}/").status_code for number in range(21)] == [404] * 20 + [429]
    assert guesser.get(root).status_code == 429


def test_a_seat_in_a_workshop_is_no_personal_link(cast: Cast, measurement: Measurement) -> None:
    with scope(cast.administration.pk):
        workshop = Workshop.objects.create(administration=cast.administration, measurement=measurement, title="x")
        Respondent.objects.create(
            administration=cast.administration, measurement=measurement, workshop=workshop, mode="workshop",
            digest=digest_of("seat"),
        )  # fmt: skip
    assert Client().get("/r/seat/").status_code == 404


def test_with_its_workbook_the_link_goes(cast: Cast, measurement: Measurement) -> None:
    _who, root = linked(cast, measurement)
    cast.workbook.deleted_at = timezone.now()
    with scope(cast.administration.pk):
        cast.workbook.save()
    assert Client().get(root).status_code == 404


# A member for herself


def test_a_member_says_from_where_she_answers_and_begins(cast: Cast, measurement: Measurement) -> None:
    root = own_root(measurement)
    client = cast.client("contributor")
    begin = client.post(root, {"begin": "yes", "role": "head", "department": "Sport"})
    assert begin.headers["Location"] == f"{root}1/"
    client.post(f"{root}1/", {f"{STRATEGY}:base": "0", STRATEGY: "2", "next": "yes"})
    client.post(root, {"begin": "yes", "role": "it", "department": ""})
    with scope(cast.administration.pk):
        (mine,) = Respondent.objects.all()
        assert (mine.mode, mine.person, mine.name, mine.role) == (
            "estimate", cast.people["contributor"], "Contributor", "it",
        )  # fmt: skip
    assert answers(cast, measurement) == {STRATEGY: {"choice": 2}}
    assert cast.client("editor").get(f"{root}1/").headers["Location"] == root


def test_nobody_answers_in_the_name_of_who_was_signed_in_before(cast: Cast, measurement: Measurement) -> None:
    root = own_root(measurement)
    pks = {}
    for who in ("contributor", "editor"):
        cast.client(who).post(root, {"begin": "yes", "role": "it", "department": ""})
        with scope(cast.administration.pk):
            pks[who] = Respondent.objects.get(person=User.objects.get(name=who.capitalize())).pk
    body = json.dumps({"field": STRATEGY, "base": 0, "value": {"choice": 1}})
    taken = cast.client("editor").post(f"{root}save?by={pks['contributor']}", body, content_type="application/json")
    assert taken.status_code == 403
    own = cast.client("editor").post(f"{root}save?by={pks['editor']}", body, content_type="application/json")
    assert own.status_code == 200


# An interview that is noted


def test_an_editor_notes_an_interview(cast: Cast, measurement: Measurement) -> None:
    with scope(cast.administration.pk):
        add_respondents(
            measurement, [NewPerson("Bo")], cast.lead, by_link=False, questions=None, due=None, language="nl"
        )
        bo = Respondent.objects.get()
    root = f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/respondents/{bo.pk}/answers/"
    editor = cast.client("editor")
    assert "Tell this before you begin:" in editor.get(root).content.decode()
    assert send(editor, root, STRATEGY, {"choice": 3}).status_code == 200
    assert answers(cast, measurement) == {STRATEGY: {"choice": 3}}


def test_an_own_estimate_is_noted_by_nobody_else(cast: Cast, measurement: Measurement) -> None:
    cast.client("contributor").post(own_root(measurement), {"begin": "yes", "role": "it", "department": ""})
    with scope(cast.administration.pk):
        mine = Respondent.objects.get()
    root = f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/respondents/{mine.pk}/answers/"
    assert send(cast.client("lead"), root, STRATEGY, {"choice": 3}).status_code == 423
    assert answers(cast, measurement) == {}
