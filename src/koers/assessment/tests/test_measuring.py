"""Measurements: beginning, naming, own questions, closing, deleting; what the pages show and what they cost."""

import json
import re
import time
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from koers.assessment.actions.closing import close_measurement, delete_measurement, set_own_questions
from koers.assessment.actions.measuring import create_measurement, give_answers, record_consensus
from koers.assessment.actions.respondents import NewPerson, add_respondents, begin_estimate
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument
from koers.assessment.models import Consensus, Measurement, Respondent, Response, Workshop
from koers.assessment.queries.answers import Given, given_answers
from koers.assessment.queries.measuring import measurements_of
from koers.assessment.queries.respondents import for_role, minutes_for
from koers.kit.tenancy import scope
from koers.organisations.actions import DeedRefused
from koers.organisations.history import described
from koers.organisations.models import AuditEntry
from koers.workbook.actions.rounds import close_round, start_round
from koers.workbook.queries import values_of

STRATEGY = "B.4.1/1"
OWN = {"id": "own-1", "kind": "single", "label": {"nl": "Hoe?"}, "options": [{"nl": "zo"}, {"nl": "anders"}]}


def begun(cast: Cast, dimensions: tuple[str, ...] = ("B.4.1",), **more: Any) -> Measurement:
    return create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Baseline", dimensions, cast.lead, **more)


def interviewed(cast: Cast, measurement: Measurement, name: str = "An", **more: Any) -> Respondent:
    return Respondent.objects.create(
        administration=cast.administration, measurement=measurement, mode="interview", name=name, **more
    )


def address(measurement: Measurement, more: str = "") -> str:
    return f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/{more}"


def said(cast: Cast) -> list[str]:
    return [described(each) for each in AuditEntry.objects.order_by("pk")]


@pytest.fixture
def editor(cast: Cast) -> Client:
    return cast.client("editor")


def test_a_measurement_begins_with_a_name_and_the_dimensions_that_are_ticked(cast: Cast, editor: Client) -> None:
    url = f"/w/{cast.workbook.pk}/measurements/new/"
    page = editor.get(url).content.decode()
    assert 'value="B.4.1" checked' in page
    assert 'value="A.1" checked' not in page
    answer = editor.post(url, {"name": "  Nul\x00meting ", "dimensions": ["C.2.3", "B.4.1"]})
    with scope(cast.administration.pk):
        (made,) = Measurement.objects.all()
        assert (made.name, made.dimensions, made.round) == ("Nulmeting", ["B.4.1", "C.2.3"], 1)
        assert said(cast)[-1] == "Began the measurement “Nulmeting”"
    assert answer.headers["Location"] == address(made)


def test_without_a_dimension_nothing_begins(cast: Cast, editor: Client) -> None:
    answer = editor.post(f"/w/{cast.workbook.pk}/measurements/new/", {"name": "x"})
    assert answer.status_code == 422
    assert b"Choose at least one dimension." in answer.content


def test_in_a_closed_round_nothing_begins(scoped: Cast) -> None:
    close_round(scoped.workbook, scoped.lead)
    with pytest.raises(DeedRefused, match="The round is closed"):
        begun(scoped)


def test_the_list_counts_people_by_mode_and_says_what_is_next(scoped: Cast) -> None:
    measurement = begun(scoped)
    (listed,) = measurements_of(scoped.workbook)[0].measurements
    assert (listed.state, listed.next_step) == (
        "not-started", "Give your own estimate, ask people, or plan a workshop.",
    )  # fmt: skip
    interviewed(scoped, measurement)
    give_answers(interviewed(scoped, measurement, "Bo"), {STRATEGY: {"choice": 2}})
    workshop = Workshop.objects.create(administration=scoped.administration, measurement=measurement, title="x")
    table = Respondent.objects.create(
        administration=scoped.administration, measurement=measurement, workshop=workshop, mode="workshop", size=4
    )
    give_answers(table, {STRATEGY: {"choice": 1}})
    (listed,) = measurements_of(scoped.workbook)[0].measurements
    assert [(each.mode, each.answered, each.asked) for each in listed.modes] == [
        ("interview", 1, 2),
        ("workshop", 4, 4),
    ]
    assert (listed.state, listed.agreed, listed.asked) == ("under-way", 0, 7)


def test_the_last_ballot_counts_and_the_first_stays_readable(scoped: Cast) -> None:
    measurement = begun(scoped)
    who = interviewed(scoped, measurement, role="it", department="ICT")
    give_answers(who, {STRATEGY: {"choice": 1}})
    give_answers(who, {STRATEGY: {"choice": 3}}, ballot=2)
    assert given_answers(measurement) == [
        Given(STRATEGY, who.pk, "interview", "it", "ICT", "An", 1, {"choice": 3}, {"choice": 1}, None)
    ]
    assert values_of(scoped.workbook) == {}


