"""What a test needs to be there before it begins: people, administrations, workbooks, answers. Past the browser."""

import itertools
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from koers.demo.world import PASSWORD as DEMO_PASSWORD
from tests.serving import PASSWORD, Browser, Installation

FORM = "application/x-www-form-urlencoded"
FORGET = Path(__file__).with_name("forget_limits.py")
INVITATIONS_AN_HOUR = 50


class Person(Browser):
    """Somebody who speaks HTTP with the server; also a name to sign in with in a browser."""

    def __init__(self, port: int, email: str, password: str = PASSWORD) -> None:
        super().__init__(port, email, password=password)
        self.email = email
        self.password = password

    def request(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        # The server drops a connection that was quiet for a while.
        self.connection.close()
        return super().request(method, path, body, kind)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form; where a redirect leads stands in `location`."""
        return self.request("POST", path, urlencode(fields), FORM)

    def put(self, workbook: str, key: str, value: Any) -> int:
        """Save over whatever stands there; the new revision."""
        status, body = self.save(workbook, key, value, self.revision(workbook, key))
        assert status == 200, body
        return int(body["revision"])

    def field(self, workbook: str, key: str) -> str:
        """The HTML of one field as it stands in the workbook now."""
        return self.request("GET", f"/w/{workbook}/field/?{urlencode({'key': key})}")[1]

    def revision(self, workbook: str, key: str) -> int:
        found = re.search(r'data-revision="(\d+)"', self.field(workbook, key))
        assert found
        return int(found[1])


@dataclass(frozen=True)
class Book:
    """A fresh workbook: of a lead, shared with a colleague who is its editor."""

    id: str
    administration: str
    name: str

    def section(self, id: str) -> str:  # noqa: A002 (as the playbook calls it)
        return f"/w/{self.id}/s/{id}/"

    @property
    def map(self) -> str:
        return f"/w/{self.id}/"

    @property
    def place(self) -> str:
        return f"/administrations/{self.administration}/"


class Office:
    """One lead and one colleague of the tests, and as many workbooks of theirs as wanted."""

    def __init__(self, home: Installation) -> None:
        self.home = home
        self.tag = uuid.uuid4().hex[:8]
        self._numbers = itertools.count(1)
        self._invitations = itertools.count(1)
        self.lead = self._person("Lieve Lootens", "lead")
        self.colleague = self._person("Karel Colpaert", "collega")

    def newcomer(self, name: str) -> Person:
        """One more person, with a name of one's choice."""
        return self._person(name, f"nieuw-{next(self._numbers)}")

    def demo(self, email: str) -> Person:
        """Somebody of the demo world."""
        return Person(self.home.port, email, DEMO_PASSWORD)

    def mails(self) -> str:
        """All mail that the server printed so far."""
        return (self.home.folder / "server.out").read_text()

    def _person(self, name: str, who: str) -> Person:
        email = f"{who}-{self.tag}@example.test"
        self.home.koers("user", "create", email, "--name", name, "--password", PASSWORD)
        return Person(self.home.port, email)

    def book(self, *, colleague_is: str = "") -> Book:
        """A new administration with an empty workbook; the colleague may take part in it, in a role."""
        name = f"Zorgvereniging Testdal {self.tag} {next(self._numbers)}"
        status, text = self.lead.post("/administrations/new/", kind="welfare-association", name=name)
        assert status == 302, text[:2000]
        administration = self.lead.location.split("/")[2]
        self.lead.request("GET", self.lead.location)
        book = Book(self.lead.location.split("/")[2], administration, name)
        if colleague_is:
            self.take_in(book, self.colleague, colleague_is)
        return book

    def take_in(self, book: Book, person: Person, role: str) -> None:
        """Invite somebody, who accepts."""
        path = self.invite(book, person.email, role)
        assert person.post(path)[0] == 302

    def invite(self, book: Book, email: str, role: str, by: Person | None = None) -> str:
        """Invite somebody; the path of the link."""
        if next(self._invitations) % INVITATIONS_AN_HOUR == 0:
            # A whole suite invites more people than anybody does in an hour.
            self.home.python(FORGET)
        page = (by or self.lead).post(book.place + "invitations/", email=email, role=role)[1]
        found = re.search(r"/invitations/[\w-]+/(?=\")", page)
        assert found, page
        return found[0]
