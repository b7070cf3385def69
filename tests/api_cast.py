"""Programs with a key of everybody in the cast."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.test import Client

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, give_answers
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Measurement, Mode, Respondent
from koers.kit.tenancy import scope
from koers.organisations.keys import make_key

BASE = "/api/v1"


@dataclass
class Programs:
    """`send("editor", "GET", "/me")`. Who may only read has ``reading`` before the role."""

    cast: Cast
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cache.clear()  # what earlier tests guessed

    def secret(self, who: str) -> str:
        if who not in self.secrets:
            role = who.removeprefix("reading ")
            person = self.cast.outsider if role == "outsider" else self.cast.people[role]
            administration = self.cast.other_administration if role == "outsider" else self.cast.administration
            with scope(administration.pk):
                made = make_key(administration, who, person, may_write=role == who, days=30)
            self.secrets[who] = made.secret
        return self.secrets[who]

    def send(self, who: str, method: str, path: str, body: Any = None, *, kind: str = "application/json") -> Any:
        headers = {} if who == "anonymous" else {"Authorization": f"Bearer {self.secret(who)}"}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Client(headers=headers, raise_request_exception=False).generic(
            method, BASE + path, data, content_type=kind
        )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A measurement of Kastelbeke with one interview, and the addresses of both over the API."""

    measurement: Measurement
    respondent: Respondent

    @property
    def path(self) -> str:
        return f"/workbooks/{self.measurement.workbook_id}/measurements/{self.measurement.pk}"


def asked_in(cast: Cast) -> Asked:
    with scope(cast.administration.pk):
        made = create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Nulmeting", ["B.4.1"], cast.lead)
        respondent = Respondent.objects.create(
            administration=cast.administration, measurement=made, mode=Mode.INTERVIEW, name="Jan"
        )
        give_answers(respondent, {"B.4.1/1": {"choice": 2}})
    return Asked(made, respondent)
