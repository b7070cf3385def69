"""A live workshop of Kastelbeke with its hosts and its participants, for the tests of what happens in it."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.cache import cache
from django.test import Client

from conftest import Cast
from koers.assessment.actions.joining import Joining
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.actions.rooms import perform
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.live import flood
from koers.assessment.live.seats import COOKIE, cookie_value, digest
from koers.assessment.models import Step, Workshop
from koers.kit.tenancy import scope, unscoped

CHOICE: Final = "B.4.1/1"
OTHER: Final = "B.4.1/2"
HOME: Final = "198.51.100.7"
AGENDA: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "welcome", "minutes": 10, "note": "Say hello"},
    {"kind": "questions", "questions": [CHOICE, OTHER], "minutes": 40},
    {"kind": "ideas", "idea_kind": "obstacle"},
    {"kind": "ranking", "idea_kind": "obstacle"},
    {"kind": "closing", "minutes": 0},
)


@dataclass
class Phone:
    """A participant's browser, with the secret of her seat."""

    room: "Room"
    secret: str
    status: int = 200
    client: Client = field(default_factory=lambda: Client(headers={"accept-language": "en"}))

    def does(self, deed: str, **more: Any) -> tuple[int, dict[str, Any]]:
        self.client.cookies[COOKIE] = cookie_value(self.room.workshop.pk, self.secret)
        body = json.dumps({"deed": deed, **more})
        response = self.client.post(f"{self.room.address}do", body, content_type="application/json")
        return response.status_code, dict(response.json())

    def votes(self, choice: int, question: str = CHOICE, ballot: int = 1) -> int:
        return self.does("vote", question=question, ballot=ballot, value={"choice": choice})[0]

    @property
    def sees(self) -> dict[str, Any]:
        self.client.cookies[COOKIE] = cookie_value(self.room.workshop.pk, self.secret)
        response = self.client.get(f"{self.room.address}state")
        return dict(response.json()) if response.status_code == 200 else {}


@dataclass
class Room:
    """The workshop, its hosts by role, and who joined."""

    cast: Cast
    workshop: Workshop
    hosts: dict[str, Client] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)

    @property
    def console(self) -> str:
        return f"/w/{self.cast.workbook.pk}/workshops/{self.workshop.pk}/console/"

    @property
    def address(self) -> str:
        return f"/room/{self.workshop.pk}/"

    def host(self, who: str) -> Client:
        if who not in self.hosts:
            self.hosts[who] = self.cast.client(who)
            self.hosts[who].defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return self.hosts[who]

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.host("lead").get(f"{self.console}state").json())

    def host_does(self, deed: str, who: str = "lead", v: int | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
        body = json.dumps({"v": self.state["v"] if v is None else v, "deed": deed, **more})
        response = self.host(who).post(f"{self.console}do", body, content_type="application/json")
        return response.status_code, dict(response.json())

    def go(self, deed: str, **more: Any) -> dict[str, Any]:
        """A deed of the host that works."""
        status, state = self.host_does(deed, **more)
        assert status == 200, state
        return state

    def at_question(self) -> dict[str, Any]:
        """Open, and let the room vote on the first question."""
        self.go("open")
        self.go("next")
        return self.go("vote")

    def at_ideas(self) -> int:
        """Open, and let the room collect obstacles; returns the step that ranks them."""
        steps = self.go("open")["agenda"]
        self.go("go", step=steps[2]["id"])
        return int(steps[3]["id"])

    @property
    def code(self) -> str:
        with unscoped():
            return Workshop.objects.get(pk=self.workshop.pk).code

    def join(
        self, secret: str = "", role: str = "staff", size: int = 1, code: str = "", client: str = HOME, known: str = ""
    ) -> Phone:
        """Somebody with the code, or with another one."""
        secret = secret or f"the-secret-of-{len(self.phones)}"
        asked = Joining(code or self.code, role, size, digest(secret), digest(known) if known else "", client, "en")
        ((status, answer),) = perform([asked])
        phone = Phone(self, known if answer.get("known") else secret, status)
        self.phones.append(phone)
        return phone


def make_room(cast: Cast) -> Room:
    """A workshop that is planned, of a measurement of one dimension."""
    flood.buckets.forget()
    cache.clear()
    here = {"administration": cast.administration}
    with scope(cast.administration.pk):
        measurement = create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Nulmeting", ["B.4.1"], cast.lead)
        workshop = Workshop.objects.create(measurement=measurement, title="Workshop", **here)
        for position, step in enumerate(AGENDA, 1):
            Step.objects.create(workshop=workshop, position=position, **here, **step)
    return Room(cast, workshop)
