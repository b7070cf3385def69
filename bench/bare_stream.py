"""The floor of a live event: bare ASGI, one queue a stream, and a save that is committed before it is sent on."""

import json
import os
from pathlib import Path

from bench.bare import Streams
from bench.grouped import GroupedCommits
from koers.kit.asgi import Receive, Scope, Send


class BareStream(GroupedCommits):
    """A POST is written by the one writer thread, then put in every queue; a GET streams its queue."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.streams = Streams()
        self.number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/health"):
            await super().__call__(scope, receive, send)
        elif scope["method"] == "POST":
            await super().__call__(scope, receive, self._announcing(send))
        else:
            await self.streams.stream(receive, send)

    def _announcing(self, send: Send) -> Send:
        """The answer of a save comes after its commit: the moment at which its event goes out."""

        async def announce(message: Scope) -> None:
            if message["type"] == "http.response.start":
                self.number += 1
                data = json.dumps({"fields": {"A.3/why": self.number}, "by": "Person"})
                wire = f"event: saved\ndata: {data}\n\n".encode()
                self.streams.tell(wire)
            await send(message)

        return announce


def application() -> BareStream:
    return BareStream(Path(os.environ["KOERS_DATA"]) / "stream.sqlite3")