def test_an_answer_is_taken_back_with_nothing(scoped: Cast) -> None:
    measurement = begun(scoped)
    who = interviewed(scoped, measurement)
    give_answers(who, {STRATEGY: {"choice": 1}, "B.4.1/2": {"choice": 1}})
    give_answers(who, {STRATEGY: None})
    assert [each.question for each in given_answers(measurement)] == ["B.4.1/2"]


def test_who_answers_leaves_no_audit_row(scoped: Cast) -> None:
    measurement = begun(scoped)
    who = interviewed(scoped, measurement)
    before = said(scoped)
    give_answers(who, {STRATEGY: {"choice": 1}})
    assert said(scoped) == before


# Own questions


def test_own_questions_are_added_changed_and_removed_until_they_are_answered(cast: Cast, editor: Client) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
    url = address(measurement, "own-questions/")
    typed = {"kind": "single", "nl": "Hoe parkeer je?", "options_nl": "gratis\nbetaald", "options_en": "free\npaid"}
    assert editor.post(url, typed).status_code == 302
    with scope(cast.administration.pk):
        (question,) = Measurement.objects.get().custom
        assert question["options"] == [{"nl": "gratis", "en": "free"}, {"nl": "betaald", "en": "paid"}]
        ident = question["id"]
    editor.post(url, {**typed, "id": ident, "nl": "Hoe parkeren we?"})
    with scope(cast.administration.pk):
        fresh = Measurement.objects.get()
        assert str(asked_by(fresh).questions[f"custom/{ident}"].field.label.say("nl")) == "Hoe parkeren we?"
        give_answers(interviewed(cast, fresh), {f"custom/{ident}": {"choice": 1}})
    refused = editor.post(url, {"id": ident, "remove": "yes"}, follow=True)
    assert "Somebody answered this question already" in refused.content.decode()
    with scope(cast.administration.pk):
        Response.objects.all().delete()
    editor.post(url, {"id": ident, "remove": "yes"})
    with scope(cast.administration.pk):
        assert Measurement.objects.get().custom == []


def test_a_table_of_choices_is_asked_and_answered(cast: Cast, editor: Client) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
    url = address(measurement, "own-questions/")
    typed = {"kind": "matrix", "nl": "Hoe vaak?", "options_nl": "nooit\nsoms\nvaak", "rows_nl": "mail\nbalie"}
    assert editor.post(url, {**typed, "rows_nl": "mail"}).status_code == 422
    assert editor.post(url, typed).status_code == 302
    with scope(cast.administration.pk):
        fresh = Measurement.objects.get()
        (question,) = [each for each in asked_by(fresh).questions.values() if each.is_custom]
        assert [(row.id, row.label.say("nl")) for row in question.field.rows] == [("row-1", "mail"), ("row-2", "balie")]
        ident = fresh.custom[0]["id"]
    assert "mail\nbalie</textarea>" in editor.get(f"{url}?id={ident}").content.decode()


def test_a_choice_with_one_option_is_no_question(cast: Cast, editor: Client) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
    answer = editor.post(address(measurement, "own-questions/"), {"kind": "single", "nl": "x", "options_nl": "one"})
    assert answer.status_code == 422
    assert "Give from 2 to 12 options." in answer.content.decode()


def test_a_question_can_be_added_beside_one_that_was_answered(scoped: Cast) -> None:
    measurement = begun(scoped, custom=[OWN])
    give_answers(interviewed(scoped, measurement), {"custom/own-1": {"choice": 1}})
    set_own_questions(measurement, [OWN, {**OWN, "id": "own-2"}], scoped.lead)
    assert [each["id"] for each in Measurement.objects.get().custom] == ["own-1", "own-2"]


# Closing and deleting


def test_closing_needs_an_answer_and_freezes_the_instrument(scoped: Cast) -> None:
    measurement = begun(scoped, custom=[OWN])
    with pytest.raises(DeedRefused, match="Nobody answered yet"):
        close_measurement(measurement, scoped.lead)
    who = interviewed(scoped, measurement)
    give_answers(who, {STRATEGY: {"choice": 1}})
    close_measurement(measurement, scoped.lead)
    fresh = Measurement.objects.get()
    assert fresh.frozen is not None
    assert [each["id"] for each in fresh.frozen["instrument"]["dimensions"]] == ["B.4.1", "custom"]
    assert list(asked_by(fresh).questions) == [*(f"B.4.1/{number}" for number in range(1, 8)), "custom/own-1"]
    assert json.loads(json.dumps(fresh.frozen)) == fresh.frozen


def test_what_was_only_agreed_can_be_closed(scoped: Cast) -> None:
    measurement = begun(scoped)
    question = asked_by(measurement).questions[STRATEGY]
    record_consensus(measurement, question, {"choice": 2}, scoped.lead)
    close_measurement(measurement, scoped.lead)
    assert not measurement.is_open


