"""The event streams of a live workshop: the participants' pages, the projector, the consoles."""

import asyncio
import contextlib
import io
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

from django.core.handlers.asgi import ASGIRequest

from koers.assessment.live.codes import workshop_of_token
from koers.assessment.live.lines import Line
from koers.assessment.live.rooms import Room, room_of
from koers.assessment.live.seated import standing
from koers.assessment.live.seats import digest, secret_of
from koers.assessment.models import Workshop
from koers.kit import events
from koers.kit.asgi import Receive, Scope, Send
from koers.kit.grouping import in_thread
from koers.kit.tenancy import unscoped
from koers.organisations.access import Ability, abilities
from koers.workbook.knocking import REVOKED, Reader, knock

HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

# Why a stream ends now; empty when it goes on.
Door = Callable[[], Awaitable[str]]


async def _always() -> str:
    return ""


async def not_found(send: Send) -> None:
    headers = [(b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _stream(receive: Receive, send: Send, room: Room, line: Line, door: Door) -> None:
    """Send what happens in the room, until it ends, the client goes away, or may no longer see it."""
    if await room.ready() is None:
        await not_found(send)
        return
    gone = asyncio.ensure_future(_gone(receive, line))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        room.enter(line)
        line.show(b"retry: 2000\n\n" + room.state_event())
        await _send_all(send, line, door)
    except asyncio.CancelledError:
        if not line.given_up:
            raise
    finally:
        room.leave(line)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _send_all(send: Send, line: Line, door: Door) -> None:
    async def say(text: bytes, *, last: bool = False) -> None:
        await send({"type": "http.response.body", "body": text, "more_body": not last})

    while True:
        await line.wait()
        line.waiting_since = line.loop.time()
        # Sending nothing waits until the client has read enough: only then is decided what is sent.
        await say(b"")
        line.waiting_since = None
        if line.gone:
            return
        if line.knocking:
            line.knocking = False
            line.ending = line.ending or await door()
            if line.knocking:
                continue
        if line.ending:
            # What a host did last is still shown; nothing to who may not see it any more.
            rest = line.take() if line.ending == "workshop" else b""
            await say(rest + events.server_sent("ended", {"why": line.ending}), last=True)
            return
        if waiting := line.take():
            await say(waiting)


async def _gone(receive: Receive, line: Line) -> None:
    """Tells the stream when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    line.leave()


def _request(scope: Scope) -> ASGIRequest:
    return ASGIRequest({**scope, "root_path": scope.get("root_path", "")}, io.BytesIO())


async def room_stream(scope: Scope, receive: Receive, send: Send, workshop: str) -> None:
    """A participant's page. The room itself tells when her seat is gone."""
    workshop_id = uuid.UUID(workshop)
    secret = secret_of(_request(scope), workshop_id)
    seat = await standing.ask((workshop_id, digest(secret))) if secret else None
    if seat is None:
        await not_found(send)
        return
    await _stream(receive, send, room_of(workshop_id), Line(seat=seat), _always)


async def screen_stream(scope: Scope, receive: Receive, send: Send, token: str) -> None:
    """The projector, for as long as its link holds."""
    workshop = await in_thread(workshop_of_token, token)
    if workshop is None:
        await not_found(send)
        return
    await _stream(receive, send, room_of(workshop.pk), Line(code=workshop.code), _always)


def _is_of(workshop_id: uuid.UUID, workbook_id: uuid.UUID) -> bool:
    with unscoped():
        return Workshop.objects.filter(pk=workshop_id, measurement__workbook_id=workbook_id).exists()


async def console_stream(scope: Scope, receive: Receive, send: Send, workbook: str, workshop: str) -> None:
    """A host's console: her rights are asked again when they change, and now and then whatever was announced."""
    workbook_id, workshop_id = uuid.UUID(workbook), uuid.UUID(workshop)
    request = _request(scope)
    line = Line()
    channels = [events.workbook_channel(workbook_id)]
    events.hub.join(line, channels[0])
    try:
        reader = await knock(request, workbook_id)
        if not isinstance(reader, Reader) or not _may_host(reader) or not await in_thread(
            _is_of, workshop_id, workbook_id
        ):  # fmt: skip
            await not_found(send)
            return
        channels.append(events.person_channel(reader.user.pk))
        events.hub.join(line, channels[1])
        # Her rights may have changed before her channel was listened to.
        line.knock()

        async def door() -> str:
            now = await knock(request, workbook_id)
            if isinstance(now, Reader):
                return "" if _may_host(now) else "rights"
            return "rights" if now == REVOKED else now

        await _stream(receive, send, room_of(workshop_id), line, door)
    finally:
        events.hub.leave(line, *channels)


def _may_host(reader: Reader) -> bool:
    return Ability.COMPOSE in abilities(reader.role)
