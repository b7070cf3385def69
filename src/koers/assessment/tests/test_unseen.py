"""What a room did not see yet is told nowhere: who watched votes come in one by one could tell whose each is."""

from typing import Any

import pytest
from django.urls import reverse

from conftest import Cast
from koers.assessment.exchange.content import gather
from koers.assessment.queries.answers import given_answers
from koers.assessment.queries.outcome import outcome_of
from koers.assessment.tests.rooming import CHOICE, OTHER, Room, make_room
from koers.documents.report.material import material_of
from koers.kit.tenancy import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def told(room: Room) -> list[tuple[str, list[int]]]:
    """By question how many votes each place tells: results, files, what came out, the report."""
    with scope(room.cast.administration.pk):
        room.workshop.refresh_from_db()
        given = [each.question for each in given_answers(room.workshop.measurement)]
        content = gather(room.workshop.measurement)
        outcome = {each.question.key: each.answered for each in outcome_of(room.workshop).questions}
        report = {each.question.key: each.spread.answered for each in material_of(room.workshop).held.voted}
    return [
        (key, [given.count(key), len(content.room.get(key, ())), outcome.get(key, 0), report.get(key, 0)])
        for key in (CHOICE, OTHER)
    ]


def test_a_vote_is_told_nowhere_before_the_room_saw_it(room: Room) -> None:
    room.at_question()
    one, two = room.join(), room.join()
    assert (one.votes(2), two.votes(4)) == (200, 200)
    assert told(room) == [(CHOICE, [0, 0, 0, 0]), (OTHER, [0, 0, 0, 0])]
    page = reverse("measured_question", args=[room.cast.workbook.pk, room.workshop.measurement_id])
    seen: dict[str, Any] = {"key": CHOICE}
    assert room.host("lead").get(page, seen).context["side"].spread.answered == 0
    room.go("go", question=OTHER)
    assert told(room)[0] == (CHOICE, [0, 0, 0, 0])
    room.go("go", question=CHOICE)
    room.go("reveal")
    assert told(room) == [(CHOICE, [2, 2, 2, 2]), (OTHER, [0, 0, 0, 0])]
    assert room.host("lead").get(page, seen).context["side"].spread.answered == 2


def test_of_a_second_vote_that_goes_on_only_the_first_is_told(room: Room) -> None:
    room.at_question()
    phones = [room.join(), room.join()]
    assert [phone.votes(2) for phone in phones] == [200, 200]
    room.go("reveal")
    room.go("again")
    assert phones[0].votes(4, ballot=2) == 200
    with scope(room.cast.administration.pk):
        assert [each.value for each in given_answers(room.workshop.measurement)] == [{"choice": 2}, {"choice": 2}]
    room.go("end")
    with scope(room.cast.administration.pk):
        given = given_answers(room.workshop.measurement)
    assert sorted((each.value or {})["choice"] for each in given) == [2, 4]


def test_points_are_told_nowhere_while_the_room_gives_them(room: Room) -> None:
    ranking = room.at_ideas()
    phone = room.join(size=2)
    assert phone.does("idea", text="Te weinig tijd")[0] == 200
    idea = room.go("go", step=ranking)["ideas"][0]["id"]
    assert phone.does("points", points={str(idea): 3})[0] == 200

    def points() -> list[int]:
        with scope(room.cast.administration.pk):
            room.workshop.refresh_from_db()
            report = [each.points for each in material_of(room.workshop).held.ideas]
            return report + [each.points for kind in outcome_of(room.workshop).ideas for each in kind.ideas]

    assert points() == [0, 0]
    room.go("show-ranking")
    # Two people at one phone count each, in the report as on the screen.
    assert points() == [6, 6]


def test_a_second_vote_that_nobody_began_does_not_open_the_first_again(room: Room) -> None:
    room.at_question()
    phone = room.join()
    assert phone.votes(2) == 200
    room.go("reveal")
    room.go("again")
    room.go("skip")
    state = room.go("go", question=CHOICE)
    assert (state["phase"], state["ballot"], state["spread"]["counts"]) == ("shown", 1, [0, 1, 0, 0])
    assert phone.votes(4) == 409


def test_a_second_vote_of_which_all_votes_were_taken_back_does_not_either(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.votes(2)
    room.go("reveal")
    room.go("again")
    phone.votes(3, ballot=2)
    room.go("go", question=OTHER)
    assert room.go("go", question=CHOICE)["phase"] == "voting"
    assert phone.does("vote", question=CHOICE, ballot=2, value=None)[0] == 200
    room.go("go", question=OTHER)
    assert room.go("go", question=CHOICE)["phase"] == "shown"
