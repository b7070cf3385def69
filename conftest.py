"""The cast of every test: two administrations, and people with each role in the first."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import translation

from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import Administration, Membership, User
from koers.workbook.actions import create_workbook
from koers.workbook.models import Workbook

PASSWORD = "een-lang-wachtwoord"
ROLES = ("lead", "editor", "contributor", "viewer")


@dataclass(frozen=True)
class Cast:
    """Kastelbeke with its workbook and its people; Duinrode is another administration, of the outsider."""

    administration: Administration
    workbook: Workbook
    people: dict[str, User]
    other_administration: Administration
    other_workbook: Workbook
    outsider: User

    @property
    def lead(self) -> User:
        return self.people["lead"]

    def client(self, who: str | User) -> Client:
        """A browser in which somebody is signed in: a role, ``outsider``, or ``anonymous``."""
        client = Client()
        if who != "anonymous":
            client.force_login(
                self.outsider if who == "outsider" else self.people[who] if isinstance(who, str) else who
            )
        return client


@pytest.fixture
def cast(db: None) -> Cast:
    with unscoped():
        administration = Administration.objects.create(name="Gemeente Kastelbeke", kind="municipality")
        other = Administration.objects.create(name="Gemeente Duinrode", kind="municipality")
        people = {}
        for role in ROLES:
            user = User.objects.create_user(f"{role}@kastelbeke.example.test", PASSWORD, name=role.capitalize())
            Membership.objects.create(administration=administration, user=user, role=role)
            people[role] = user
        outsider = User.objects.create_user("lead@duinrode.example.test", PASSWORD, name="Outsider")
        Membership.objects.create(administration=other, user=outsider, role="lead")
        return Cast(
            administration=administration,
            workbook=create_workbook(administration, people["lead"]),
            people=people,
            other_administration=other,
            other_workbook=create_workbook(other, outsider),
            outsider=outsider,
        )


@pytest.fixture
def scoped(cast: Cast) -> Iterator[Cast]:
    """The cast, within the scope of Kastelbeke: for tests of queries and actions."""
    with scope(cast.administration.pk):
        yield cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests speak English, the language of the code."""
    with translation.override("en"):
        yield
