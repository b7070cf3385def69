"""The floor of a save: bare ASGI, one writer thread that commits rows to SQLite in groups, nothing around it."""

import asyncio
import json
import os
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]


class GroupedCommits:
    """Bare ASGI: read the body, hand it to the writer, answer after its commit."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.jobs: queue.SimpleQueue[tuple[bytes, asyncio.AbstractEventLoop, asyncio.Future[None]]] = (
            queue.SimpleQueue()
        )
        threading.Thread(target=self.write, daemon=True).start()

    def write(self) -> None:
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS saves (body BLOB)"
        )
        while True:
            batch = [self.jobs.get()]
            while len(batch) < 64 and not self.jobs.empty():
                batch.append(self.jobs.get())
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO saves VALUES (?)", [(body,) for body, _loop, _future in batch])
            connection.execute("COMMIT")
            for _body, loop, future in batch:
                loop.call_soon_threadsafe(future.set_result, None)

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self.jobs.put((body, loop, future))
        await future
        payload = json.dumps({"revision": 0}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})


def application() -> GroupedCommits:
    return GroupedCommits(Path(os.environ["KOERS_DATA"]) / "floor.sqlite3")
