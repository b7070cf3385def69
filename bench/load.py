"""A load generator in a process of its own: keep-alive connections that ask again as soon as they were answered."""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Person:
    """A signed-in browser: where it works and its session."""

    session: str
    workbook: str


@dataclass(frozen=True)
class Result:
    """What a round gave: requests a second, milliseconds, and the number of answers by status."""

    rate: float
    p50: float
    p95: float
    p99: float
    requests: int
    statuses: dict[str, int]


TOKEN = "a" * 32
# Each writer has a field of her own: of those of one workbook, four may write.
FIELDS = ("A.3/why", "A.3/hooks", "A.3/talents", "A.0/digital-government")


def _page(person: Person, path: str) -> bytes:
    path = path.replace("<workbook>", person.workbook)
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", f"Cookie: sessionid={person.session}", "Accept-Language: nl")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def save_request(person: Person, path: str, base: int, number: int, field: str = FIELDS[0]) -> bytes:
    """A save as a page sends it."""
    value = (
        f"<p>Wij doen dit <strong>omdat</strong> het loket vergrijst, poging {number}.</p>"
        "<p>De baliemedewerkers vragen al jaren om één dossier per inwoner.</p>"
    )
    body = json.dumps({"field": field, "base": base, "value": value}).encode()
    lines = (
        f"POST {path.replace('<workbook>', person.workbook)} HTTP/1.1",
        "Host: localhost",
        f"Cookie: sessionid={person.session}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = head.split(" ", 2)[1]
    if "transfer-encoding: chunked" in head:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return status, b"".join(parts)
    length = int(head.split("content-length:", 1)[1].split("\r\n", 1)[0])
    return status, await reader.readexactly(length)


async def _browser(
    port: int, person: Person, field: str, path: str, until: float, times: list[float], statuses: dict[str, int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    base = number = 0
    saving = path.endswith("/save")
    if saving:
        # Learn the revision that stands there; this one does not count.
        writer.write(save_request(person, path, 0, 0, field))
        base = json.loads((await answer(reader))[1])["revision"]
    while time.monotonic() < until:
        number += 1
        writer.write(save_request(person, path, base, number, field) if saving else _page(person, path))
        begun = time.perf_counter()
        status, body = await answer(reader)
        times.append(time.perf_counter() - begun)
        statuses[status] = statuses.get(status, 0) + 1
        if saving:
            base = json.loads(body)["revision"]
    writer.close()


async def run(port: int, people: list[Person], path: str, seconds: float, each: int = 1) -> Result:
    """Let everybody ask for `path` (or save to it) for some seconds, over so many connections each."""
    times: list[float] = []
    statuses: dict[str, int] = {}
    begun = time.monotonic()
    await asyncio.gather(
        *(
            _browser(port, person, field, path, begun + seconds, times, statuses)
            for person in people
            for field in FIELDS[:each]
        )
    )
    took = time.monotonic() - begun
    times.sort()

    def at(share: float) -> float:
        return round(1000 * times[min(len(times) - 1, int(share * len(times)))], 1)

    return Result(round(len(times) / took, 1), at(0.5), at(0.95), at(0.99), len(times), statuses)


def main() -> None:
    """Arguments as JSON on stdin, the result as JSON on stdout."""
    asked: dict[str, Any] = json.load(sys.stdin)
    people = [Person(**each) for each in asked["people"]]
    result = asyncio.run(run(asked["port"], people, asked["path"], asked["seconds"], asked.get("each", 1)))
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
