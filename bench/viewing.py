"""One screen that looks on: a socket that reads a stream, as load processes open them by the hundred."""

import asyncio
import re
import time


class Viewer(asyncio.Protocol):
    """Notes when each number that `pattern` finds in an event came. `ready` is set when the stream begins."""

    def __init__(self, request: bytes, pattern: re.Pattern[bytes], ready: "asyncio.Future[None]") -> None:
        self.request, self.pattern, self.ready = request, pattern, ready
        self.heard: list[tuple[int, float]] = []
        self.rest = b""
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        data = self.rest + data
        if not self.ready.done() and b"retry:" in data:
            self.ready.set_result(None)
        whole, _end, self.rest = data.rpartition(b"\n\n")
        self.heard.extend((int(number), now) for number in self.pattern.findall(whole))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = True
