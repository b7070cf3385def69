"""Twenty times kill -9 in a storm of saves: is every save that was acknowledged there after the restart?"""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.load import FIELDS, Person, answer, save_request
from bench.server import ROOT, Server

KILLS = 20
AT_LEAST = 1_000
PORT = 8934

_READ = """
import json, django
django.setup()
from koers.kit.tenancy import unscoped
from koers.workbook.models import Revision
with unscoped():
    for book, key, number, value in Revision.objects.values_list("workbook_id", "field_key", "number", "value"):
        print(json.dumps([f"{book}:{key}:{number}", value]))
"""


class Storm:
    """Writers that save as fast as they are answered, until the server is gone."""

    def __init__(self, people: list[Person]) -> None:
        self.writers = [(person, field) for person in people for field in FIELDS]
        self.acknowledged: dict[str, Any] = {}
        self.bases: dict[tuple[str, str], int] = {}

    async def write(self, person: Person, field: str) -> None:
        path, place = f"/w/{person.workbook}/save", (person.workbook, field)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            for number in range(1_000_000):
                writer.write(save_request(person, path, self.bases.get(place, 0), number, field))
                status, body = await answer(reader)
                said = json.loads(body)
                assert status == "200", said
                self.bases[place] = said["revision"]
                self.acknowledged[f"{person.workbook}:{field}:{said['revision']}"] = said["value"]
        except (OSError, asyncio.IncompleteReadError):
            return

    async def rage(self, server: Server) -> None:
        """Let it rage for a while, then kill the server."""
        wanted = len(self.acknowledged) + AT_LEAST
        writing = asyncio.gather(*(self.write(*each) for each in self.writers))
        while len(self.acknowledged) < wanted:
            await asyncio.sleep(0.01)
        await asyncio.sleep(random.uniform(0, 0.2))
        server.process.kill()
        await writing


def _stored(environment: dict[str, str]) -> Iterator[tuple[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", _READ], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    for line in done.stdout.splitlines():
        place, value = json.loads(line)
        yield place, value


def kills(data: Path, people: list[Person]) -> dict[str, int]:
    """Kill and restart; prints and returns how many saves were acknowledged and how many of them are not there."""
    storm = Storm(people)
    for _kill in range(KILLS):
        with Server("koers.config.asgi:application", PORT, data, "koers.config.settings") as server:
            asyncio.run(storm.rage(server))
    stored = dict(_stored(Server.environment(data, "koers.config.settings")))
    lost = sum(stored.get(place) != value for place, value in storm.acknowledged.items())
    print(
        f"kill -9, {KILLS} times                {len(storm.acknowledged):7} saves acknowledged, {lost} lost (goal: 0)",
        flush=True,
    )
    return {"kills": KILLS, "acknowledged": len(storm.acknowledged), "lost": lost}
