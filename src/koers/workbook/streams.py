"""The event stream of a workbook's pages (server-sent events)."""

import asyncio
import contextlib
import io
import math
import random
import re
import secrets
import time
import uuid
from typing import Final

from django.core.handlers.asgi import ASGIRequest

from koers.kit import events
from koers.kit.asgi import Receive, Scope, Send
from koers.organisations.access import abilities
from koers.workbook import roster
from koers.workbook.knocking import Reader, knock, session_key

HEARTBEAT_SECONDS: Final = 20.0
GROUP_SECONDS: Final = 2.0
TAB: Final = re.compile(r"[a-z0-9]{6,32}\Z")


class _Stream:
    """One page that listens, from its opening to its end."""

    def __init__(self, request: ASGIRequest, workbook_id: uuid.UUID, send: Send) -> None:
        self.request = request
        self.workbook_id = workbook_id
        self.send = send
        self.mailbox = events.Mailbox()
        self.channels: list[str] = []
        self.role = ""
        self.tab: roster.Tab | None = None
        self.task = asyncio.current_task()
        self.beat: asyncio.TimerHandle | None = None
        self.waiting_since: float | None = None
        self.given_up = False

    def _join(self, channel: str) -> None:
        self.channels.append(channel)
        events.hub.join(self.mailbox, channel)

    async def open(self) -> bool:
        """Answer the request: with a stream, or 404."""
        self._join(events.workbook_channel(self.workbook_id))
        reader = await knock(self.request, self.workbook_id)
        if isinstance(reader, str):
            headers = [(b"cache-control", b"no-store")]
            await self.send({"type": "http.response.start", "status": 404, "headers": headers})
            await self.send({"type": "http.response.body", "body": b""})
            return False
        self._join(events.person_channel(reader.user.pk))
        # Her rights may have changed before her channel was listened to.
        self.mailbox.knock()
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.say(b"retry: 2000\n\n")
        self.role = reader.role
        self._sit(reader)
        self.beat = self._next_beat(random.uniform(0.5, 1))  # noqa: S311
        return True

    def _sit(self, reader: Reader) -> None:
        """Take a place among the people who are here."""
        asked = self.request.GET
        section, tab = asked.get("section", ""), asked.get("tab", "")
        section = section if section in reader.edition.sections else ""
        self.tab = roster.Tab(
            tab if TAB.match(tab) else secrets.token_hex(8),
            session_key(self.request),
            reader.edition,
            self.mailbox,
            roster.Seat(roster.person_of(reader.user), section, "", time.time()),
        )
        roster.enter(self.workbook_id, self.tab)

    async def say(self, text: bytes, *, last: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": text, "more_body": not last})

    async def run(self) -> None:
        """Send what happens, until the client goes away or may no longer read."""
        mailbox = self.mailbox
        while True:
            await mailbox.wait()
            self.waiting_since = mailbox.loop.time()
            # Sending nothing waits until the client has read enough: only then is decided what is sent. Until then it
            # waits in the mailbox, where it can be joined, superseded, and held back when rights end.
            await self.say(b"")
            self.waiting_since = None
            if mailbox.gone:
                return
            if mailbox.knocking:
                mailbox.knocking = False
                if ending := await self._knock():
                    await self.say(events.server_sent(ending, {}), last=True)
                    return
            else:
                await self.say(mailbox.take())

    async def _knock(self) -> str:
        """Knock on the door again. Returns why the stream ends now; empty when it goes on."""
        reader = await knock(self.request, self.workbook_id)
        assert self.tab is not None
        if isinstance(reader, str):
            roster.leave(self.workbook_id, self.tab, grace=0)
            return reader
        if self.mailbox.knocking:
            # Knocked again meanwhile: the next answer counts.
            return ""
        roster.rename(self.workbook_id, self.tab, roster.person_of(reader.user))
        if reader.role != self.role:
            self.role = reader.role
            held = sorted(abilities(reader.role))
            await self.say(events.server_sent("rights", {"role": reader.role, "abilities": held}))
        await self.say(b": still here\n\n")
        return ""

    def _next_beat(self, share: float) -> asyncio.TimerHandle:
        """Not all at the same moment, but in groups that are answered together."""
        loop = self.mailbox.loop
        at = loop.time() + HEARTBEAT_SECONDS * share
        return loop.call_at(math.ceil(at / GROUP_SECONDS) * GROUP_SECONDS, self._beat)

    def _beat(self) -> None:
        """Now and then look at the door, whatever was announced; let go of a client that does not read any more."""
        self.beat = self._next_beat(1)
        since = self.waiting_since
        if since is not None and self.mailbox.loop.time() - since > HEARTBEAT_SECONDS and self.task is not None:
            self.given_up = True
            self.task.cancel()
        self.mailbox.knock()

    def close(self) -> None:
        events.hub.leave(self.mailbox, *self.channels)
        if self.tab is not None:
            roster.leave(self.workbook_id, self.tab)
        if self.beat is not None:
            self.beat.cancel()


async def _gone(receive: Receive, mailbox: events.Mailbox) -> None:
    """Tells the stream when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    mailbox.leave()


async def workbook_stream(scope: Scope, receive: Receive, send: Send, workbook_id: str) -> None:
    """Send what happens to a workbook to one page, for as long as its reader may see it."""
    request = ASGIRequest({**scope, "root_path": scope.get("root_path", "")}, io.BytesIO())
    stream = _Stream(request, uuid.UUID(workbook_id), send)
    gone = asyncio.ensure_future(_gone(receive, stream.mailbox))
    try:
        if await stream.open():
            await stream.run()
    except asyncio.CancelledError:
        if not stream.given_up:
            raise
    finally:
        stream.close()
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
