"""What nobody types by accident, sent to the questionnaire, the room and the console."""

import json
from typing import Any

import pytest
from django.urls import reverse

from conftest import Cast
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.live.seats import COOKIE, cookie_value
from koers.assessment.tests.rooming import Room, make_room
from koers.assessment.values import read_response
from koers.kit.tenancy import scope
from koers.workbook.values import MAX_REMARK, InvalidValue

DIGITS = "9" * 5_000


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def test_a_remark_on_shares_holds_nothing_that_no_page_or_database_can_hold() -> None:
    question = instrument(PLAYBOOK, 1).questions["C.2.3/adoption"]
    assert read_response(question, {"remark": "a\x00b\ud800c\r\nd "}) == {"remark": "abc\nd"}
    assert read_response(question, {"remark": "\x00 "}) is None
    for wrong in (["x"], "x" * (MAX_REMARK + 1)):
        with pytest.raises(InvalidValue):
            read_response(question, {"remark": wrong})


def test_an_answer_that_is_nested_without_end_is_refused(room: Room) -> None:
    measurement = room.workshop.measurement
    address = reverse("own_estimate", args=[room.cast.workbook.pk, measurement.pk])
    lead = room.host("lead")
    lead.post(address, {"begin": "1", "role": "it", "department": ""})
    with scope(room.cast.administration.pk):
        (mine,) = measurement.respondents.values_list("pk", flat=True)
    save = reverse("own_estimate_save", args=[room.cast.workbook.pk, measurement.pk])
    response = lead.post(f"{save}?by={mine}", "[" * 200_000, content_type="application/json")
    assert response.status_code == 400


def test_numbers_without_end_are_refused_in_the_room_without_scripts(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.client.cookies[COOKIE] = cookie_value(room.workshop.pk, phone.secret)
    plain = f"{room.address}plain/"
    vote = {"deed": "vote", "question": "B.4.1/1", "ballot": DIGITS, "B.4.1/1": "2"}
    assert phone.client.post(plain, vote).status_code == 409
    steps = room.state["agenda"]
    room.go("go", step=steps[3]["id"])
    assert phone.client.post(plain, {"deed": "points", "points:1": DIGITS}).status_code == 422


@pytest.mark.parametrize("deed", [None, 1, ["vote"], {"vote": 1}])
def test_a_deed_that_is_no_word_is_refused_in_the_room(room: Room, deed: Any) -> None:
    room.at_question()
    assert room.join().does(deed)[0] == 400


@pytest.mark.parametrize(
    "given", [{"deed": "place", "ids": [10**30]}, {"deed": "hide", "id": -(10**30), "hidden": True},
              {"deed": "timer", "seconds": 10**30}],
)  # fmt: skip
def test_numbers_without_end_are_refused_at_the_console(room: Room, given: dict[str, Any]) -> None:
    room.at_question()
    response = room.host("editor").post(f"{room.console}do", json.dumps(given), content_type="application/json")
    assert response.status_code == 400
