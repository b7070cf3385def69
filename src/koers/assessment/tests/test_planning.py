"""Planning a workshop through its pages: half a day at once, its agenda changed step by step."""

import dataclasses
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.actions.planning import plan_workshop
from koers.assessment.actions.workshops import go_to, open_workshop
from koers.assessment.agenda import HALF_DAY, half_day, minutes_for, suggestion, times
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Measurement, Step, Workshop
from koers.kit.tenancy import scope
from koers.organisations.models import AuditEntry

FIVE = ["B.4.1", "B.4.2", "B.4.3", "B.4.4", "B.4.5"]
MORNING = {"title": "With the management team", "day": "2026-12-04", "begins": "09:00"}


def playbook(dimensions: list[str] | None = None) -> Instrument:
    whole = instrument(PLAYBOOK, 1)
    return dataclasses.replace(
        whole, dimensions=tuple(each for each in whole.dimensions if each.id in (dimensions or FIVE))
    )


def measuring(cast: Cast, dimensions: list[str] | None = None) -> Measurement:
    with scope(cast.administration.pk):
        return create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Baseline", dimensions or FIVE, cast.lead)


def planned(cast: Cast, *, dimensions: list[str] | None = None, every_question: bool = False) -> Workshop:
    measurement = measuring(cast, dimensions)
    at = timezone.make_aware(datetime(2026, 12, 4, 9))
    with scope(cast.administration.pk):
        return plan_workshop(measurement, "The workshop", at, cast.lead, every_question=every_question)


def home(cast: Cast) -> str:
    return f"/w/{cast.workbook.pk}/workshops/"


def plan(cast: Cast, workshop: Workshop) -> str:
    return f"{home(cast)}{workshop.pk}/"


def steps_of(cast: Cast, workshop: Workshop) -> list[Step]:
    with scope(cast.administration.pk):
        return list(Step.objects.filter(workshop=workshop).order_by("position"))


def arrange(client: Client, cast: Cast, workshop: Workshop, step: Step, deed: str) -> None:
    client.post(f"{plan(cast, workshop)}steps/{step.pk}/arrange/", {"do": deed})


def test_a_measurement_becomes_half_a_day_at_once() -> None:
    steps = half_day(playbook())
    assert [(each.kind, each.minutes, len(each.questions)) for each in steps] == [
        ("welcome", 10, 0), ("terms", 15, 0), ("questions", 30, 4), ("questions", 30, 4), ("break", 15, 0),
        ("questions", 25, 3), ("questions", 15, 2), ("questions", 15, 1), ("ideas", 10, 0), ("ideas", 10, 0),
        ("ideas", 10, 0), ("ranking", 10, 0), ("closing", 10, 0),
    ]  # fmt: skip
    assert sum(each.minutes for each in steps) == 205
    assert [each.idea_kind for each in steps if each.idea_kind] == ["hook", "obstacle", "action", "action"]
    assert all(each.note for each in steps)


def test_only_questions_with_an_order_are_suggested_and_of_every_dimension() -> None:
    asked = playbook()
    chosen = suggestion(asked)
    assert {name: len(keys) for name, keys in chosen.items()} == {
        "B.4.1": 4, "B.4.2": 4, "B.4.3": 3, "B.4.4": 2, "B.4.5": 1
    }  # fmt: skip
    assert {asked.questions[key].field.scoring for keys in chosen.values() for key in keys} == {"ordinal"}


def test_every_question_does_not_fit_half_a_day() -> None:
    steps = half_day(playbook(), every_question=True)
    assert sum(len(each.questions) for each in steps) == 37
    assert sum(each.minutes for each in steps) == 305 > HALF_DAY


ALL = [each.id for each in instrument(PLAYBOOK, 1).dimensions]


@given(st.lists(st.sampled_from(ALL), min_size=1, unique=True), st.integers(1, 40))
def test_a_suggestion_is_of_the_instrument_in_its_order_and_no_longer_than_asked(names: list[str], most: int) -> None:
    asked = playbook(names)
    chosen = suggestion(asked, most)
    keys = [key for each in chosen.values() for key in each]
    assert len(keys) == len(set(keys)) <= most
    assert keys == [key for key in asked.questions if key in keys]


@given(st.sets(st.sampled_from(list(instrument(PLAYBOOK, 1).questions))))
def test_more_questions_never_take_less_time(keys: set[str]) -> None:
    asked = instrument(PLAYBOOK, 1).questions
    one = next(iter(asked))
    assert minutes_for(asked, keys | {one}) >= minutes_for(asked, keys)


@given(st.lists(st.integers(1, 240), max_size=12))
def test_the_times_of_day_follow_the_minutes(minutes: list[int]) -> None:
    starts = datetime(2026, 12, 4, 9)
    moments = times(starts, minutes)
    assert [int((moment - starts).total_seconds()) for moment in moments if moment] == [
        60 * sum(minutes[:index]) for index in range(len(minutes) + 1)
    ]


