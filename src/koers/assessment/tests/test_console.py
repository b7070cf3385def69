"""The console of a host: its page with and without JavaScript, and what the plan shows of it afterwards."""

import json
from typing import Any

import pytest
from django.test import Client

from conftest import Cast
from koers.assessment.hosting_words import console_words
from koers.assessment.models import Consensus, Workshop
from koers.assessment.queries.outcome import outcome_of
from koers.assessment.tests.rooming import CHOICE, OTHER, Room, make_room
from koers.kit.tenancy import scope


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def page(room: Room, who: str = "lead") -> str:
    return str(room.host(who).get(room.console).content.decode())


def plan(room: Room, who: str = "lead") -> str:
    return str(room.host(who).get(room.console.removesuffix("console/")).content.decode())


def within(page: str, begin: str, end: str) -> str:
    return page.partition(begin)[2].partition(end)[0]


def carried(page: str, name: str) -> Any:
    """The JSON that the page carries for its script."""
    return json.loads(within(page, f'<script id="{name}" type="application/json">', "</script>"))


def plainly(room: Room, deed: str, **more: str) -> str:
    """A deed by a form, as a browser without JavaScript sends it; the page that it comes back to."""
    client: Client = room.host("lead")
    form = {"v": str(room.state["v"]), "deed": deed, **more}
    response = client.post(f"{room.console}do", form)
    assert (response.status_code, response.headers["Location"]) == (302, room.console)
    return page(room)


def test_the_page_carries_the_state_that_its_script_begins_with(room: Room) -> None:
    room.at_question()
    carries, now = carried(page(room), "console-state"), room.state
    assert {**carries, "now": 0} == {**now, "now": 0}
    assert (carries["phase"], carries["question"]["key"], carries["note"]) == ("voting", CHOICE, "")


def test_it_says_where_ideas_land(room: Room) -> None:
    lands = carried(page(room), "console-setting")["lands"]
    book = f"/w/{room.cast.workbook.pk}/s/"
    assert {kind: place["url"].partition("#")[0] for kind, place in lands.items()} == {
        "hook": f"{book}A.3/", "obstacle": f"{book}C.1.2/", "action": f"{book}C.1.2/"
    }  # fmt: skip


def test_the_words_of_the_script_cannot_close_it(room: Room) -> None:
    words = within(page(room), '<script type="application/json" data-words>', "</script>")
    assert json.loads(words) == console_words()
    assert "<" not in words


def test_without_javascript_the_next_thing_is_a_form(room: Room) -> None:
    assert "Open the room" in page(room)
    plainly(room, "next")
    plainly(room, "next")
    assert "Begin the vote" in page(room)
    assert "Show the spread" in plainly(room, "next")
    room.join().votes(2)
    room.join().votes(2)
    shown = plainly(room, "next")
    assert "What do you agree on?" in shown
    assert room.state["spread"]["counts"] == [0, 2, 0, 0]


def test_without_javascript_the_consensus_is_recorded(room: Room) -> None:
    room.at_question()
    room.join().votes(2)
    plainly(room, "reveal")
    agreed = plainly(room, "agree", value=json.dumps({"choice": 2}), reason="We looked", **{"for": "A", "against": "B"})
    assert "Agreed" in agreed
    with scope(room.cast.administration.pk):
        (found,) = Consensus.objects.all()
    assert (found.question, found.value, found.reason, found.arguments_for, found.arguments_against) == (
        CHOICE, {"choice": 2}, "We looked", "A", "B"
    )  # fmt: skip


def test_without_javascript_the_workshop_ends(room: Room) -> None:
    room.go("open")
    plainly(room, "end")
    assert room.state["status"] == "ended"
    assert "What came out" in plan(room)


def test_at_the_last_step_only_the_end_is_left(room: Room) -> None:
    steps = room.go("open")["agenda"]
    room.go("go", step=steps[-1]["id"])
    forms = within(page(room), 'class="no-js', "</main>")
    assert ("Go on</button>" in forms, "End the workshop</button>" in forms) == (False, True)


def test_a_form_of_an_older_page_changes_nothing_and_says_so(room: Room) -> None:
    room.go("open")
    old = room.state["v"]
    room.host_does("next", who="editor")
    response = room.host("lead").post(f"{room.console}do", {"v": str(old), "deed": "next"})
    assert response.status_code == 302
    assert "Somebody else moved the workshop on meanwhile." in page(room)
    assert room.state["v"] == old + 1