def test_a_closed_measurement_refuses_every_write(scoped: Cast) -> None:
    measurement = begun(scoped)
    who = interviewed(scoped, measurement)
    give_answers(who, {STRATEGY: {"choice": 1}})
    close_measurement(measurement, scoped.lead)
    question = asked_by(measurement).questions[STRATEGY]
    person = [NewPerson("Bo")]
    for deed in (
        lambda: give_answers(who, {STRATEGY: {"choice": 2}}),
        lambda: record_consensus(measurement, question, {"choice": 2}, scoped.lead),
        lambda: set_own_questions(measurement, [OWN], scoped.lead),
        lambda: begin_estimate(measurement, scoped.lead, role="it", department=""),
        lambda: close_measurement(measurement, scoped.lead),
        lambda: add_respondents(
            measurement, person, scoped.lead, by_link=True, questions=None, due=None, language="nl"
        ),
    ):
        with pytest.raises(DeedRefused, match="closed"):
            deed()
    assert given_answers(measurement)[0].value == {"choice": 1}


def test_a_workshop_under_way_is_ended_first(scoped: Cast) -> None:
    measurement = begun(scoped)
    give_answers(interviewed(scoped, measurement), {STRATEGY: {"choice": 1}})
    Workshop.objects.create(administration=scoped.administration, measurement=measurement, title="x", status="open")
    for deed in (close_measurement, delete_measurement):
        with pytest.raises(DeedRefused, match="End it first"):
            deed(measurement, scoped.lead)


def test_deleting_takes_the_answers_and_leaves_the_workbook(cast: Cast) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
        give_answers(interviewed(cast, measurement), {STRATEGY: {"choice": 1}})
        record_consensus(measurement, asked_by(measurement).questions[STRATEGY], {"choice": 2}, cast.lead)
    lead = cast.client("lead")
    assert (
        "The answers of one person are deleted for good" in lead.get(address(measurement, "delete/")).content.decode()
    )
    assert lead.post(address(measurement, "delete/")).status_code == 302
    with scope(cast.administration.pk):
        assert (Measurement.objects.count(), Response.objects.count(), Consensus.objects.count()) == (0, 0, 0)
        assert values_of(cast.workbook) == {STRATEGY: {"choice": 2}}
        assert said(cast)[-1] == "Deleted the measurement “Baseline” (people who answered: 1)"


# Who sees what


def test_a_reader_sees_counts_and_no_names(cast: Cast) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
        who = interviewed(cast, measurement, "Griet Maes", email="griet@example.test")
        give_answers(who, {STRATEGY: {"choice": 2, "remark": "Only between us."}})
    for page in ("", "q/?key=B.4.1/1"):
        seen = cast.client("viewer").get(address(measurement, page)).content.decode()
        prepared = cast.client("editor").get(address(measurement, page)).content.decode()
        assert ("Griet Maes" in seen, "Griet Maes" in prepared) == (False, True)
        assert "Only between us." not in seen
        assert "griet@example.test" not in seen


def test_ids_of_another_administration_are_not_found(cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        theirs = create_measurement(cast.other_workbook, instrument(PLAYBOOK, 1), "x", ["B.4.1"], cast.outsider)
    with scope(cast.administration.pk):
        mine = begun(cast)
    wrong = f"/w/{cast.workbook.pk}/measurements/{theirs.pk}/"
    assert cast.client("lead").get(wrong).status_code == 404
    with scope(cast.other_administration.pk):
        who = Respondent.objects.create(administration=cast.other_administration, measurement=theirs, mode="interview")
    for page in ("", "answers/", "withdraw/"):
        assert cast.client("lead").get(address(mine, f"respondents/{who.pk}/{page}")).status_code == 404


# People to ask


def test_several_people_at_once_get_the_questions_of_their_role(cast: Cast, editor: Client) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast, custom=[{**OWN, "roles": ["it"]}])
        whole = asked_by(measurement)
    answer = editor.post(address(measurement, "respondents/new/"), {
        "way": "link", "which": "role", "name-0": "An", "email-0": "an@example.test", "role-0": "it",
        "name-1": "Bo", "role-1": "head", "department-1": "Sport", "name-2": "",
    })  # fmt: skip
    assert answer.status_code == 200
    assert answer.content.decode().count("http://testserver/r/") == 2
    with scope(cast.administration.pk):
        an, bo = Respondent.objects.order_by("name")
        assert an.questions == for_role(whole, "it")
        assert "custom/own-1" in an.questions
        assert bo.questions == for_role(whole, "head")
        assert "custom/own-1" not in bo.questions
        assert (bo.department, bo.digest is not None) == ("Sport", True)
    assert [each.to for each in mail.outbox] == [["an@example.test"]]


