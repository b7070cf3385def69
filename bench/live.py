"""How soon a save is on the pages of everybody who looks on: the last of 100 and of 500 viewers, beside a bare stream.

`python -m bench.live` measures it alone; `live` is what `python -m bench` calls.
"""

import argparse
import asyncio
import functools
import http.client
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import TOKEN, Person
from bench.server import ROOT, Server
from bench.viewing import Viewer

SAVES = 60
PAUSE = 0.125
GOALS = {100: 60.0, 500: 120.0}
SAVED = re.compile(rb'event: saved\ndata: \{"fields": \{"A\.3/why": (\d+)')
MEMBERS = 12


def last_of(viewers: list[Viewer], first: int) -> list[float]:
    """When the last viewer had each save, or one after it: what waits and is superseded is not sent."""
    last = [0.0] * SAVES
    for viewer in viewers:
        had = first - 1
        for number, at in viewer.heard:
            for each in range(had + 1, number + 1):
                last[each - first] = max(last[each - first], at)
            had = max(had, number)
    return last


async def _watch(asked: dict[str, Any]) -> None:
    """The load process: open the streams, say so, and read until stdin ends."""
    loop = asyncio.get_running_loop()
    everybody: list[Viewer] = []
    for number in range(asked["viewers"]):
        session = asked["sessions"][number % len(asked["sessions"])]
        lines = (
            f"GET {asked['path']}?section=A.3&tab=viewer{number} HTTP/1.1", "Host: localhost",
            f"Cookie: sessionid={session}", "Accept: text/event-stream",
        )  # fmt: skip
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        ready: asyncio.Future[None] = loop.create_future()
        viewer = Viewer(request, SAVED, ready)
        everybody.append(viewer)
        await loop.create_connection(functools.partial(_same, viewer), "127.0.0.1", asked["port"])
    await asyncio.wait_for(asyncio.gather(*(viewer.ready for viewer in everybody)), 60)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    first = min(viewer.heard[0][0] for viewer in everybody)
    until = time.monotonic() + 15
    while time.monotonic() < until and any(viewer.heard[-1][0] < first + SAVES - 1 for viewer in everybody):
        await asyncio.sleep(0.1)
    events = sum(len(viewer.heard) for viewer in everybody)
    print(json.dumps({"last": last_of(everybody, first), "events": events}), flush=True)


def _same(viewer: Viewer) -> Viewer:
    return viewer


@contextmanager
def viewers(port: int, path: str, sessions: list[str], number: int) -> Iterator["subprocess.Popen[str]"]:
    """Open pages, all in one process of their own."""
    asked = json.dumps({"port": port, "path": path, "sessions": sessions, "viewers": number})
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.live", "--watch", asked],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("Not every stream opened.")
        yield process
    finally:
        process.kill()
        process.wait()


class Writer:
    """Somebody who saves, one after the other."""

    def __init__(self, port: int, person: Person) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.path = f"/w/{person.workbook}/save"
        self.headers = {
            "Host": "localhost", "Cookie": f"sessionid={person.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
        }  # fmt: skip
        self.base = self.number = 0
        self.save()

    def save(self) -> tuple[float, float]:
        """When it was sent, and when the answer came."""
        self.number += 1
        value = f"<p>Wij doen dit <strong>omdat</strong> het loket vergrijst, poging {self.number} {time.time()}.</p>"
        body = json.dumps({"field": "A.3/why", "base": self.base, "value": value}).encode()
        sent = time.monotonic()
        self.connection.request("POST", self.path, body, self.headers)
        response = self.connection.getresponse()
        acknowledged = time.monotonic()
        answer = json.loads(response.read())
        # The first only learns which revision stands there.
        if response.status != 200 and self.number > 1:
            raise RuntimeError(f"A save failed: {response.status} {answer}")
        self.base = answer["revision"]
        return sent, acknowledged


@dataclass(frozen=True)
class Delay:
    """Milliseconds to the last viewer: from the answer that the writer got, and from her sending."""

    p50: float
    p95: float
    sent_p50: float
    sent_p95: float


def _at(values: list[float], share: float) -> float:
    return round(1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


def delay(port: int, person: Person, sessions: list[str], number: int) -> Delay:
    """One round: sixty saves, eight a second, to so many viewers."""
    writer = Writer(port, person)
    with viewers(port, f"/w/{person.workbook}/events", sessions, number) as process:
        time.sleep(1.5)
        # The server let go of a connection that was idle meanwhile; the next save opens another.
        writer.connection.close()
        times = []
        for _save in range(SAVES):
            begun = time.monotonic()
            times.append(writer.save())
            time.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))
        output, _nothing = process.communicate("\n", timeout=30)
    heard = json.loads(output)
    if not all(heard["last"]):
        raise RuntimeError("Not everybody got every save.")
    pairs = list(zip(heard["last"], times, strict=True))
    after = [last - acknowledged for last, (_sent, acknowledged) in pairs]
    whole = [last - sent for last, (sent, _acknowledged) in pairs]
    return Delay(_at(after, 0.5), _at(after, 0.95), _at(whole, 0.5), _at(whole, 0.95))


