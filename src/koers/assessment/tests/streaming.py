"""Streams of a live workshop without a server, for the tests: clients that read them, stories in an event loop."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings

from koers.assessment.live.rooms import close_rooms
from koers.assessment.live.seats import COOKIE, cookie_value
from koers.assessment.live.streams import console_stream, room_stream, screen_stream
from koers.assessment.tests.rooming import Phone, Room
from koers.kit import events
from koers.kit.asgi import Receive, Send

T = TypeVar("T")
SECONDS: Final = 8


async def outside(work: Callable[..., T], *given: Any, **more: Any) -> T:
    """Something with the database, from the event loop."""
    return await sync_to_async(work)(*given, **more)


def scene(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        # On PostgreSQL events come by way of the database, as they do from other processes.
        listening = asyncio.create_task(events.listen()) if events.crosses_processes() else None
        try:
            if listening:
                await asyncio.sleep(0.3)
            await asyncio.wait_for(story(), SECONDS * 3)
        finally:
            close_rooms()
            if listening:
                listening.cancel()
            await asyncio.sleep(0)

    asyncio.run(told())


def scope(path: str, cookie: str = "", method: str = "GET", **headers: str) -> dict[str, Any]:
    given = {"host": "localhost", "accept-language": "en", **headers, **({"cookie": cookie} if cookie else {})}
    return {
        "type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http",
        "client": ("198.51.100.7", 5000),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip


class Screen:
    """A client that reads a stream."""

    def __init__(self) -> None:
        self.status, self.text, self.is_over = 0, "", False
        self.left = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def open(self, stream: Callable[[Receive, Send], Coroutine[Any, Any, None]]) -> "Screen":
        self.task = asyncio.create_task(self._run(stream))
        return self

    async def _run(self, stream: Callable[[Receive, Send], Coroutine[Any, Any, None]]) -> None:
        await stream(self._receive, self._send)
        self.is_over = True

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()

    def heard(self, name: str) -> list[dict[str, Any]]:
        told = re.findall(r"event: (\S+)\ndata: (.*)\n\n", self.text)
        return [json.loads(data) for each, data in told if each == name]

    async def until(self, is_so: Callable[["Screen"], bool]) -> None:
        for _time in range(SECONDS * 100):
            if is_so(self):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"It did not come: {self.text[-2000:]}")


def participant(phone: Phone) -> Screen:
    cookie = f"{COOKIE}={cookie_value(phone.room.workshop.pk, phone.secret)}"
    given = scope(f"{phone.room.address}events", cookie)
    return Screen().open(lambda receive, send: room_stream(given, receive, send, str(phone.room.workshop.pk)))


def projector(room: Room, token: str) -> Screen:
    return Screen().open(lambda receive, send: screen_stream(scope(f"/screen/{token}/events"), receive, send, token))


async def console(room: Room, who: str, workbook: Any = None) -> Screen:
    client = await outside(room.cast.client, who)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    given = scope(f"{room.console}events", f"{settings.SESSION_COOKIE_NAME}={session}")
    book, workshop = str(workbook or room.cast.workbook.pk), str(room.workshop.pk)
    return Screen().open(lambda receive, send: console_stream(given, receive, send, book, workshop))


def token_of(room: Room) -> str:
    return str(room.state["screen_url"].rstrip("/").rpartition("/")[2])