def test_the_empty_list_says_what_to_do_first(cast: Cast) -> None:
    page = cast.client("editor").get(home(cast)).content.decode()
    assert "No workshop yet" in page
    assert "Begin a measurement" in page
    measuring(cast)
    assert "Plan the first workshop" in cast.client("editor").get(home(cast)).content.decode()
    reading = cast.client("viewer").get(home(cast)).content.decode()
    assert ("Plan the first workshop" in reading, "An editor or the lead plans it" in reading) == (False, True)


def test_planning_one_makes_its_agenda_and_says_who_did(cast: Cast) -> None:
    measurement = measuring(cast)
    form = {**MORNING, "measurement": str(measurement.pk), "questions": "talk"}
    response = cast.client("editor").post(f"{home(cast)}new/", form)
    with scope(cast.administration.pk):
        (workshop,) = Workshop.objects.all()
        verbs = list(AuditEntry.objects.filter(verb="workshop.plan").values_list("subject", "actor_name"))
    assert response.headers["Location"] == plan(cast, workshop)
    assert verbs == [("With the management team", "Editor")]
    page = cast.client("editor").get(plan(cast, workshop)).content.decode()
    assert ["09:25</time>" in page, "12:25</time>" in page, "It fits half a day." in page] == [True, True, True]


def test_with_all_questions_the_plan_warns(cast: Cast) -> None:
    workshop = planned(cast, every_question=True)
    page = cast.client("editor").get(plan(cast, workshop)).content.decode()
    assert "This does not fit half a day." in page
    assert "it takes about 5 hours 5 min" in page