def _memory(server: Server) -> float:
    """Megabytes of its own that a server holds (not the pages of the database file that it maps)."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def soak(server: Server, person: Person, sessions: list[str], events: int) -> dict[str, float]:
    """Memory before and after so many events to fifty viewers; and what as many saves cost that nobody looks at.

    Saves alone fill the page cache of SQLite (at most 32 MB a connection): only what is beyond that is of the streams.
    """
    writer = Writer(server.port, person)

    def grown(saves: int) -> tuple[float, float]:
        before = _memory(server)
        for _save in range(saves):
            writer.save()
        return before, _memory(server)

    grown(1_000)
    alone = grown(events // 4)
    with viewers(server.port, f"/w/{person.workbook}/events", sessions, 50):
        writer.connection.close()
        grown(100)
        watched = grown(events)
    return {
        "events": events, "before": round(watched[0], 1), "after": round(watched[1], 1),
        "kb_per_1000": round(1024 * 1000 * (watched[1] - watched[0]) / events),
        "kb_per_1000_unwatched": round(1024 * 1000 * (alone[1] - alone[0]) / (events // 4)),
    }  # fmt: skip


def office() -> tuple[Person, list[str]]:
    """A workbook with its people signed in: the writer, and sessions of others. Django must be set up."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from koers.kit.tenancy import unscoped
    from koers.organisations.models import Administration, Membership, User
    from koers.workbook.actions import create_workbook

    sessions = []
    with unscoped():
        administration = Administration.objects.create(name="Gemeente Samen", kind="municipality")
        for number in range(MEMBERS):
            user = User.objects.create(email=f"together{number}@example.test", name=f"Samen {number}", password="!")
            Membership.objects.create(administration=administration, user=user, role="editor")
            store = SessionStore()
            store[SESSION_KEY] = str(user.pk)
            store[BACKEND_SESSION_KEY] = "koers.organisations.backend.Backend"
            store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            store.save()
            sessions.append(str(store.session_key))
        workbook = create_workbook(administration, user)
    return Person(sessions[-1], str(workbook.pk)), sessions


def live(product: Server, bare: Server, rounds: int = 3, events: int = 20_000) -> dict[str, Any]:
    """Measure and print; the product and the bare stream in turns, medians of the rounds."""
    person, sessions = office()
    figures: dict[str, Any] = {}
    for number, goal in GOALS.items():
        ours, theirs = [], []
        for _round in range(rounds):
            ours.append(delay(product.port, person, sessions, number))
            theirs.append(delay(bare.port, person, sessions, number))
        row = {
            key: statistics.median(getattr(each, key) for each in ours)
            for key in ("p50", "p95", "sent_p50", "sent_p95")
        }
        floor = {f"bare_{key}": statistics.median(getattr(each, key) for each in theirs) for key in row}
        # From sending: of the bare stream, hardly anything is left after the answer.
        row["ratio"] = round(row["sent_p95"] / floor["bare_sent_p95"], 2)
        figures[str(number)] = {**row, **floor}
        print(
            f"the last of {number} viewers          p50 {row['p50']:.0f} ms  p95 {row['p95']:.0f} ms after the answer"
            f" (goal: p95 under {goal:.0f}); from sending p95 {row['sent_p95']:.0f} ms,"
            f" bare {floor['bare_sent_p95']:.0f} ms, ratio {row['ratio']} (goal: at most 3)",
            flush=True,
        )
    if events:
        held = figures["soak"] = soak(product, person, sessions, events)
        print(
            f"memory, {events} events, 50 viewers  {held['before']:.1f} MB, then {held['after']:.1f} MB:"
            f" {held['kb_per_1000']} kB a thousand, {held['kb_per_1000_unwatched']} kB with nobody looking on"
            " (goal: the same)",
            flush=True,
        )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.live", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=20_000, help="length of the soak")
    parser.add_argument("--watch", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.watch:
        asyncio.run(_watch(json.loads(arguments.watch)))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="koers-live-") as folder:
        os.environ["KOERS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "koers.config.settings"
        for command in (["migrate", "--verbosity", "0"], ["createcachetable"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        import django

        django.setup()
        settings = "koers.config.settings"
        with (
            Server("koers.config.asgi:application", 8941, Path(folder), settings) as product,
            Server("bench.bare_stream:application", 8942, Path(folder), settings) as bare,
        ):
            live(product, bare, arguments.rounds, arguments.events)


if __name__ == "__main__":
    main()
