"""The floor of a live workshop: bare ASGI, votes in a dict, the number of them to every stream four times a second."""

import asyncio
import json

from koers.kit.asgi import Receive, Scope, Send

SEND_SECONDS = 0.25


class BareRoom:
    """A POST counts a vote; a GET streams the count: the first change at once, then every quarter of a second."""

    def __init__(self) -> None:
        self.votes: dict[int, object] = {}
        self.queues: set[asyncio.Queue[bytes | None]] = set()
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
            await self.stream(receive, send)
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
        for queue in self.queues:
            queue.put_nowait(wire)

    async def _answer(self, send: Send, payload: bytes) -> None:
        headers = [(b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

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


def application() -> BareRoom:
    return BareRoom()
