"""The floor of a live workshop: bare ASGI, votes in a dict, the number of them to every stream four times a second."""

import asyncio
import json

from bench.bare import Streams
from koers.kit.asgi import Receive, Scope, Send

SEND_SECONDS = 0.25


class BareRoom:
    """A POST counts a vote; a GET streams the count: the first change at once, then every quarter of a second."""

    def __init__(self) -> None:
        self.votes: dict[int, object] = {}
        self.streams = Streams()
        self.sent_at = 0.0
        self.waiting: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        elif scope["method"] == "POST":
            await self.vote(receive, send)
        elif scope["path"].endswith("events"):
            await self.streams.stream(receive, send)
        else:
            await self._answer(send, b"ok")

    async def vote(self, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        self.votes[len(self.votes)] = json.loads(body)["value"]
        loop = asyncio.get_running_loop()
        if self.waiting is None:
            self.waiting = loop.call_at(max(loop.time(), self.sent_at + SEND_SECONDS), self._tell)
        await self._answer(send, b"{}")

    def _tell(self) -> None:
        self.waiting, self.sent_at = None, asyncio.get_running_loop().time()
        wire = f'event: count\ndata: {{"v": 1, "joined": 1, "voted": {len(self.votes)}}}\n\n'.encode()
        self.streams.tell(wire)

    async def _answer(self, send: Send, payload: bytes) -> None:
        headers = [(b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})


def application() -> BareRoom:
    return BareRoom()