def test_what_is_changed_later_begins_with_all_that_was_written_down(room: Room) -> None:
    room.at_question()
    room.join().votes(1)
    room.go("reveal")
    room.go("agree", value={"choice": 1}, reason="r", **{"for": "f", "against": "a"})
    consensus = room.state["consensus"]
    assert [consensus[each] for each in ("reason", "for", "against")] == ["r", "f", "a"]


def test_the_projector_and_the_phones_see_no_arguments(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.votes(1)
    room.go("reveal")
    room.go("agree", value={"choice": 1}, reason="r", **{"for": "f", "against": "a"})
    assert set(phone.sees["state"]["consensus"]) == {"value", "text", "reason"}


def test_the_code_is_a_picture_while_people_can_join(room: Room) -> None:
    client, address = room.host("editor"), f"{room.console}qr.svg"
    assert client.get(address).status_code == 404
    room.go("open")
    drawn = client.get(address)
    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert drawn.headers["Cache-Control"] == "private, no-store"
    assert b"<svg" in drawn.content[:100]
    room.go("end")
    assert client.get(address).status_code == 404


def test_another_code_is_another_picture(room: Room) -> None:
    room.go("open")
    before = room.host("lead").get(f"{room.console}qr.svg").content
    room.go("new-code")
    assert room.host("lead").get(f"{room.console}qr.svg").content != before


def voted(room: Room) -> None:
    """Twelve people: five heads of department, five of the staff, two of IT; two votes on the first question."""
    room.at_question()
    phones = [room.join(role=role) for role in ["head"] * 5 + ["staff"] * 5 + ["it"] * 2]
    for number, phone in enumerate(phones):
        phone.votes(1 + number % 2)
    room.go("reveal")
    room.go("again")
    for phone in phones:
        phone.votes(2, ballot=2)
    room.go("reveal")
    room.go("agree", value={"choice": 2}, reason="Because", **{"for": "For it", "against": "Against it"})


def test_afterwards_the_plan_shows_what_came_out(room: Room) -> None:
    voted(room)
    room.go("end")
    seen = within(plan(room, "viewer"), 'class="outcome"', "</section>")
    assert "12 people took part." in seen
    assert "You agreed on 1 question of the 1 that were asked." in seen
    assert "12 answers" in seen
    bars = within(seen, 'class="outcome-bars"', "</ul>")
    counts = [each.partition("</span>")[0] for each in bars.split('class="outcome-count">')[1:]]
    assert counts == ['0 <span class="soft">(6)', '12 <span class="soft">(6)', '0 <span class="soft">(0)',
                      '0 <span class="soft">(0)']  # fmt: skip
    assert [each in seen for each in ("Because", "For it", "Against it")] == [True, True, True]


def test_a_role_of_two_is_not_counted_out_loud_nor_can_be_subtracted(room: Room) -> None:
    voted(room)
    room.go("end")
    seen = within(plan(room), 'class="outcome"', "</section>")
    assert ("IT: 2" in seen, "12 people took part." in seen) == (False, True)
    assert sum(words in seen for words in ("Head of department: 5", "Staff: 5")) == 1


def test_ideas_are_shown_with_their_points_and_where_they_went(room: Room) -> None:
    ranking = room.at_ideas()
    phone = room.join()
    for text in ("No time", "No money", "Too little time"):
        phone.does("idea", text=text)
    first, second, third = [each["id"] for each in room.state["all_ideas"]]
    room.go("merge", ids=[first, third], into=first)
    room.go("go", step=ranking)
    phone.does("points", points={str(first): 2, str(second): 1})
    room.go("show-ranking")
    room.go("place", ids=[first])
    room.go("end")
    seen = within(plan(room), 'class="outcome-ideas"', "</ol>")
    lines = [" ".join(each.split()) for each in seen.split("<li>")[1:]]
    assert ["No time" in lines[0], "with 1 that said the same" in lines[0], "2 points" in lines[0],
            "in the workbook" in lines[0]] == [True] * 4  # fmt: skip
    assert ["No money" in lines[1], "1 point" in lines[1], "in the workbook" in lines[1]] == [True, True, False]


def test_the_outcome_asks_as_much_for_two_questions_as_for_one(room: Room, django_assert_num_queries: Any) -> None:
    voted(room)
    for votes in (1, 2):
        if votes == 2:
            room.go("next")
            room.go("vote")
            room.phones[0].votes(1, question=OTHER)
            room.go("reveal")
        with scope(room.cast.administration.pk):
            workshop = Workshop.objects.select_related("measurement", "step").get(pk=room.workshop.pk)
            with django_assert_num_queries(5):
                assert len(outcome_of(workshop).questions) == votes
