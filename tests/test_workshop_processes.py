"""A live workshop on real servers: killed in the middle of the votes, and over two processes."""

import http.client
import json
import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Browser, Installation, installation

CHOICE = "B.4.1/1"

MAKE = """
import django
django.setup()
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Step, Workshop
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from koers.workbook.models import Workbook
with unscoped():
    book = Workbook.objects.get(pk="{workbook}")
    measurement = create_measurement(book, instrument(PLAYBOOK, 1), "x", ["B.4.1"], User.objects.get(email="{email}"))
    here = {{"administration": book.administration}}
    workshop = Workshop.objects.create(pk="{workshop}", measurement=measurement, title="x", **here)
    Step.objects.create(workshop=workshop, position=1, kind="questions", questions=["B.4.1/1", "B.4.1/2"], **here)
"""


@dataclass
class Phone:
    """A participant: joins by the form, votes, listens."""

    port: int
    room: str
    cookie: str = ""
    lines: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/json") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body.encode() or None, {"Cookie": self.cookie, "Content-Type": kind})
        response = connection.getresponse()
        given = response.getheader("Set-Cookie") or ""
        if given.startswith("koers_seat="):
            self.cookie = given.split(";")[0]
        status, text = response.status, response.read().decode()
        connection.close()
        return status, text

    def join(self, code: str) -> int:
        return self.ask("POST", "/join/", f"code={code}&role=staff", "application/x-www-form-urlencoded")[0]

    def vote(self, choice: int) -> int:
        given = {"deed": "vote", "question": CHOICE, "ballot": 1, "value": {"choice": choice}}
        return self.ask("POST", f"{self.room}do", json.dumps(given))[0]

    @property
    def sees(self) -> dict[str, Any]:
        status, text = self.ask("GET", f"{self.room}state")
        assert status == 200, text
        return dict(json.loads(text))

    def listen(self) -> "Phone":
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"{self.room}events", headers={"Cookie": self.cookie})
        response = connection.getresponse()
        assert response.status == 200
        threading.Thread(target=self._read, args=(response,), daemon=True).start()
        return self

    def _read(self, response: http.client.HTTPResponse) -> None:
        try:
            while line := response.readline():
                self.lines.append(line.decode().strip())
        except OSError:
            pass
        self.ended.set()

    def wait_for(self, text: str, seconds: float = 5) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(text in line for line in self.lines):
                return
            time.sleep(0.01)
        raise AssertionError(f"{text!r} did not come; got {self.lines}")


@dataclass
class Hall:
    """The workshop of an installation, and its host."""

    home: Installation
    workbook: str
    email: str
    workshop: str
    cookies: dict[str, str] = field(default_factory=dict)

    def do(self, deed: str, port: int = 0, **more: Any) -> dict[str, Any]:
        host = Browser(port or self.home.port, self.email, self.cookies)
        self.cookies = host.cookies
        path = f"/w/{self.workbook}/workshops/{self.workshop}/console/do"
        status, text = host.request("POST", path, json.dumps({"deed": deed, **more}), "application/json")
        assert status == 200, text
        return dict(json.loads(text))

    def phone(self, code: str, port: int = 0) -> Phone:
        phone = Phone(port or self.home.port, f"/room/{self.workshop}/")
        assert phone.join(code) == 302
        return phone


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with installation(tmp_path) as home:
        workbook, email = home.make_workbook()
        workshop = str(uuid.uuid4())
        script = tmp_path / "make.py"
        script.write_text(MAKE.format(workbook=workbook, email=email, workshop=workshop))
        home.python(script)
        yield Hall(home, workbook, email, workshop)


def _vote_on(phone: Phone, last: dict[int, set[int]], number: int) -> None:
    """Vote again and again, until the server dies; what may stand then: the last that was acknowledged, or the next."""
    try:
        for turn in range(10_000):
            choice = 1 + (turn + number) % 4
            last.setdefault(number, set()).add(choice)
            status = phone.vote(choice)
            if status == 200:
                last[number] = {choice}
            assert status in {200, 429}
            time.sleep(0.02 if status == 200 else 0.2)
    except (OSError, http.client.HTTPException):
        return


def test_a_killed_server_loses_no_vote_and_the_phones_come_back(hall: Hall) -> None:
    hall.home.serve()
    code = hall.do("open")["code"]
    hall.do("vote")
    phones = [hall.phone(code) for _person in range(12)]
    for phone in phones:
        phone.listen()
    steady = phones[:8]
    for number, phone in enumerate(steady):
        assert phone.vote(1 + number % 4) == 200
    last: dict[int, set[int]] = {}
    storm = [threading.Thread(target=_vote_on, args=(phone, last, number)) for number, phone in enumerate(phones[8:])]
    for voter in storm:
        voter.start()
    time.sleep(random.uniform(0.3, 0.8))
    hall.home.kill()
    for voter in storm:
        voter.join()
    assert all(phone.ended.wait(10) for phone in phones)

    port = hall.home.serve()
    for phone in phones:
        phone.port = port
        phone.lines.clear()
        phone.ended.clear()
    # They are still in the room, at the same question, and have what they gave.
    for number, phone in enumerate(steady):
        seen = phone.sees
        assert (seen["state"]["phase"], seen["state"]["question"]["key"]) == ("voting", CHOICE)
        assert seen["mine"]["yours"]["value"] == {"choice": 1 + number % 4}
    for number, phone in enumerate(phones[8:]):
        assert phone.sees["mine"]["yours"]["value"]["choice"] in last[number]
    listening = phones[0].listen()
    listening.wait_for('"phase":"voting"')
    state = hall.do("reveal")
    assert (state["joined"], state["voted"], state["spread"]["answered"]) == (12, 12, 12)
    listening.wait_for('"phase":"shown"')
    assert phones[3].vote(1) == 409


def test_a_vote_and_a_deed_reach_the_other_process_on_postgresql(hall: Hall) -> None:
    """On SQLite one process serves all."""
    if "DATABASE_URL" not in os.environ:
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    one, other = hall.home.serve(), hall.home.serve()
    code = hall.do("open", port=one)["code"]
    hall.do("vote", port=other)
    here, there = hall.phone(code, one).listen(), hall.phone(code, other).listen()
    assert [here.vote(1), there.vote(2)] == [200, 200]
    for phone in (here, there):
        phone.wait_for('"voted": 2')
    hall.do("reveal", port=other)
    for phone in (here, there):
        phone.wait_for('"phase":"shown"')
    assert (here.vote(3), here.sees["state"]["spread"]["counts"]) == (409, [1, 1, 0, 0])


def test_votes_of_many_on_two_processes_are_all_counted(hall: Hall) -> None:
    if "DATABASE_URL" not in os.environ:
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    ports = [hall.home.serve(), hall.home.serve()]
    code = hall.do("open", port=ports[0])["code"]
    hall.do("vote", port=ports[0])
    phones = [hall.phone(code, ports[number % 2]) for number in range(60)]
    statuses: list[int] = []

    def vote(some: list[Phone]) -> None:
        statuses.extend(phone.vote(2) for phone in some)

    voters = [threading.Thread(target=vote, args=(phones[at::6],)) for at in range(6)]
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join()
    assert statuses == [200] * 60
    assert hall.do("reveal", port=ports[1])["spread"]["counts"] == [0, 60, 0, 0]
