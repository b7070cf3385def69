"""A live workshop: 500 join and vote on one process, 2,000 on two over PostgreSQL; beside it a bare ASGI application.

`python -m bench.workshop` measures it alone; `workshop` is what `python -m bench` calls.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import TOKEN
from bench.server import ROOT, Server

SETTINGS = "koers.config.settings"
QUESTION = "B.4.1/1"
TURN = 0.25
JOIN_SECONDS, VOTE_SECONDS = 4.0, 20.0


@dataclass(frozen=True)
class Hall:
    """A workshop that is planned, and its host's session."""

    session: str
    workbook: str
    workshop: str

    @property
    def room(self) -> str:
        return f"/room/{self.workshop}/"

    def do(self, port: int, deed: str) -> dict[str, Any]:
        """A deed of the host, on whatever stands there."""
        path = f"/w/{self.workbook}/workshops/{self.workshop}/console/"
        headers = {
            "Host": "localhost", "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", f"{path}do", json.dumps({"deed": deed}), headers)
        response = connection.getresponse()
        state: dict[str, Any] = json.loads(response.read())
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{deed}: {response.status} {state}")
        return state

    def state(self, port: int) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Host": "localhost", "Cookie": f"sessionid={self.session}"}
        connection.request("GET", f"/w/{self.workbook}/workshops/{self.workshop}/console/state", headers=headers)
        state: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return state


# What makes a hall, in a process of its own: the database differs from one to the other.
MAKE = """
import django, json
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("createcachetable")
from bench.live import office
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Step, Workshop
from koers.kit.tenancy import unscoped
from koers.organisations.models import Membership
from koers.workbook.models import Workbook
person, _sessions = office()
with unscoped():
    book = Workbook.objects.get(pk=person.workbook)
    host = Membership.objects.filter(administration=book.administration).order_by("-pk")[0].user
    measurement = create_measurement(book, instrument(PLAYBOOK, 1), "Nulmeting", ["B.4.1"], host)
    here = {"administration": book.administration}
    workshop = Workshop.objects.create(measurement=measurement, title="Workshop", **here)
    Step.objects.create(workshop=workshop, position=1, kind="questions", questions=["B.4.1/1"], **here)
print(json.dumps({"session": person.session, "workbook": person.workbook, "workshop": str(workshop.pk)}))
"""


