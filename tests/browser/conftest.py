"""A real server, a real Chromium and people who sign in through the form; a test fails on any error in the console."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from koers.demo.world import PASSWORD as DEMO_PASSWORD
from tests.browser.office import Office, Person
from tests.browser.traps import TRAP, Trap
from tests.serving import Installation, installation

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--no-first-run"]
DEFAULT_CHROMIUM = "/usr/bin/chromium"
WAIT = 8_000
# What does not come within five seconds on a quiet machine may take longer on one that is shared.
expect.set_options(timeout=10_000)

# A picture of what breaks the policy, as the browser itself tells it.
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the demo world, its server running."""
    folder = tmp_path_factory.mktemp("koers")
    # With PostgreSQL the workers share one database: one of them makes the world.
    with (folder.parent.parent / "one-at-a-time").open("w") as lock, installation(folder) as made:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made.serve("--demo")
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield made


@pytest.fixture(scope="session")
def site(home: Installation) -> str:
    """Where the server listens."""
    return f"http://127.0.0.1:{home.port}"


@pytest.fixture(scope="session")
def office(home: Installation) -> Office:
    """Makes people, administrations and workbooks for a test, past the browser."""
    return Office(home)


@dataclass(frozen=True)
class Stage:
    """The finished workbook of the demo world, and how to come to pages that need something done first."""

    office: Office
    workbook: str
    administration: str

    def path(self, pattern: str) -> str:
        return pattern.replace("{w}", self.workbook).replace("{a}", self.administration)


@pytest.fixture(scope="session")
def stage(office: Office) -> Stage:
    lead = office.demo("lead@kastelbeke.example.test")
    home = lead.request("GET", "/")[1]
    workbook = re.search(r"/w/([0-9a-f-]{36})/", home)
    administration = re.search(r"/administrations/([0-9a-f-]{36})/", home)
    assert workbook
    assert administration
    return Stage(office, workbook[1], administration[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("KOERS_CHROMIUM") or (DEFAULT_CHROMIUM if Path(DEFAULT_CHROMIUM).exists() else None)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


class Watch:
    """Notes what goes wrong in the pages of a test; what a test means to provoke, it allows."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.allowed: list[str] = []

    def allow(self, *patterns: str) -> None:
        self.allowed += patterns

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self._note(f"exception: {error.error}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends its streams and its last look-ups.
        if "ERR_ABORTED" not in (request.failure or ""):
            self._note(f"{request.failure}: {request.url}")

    def _note(self, problem: str) -> None:
        if "Service Worker registration blocked" not in problem:
            self.problems.append(problem)

    def check(self) -> None:
        left = [problem for problem in self.problems if not any(re.search(each, problem) for each in self.allowed)]
        assert left == []


@pytest.fixture
def watch() -> Watch:
    return Watch()


Visit = Callable[..., BrowserContext]


@pytest.fixture
def visit(browser: Browser, site: str, watch: Watch) -> Iterator[Visit]:
    """Opens a browser of its own for somebody: `visit(locale="en-GB", …)`. In Dutch unless asked otherwise."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        # A service worker would answer in the place of what a test puts between; the tests of it ask for it.
        usual = {"locale": "nl-BE", "viewport": {"width": 1440, "height": 900}, "service_workers": "block"}
        given = {**usual, "base_url": site, **options}
        context = browser.new_context(**given)
        context.set_default_timeout(WAIT)
        watch.follow(context)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    watch.check()


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form, as people do."""
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


_states: dict[tuple[str, str], Any] = {}

SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(visit: Visit, site: str) -> SignedIn:
    """A page of somebody who is signed in: through the form the first time, with the same session afterwards."""

    def make(who: str | Person, **options: Any) -> Page:
        email, password = (who, DEMO_PASSWORD) if isinstance(who, str) else (who.email, who.password)
        known = _states.get((site, email))
        context = visit(**({"storage_state": known} if known else {}), **options)
        page = context.new_page()
        if not known:
            page.goto("/accounts/login/")
            sign_in(page, email, password)
            _states[site, email] = context.storage_state()
        return page

    return make


@pytest.fixture
def trap() -> Trap:
    """A page in which a script of somebody tells when it runs."""

    def setting(context: BrowserContext) -> Page:
        context.add_init_script(TRAP)
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        return page

    return setting
