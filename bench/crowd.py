"""The participants of a workshop that is measured: each joins by code, listens, and votes once. A process of its own.

It is told what to do on stdin as JSON, line by line (`join`, `vote`), and answers each line with one of its own.
"""

import asyncio
import json
import random
import re
import sys
import time
from dataclasses import dataclass
from typing import Any

from bench.load import answer
from bench.viewing import Viewer

COUNT = re.compile(rb'event: count\ndata: [^\n]*"voted": ?(\d+)')
ROLES = ("management", "college", "head", "it", "staff")


@dataclass
class Phone:
    """A participant's browser."""

    port: int
    cookie: str = ""
    listener: Viewer | None = None
    pages: int = 0

    async def ask(self, requests: list[tuple[str, str, str, bytes]]) -> list[tuple[str, bytes]]:
        """Requests over one connection, one after the other: (method, path, kind of content, body)."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answers = []
        for method, path, kind, body in requests:
            lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Language: nl", "Accept-Encoding: gzip"]
            if self.cookie:
                lines.append(f"Cookie: {self.cookie}")
            if method == "POST":
                lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Origin: http://localhost"]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            answers.append(await answer(_Noting(reader, self)))  # type: ignore[arg-type]
        writer.close()
        return answers

    async def listen(self, path: str) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        lines = (f"GET {path} HTTP/1.1", "Host: localhost", f"Cookie: {self.cookie}", "Accept: text/event-stream")
        self.listener = listener = Viewer(("\r\n".join(lines) + "\r\n\r\n").encode(), COUNT, ready)
        await loop.create_connection(lambda: listener, "127.0.0.1", self.port)
        await ready


class _Noting:
    """Reads an answer and keeps its cookie, as a browser does."""

    def __init__(self, reader: asyncio.StreamReader, phone: Phone) -> None:
        self.reader, self.phone = reader, phone

    async def readuntil(self, end: bytes) -> bytes:
        head = await self.reader.readuntil(end)
        for line in head.decode("latin-1").split("\r\n"):
            name, _colon, value = line.partition(":")
            if name.lower() == "set-cookie" and value.strip().startswith("koers_seat="):
                self.phone.cookie = value.strip().split(";")[0]
        return head

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)


class Crowd:
    """All phones of this process."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.phones = [Phone(asked["ports"][number % len(asked["ports"])]) for number in range(asked["phones"])]
        self.room = asked["room"]

    async def join(self) -> dict[str, Any]:
        """Everybody within so many seconds: page, code, room, stream. What the pages weigh is not asked here."""
        seconds, pages = self.asked["join_seconds"], self.asked["pages"]
        begun = time.monotonic()
        took: list[float] = []

        async def one(number: int, phone: Phone) -> None:
            await asyncio.sleep(seconds * number / len(self.phones))
            at = time.monotonic()
            if self.asked["code"]:
                form = f"code={self.asked['code']}&role={ROLES[number % 5]}&size=1".encode()
                join = [("POST", "/join/", "application/x-www-form-urlencoded", form)]
                if pages:
                    join.insert(0, ("GET", f"/join/?code={self.asked['code']}", "", b""))
                statuses = [status for status, _body in await phone.ask(join)]
                if statuses[-1] != "302" or (pages and statuses[0] != "200"):
                    raise RuntimeError(f"could not join: {statuses}")
                if pages and (await phone.ask([("GET", self.room, "", b"")]))[0][0] != "200":
                    raise RuntimeError("no page of the room")
            await phone.listen(f"{self.room}events")
            took.append(time.monotonic() - at)

        await asyncio.gather(*(one(number, phone) for number, phone in enumerate(self.phones)))
        took.sort()
        return {"seconds": time.monotonic() - begun, "p95": took[int(0.95 * len(took))], "last": took[-1]}

    async def vote(self) -> dict[str, Any]:
        """Everybody once, at a moment of her own; then wait until every screen heard of all votes."""
        asked = self.asked
        votes: list[tuple[float, float, str]] = []

        async def one(phone: Phone) -> None:
            await asyncio.sleep(random.uniform(0, asked["vote_seconds"]))
            body = json.dumps({**asked["vote"], "value": {"choice": random.randint(1, 3)}}).encode()
            sent = time.monotonic()
            ((status, _body),) = await phone.ask([("POST", f"{self.room}do", "application/json", body)])
            votes.append((sent, time.monotonic(), status))

        await asyncio.gather(*(one(phone) for phone in self.phones))
        listeners = [phone.listener for phone in self.phones if phone.listener is not None]
        until = time.monotonic() + 10
        while time.monotonic() < until and any(
            not each.heard or each.heard[-1][0] < asked["everybody"] for each in listeners
        ):
            await asyncio.sleep(0.1)
        return {
            "votes": sorted((acked, sent) for sent, acked, status in votes if status == "200"),
            "refused": sum(status != "200" for _sent, _acked, status in votes),
            "waves": _waves(listeners),
            "heard_all": sum(bool(each.heard) and each.heard[-1][0] == asked["everybody"] for each in listeners),
            "lost": sum(each.is_lost for each in listeners),
            "events": sum(len(each.heard) for each in listeners),
        }


def _waves(listeners: list[Viewer]) -> list[tuple[int, float, float]]:
    """Each count that was sent: the number of votes, when the first screen had it, and the last (it or a later one)."""
    first: dict[int, float] = {}
    for each in listeners:
        for number, at in each.heard:
            first[number] = min(at, first.get(number, at))
    numbers = sorted(first)
    last = dict.fromkeys(numbers, 0.0)
    for each in listeners:
        done = 0
        for heard, at in each.heard:
            while done < len(numbers) and numbers[done] <= heard:
                last[numbers[done]] = max(last[numbers[done]], at)
                done += 1
    return [(number, first[number], last[number]) for number in numbers]


async def main() -> None:
    loop = asyncio.get_running_loop()
    crowd: Crowd | None = None
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        if crowd is None:
            crowd = Crowd(asked)
        crowd.asked |= asked
        done = await (crowd.join() if asked["do"] == "join" else crowd.vote())
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
