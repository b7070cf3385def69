"""Who is in a workbook, on real servers: seen, followed, gone; and who lost her right gets nothing any more.

On PostgreSQL the pages are on two processes; on SQLite one process serves all.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Browser, Installation, installation

# Within a second when the machine is idle; the tests share it.
SOON = 2.0

WORLD = """
import json, sys, uuid, django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from koers.kit.tenancy import unscoped
from koers.organisations.models import Administration, Membership, User
from koers.workbook.actions import create_workbook
tag = uuid.uuid4().hex[:8]
made = {}
with unscoped():
    administration = Administration.objects.create(name="Gemeente " + tag, kind="municipality")
    people = ("lead", "An Peeters", "lead"), ("colleague", "Griet Maes", "editor"), ("outsider", "", "")
    for who, name, role in people:
        user = User.objects.create(email=f"{who}-{tag}@example.test", name=name, password="!")
        if role:
            member = Membership.objects.create(administration=administration, user=user, role=role)
            made["member"] = str(member.pk)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "koers.organisations.backend.Backend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made[who] = session.session_key
    made["administration"], made["workbook"] = str(administration.pk), str(create_workbook(administration, None).pk)
print(json.dumps(made))
"""


class Page:
    """An open page: its event stream, read in a thread."""

    def __init__(self, browser: Browser, port: int, workbook: str, section: str, tab: str) -> None:
        self.port, self.cookies, self.workbook, self.tab = port, browser.cookies, workbook, tab
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Cookie": browser.cookie_header}
        self.connection.request("GET", f"/w/{workbook}/events?section={section}&tab={tab}", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200
        self.socket = self.connection.sock
        self.heard: list[tuple[float, str, Any]] = []
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        name = ""
        try:
            while line := self.response.readline().decode().rstrip("\n"):
                name = line.removeprefix("event: ") if line.startswith("event: ") else name
                if line.startswith("data: "):
                    self.heard.append((time.monotonic(), name, json.loads(line.removeprefix("data: "))))
                self.response.readline() if line.startswith(("data: ", ":", "retry")) else None
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended.set()

    def all(self, name: str) -> list[Any]:
        return [data for _at, heard, data in self.heard if heard == name]

    def until(self, name: str, fits: Callable[[Any], bool] = lambda _data: True, seconds: float = 5) -> float:
        """When an event came that fits."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for at, heard, data in list(self.heard):
                if heard == name and fits(data):
                    return at
            time.sleep(0.005)
        raise AssertionError(f"No such {name!r}; heard {self.heard}")

    def sees(self, name: str, **wanted: Any) -> float:
        """When somebody was there, as wanted."""

        def fits(data: Any) -> bool:
            return any(each["name"] == name and wanted.items() <= each.items() for each in data["people"])

        return self.until("presence", fits)

    def names(self) -> list[str]:
        """Who is here by the last that was heard."""
        return [each["name"] for each in self.all("presence")[-1]["people"]]

    def waits_until_gone(self, name: str) -> float:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            if name not in self.names():
                return time.monotonic()
            time.sleep(0.005)
        raise AssertionError(f"{name} is still here: {self.heard}")

    def caret(self, field: str, browser: Browser | None = None) -> int:
        body = json.dumps({"tab": self.tab, "field": field})
        path = f"/w/{self.workbook}/presence"
        browser = browser or Browser(self.port, "", self.cookies)
        return browser.request("POST", path, body, "application/json")[0]

    def close(self) -> None:
        self.socket.shutdown(2)
        self.socket.close()


@dataclass(frozen=True)
class Office:
    """A workbook with its lead and a colleague, each on a process of her own where there are two."""

    made: dict[str, str]
    servers: tuple[int, ...]
    ports: tuple[int, ...]

    @property
    def workbook(self) -> str:
        return self.made["workbook"]

    def browser(self, who: str, process: int) -> Browser:
        """A new connection: the server lets go of one that was idle for five seconds."""
        return Browser(self.ports[process], "", {"sessionid": self.made[who], "csrftoken": "a" * 32})

    @property
    def lead(self) -> Browser:
        return self.browser("lead", 0)

    @property
    def colleague(self) -> Browser:
        return self.browser("colleague", -1)

    def post(self, path: str, body: str = "") -> int:
        """What the lead does on the page of members."""
        path = f"/administrations/{self.made['administration']}/members/{self.made['member']}/{path}/"
        return self.lead.request("POST", path, body or "x=", "application/x-www-form-urlencoded")[0]

    def pages(self) -> tuple[Page, Page]:
        one = Page(self.lead, self.ports[0], self.workbook, "A.1", "leadspage1")
        other = Page(self.colleague, self.ports[-1], self.workbook, "A.3", "herpage01")
        one.sees("Griet Maes", section="A.3", field="")
        time.sleep(1.2)
        return one, other


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, tuple[int, ...]]]:
    with installation(tmp_path_factory.mktemp("presence")) as made:
        yield made, tuple(made.serve() for _process in range(2 if "DATABASE_URL" in os.environ else 1))


@pytest.fixture
def office(home: tuple[Installation, tuple[int, ...]]) -> Office:
    installed, ports = home
    done = subprocess.run(
        [sys.executable, "-c", WORLD], capture_output=True, text=True, check=True, cwd=installed.folder,
        env={**installed.environment, "DJANGO_SETTINGS_MODULE": "koers.config.settings"},
    )  # fmt: skip
    return Office(json.loads(done.stdout), tuple(server.pid for server in installed.servers), ports)


