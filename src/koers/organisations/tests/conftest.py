"""The people of these stories."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from koers.kit.tenancy import scope
from koers.organisations import actions
from koers.organisations.models import Administration, AuditEntry, Membership, User

PASSWORD = "een lang wachtwoord"


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def without_built_assets(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests read pages; they do not need the styles and scripts to be built."""

    class Anything(dict[str, str]):
        def __contains__(self, name: object) -> bool:
            return True

        def __missing__(self, name: str) -> str:
            return f"koers/dist/{name}"

    monkeypatch.setattr("koers.kit.templatetags.koers._kept_manifest", lambda manifest: Anything())


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.test", PASSWORD, name=name, language="en")


def browser(user: User | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def lead() -> User:
    return person("Lea")


@pytest.fixture
def outsider() -> User:
    return person("Otto")


@pytest.fixture
def town(lead: User) -> Administration:
    return actions.create_administration(Administration(name="Voorbeeldstad", kind="other"), lead)


@pytest.fixture
def join(town: Administration) -> Callable[..., Membership]:
    """Make a new person a member: ``join("Ed", "editor")``."""

    def joined(name: str, role: str) -> Membership:
        with scope(town.pk):
            return Membership.objects.create(administration=town, user=person(name), role=role)

    return joined


def address(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def mailed_link(part: str = "/invitations/") -> str:
    """The path of the link in the last mail."""
    links: list[str] = re.findall(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    (link,) = [each for each in links if part in each]
    return link


def logged(town: Administration) -> list[tuple[str, str, str]]:
    """The audit rows as (who, verb, subject), the oldest first."""
    with scope(town.pk):
        return [(row.actor_name, row.verb, row.subject) for row in AuditEntry.objects.order_by("pk")]
