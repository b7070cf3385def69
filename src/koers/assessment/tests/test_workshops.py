"""A live workshop through its public door: codes, votes, hosts who act at once, ideas, and what is never kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.live.flood import buckets
from koers.assessment.models import Measurement, Step, Workshop
from koers.kit.tenancy import scope, unscoped
from koers.workbook.models import Answer

CHOICE = "B.4.1/1"
OTHER = "B.4.1/2"


@dataclass
class Room:
    """A workshop of Kastelbeke, its host, and people who join."""

    cast: Cast
    workshop: Workshop
    hosts: dict[str, Client] = field(default_factory=dict)

    @property
    def state(self) -> dict[str, Any]:
        response = self.host("lead").get(f"{self.console}state")
        assert response.status_code == 200
        return dict(response.json())

    @property
    def console(self) -> str:
        return f"/w/{self.cast.workbook.pk}/workshops/{self.workshop.pk}/console/"

    @property
    def address(self) -> str:
        return f"/room/{self.workshop.pk}/"

    def host(self, who: str) -> Client:
        if who not in self.hosts:
            self.hosts[who] = self.cast.client(who)
        return self.hosts[who]

    def host_does(self, deed: str, who: str = "lead", v: int | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
        v = self.state["v"] if v is None else v
        response = self.host(who).post(
            f"{self.console}do", json.dumps({"v": v, "deed": deed, **more}), content_type="application/json"
        )
        return response.status_code, dict(response.json())

    def go(self, deed: str, **more: Any) -> dict[str, Any]:
        """A deed of the host that works."""
        status, state = self.host_does(deed, **more)
        assert status == 200, state
        return state


@pytest.fixture
def measurement(cast: Cast) -> Measurement:
    with scope(cast.administration.pk):
        return create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Nulmeting", ["B.4.1"], cast.lead)


@pytest.fixture
def room(cast: Cast, measurement: Measurement) -> Room:
    with scope(cast.administration.pk):
        workshop = Workshop.objects.create(
            administration=cast.administration, measurement=measurement, title="Workshop 12 mei"
        )
        agenda: list[dict[str, Any]] = [
            {"kind": "welcome", "minutes": 10, "note": "Say hello"},
            {"kind": "questions", "questions": [CHOICE, OTHER], "minutes": 40},
            {"kind": "ideas", "idea_kind": "obstacle"},
            {"kind": "ranking", "idea_kind": "obstacle"},
            {"kind": "closing", "minutes": 0},
        ]
        for position, step in enumerate(agenda, 1):
            Step.objects.create(administration=cast.administration, workshop=workshop, position=position, **step)
    return Room(cast, workshop)


def test_a_workshop_opens(room: Room) -> None:
    assert room.go("open")["status"] == "open"