def test_somebody_is_seen_followed_and_gone(office: Office) -> None:
    lead, colleague = office.pages()
    begun = time.monotonic()
    assert colleague.caret("A.3/why") == 204
    assert lead.sees("Griet Maes", field="A.3/why", section="A.3", initials="GM") - begun < SOON
    assert colleague.sees("Griet Maes", field="A.3/why") - begun < SOON
    time.sleep(1.2)
    begun = time.monotonic()
    colleague.close()
    assert lead.waits_until_gone("Griet Maes") - begun < SOON


def test_a_caret_that_is_reported_to_another_process_is_seen_as_well(office: Office) -> None:
    lead, colleague = office.pages()
    elsewhere = office.browser("colleague", 0)
    assert colleague.caret("A.3/hooks", elsewhere) == 204
    lead.sees("Griet Maes", field="A.3/hooks")
    assert colleague.caret("no/such-field", elsewhere) == 204
    time.sleep(SOON)
    assert lead.all("presence")[-1]["people"][0]["field"] == ""


def test_quick_moves_are_told_at_most_once_a_second_and_the_last_one_counts(office: Office) -> None:
    lead, colleague = office.pages()
    before = len(lead.all("presence"))
    begun = time.monotonic()
    for number in range(40):
        assert colleague.caret(("A.3/why", "A.3/hooks")[number % 2]) == 204
        time.sleep(0.02)
    assert colleague.caret("A.3/talents") == 204
    lead.sees("Griet Maes", field="A.3/talents")
    took = time.monotonic() - begun
    assert len(lead.all("presence")) - before <= 2 + took
    times = [at for at, name, _data in lead.heard if name == "presence"][before:]
    assert all(later - earlier > 0.8 for earlier, later in pairwise(times))


def test_several_pages_of_a_person_are_one_entry(office: Office) -> None:
    lead, colleague = office.pages()
    second = Page(office.colleague, office.ports[-1], office.workbook, "A.1", "herpage02")
    assert colleague.caret("A.3/why") == 204
    assert second.caret("A.3/hooks") == 204
    lead.sees("Griet Maes", field="A.3/hooks", fields=["A.3/hooks", "A.3/why"])
    assert lead.names().count("Griet Maes") == 1


def test_nothing_reaches_a_member_who_was_removed(office: Office) -> None:
    lead, colleague = office.pages()
    begun = time.monotonic()
    assert office.post("remove") == 302
    time.sleep(max(0.0, begun + 1 - time.monotonic()))
    assert office.lead.save(office.workbook, "A.3/why", "onder ons", 0)[0] == 200
    lead.until("saved")
    assert colleague.ended.wait(SOON)
    assert [name for _at, name, _data in colleague.heard if name != "presence"] == ["revoked"]
    assert colleague.heard[-1][0] - begun < SOON
    assert lead.waits_until_gone("Griet Maes") - begun < 2 * SOON
    assert colleague.caret("A.3/why") == 404


def test_a_lowered_role_is_told_and_reading_goes_on(office: Office) -> None:
    _lead, colleague = office.pages()
    begun = time.monotonic()
    assert office.post("role", "role=viewer") == 302
    told = colleague.until("rights", lambda data: data == {"role": "viewer", "abilities": ["comment", "read"]})
    assert told - begun < SOON
    assert office.colleague.save(office.workbook, "A.3/why", "mag niet", 0)[0] == 403
    assert office.lead.save(office.workbook, "A.3/why", "mag wel", 0)[0] == 200
    colleague.until("saved")


def test_a_report_is_checked_as_a_save_is(office: Office) -> None:
    _lead, colleague = office.pages()
    assert colleague.caret("A.3/why", office.browser("outsider", 0)) == 404
    assert colleague.caret("A.3/why", Browser(office.ports[0], "", {"csrftoken": "a" * 32})) == 401
    assert colleague.caret("A.3/why", Browser(office.ports[0], "", {"sessionid": office.made["colleague"]})) == 403
    path = f"/w/{office.workbook}/presence"
    for body in ("[]", '{"tab": "x", "field": ""}', '{"tab": "abcdef1", "field": 3}', '"' + "x" * 3_000):
        assert office.colleague.request("POST", path, body, "application/json")[0] == 400


def test_a_reader_who_stops_reading_holds_nobody_and_costs_no_memory(office: Office) -> None:
    stalled = http.client.HTTPConnection("127.0.0.1", office.ports[-1], timeout=60)
    stalled.request("GET", f"/w/{office.workbook}/events", headers={"Cookie": office.colleague.cookie_header})
    lead = Page(office.lead, office.ports[0], office.workbook, "A.1", "leadspage1")
    server = office.servers[-1]

    def memory() -> int:
        return int(Path(f"/proc/{server}/status").read_text().split("RssAnon:")[1].split()[0])

    writer = office.lead
    base, before = 0, 0
    for number in range(300):
        before = memory() if number == 100 else before
        status, body = writer.save(office.workbook, "A.3/why", f"poging {number}", base)
        assert status == 200
        base = body["revision"]
    lead.until("saved", lambda data: "A.3/why" in data.get("fields", {}), SOON)
    assert memory() - before < 20_000
    stalled.close()
