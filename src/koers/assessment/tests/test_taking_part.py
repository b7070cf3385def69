"""Taking part in a live workshop: codes, seats, votes; guessers, floods and other sites; what is never kept."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.joining import Joining
from koers.assessment.actions.rooms import Deed, perform
from koers.assessment.live.seats import COOKIE, cookie_value, digest
from koers.assessment.models import Respondent, Workshop
from koers.assessment.tests.rooming import CHOICE, HOME, Phone, Room, make_room
from koers.kit.tenancy import scope, unscoped
from koers.workbook.actions.books import delete_workbook, put_back_workbook


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


# Joining


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3} {:.3}"], ids=["as it is", "spaces", "in two"])
def test_capitals_and_spaces_of_a_code_do_not_matter(room: Room, typed: str) -> None:
    code = room.go("open")["code"]
    spelled = {"{}": code, " {} ": f" {code.lower()} ", "{:.3} {:.3}": f"{code[:3]} {code[3:]}"}[typed]
    assert room.join(code=spelled).status == 200


def test_a_code_expires_and_a_new_one_takes_its_place(room: Room) -> None:
    old = room.go("open")["code"]
    screen = room.state["screen_url"].split("testserver")[1]
    new = room.go("new-code")["code"]
    assert (room.join(code=old).status, room.join(code=new).status) == (404, 200)
    assert Client().get(f"{screen}state").status_code == 404
    with unscoped():
        Workshop.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
    assert room.join(code=new).status == 404
    assert room.state["screen_url"] == ""


def test_guessing_ends_after_ten_wrong_codes_for_that_client_alone(room: Room) -> None:
    room.go("open")
    wrong = [f"CC{a}{b}CC" for a in "DFGH" for b in "DFG"]
    assert [room.join(code=code).status for code in wrong] == [404] * 10 + [429] * 2
    assert room.join().status == 429
    assert room.join(client="203.0.113.9").status == 200


def test_no_header_makes_another_client(room: Room) -> None:
    room.go("open")
    wrong = [f"CC{a}{b}CC" for a in "DFGH" for b in "DFG"]
    statuses = [
        Client().post(
            "/join/", {"code": code, "role": "it"}, headers={"x-forwarded-for": f"203.0.113.{number}"}
        ).status_code
        for number, code in enumerate(wrong)
    ]  # fmt: skip
    assert statuses == [422] * 10 + [429] * 2


def test_hundreds_behind_one_address_may_join_and_mistype(room: Room) -> None:
    room.go("open")
    assert {room.join(code="CCCCCC").status for _person in range(30)} == {404}
    asked = [Joining(room.code, "staff", 1, digest(f"one-of-many-{number}"), "", HOME) for number in range(300)]
    assert {status for status, _answer in perform(asked)} == {200}
    assert room.state["joined"] == 300


def test_a_locked_door_lets_those_in_who_have_a_seat(room: Room) -> None:
    room.go("open")
    phone = room.join("the-secret-of-anna")
    room.go("door", open=False)
    assert room.join().status == 403
    again = room.join("another-secret", known="the-secret-of-anna")
    assert (again.status, again.secret, room.state["joined"]) == (200, phone.secret, 1)


def test_coming_back_keeps_the_seat_its_role_and_its_answers(room: Room) -> None:
    room.at_question()
    phone = room.join("the-secret-of-anna", role="it", size=4)
    phone.votes(3)
    assert phone.does("leave")[1] == {"mine": None, "left": True, "kept": True}
    again = room.join("another-secret", role="college", known="the-secret-of-anna")
    assert again.sees["mine"] == {
        "seat": {"role": "it", "size": 4}, "yours": {"value": {"choice": 3}, "ideas": [], "points": {}},
    }  # fmt: skip
    assert (room.state["joined"], room.state["voted"]) == (4, 4)


def test_who_leaves_before_answering_leaves_nothing(room: Room) -> None:
    room.at_question()
    phone = room.join()
    assert phone.does("leave") == (200, {"mine": None, "left": True, "kept": False})
    assert (room.state["joined"], phone.sees) == (0, {})


@pytest.mark.parametrize(
    ("role", "size", "status"), [("pope", 1, 422), ("it", 0, 422), ("it", 31, 422), ("", 1, 422), ("it", 30, 200)]
)
def test_a_role_and_a_size_that_can_be(room: Room, role: str, size: int, status: int) -> None:
    room.go("open")
    assert room.join(role=role, size=size).status == status


def test_a_workshop_is_full_at_a_number(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koers.assessment.actions.joining.MAX_SEATS", 2)
    room.go("open")
    assert [room.join().status for _person in range(3)] == [200, 200, 403]


def test_the_link_of_a_projector_cannot_be_made_up(room: Room, cast: Cast) -> None:
    room.go("open")
    token = room.state["screen_url"].rstrip("/").rpartition("/")[2]
    name, _dot, signature = token.partition(".")
    for made_up in (
        name,
        f"{name}.",
        f"{name}.{'0' * 32}",
        f".{signature}",
        f"AAAA.{signature}",
        f"{name}.{signature}0",
    ):
        assert Client().get(f"/screen/{made_up}/state").status_code == 404
    seen = Client().get(f"/screen/{token}/state").json()
    assert (seen["code"], seen["join_url"]) == (room.code, f"http://testserver/join/?code={room.code}")
    # It only shows: with it nobody hosts or votes.
    assert {"agenda", "note", "all_ideas", "roles_joined", "texts"} & seen.keys() == set()


# Voting


def test_nobody_sees_a_spread_before_the_host_shows_it(room: Room) -> None:
    room.at_question()
    phone = room.join()
    assert phone.votes(2) == 200
    seen = phone.sees
    assert (seen["state"]["spread"], room.state["spread"]) == (None, None)
    assert (seen["state"]["voted"], seen["mine"]["yours"]["value"]) == (1, {"choice": 2})
    room.go("reveal")
    assert phone.sees["state"]["spread"]["counts"] == [0, 1, 0, 0]


def test_no_vote_lands_after_the_spread_was_shown(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.votes(1)
    room.go("reveal")
    status, answer = phone.does("vote", question=CHOICE, ballot=1, value={"choice": 3})
    assert (status, answer["state"]["phase"], answer["state"]["spread"]["counts"]) == (409, "shown", [1, 0, 0, 0])


def test_the_same_vote_twice_is_one_and_the_last_counts(room: Room) -> None:
    room.at_question()
    phone = room.join()
    asked = [
        Deed(
            room.workshop.pk, digest(phone.secret), "vote", {"question": CHOICE, "ballot": 1, "value": {"choice": each}}
        )
        for each in (1, 1, 3)
    ]
    assert {status for status, _answer in perform(asked)} == {200}
    assert phone.votes(3) == 200
    assert room.go("reveal")["spread"]["counts"] == [0, 0, 1, 0]


def test_a_second_vote_leaves_the_first_readable(room: Room) -> None:
    room.at_question()
    phone = room.join(size=3)
    phone.votes(1)
    room.go("reveal")
    room.go("again")
    assert phone.votes(1) == 409
    assert phone.votes(2, ballot=2) == 200
    spread = room.go("reveal")["spread"]
    assert (spread["counts"], spread["first"]["counts"]) == ([0, 3, 0, 0], [3, 0, 0, 0])
    assert room.host_does("again")[0] == 422


def test_a_vote_can_be_taken_back(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.votes(1)
    assert phone.does("vote", question=CHOICE, ballot=1, value=None)[0] == 200
    assert room.state["voted"] == 0


@pytest.mark.parametrize("value", [{"choice": 9}, {"choice": "x"}, {"choice": True}, "x", [], {"choice": 1, "ip": "x"}])
def test_a_vote_that_is_none_is_refused(room: Room, value: Any) -> None:
    room.at_question()
    assert room.join().does("vote", question=CHOICE, ballot=1, value=value)[0] == 422
    assert room.state["voted"] == 0


def test_a_role_is_shown_from_five_answers_and_never_what_can_be_subtracted(room: Room) -> None:
    room.at_question()
    for role, people in (("it", 6), ("staff", 5), ("college", 2)):
        for _person in range(people):
            room.join(role=role).votes(2)
    spread = room.go("reveal")["spread"]
    # The college is too small; so that it cannot be computed, a larger group is hidden along with it.
    assert [(each["role"], each["answered"]) for each in spread["roles"]] == [("it", 6)]
    assert spread["answered"] == 13
    assert room.state["roles_joined"] == {"it": 6}


def test_a_remark_alone_makes_no_group_large_enough(room: Room) -> None:
    room.at_question()
    for number in range(10):
        phone = room.join(role="it" if number < 5 else "staff")
        value = {"choice": 1} if number != 4 else {"remark": "Hm"}
        phone.does("vote", question=CHOICE, ballot=1, value=value)
    assert room.go("reveal")["spread"]["roles"] == []


# Strangers, floods, traces


def test_a_participant_who_floods_is_asked_to_wait_and_nobody_else(room: Room) -> None:
    room.at_question()
    phone, other = room.join(), room.join()
    statuses = [phone.votes(1) for _time in range(20)]
    assert statuses[:12] == [200] * 12
    assert statuses[-1] == 429
    assert other.votes(1) == 200


def test_another_site_cannot_vote_with_the_cookie(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.client.cookies[COOKIE] = cookie_value(room.workshop.pk, phone.secret)
    body = json.dumps({"deed": "vote", "question": CHOICE, "ballot": 1, "value": {"choice": 1}})
    address = f"{room.address}do"
    for headers, kind, status in (
        ({"origin": "https://evil.example"}, "application/json", 403),
        ({"origin": "null"}, "application/json", 403),
        ({"sec-fetch-site": "cross-site"}, "application/json", 403),
        ({"origin": "http://testserver"}, "text/plain", 400),
        ({"origin": "http://testserver"}, "application/json", 200),
    ):
        assert phone.client.post(address, body, content_type=kind, headers=headers).status_code == status, headers


def test_a_body_that_is_too_large_is_not_read(room: Room) -> None:
    room.at_question()
    phone = room.join()
    assert phone.does("vote", question=CHOICE, ballot=1, value={"choice": 1, "remark": "x" * 20_000})[0] == 413


def test_a_seat_is_of_one_workshop(room: Room) -> None:
    room.at_question()
    phone = room.join()
    other = Client()
    other.cookies[COOKIE] = cookie_value(room.cast.workbook.pk, phone.secret)
    assert other.get(f"{room.address}state").status_code == 404


def test_a_workshop_of_another_workbook_is_not_there(room: Room) -> None:
    outsider = room.cast.client("outsider")
    address = room.console.replace(str(room.cast.workbook.pk), str(room.cast.other_workbook.pk))
    assert outsider.get(f"{address}state").status_code == 404
    assert outsider.post(f"{address}do", '{"deed": "end"}', content_type="application/json").status_code == 404


def test_nothing_is_kept_about_who_takes_part(room: Room) -> None:
    room.at_question()
    phone = room.join()
    phone.client.defaults = {"HTTP_USER_AGENT": "Telephone 7", "REMOTE_ADDR": HOME}
    phone.votes(1)
    room.join(code="CCCCCC")
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            kept += [f"{table} {row}" for row in cursor.fetchall()]
    assert [row for row in kept if HOME in row or "Telephone" in row or phone.secret in row] == []
    with unscoped():
        seat = Respondent.objects.values().get()
    told = {key: value for key, value in seat.items() if value not in {None, ""}}
    assert set(told) == {"id", "administration_id", "measurement_id", "workshop_id", "mode", "role", "size", "digest"}


def test_a_group_takes_as_many_queries_as_one(room: Room) -> None:
    room.at_question()
    phones = [room.join() for _person in range(30)]

    def queries(some: list[Phone]) -> int:
        asked = [
            Deed(room.workshop.pk, digest(each.secret), "vote", {"question": CHOICE, "value": {"choice": 1}})
            for each in some
        ]
        with CaptureQueriesContext(connection) as captured:
            assert {status for status, _answer in perform(asked)} == {200}
        return len(captured)

    queries(phones[:1])
    assert queries(phones[:1]) == queries(phones)


def test_reading_the_state_takes_as_many_queries_however_many_voted(room: Room) -> None:
    room.at_question()
    counted = []
    for people in (1, 12):
        for _person in range(people):
            room.join().votes(1)
        with CaptureQueriesContext(connection) as captured:
            assert room.state["voted"] >= people
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_the_room_of_a_deleted_workbook_opens_for_nobody(room: Room) -> None:
    room.at_question()
    phone, code, screen = room.join(), room.code, room.state["screen_url"]
    with scope(room.cast.administration.pk):
        delete_workbook(room.cast.workbook, room.cast.lead)
    assert (room.join(code=code).status, phone.votes(1), phone.sees) == (404, 404, {})
    assert [Client().get(f"{screen}{more}").status_code for more in ("", "state")] == [404, 404]
    with scope(room.cast.administration.pk):
        put_back_workbook(room.cast.workbook, room.cast.lead)
    assert (room.join(code=code).status, phone.votes(1), phone.sees["state"]["joined"]) == (200, 200, 2)
