"""What hosts do in a live workshop: the agenda, two at once, consensus, ideas that land, the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.rooms import Deed, perform
from koers.assessment.actions.workshops import end_forgotten
from koers.assessment.live.seats import digest
from koers.assessment.models import Idea, IdeaVote, Measurement, Respondent, Response, Status, Workshop
from koers.assessment.tests.rooming import CHOICE, OTHER, Room, make_room
from koers.kit.tenancy import unscoped
from koers.organisations.models import AuditEntry
from koers.workbook.models import Answer


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


# What hosts do


def test_a_whole_workshop_by_the_one_obvious_next_thing(room: Room) -> None:
    room.go("next")
    walked = []
    for _step in range(9):
        state = room.go("next")
        walked.append((state["step"]["kind"], (state["question"] or {}).get("key"), state["phase"]))
    assert walked == [
        ("questions", CHOICE, "waiting"), ("questions", CHOICE, "voting"), ("questions", CHOICE, "shown"),
        ("questions", OTHER, "waiting"), ("questions", OTHER, "voting"), ("questions", OTHER, "shown"),
        ("ideas", None, "collecting"), ("ranking", None, "ranking"), ("ranking", None, "shown"),
    ]  # fmt: skip
    assert room.go("next")["step"]["kind"] == "closing"
    status, refused = room.host_does("next")
    assert (status, refused["error"]) == (422, "This was the last step. End the workshop when everybody is done.")


def test_two_hosts_at_once_never_lose_the_act_of_the_other(room: Room) -> None:
    seen = room.go("open")["v"]
    assert room.host_does("next", "lead", seen)[0] == 200
    status, answer = room.host_does("next", "editor", seen)
    assert status == 409
    assert answer["error"] == "Somebody else moved the workshop on meanwhile. This is how it stands now."
    assert (answer["state"]["phase"], answer["state"]["question"]["key"]) == ("waiting", CHOICE)
    assert room.host_does("vote", "editor", answer["state"]["v"])[0] == 200
    assert room.state["phase"] == "voting"


def test_consensus_is_the_answer_of_the_workbook(room: Room) -> None:
    room.at_question()
    room.join().votes(2)
    assert room.host_does("agree", value={"choice": 2})[0] == 422
    room.go("reveal")
    state = room.go("agree", value={"choice": 3}, reason="Sinds maart", **{"for": "a", "against": "b"})
    assert (state["phase"], state["consensus"]["value"], state["consensus"]["reason"]) == (
        "agreed", {"choice": 3}, "Sinds maart",
    )  # fmt: skip
    with unscoped():
        answer = Answer.objects.get(workbook=room.cast.workbook, field_key=CHOICE)
    assert answer.value is not None
    assert answer.value["choice"] == 3
    assert state["agenda"][1]["questions"][0]["state"] == "agreed"


def test_going_back_to_a_question_finds_it_as_it_was_left(room: Room) -> None:
    room.at_question()
    room.join().votes(2)
    room.go("reveal")
    step = room.go("next")["step"]["id"]
    state = room.go("go", step=step, question=CHOICE)
    assert (state["question"]["key"], state["phase"], state["spread"]["counts"]) == (CHOICE, "shown", [0, 1, 0, 0])


def test_a_vote_that_was_left_in_the_middle_goes_on_and_shows_nothing_before(room: Room) -> None:
    room.at_question()
    first, second = room.join(), room.join()
    first.votes(2)
    step = room.go("skip")["step"]["id"]
    assert second.votes(3) == 409
    state = room.go("go", step=step, question=CHOICE)
    assert (state["phase"], state["voted"], state["spread"]) == ("voting", 1, None)
    assert second.votes(3) == 200
    assert room.go("reveal")["spread"]["counts"] == [0, 1, 1, 0]
    room.go("skip")
    assert room.go("go", step=step, question=CHOICE)["phase"] == "shown"


@pytest.mark.parametrize(
    ("deed", "more"),
    [
        ("vote", {}), ("reveal", {}), ("again", {}), ("agree", {"value": {"choice": 1}}), ("show-ranking", {}),
        ("timer", {"seconds": 0}), ("timer", {"seconds": 10**9}), ("go", {"step": 10**9}),
        ("go", {"question": "A.3/why"}), ("merge", {"ids": [1], "into": 2}), ("hide", {"id": 1, "hidden": True}),
        ("place", {"ids": [1]}), ("open", {}), ("idea", {"text": "x"}),
    ],
)  # fmt: skip
def test_a_deed_that_does_not_fit_is_refused_and_changes_nothing(room: Room, deed: str, more: dict[str, Any]) -> None:
    before = room.go("open")["v"]
    status, answer = room.host_does(deed, **more)
    assert status == 422
    assert answer["error"]
    assert room.state["v"] == before


@pytest.mark.parametrize(
    "sent", ["[]", "{}", "x", '{"deed": "fly"}', '{"deed": "timer", "seconds": "soon"}', '{"deed": "go", "step": []}']
)
def test_what_is_no_deed_is_not_read(room: Room, sent: str) -> None:
    response = room.host("lead").post(f"{room.console}do", sent, content_type="application/json")
    assert response.status_code == 400


def test_a_form_without_javascript_goes_back_to_the_console(room: Room) -> None:
    response = room.host("lead").post(f"{room.console}do", {"deed": "open", "v": "1"})
    assert (response.status_code, response["Location"]) == (302, room.console)
    assert room.state["status"] == "open"


def test_the_timer_runs_pauses_and_goes_on(room: Room) -> None:
    timer = room.go("open")["timer"]
    assert 595_000 < timer["ends"] - room.state["now"] <= 600_000
    room.go("timer", seconds=120)
    left = room.go("pause")["timer"]
    assert left == {"ends": None, "left": 120}
    state = room.go("resume")
    assert 115_000 < state["timer"]["ends"] - state["now"] <= 120_000
    assert room.go("stop-timer")["timer"] is None


def test_ending_closes_the_room_and_erases_what_ties_seats_to_phones(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.votes(1)
    screen = room.state["screen_url"].split("testserver")[1]
    assert Client().get(f"{screen}state").status_code == 200
    state = room.go("end")
    assert (state["status"], state["code"], state["join_url"], state["screen_url"]) == ("ended", "", "", "")
    assert phone.votes(2) == 404
    assert phone.sees == {}
    assert Client().get(f"{screen}state").status_code == 404
    with unscoped():
        assert list(Respondent.objects.values_list("digest", flat=True)) == [None]
        assert Response.objects.get().value == {"choice": 1}
        rows = AuditEntry.objects.filter(verb__startswith="workshop").order_by("pk")
        assert [row.verb for row in rows] == ["workshop.open", "workshop.end"]
    assert room.host_does("next")[0] == 422


def test_a_closed_measurement_takes_no_vote(room: Room) -> None:
    room.at_question()
    phone = room.join()
    with unscoped():
        Measurement.objects.update(closed_at=timezone.now())
    status, answer = phone.does("vote", question=CHOICE, ballot=1, value={"choice": 1})
    assert (status, answer["error"]) == (409, "Nothing more is answered in this measurement: it was closed.")
    assert room.join().status == 403
    assert room.host_does("again")[0] == 422


# Ideas


def test_ideas_are_collected_merged_ranked_and_land_in_the_workbook_once(room: Room) -> None:
    ranking = room.at_ideas()
    anna, bob = room.join(), room.join(size=3)
    for phone, text in ((anna, "Geen tijd"), (bob, "Te weinig  tijd"), (bob, "Oude pakketten")):
        assert phone.does("idea", text=text)[0] == 200
    one, two, three = (idea["id"] for idea in room.state["ideas"])
    assert anna.sees["mine"]["yours"]["ideas"] == [one]
    room.go("merge", ids=[two], into=one)
    room.go("go", step=ranking)
    assert anna.does("points", points={str(one): 2, str(three): 1})[0] == 200
    assert bob.does("points", points={str(three): 3})[0] == 200
    assert {idea["points"] for idea in room.state["ideas"]} == {None}
    state = room.go("show-ranking")
    assert [(idea["text"], idea["points"]) for idea in state["ideas"]] == [("Oude pakketten", 10), ("Geen tijd", 2)]
    room.go("place", ids=[three, one])
    room.go("place", ids=[three, one])
    with unscoped():
        answer = Answer.objects.get(workbook=room.cast.workbook, field_key="C.1.2/obstacles")
        assert answer.value == {"items": [{"obstacle": "Geen tijd"}, {"obstacle": "Oude pakketten"}]}
        assert AuditEntry.objects.filter(verb="workshop.place").count() == 1


def test_hooks_land_after_the_text_that_stands_there(room: Room) -> None:
    room.go("open")
    for text in ("Eerst <b>", "Dan"):
        room.go("idea", text=text, kind="hook")
        room.go("place", ids=[room.state["all_ideas"][-1]["id"]])
    with unscoped():
        answer = Answer.objects.get(workbook=room.cast.workbook, field_key="A.3/hooks")
    assert answer.value == {"html": "<ul><li><p>Eerst &lt;b&gt;</p></li><li><p>Dan</p></li></ul>"}


def test_one_participant_gives_at_most_twenty_ideas_and_the_same_one_once(room: Room) -> None:
    room.at_ideas()
    phone = room.join()
    texts = ["x"] * 3 + [f"idea {number}" for number in range(25)]
    asked = [Deed(room.workshop.pk, digest(phone.secret), "idea", {"text": text}) for text in texts]
    assert [status for status, _answer in perform(asked)] == [200] * 22 + [422] * 6
    assert len(room.state["ideas"]) == 20


def test_when_it_ended_nothing_tells_whose_idea_it_was(room: Room) -> None:
    room.at_ideas()
    room.join().does("idea", text="Mijn baas luistert niet")
    room.go("end")
    with unscoped():
        idea = Idea.objects.get()
    assert (idea.text, idea.respondent_id) == ("Mijn baas luistert niet", None)


@pytest.mark.parametrize(("text", "status"), [("", 422), (" ", 422), ("x" * 401, 422), ("x" * 400, 200), (7, 422)])
def test_an_idea_says_something_in_few_words(room: Room, text: Any, status: int) -> None:
    room.at_ideas()
    assert room.join().does("idea", text=text)[0] == status


def test_an_idea_can_be_taken_back_by_who_gave_it_alone(room: Room) -> None:
    room.at_ideas()
    anna, bob = room.join(), room.join()
    anna.does("idea", text="Weg ermee")
    (idea,) = anna.sees["mine"]["yours"]["ideas"]
    assert bob.does("unidea", id=idea)[0] == 422
    assert anna.does("unidea", id=idea)[0] == 200
    assert room.state["ideas"] == []


def test_a_hidden_idea_is_on_no_screen_but_the_console(room: Room) -> None:
    room.at_ideas()
    phone = room.join()
    phone.does("idea", text="Scheldwoord")
    (idea,) = phone.sees["state"]["ideas"]
    state = room.go("hide", id=idea["id"], hidden=True)
    assert (state["ideas"], phone.sees["state"]["ideas"]) == ([], [])
    assert [each["hidden"] for each in state["all_ideas"]] == [True]
    room.go("reword", id=idea["id"], text="Netter")
    assert room.go("hide", id=idea["id"], hidden=False)["ideas"][0]["text"] == "Netter"


@pytest.mark.parametrize(
    "points", [{"1": 4}, {"1": 2, "2": 2}, {"1": -1}, {"x": 1}, {"999999": 1}, [], None, {"1": True}, {"1": 0.5}]
)
def test_three_points_for_ideas_that_are_there(room: Room, points: Any) -> None:
    ranking = room.at_ideas()
    phone = room.join()
    for text in ("een", "twee"):
        phone.does("idea", text=text)
    with unscoped():
        for number, pk in enumerate(Idea.objects.values_list("pk", flat=True).order_by("pk"), 1):
            if isinstance(points, dict) and str(number) in points:
                points = {**points, str(pk): points.pop(str(number))}
    room.go("go", step=ranking)
    assert phone.does("points", points=points)[0] == 422
    with unscoped():
        assert IdeaVote.objects.count() == 0


def test_a_workshop_that_nobody_ended_is_ended_a_day_after_its_code_expired(room: Room) -> None:
    room.go("open")
    phone = room.join()
    with unscoped():
        expires = Workshop.objects.get(pk=room.workshop.pk).code_expires_at
    assert expires is not None
    assert end_forgotten(expires + timedelta(hours=23)) == 0
    assert end_forgotten(expires + timedelta(hours=25)) == 1
    with unscoped():
        assert Workshop.objects.get(pk=room.workshop.pk).status == Status.ENDED
        assert set(Respondent.objects.filter(workshop=room.workshop).values_list("digest", flat=True)) == {None}
    assert phone.sees == {}
    assert end_forgotten(expires + timedelta(hours=26)) == 0
