"""The event stream of a workbook's pages (server-sent events)."""

import asyncio
import contextlib
import io
import json
import uuid
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import Http404

from koers.kit import events
from koers.kit.asgi import Receive, Scope, Send
from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.access import workbook_for

HEARTBEAT_SECONDS: Final = 20.0


class _SignedOut(Exception):
    """The session is over: another than having lost the right to read."""


def _reader(request: ASGIRequest, workbook_id: uuid.UUID) -> int:
    """The person who may read the workbook now, by the session cookie. Raises when nobody may."""
    try:
        request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(request)
        if not isinstance(user, User):
            raise _SignedOut
        workbook_for(user.pk, workbook_id, Ability.READ)
    finally:
        connection.close_if_unusable_or_obsolete()
    return user.pk


async def _gone(receive: Receive) -> None:
    """Returns when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def workbook_stream(scope: Scope, receive: Receive, send: Send, workbook_id: str) -> None:
    """Send what happens to a workbook to one page, for as long as its reader may see it."""
    request = ASGIRequest({**scope, "root_path": scope.get("root_path", "")}, io.BytesIO())
    workbook = uuid.UUID(workbook_id)
    try:
        user_id = await sync_to_async(_reader)(request, workbook)
    except (_SignedOut, Http404, PermissionDenied):
        await send({"type": "http.response.start", "status": 404, "headers": [(b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": b""})
        return
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def say(text: str, *, last: bool = False) -> None:
        await send({"type": "http.response.body", "body": text.encode(), "more_body": not last})

    channels = events.workbook_channel(workbook), events.person_channel(user_id)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        async with events.subscribe(*channels) as queue:
            await say("retry: 2000\n\n")
            while not gone.done():
                event = await _next(queue, gone)
                if gone.done():
                    return
                if event is None or event.channel == channels[1]:
                    # A heartbeat, or her rights changed: knock on the door again before anything is sent.
                    if ending := await _ending(request, workbook):
                        await say(f"event: {ending}\ndata: {{}}\n\n", last=True)
                        return
                    await say(": still here\n\n")
                else:
                    await say(f"event: {event.name or 'resync'}\ndata: {json.dumps(event.data)}\n\n")
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _ending(request: ASGIRequest, workbook: uuid.UUID) -> str:
    """Why the stream ends now, as its last event names it; empty when it goes on."""
    try:
        await sync_to_async(_reader)(request, workbook)
    except _SignedOut:
        return "signed-out"
    except (Http404, PermissionDenied):
        return "revoked"
    return ""


async def _next(queue: "asyncio.Queue[events.Event]", gone: "asyncio.Future[None]") -> events.Event | None:
    """The next event; None after a heartbeat's time without one, or when the client went away."""
    waiting = asyncio.ensure_future(queue.get())
    both: set[asyncio.Future[Any]] = {waiting, gone}
    await asyncio.wait(both, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None
