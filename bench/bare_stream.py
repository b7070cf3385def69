"""The floor of a live event: bare ASGI, one queue a stream, and a save that is committed before it is sent on."""

import asyncio
import json
import os
from pathlib import Path

from bench.grouped import GroupedCommits
from koers.kit.asgi import Receive, Scope, Send


class BareStream(GroupedCommits):
    """A POST is written by the one writer thread, then put in every queue; a GET streams its queue."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.queues: set[asyncio.Queue[bytes | None]] = set()
        self.number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/health"):
            await super().__call__(scope, receive, send)
        elif scope["method"] == "POST":
            await super().__call__(scope, receive, self._announcing(send))
        else:
            await self.stream(receive, send)

    def _announcing(self, send: Send) -> Send:
        """The answer of a save comes after its commit: the moment at which its event goes out."""

        async def announce(message: Scope) -> None:
            if message["type"] == "http.response.start":
                self.number += 1
                data = json.dumps({"fields": {"A.3/why": self.number}, "by": "Person"})
                wire = f"event: saved\ndata: {data}\n\n".encode()
                for queue in self.queues:
                    queue.put_nowait(wire)
            await send(message)

        return announce

    async def stream(self, receive: Receive, send: Send) -> None:
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.queues.add(queue)
        gone = asyncio.ensure_future(self._gone(receive, queue))
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        while (wire := await queue.get()) is not None:
            await send({"type": "http.response.body", "body": wire, "more_body": True})
        await gone

    async def _gone(self, receive: Receive, queue: "asyncio.Queue[bytes | None]") -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.queues.discard(queue)
        queue.put_nowait(None)


def application() -> BareStream:
    return BareStream(Path(os.environ["KOERS_DATA"]) / "stream.sqlite3")