def test_chosen_questions_and_dimensions_are_kept_in_order(cast: Cast, editor: Client) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast, ("B.4.1", "B.4.5"))
    base = {"way": "note", "role-0": "it"}
    editor.post(
        address(measurement, "respondents/new/"),
        {**base, "name-0": "An", "which": "hand", "questions": ["B.4.1/3", "B.4.1/1"]},
    )
    editor.post(
        address(measurement, "respondents/new/"),
        {**base, "name-0": "Bo", "which": "dimension", "dimensions": ["B.4.5"]},
    )
    with scope(cast.administration.pk):
        an, bo = Respondent.objects.order_by("name")
        assert sorted(an.questions or []) == ["B.4.1/1", "B.4.1/3"]
        assert bo.questions == ["B.4.5/1", "B.4.5/2", "B.4.5/3"]
        assert (an.digest, bo.digest) == (None, None)


def test_more_than_three_quarters_of_an_hour_is_refused(cast: Cast, editor: Client) -> None:
    slow = [{**OWN, "id": f"own-{number}", "seconds": 1800} for number in range(2)]
    with scope(cast.administration.pk):
        measurement = begun(cast, custom=slow)
        minutes = minutes_for(asked_by(measurement).questions.values())
    # What would be refused is not what the form begins with.
    page = editor.get(address(measurement, "respondents/new/")).content.decode()
    assert re.findall(r'name="which" value="(\w+)"[^>]* checked', page) == ["role"]
    answer = editor.post(
        address(measurement, "respondents/new/"), {"way": "link", "which": "all", "name-0": "An", "role-0": "it"}
    )
    assert answer.status_code == 422
    assert f"That takes about {minutes} minutes." in answer.content.decode()
    with scope(cast.administration.pk):
        assert Respondent.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name-0": "An", "email-0": "no address", "role-0": "it"}, "This is not an email address."),
        ({"name-0": "", "email-0": "an@example.test", "role-0": "it"}, "Write a name."),
        ({"name-0": "An", "role-0": "king"}, "Choose a role from the list."),
        ({"name-0": ""}, "Write at least one name."),
        ({"name-0": "An", "role-0": "it", "due": "2020-01-01"}, "That day has passed."),
    ],
)
def test_what_is_wrong_with_a_person_is_said(cast: Cast, editor: Client, wrong: dict[str, str], sentence: str) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
    answer = editor.post(address(measurement, "respondents/new/"), {"way": "link", "which": "all", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_measurement_of_an_earlier_round_says_so(cast: Cast) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
        close_round(cast.workbook, cast.lead)
        start_round(cast.workbook, "Second", cast.lead)
    page = cast.client("lead").get(address(measurement)).content.decode()
    assert "The workbook is in round 2 by now" in page


# What it costs


@pytest.mark.parametrize("page", ["", "q/?key=B.4.1/1"])
def test_the_page_asks_the_same_of_the_database_however_many_answer(cast: Cast, page: str) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast)
    client = cast.client("lead")

    def answered(names: str) -> None:
        with scope(cast.administration.pk):
            for name in names:
                give_answers(interviewed(cast, measurement, name), {STRATEGY: {"choice": 2}})

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address(measurement, page)).status_code == 200
        return len(counted)

    answered("A")
    queries()
    one = queries()
    answered("BC")
    assert queries() == one


def test_the_list_asks_the_same_of_the_database_however_many_there_are(cast: Cast) -> None:
    client, url, counts = cast.client("lead"), f"/w/{cast.workbook.pk}/measurements/", []
    for _more in range(3):
        with scope(cast.administration.pk):
            give_answers(interviewed(cast, begun(cast)), {STRATEGY: {"choice": 2}})
        with CaptureQueriesContext(connection) as counted:
            client.get(url)
        counts.append(len(counted))
    assert counts[1] == counts[2]


def test_two_hundred_people_are_no_burden(cast: Cast) -> None:
    with scope(cast.administration.pk):
        measurement = begun(cast, ("B.4.1", "B.4.2", "B.4.3"))
        people = Respondent.objects.bulk_create([
            Respondent(administration=cast.administration, measurement=measurement, mode="interview", name=f"P{number}")
            for number in range(200)
        ])  # fmt: skip
        keys = [key for key, each in asked_by(measurement).questions.items() if each.kind == "single"]
        Response.objects.bulk_create([
            Response(
                administration=cast.administration, measurement=measurement, respondent=person, question=key,
                value={"choice": 1 + (number % 2)},
            )
            for number, person in enumerate(people) for key in keys
        ])  # fmt: skip
    client = cast.client("lead")
    client.get(address(measurement))
    begin = time.perf_counter()
    assert client.get(address(measurement)).status_code == 200
    assert time.perf_counter() - begin < 1.5
