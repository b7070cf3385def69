"""The root of one process: pages as WSGI in threads, saves and event streams as ASGI, files from the static folder.

The same code can also run apart: `koers.config.wsgi` for pages on a page server, this one for streams (ADR 3).
"""

import asyncio
import contextlib
import contextvars
import os
import re
from typing import Any, Final, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import connection
from servestatic import ServeStaticASGI

# First, because it sets Django up.
from koers.config.wsgi import application as pages

# isort: split
from koers.assessment.actions.workshops import end_forgotten
from koers.assessment.live.fastpath import FastRoom
from koers.assessment.live.rooms import close_rooms
from koers.assessment.live.streams import console_stream, room_stream, screen_stream
from koers.assessment.mailing import send_reminders
from koers.kit import events
from koers.kit.asgi import Receive, Scope, Send
from koers.kit.grouping import GroupWriter
from koers.workbook.fastpath import FastSave
from koers.workbook.mailing import Mailer
from koers.workbook.presence import fast_presence
from koers.workbook.streams import workbook_stream

PAGE_THREADS: Final = 2
_UUID: Final = r"(?P<workbook_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_SAVE: Final = re.compile(rf"/w/{_UUID}/save\Z")
_PRESENCE: Final = re.compile(rf"/w/{_UUID}/presence\Z")
_EVENTS: Final = re.compile(rf"/w/{_UUID}/events\Z")
_ROOM: Final = re.compile(rf"/room/{_UUID.replace('workbook', 'workshop')}/(?P<what>do|state|events)\Z")
_SCREEN: Final = re.compile(r"/screen/(?P<token>[\w.-]{20,120})/events\Z")
_CONSOLE: Final = re.compile(rf"/w/{_UUID}/workshops/{_UUID.replace('workbook', 'workshop')}/console/events\Z")
_FOREVER: Final = re.compile(r"/dist/assets/")


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """What is asked of the static folder and is not there."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"not found\n"})


class Root:
    """Sends each request to the part that serves it."""

    def __init__(self) -> None:
        # The libraries type scope, receive and send each in their own way.
        self.pages: Any = WSGIMiddleware(cast(Any, pages), workers=PAGE_THREADS)
        self.writer = GroupWriter()
        self.save = FastSave(self.writer)
        self.room = FastRoom(self.writer)
        self.mailer = Mailer(send_reminders, end_forgotten)
        self.files: Any = ServeStaticASGI(
            _nothing,
            root=settings.STATIC_ROOT,
            prefix="static",
            immutable_file_test=lambda _path, url: bool(_FOREVER.search(url)),
        )
        self.listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path.startswith("/static/"):
            await self.files(scope, receive, send)
        elif scope["method"] == "POST" and (match := _SAVE.match(path)):
            await self.save(scope, receive, send, match["workbook_id"])
        elif scope["method"] == "POST" and (match := _PRESENCE.match(path)):
            await fast_presence(scope, receive, send, match["workbook_id"])
        elif match := _EVENTS.match(path):
            await workbook_stream(scope, receive, send, match["workbook_id"])
        elif not await self.live(scope, receive, send):
            await self.pages(scope, receive, send)

    async def live(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """The part of a live workshop that many ask at once; False: this is something else."""
        path, method = scope["path"], scope["method"]
        if match := _ROOM.match(path):
            if match["what"] == "events":
                await room_stream(scope, receive, send, match["workshop_id"])
            elif match["what"] == "state" and method == "GET":
                await self.room.state(scope, send, match["workshop_id"])
            elif match["what"] == "do" and method == "POST":
                await self.room.do(scope, receive, send, match["workshop_id"])
            else:
                return False
        elif match := _SCREEN.match(path):
            await screen_stream(scope, receive, send, match["token"])
        elif match := _CONSOLE.match(path):
            await console_stream(scope, receive, send, match["workbook_id"], match["workshop_id"])
        elif path == "/join/" and method == "POST":
            await self.room.join(scope, receive, send, self.pages)
        else:
            return False
        return True

    async def lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if connection.vendor == "postgresql":
                    # A fresh context: a task that lives on must not inherit a request's.
                    self.listening = asyncio.create_task(events.listen(), context=contextvars.Context())
                self.writer.start()
                self.mailer.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.listening:
                    self.listening.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await self.listening
                close_rooms()
                await asyncio.to_thread(self.writer.stop)
                await asyncio.to_thread(self.mailer.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Root()
