"""What the bare floors have in common: one queue a stream."""

import asyncio

from koers.kit.asgi import Receive, Send


class Streams:
    """Streams that each send what is put in their queue; no check of any kind."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[bytes | None]] = set()

    def tell(self, wire: bytes) -> None:
        for queue in self.queues:
            queue.put_nowait(wire)

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