def test_a_moment_that_is_none_is_asked_again(cast: Cast) -> None:
    measurement = measuring(cast)
    form = {**MORNING, "day": "soon", "begins": "late", "measurement": str(measurement.pk)}
    response = cast.client("editor").post(f"{home(cast)}new/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert ["Write the day as 31/12/2026." in page, "Write the time as 13:30." in page] == [True, True]


def test_a_measurement_of_another_workbook_cannot_be_chosen(cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        other = create_measurement(cast.other_workbook, instrument(PLAYBOOK, 1), "Theirs", FIVE, cast.outsider)
    measuring(cast)
    response = cast.client("editor").post(f"{home(cast)}new/", {**MORNING, "measurement": str(other.pk)})
    with scope(cast.administration.pk):
        assert (response.status_code, Workshop.objects.count()) == (422, 0)


def test_a_workshop_of_another_workbook_is_not_there(cast: Cast) -> None:
    workshop = planned(cast)
    step = steps_of(cast, workshop)[0]
    client = cast.client("outsider")
    wrong = f"/w/{cast.other_workbook.pk}/workshops/{workshop.pk}/"
    addresses = ["", "edit/", "delete/", f"steps/{step.pk}/", "console/", "console/qr.svg"]
    assert [client.get(wrong + each).status_code for each in addresses] == [404] * 6


def test_a_step_of_another_workshop_is_not_there(cast: Cast) -> None:
    one, other = planned(cast), planned(cast)
    step = steps_of(cast, other)[0]
    client = cast.client("editor")
    assert client.get(f"{plan(cast, one)}steps/{step.pk}/").status_code == 404
    assert client.post(f"{plan(cast, one)}steps/{step.pk}/arrange/", {"do": "remove"}).status_code == 404


def test_steps_are_moved_given_time_and_removed_by_plain_forms(cast: Cast) -> None:
    workshop, client = planned(cast, dimensions=["B.4.1"]), cast.client("editor")
    first, second, *_rest = steps_of(cast, workshop)
    arrange(client, cast, workshop, second, "up")
    arrange(client, cast, workshop, second, "up")
    arrange(client, cast, workshop, first, "longer")
    arrange(client, cast, workshop, steps_of(cast, workshop)[-1], "remove")
    assert [(each.position, each.kind, each.minutes) for each in steps_of(cast, workshop)][:3] == [
        (1, "terms", 15), (2, "welcome", 15), (3, "questions", 30)
    ]  # fmt: skip
    assert steps_of(cast, workshop)[-1].kind == "ranking"


def test_a_step_never_lasts_less_than_five_minutes(cast: Cast) -> None:
    workshop, client = planned(cast), cast.client("editor")
    step = steps_of(cast, workshop)[0]
    for _again in range(4):
        arrange(client, cast, workshop, step, "shorter")
    assert steps_of(cast, workshop)[0].minutes == 5


def test_a_new_step_comes_before_the_closing_with_a_note(cast: Cast) -> None:
    workshop = planned(cast)
    response = cast.client("editor").post(f"{plan(cast, workshop)}steps/", {"kind": "ranking:hook"})
    added = steps_of(cast, workshop)[-2]
    assert (added.kind, added.idea_kind, added.title) == ("ranking", "hook", "Which hooks come first?")
    assert added.note.startswith("Everybody has three points")
    assert response.headers["Location"] == f"{plan(cast, workshop)}steps/{added.pk}/"
    assert cast.client("editor").post(f"{plan(cast, workshop)}steps/", {"kind": "dance"}).status_code == 400


def test_a_question_stands_in_one_step_only_and_in_the_order_of_the_instrument(cast: Cast) -> None:
    workshop = planned(cast, dimensions=["B.4.1", "B.4.3"])
    one, other = [each for each in steps_of(cast, workshop) if each.kind == "questions"]
    form = {"title": "Both", "minutes": 40, "note": "", "questions": ["B.4.3/1", "B.4.1/2", "B.4.9/9"]}
    cast.client("editor").post(f"{plan(cast, workshop)}steps/{one.pk}/", form)
    after = {each.pk: each for each in steps_of(cast, workshop)}
    assert (after[one.pk].questions, after[one.pk].title, after[one.pk].note) == (["B.4.1/2", "B.4.3/1"], "Both", "")
    assert after[other.pk].questions == ["B.4.3/2", "B.4.3/4", "B.4.3/5"]


def test_all_questions_of_a_dimension_at_once_or_those_that_make_a_good_talk(cast: Cast) -> None:
    workshop, client = planned(cast, dimensions=["B.4.1", "B.4.3"]), cast.client("editor")
    step = next(each for each in steps_of(cast, workshop) if "B.4.1/1" in each.questions)
    arrange(client, cast, workshop, step, "all")
    found = next(each for each in steps_of(cast, workshop) if each.pk == step.pk)
    assert (found.questions, found.minutes) == ([f"B.4.1/{number}" for number in range(1, 8)], 40)
    arrange(client, cast, workshop, step, "talk")
    found = next(each for each in steps_of(cast, workshop) if each.pk == step.pk)
    assert (found.questions, found.minutes) == ([f"B.4.1/{number}" for number in range(1, 5)], 30)


def test_while_it_is_open_only_steps_that_have_not_begun_change(cast: Cast) -> None:
    workshop, client = planned(cast, dimensions=["B.4.1"]), cast.client("editor")
    first, second, third, *_rest = steps_of(cast, workshop)
    with scope(cast.administration.pk):
        open_workshop(workshop, cast.lead)
        go_to(workshop, cast.lead, second.pk)
    for step in (first, second):
        arrange(client, cast, workshop, step, "longer")
    arrange(client, cast, workshop, third, "up")
    arrange(client, cast, workshop, third, "longer")
    assert [(each.kind, each.minutes) for each in steps_of(cast, workshop)][:3] == [
        ("welcome", 10), ("terms", 15), ("questions", 35)
    ]  # fmt: skip
    response = client.post(f"{plan(cast, workshop)}steps/{first.pk}/", {"title": "x", "minutes": 5, "note": ""})
    assert (response.status_code, "This step has begun" in response.content.decode()) == (422, True)


def test_changing_the_agenda_tells_the_open_consoles(cast: Cast) -> None:
    workshop = planned(cast)
    arrange(cast.client("editor"), cast, workshop, steps_of(cast, workshop)[0], "longer")
    with scope(cast.administration.pk):
        assert Workshop.objects.get(pk=workshop.pk).version == 2


def test_who_may_only_read_sees_the_agenda_without_the_notes_or_buttons(cast: Cast) -> None:
    workshop = planned(cast)
    page = cast.client("viewer").get(plan(cast, workshop)).content.decode()
    shown = ["Explaining terms" in page, "What to say" in page, "Open the room" in page, "Add a step" in page]
    assert shown == [True, False, False, False]


def test_a_planned_workshop_goes_after_a_question(cast: Cast) -> None:
    workshop, client = planned(cast), cast.client("editor")
    assert "Nobody has answered anything yet" in client.get(f"{plan(cast, workshop)}delete/").content.decode()
    response = client.post(f"{plan(cast, workshop)}delete/")
    with scope(cast.administration.pk):
        assert (response.headers["Location"], Workshop.objects.count()) == (home(cast), 0)


def test_one_that_was_opened_is_deleted_by_the_lead_alone(cast: Cast) -> None:
    workshop = planned(cast)
    with scope(cast.administration.pk):
        open_workshop(workshop, cast.lead)
    cast.client("editor").post(f"{plan(cast, workshop)}delete/")
    with scope(cast.administration.pk):
        assert Workshop.objects.count() == 1
    cast.client("lead").post(f"{plan(cast, workshop)}delete/")
    with scope(cast.administration.pk):
        assert Workshop.objects.count() == 0


def test_the_host_gets_her_notes_in_her_own_language(cast: Cast) -> None:
    with translation.override("nl"):
        workshop = planned(cast)
    notes = [each.note for each in steps_of(cast, workshop)]
    assert len(set(notes)) == 9


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_as_much_for_three_workshops_as_for_one(cast: Cast) -> None:
    client = cast.client("lead")
    planned(cast)
    one = queries(client, home(cast))
    planned(cast)
    planned(cast)
    assert queries(client, home(cast)) == one


def test_the_plan_asks_as_much_for_twelve_steps_as_for_three(cast: Cast) -> None:
    client: Any = cast.client("lead")
    workshop = planned(cast)
    with scope(cast.administration.pk):
        Step.objects.filter(workshop=workshop, position__gt=12).delete()
    twelve = queries(client, plan(cast, workshop))
    with scope(cast.administration.pk):
        Step.objects.filter(workshop=workshop, position__gt=3).delete()
    assert queries(client, plan(cast, workshop)) == twelve