def make_hall(data: Path) -> Hall:
    done = subprocess.run(
        [sys.executable, "-c", MAKE], env=Server.environment(data, SETTINGS), cwd=ROOT, stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    return Hall(**json.loads(done.stdout.strip().splitlines()[-1]))


class Crowd:
    """The participants, in a process of their own."""

    def __init__(self, **asked: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.asked = asked

    def begin(self, what: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({**self.asked, "do": what}) + "\n")
        self.process.stdin.flush()

    def end(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The crowd fell over.")
        done: dict[str, Any] = json.loads(line)
        return done

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def _at(values: list[float], share: float) -> float:
    return round(1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


def delays(votes: list[list[float]], waves: list[list[float]]) -> dict[str, float]:
    """Milliseconds from sending a vote to the last screen that counts it: as it is, and from the turn on which it goes.

    A count goes out at most every quarter of a second; a vote that comes between waits for the next turn. `turn` leaves
    that wait out, and nothing else.
    """
    whole, turn = [], []
    for number, (_acked, sent) in enumerate(votes, 1):
        at = next((index for index, wave in enumerate(waves) if wave[0] >= number), None)
        if at is None:
            raise RuntimeError("A vote reached no screen.")
        before = waves[at - 1][1] + TURN if at else 0.0
        whole.append(waves[at][2] - sent)
        turn.append(waves[at][2] - max(sent, before))
    return {"p50": _at(whole, 0.5), "p95": _at(whole, 0.95), "turn_p50": _at(turn, 0.5), "turn_p95": _at(turn, 0.95)}


def gather(servers: list[Server], hall: Hall | None, number: int, crowds: int, *, pages: bool) -> dict[str, Any]:
    """One round: join, vote, count."""
    code = hall.do(servers[0].port, "open")["code"] if hall else ""
    shares = [number // crowds] * crowds
    asked = {
        "room": hall.room if hall else "/room/", "code": code, "join_seconds": JOIN_SECONDS * number / 500,
        "pages": pages, "vote_seconds": VOTE_SECONDS, "everybody": number,
        "vote": {"deed": "vote", "question": QUESTION, "ballot": 1},
    }  # fmt: skip
    everybody = [
        Crowd(**asked, phones=share, ports=[servers[index % len(servers)].port]) for index, share in enumerate(shares)
    ]
    try:
        before = sum(server.processor_seconds() for server in servers)
        for crowd in everybody:
            crowd.begin("join")
        joined = [crowd.end() for crowd in everybody]
        join_cpu = sum(server.processor_seconds() for server in servers) - before
        if hall:
            hall.do(servers[0].port, "vote")
        before = sum(server.processor_seconds() for server in servers)
        for crowd in everybody:
            crowd.begin("vote")
        voted = [crowd.end() for crowd in everybody]
        vote_cpu = sum(server.processor_seconds() for server in servers) - before
        counted = hall.state(servers[0].port)["voted"] if hall else voted[0]["waves"][-1][0]
    finally:
        for crowd in everybody:
            crowd.stop()
    figures: dict[str, Any] = {
        "join_seconds": round(max(each["seconds"] for each in joined), 2),
        "join_p95": round(1000 * max(each["p95"] for each in joined)),
        "join_cpu": round(join_cpu, 2),
        "acknowledged": sum(len(each["votes"]) for each in voted),
        "counted": counted,
        "heard_all": sum(each["heard_all"] for each in voted),
        "lost_streams": sum(each["lost"] for each in voted),
        "cores": round(vote_cpu / VOTE_SECONDS, 2),
        "load": os.getloadavg()[0],
    }
    if crowds == 1:
        figures |= delays(voted[0]["votes"], voted[0]["waves"])
    return figures


def say(name: str, figures: dict[str, Any], goal: str) -> None:
    took = (
        f"vote to every screen p50 {figures['p50']:.0f} p95 {figures['p95']:.0f} ms, from its turn p50"
        f" {figures['turn_p50']:.0f} p95 {figures['turn_p95']:.0f} ms; "
        if "p50" in figures
        else ""
    )
    print(
        f"{name:28} joined in {figures['join_seconds']:.1f} s ({figures['join_cpu']:.1f} s of CPU); {took}"
        f"{figures['counted']} of {figures['acknowledged']} acknowledged votes counted, {figures['heard_all']} screens"
        f" heard of all; {figures['cores']:.2f} cores (load {figures['load']:.1f}; goal: {goal})",
        flush=True,
    )


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in a folder, with its commits on disk; empty where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        yield ""
        return
    home, binaries = folder / "postgresql", found[-1]
    home.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    if owner:
        folder.chmod(0o755)
        shutil.chown(home, "postgres", "postgres")

    def run(*command: str) -> None:
        subprocess.run([*owner, *command], check=True, stdout=subprocess.DEVNULL, cwd=home)

    run(str(binaries / "initdb"), "-D", f"{home}/data", "-U", "koers", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
    run(str(binaries / "pg_ctl"), "-D", f"{home}/data", "-w", "-l", f"{home}/log", "-o", options, "start")
    try:
        run(str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "koers", "koers")
        yield f"postgresql://koers@127.0.0.1:{port}/koers"
    finally:
        run(str(binaries / "pg_ctl"), "-D", f"{home}/data", "-m", "fast", "stop")


def workshop(data: Path, rounds: int = 1, *, large: bool = True) -> dict[str, Any]:
    """Measure and print."""
    figures: dict[str, Any] = {}
    for _round in range(rounds):
        hall = make_hall(data)
        with Server("koers.config.asgi:application", 8951, data, SETTINGS) as server:
            figures["500"] = gather([server], hall, 500, 1, pages=True)
            say("500 in a workshop", figures["500"], "join 5 s, p95 under 120 ms, all counted, under 0.5 cores")
        with Server("bench.bare_room:application", 8952, data, SETTINGS) as server:
            figures["bare_500"] = gather([server], None, 500, 1, pages=False)
            say("500, bare ASGI in memory", figures["bare_500"], "the floor")
    if not large:
        return figures
    with tempfile.TemporaryDirectory(prefix="koers-room-") as folder, postgresql(Path(folder)) as url:
        if not url:
            print("2,000 over PostgreSQL: PostgreSQL is not installed here", flush=True)
            return figures
        before = os.environ.get("DATABASE_URL")
        os.environ["DATABASE_URL"] = url
        try:
            hall = make_hall(data)
            with (
                Server("koers.config.asgi:application", 8953, data, SETTINGS) as one,
                Server("koers.config.asgi:application", 8954, data, SETTINGS) as other,
            ):
                figures["2000"] = gather([one, other], hall, 2000, 2, pages=False)
                say("2,000, two processes", figures["2000"], "no vote lost")
        finally:
            os.environ.pop("DATABASE_URL")
            if before is not None:
                os.environ["DATABASE_URL"] = before
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.workshop", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="without the 2,000")
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="koers-workshop-") as folder:
        workshop(Path(folder), arguments.rounds, large=not arguments.small)


if __name__ == "__main__":
    main()
