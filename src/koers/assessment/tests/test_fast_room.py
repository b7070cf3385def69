"""The fast path of a live workshop: deeds in groups, the state from what is kept, coming in by a code."""

import asyncio
import functools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError

from conftest import Cast
from koers.assessment.actions.joining import Joining
from koers.assessment.actions.rooms import perform
from koers.assessment.live import fastpath, rooms
from koers.assessment.live.fastpath import FastRoom
from koers.assessment.live.seats import COOKIE, cookie_value, digest
from koers.assessment.live.streams import room_stream
from koers.assessment.tests.rooming import CHOICE, Phone, Room, make_room
from koers.assessment.tests.streaming import Screen, participant, scene, scope
from koers.kit.asgi import Receive, Send
from koers.kit.grouping import GroupWriter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


@pytest.fixture
def fast() -> Iterator[FastRoom]:
    writer = GroupWriter()
    yield FastRoom(writer)
    writer.stop()


def test_a_state_that_is_too_large_is_fetched_from_what_the_room_keeps(
    room: Room, fast: FastRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.at_ideas()
    phone = room.join()
    for number in range(20):
        phone.room.go("idea", text=f"{number} " + "x" * 390)
    reads: list[Any] = []
    read = rooms.read_view

    def noted(*given: Any) -> Any:
        reads.append(given)
        return read(*given)

    monkeypatch.setattr(rooms, "read_view", noted)

    async def story() -> None:
        screen = participant(phone)
        await screen.until(lambda each: len(each.heard("state")) == 1)
        assert list(screen.heard("state")[0]) == ["v"]
        cookie = f"{COOKIE}={cookie_value(room.workshop.pk, phone.secret)}"
        pages = [Screen() for _page in range(200)]
        await asyncio.gather(
            *(fast.state(scope("", cookie), page._send, str(room.workshop.pk)) for page in pages)
        )  # fmt: skip
        for page in pages:
            answer = json.loads(page.text)
            assert (page.status, len(answer["state"]["ideas"]), answer["mine"]["seat"]["role"]) == (200, 20, "staff")
        assert len(reads) == 1

    scene(story)


def test_a_stranger_gets_neither_state_nor_stream(room: Room, fast: FastRoom) -> None:
    room.at_question()

    async def story() -> None:
        for cookie in ("", f"{COOKIE}={cookie_value(room.workshop.pk, 'x' * 24)}", f"{COOKIE}=x.y"):
            page = Screen()
            await fast.state(scope("", cookie), page._send, str(room.workshop.pk))
            stream = functools.partial(room_stream, scope("", cookie), workshop=str(room.workshop.pk))
            screen = Screen().open(stream)
            await screen.until(lambda each: each.is_over)
            assert (page.status, screen.status, screen.text) == (404, 404, "")

    scene(story)


async def post(fast: FastRoom, room: Room, phone: Phone, given: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    cookie = f"{COOKIE}={cookie_value(room.workshop.pk, phone.secret)}"
    asked = scope(f"{room.address}do", cookie, "POST", **{"content-type": "application/json", **headers})
    return await fast.reply(asked, json.dumps(given).encode(), room.workshop.pk)


def vote(choice: Any) -> dict[str, Any]:
    return {"deed": "vote", "question": CHOICE, "ballot": 1, "value": {"choice": choice}}


def test_many_vote_at_once_and_each_hears_what_came_of_it(room: Room, fast: FastRoom) -> None:
    room.at_question()
    phones = [room.join() for _person in range(60)]

    async def story() -> None:
        given = [vote(9) if number == 7 else vote(1 + number % 4) for number in range(60)]
        replies = await asyncio.gather(
            *(post(fast, room, phone, each) for phone, each in zip(phones, given, strict=True))
        )
        assert [status for status, _answer in replies] == [422 if number == 7 else 200 for number in range(60)]
        assert replies[5][1]["mine"]["yours"]["value"] == {"choice": 2}

    scene(story)
    assert room.go("reveal")["spread"]["counts"] == [15, 15, 15, 14]


@pytest.mark.parametrize("error", [DatabaseError, UnicodeError, TypeError])
def test_one_deed_that_breaks_the_group_fails_alone(
    room: Room, fast: FastRoom, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    room.at_question()
    phones = [room.join() for _person in range(3)]

    def breaks(asked: Any) -> Any:
        if any(each.digest == digest(phones[1].secret) for each in asked):
            raise error("of the test")
        return perform(asked)

    monkeypatch.setattr(fastpath, "perform", breaks)

    async def story() -> None:
        replies = await asyncio.gather(*(post(fast, room, phone, vote(1)) for phone in phones))
        assert [status for status, _answer in replies] == [200, 503, 200]

    scene(story)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200), ({"origin": "http://localhost"}, 200), ({"origin": "http://evil.example"}, 403),
        ({"content-type": "text/plain"}, 400), ({"host": "evil.example"}, 400),
    ],
)  # fmt: skip
def test_only_a_page_of_ours_may_vote(room: Room, fast: FastRoom, headers: dict[str, str], status: int) -> None:
    room.at_question()
    phone = room.join()

    async def story() -> None:
        assert (await post(fast, room, phone, vote(1), **headers))[0] == status

    scene(story)


async def join(fast: FastRoom, form: str, **headers: str) -> tuple[Screen, list[bytes]]:
    """Post the form of joining; what the page behind it got to read, when it came to that."""
    passed: list[bytes] = []
    given = scope("/join/", "", "POST", **{"content-type": "application/x-www-form-urlencoded", **headers})
    page, waiting, sent = Screen(), [form.encode()], []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False}

    async def pages(_scope: Any, again: Receive, send: Send) -> None:
        passed.append((await again())["body"])
        await send({"type": "http.response.start", "status": 422, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)
        if "status" in message:
            page.status = message["status"]
            page.text = b"\n".join(b": ".join(pair) for pair in message["headers"]).decode()

    await fast.join(given, receive, send, pages)
    return page, passed


def test_a_right_code_gives_a_seat_and_a_wrong_one_the_page(room: Room, fast: FastRoom) -> None:
    code = room.go("open")["code"]

    async def story() -> None:
        page, passed = await join(fast, f"code={code}&role=it&size=3")
        assert (page.status, passed) == (302, [])
        assert f"location: {room.address}" in page.text
        assert re.search(r"set-cookie: koers_seat=\w{32}\.[\w-]{20,}; .*HttpOnly; .*SameSite=Lax", page.text)
        for form, headers in (("code=CCCCCC&role=it", {}), (f"code={code}&role=it", {"origin": "http://evil.example"})):
            page, passed = await join(fast, form, **headers)
            assert (page.status, passed) == (422, [form.encode()])

    scene(story)
    assert (room.state["joined"], room.state["roles_joined"]) == (3, {})


def test_joining_twice_with_the_same_phone_is_one_seat(room: Room) -> None:
    room.go("open")
    known = room.join("first-secret-of-it").secret
    asked = Joining(room.code, "it", 2, digest("second"), digest(known), "198.51.100.7", "en")
    assert perform([asked]) == [(200, {"workshop": str(room.workshop.pk), "known": True})]
    assert room.state["joined"] == 2
