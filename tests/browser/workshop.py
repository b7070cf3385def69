"""A workshop under way: its host, its projector and its phones, and what each of them does next."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.office import Book, Office, Person

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
STEPS_TO_THE_FIRST_VOTE = 2
BREATH = 600
SETTLED = 450


def measure(person: Person, book: Book, *dimensions: str) -> str:
    """Begin a measurement; its address."""
    body = "&".join(["instrument=draaiboek-context", "name=Nulmeting", *(f"dimensions={each}" for each in dimensions)])
    form = "application/x-www-form-urlencoded"
    status, text = person.request("POST", f"{book.map}measurements/new/", body, form)
    assert status == 302, text[:3_000]
    return person.location.partition("#")[0]


def plan(person: Person, book: Book, measurement: str) -> str:
    """Plan a workshop of half a day; its address."""
    number = measurement.rstrip("/").rpartition("/")[2]
    given = {
        "title": "Samen kijken",
        "measurement": number,
        "day": "2026-12-01",
        "begins": "09:00",
        "questions": "talk",
    }
    status, text = person.post(f"{book.map}workshops/new/", **given)
    assert status == 302, text[:3_000]
    return person.location


@dataclass
class Room:
    """The screens of one workshop. `state` is what the server tells its host."""

    host: Page
    address: str
    phones: list[Page] = field(default_factory=list)
    projector: Page | None = None

    def state(self) -> dict[str, Any]:
        text = self.host.evaluate(
            "(at) => fetch(at, {credentials: 'same-origin'}).then((r) => r.text())", f"{self.address}console/state"
        )
        read: dict[str, Any] = json.loads(text)
        return read

    def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 15) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while not holds(state := self.state()):
            assert time.monotonic() < end, state
            self.host.wait_for_timeout(60)
        return state

    def next(self) -> dict[str, Any]:
        """Press the one large button, and wait until the server has gone on."""
        # A press in the first half second is meant for what stood there before: the console does not take it.
        self.host.wait_for_timeout(BREATH)
        version = self.state()["v"]
        self.host.locator("[data-part=next] .next-button").click()
        return self.until(lambda state: bool(state["v"] > version))

    def join(self, page: Page, role: str) -> None:
        """Somebody scans the square and chooses a role."""
        page.goto(f"/join/?code={self.state()['code']}")
        page.locator(f"input[name=role][value={role}]").check(force=True)
        page.locator("form.join button[type=submit]").click()
        expect(page.locator("[data-room] #title")).to_be_visible()
        self.phones.append(page)

    def show(self, page: Page) -> None:
        """The projector opens its link."""
        page.goto(re.sub(r"^https?://[^/]+", "", self.state()["screen_url"]))
        self.projector = page

    @property
    def screens(self) -> list[Page]:
        return [*self.phones, *([self.projector] if self.projector else [])]


def _choose(option: Locator) -> None:
    """Bring an option from under what sticks to the edge, and choose it."""
    option.evaluate("(option) => option.scrollIntoView({ block: 'center' })")
    option.check(force=True)


def vote(page: Page, place: int) -> None:
    """One's answer on a phone: the option at this place, of each row when there are rows."""
    form = page.locator("form.vote")
    expect(form).to_be_visible()
    groups = list(dict.fromkeys(form.locator("input[type=radio]").evaluate_all("(all) => all.map((one) => one.name)")))
    for name in groups:
        options = form.locator(f'input[type=radio][name="{name}"]')
        _choose(options.nth(min(place, options.count() - 1)))
    for box in form.locator("input[type=checkbox]").all()[:1]:
        box.check(force=True)
    # One answer goes at once, after a moment; the rest by the button.
    page.wait_for_timeout(SETTLED)
    send = form.locator("button[type=submit]")
    if send.is_visible():
        send.click()
    expect(form.locator(".vote-status")).to_have_attribute("data-tone", "in")


def agree(page: Page, place: int, reason: str) -> None:
    """What the host fills in as agreed."""
    form = page.locator("form.agree")
    for name in dict.fromkeys(form.locator("input[type=radio]").evaluate_all("(all) => all.map((one) => one.name)")):
        _choose(form.locator(f'input[type=radio][name="{name}"]').nth(place))
    form.locator("textarea[name=reason]").fill(reason)


def prepared(office: Office, *dimensions: str, colleague_is: str = "") -> tuple[Book, str, str]:
    """A book with a measurement and a planned workshop: the book and both addresses."""
    book = office.book(colleague_is=colleague_is)
    measurement = measure(office.lead, book, *dimensions)
    return book, measurement, plan(office.lead, book, measurement)
