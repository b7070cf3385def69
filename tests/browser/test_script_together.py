"""Scripts in everything that people say to each other, and every page, panel and piece of news that shows it.

What they answer in the fields: test_script_in_content.py.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.conftest import SignedIn, Watch
from tests.browser.office import Book, Office, Person
from tests.browser.pages import field, open_section
from tests.browser.payloads import NAMES, PAYLOADS
from tests.browser.traps import TRACES, Trap, unharmed

TEXT, OTHER, AT_ODDS = "A.0/digital-government", "A.0/digital-transformation", "A.0/digital-leadership"
NAME = '"><img src=x onerror=hit()>'


def _line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def lines(limit: int) -> Iterator[str]:
    """All payloads, as many on a line as fit."""
    line = ""
    for payload in map(_line, PAYLOADS):
        if line and len(line) + len(payload) + 1 > limit:
            yield line
            line = ""
        line = f"{line} {payload}".strip()[:limit]
    yield line


def _as_text(words: str) -> str:
    return f"<p>{html.escape(words)}</p>"


@dataclass(frozen=True)
class Infected:
    """A workbook full of what its people say, one of whom has a name to fear."""

    book: Book
    mate: Person
    versions: list[str]
    tasks: list[str]
    conversation: str


@pytest.fixture(scope="session")
def infected(office: Office) -> Infected:
    book, lead, mate = office.book(), office.lead, office.newcomer(NAME)
    office.take_in(book, mate, "editor")
    for number, words in enumerate(lines(480)):
        person = mate if number % 2 else lead
        deeds.say(person, book, TEXT, f"@{NAME} {words}", words)
    thread = ""
    for words in lines(5_900):
        thread = deeds.say(mate, book, "A.0", words)
        deeds.reply(lead, book, thread, words.replace(" <", "\n<"))
    assert lead.post(f"{book.map}talk/threads/{thread}/resolve/")[0] == 302
    tasks = [deeds.give_task(mate, book, OTHER, words, NAME) for words in lines(290)]
    conversation = [
        deeds.note_conversation(mate, book, "A.0", words, "\n".join(PAYLOADS[:40])) for words in list(lines(290))[:12]
    ]
    # What differs, word by word: as text that looks like elements, and as elements that are cleaned.
    for number, words in enumerate(lines(900)):
        person = mate if number % 2 else lead
        person.put(book.id, OTHER, _as_text(words) + "".join(PAYLOADS[number * 9 :][:9]))
    one, two = (_as_text(f"Wij {words} dit nu.") for words in list(lines(300))[:2])
    deeds.disagree(lead, mate, book, AT_ODDS, "<p>Wij willen dit nu.</p>", (one, two))
    deeds.give_section(lead, book, "A.0", NAME)
    deeds.mark(mate, book, TEXT, "discuss")
    versions = [deeds.keep_version(mate, book, name) for name in NAMES]
    return Infected(book, mate, versions, tasks, conversation[0])


@pytest.fixture
def page(infected: Infected, office: Office, signed_in: SignedIn, trap: Trap) -> Page:
    """The lead's, with no policy to protect her."""
    return trap(signed_in(office.lead, bypass_csp=True).context)


def pages_of(infected: Infected) -> list[str]:
    book, base = infected.book, infected.book.map
    places = [f"field={TEXT}", f"field={OTHER}", f"field={AT_ODDS}", "section=A.0"]
    return [
        "/", "/news/", base, book.section("A.0"), f"{base}waiting/", f"{book.place}log/",
        *(f"{base}talk/?{place}" for place in places), f"{base}talk/all/", f"{base}talk/all/?show=resolved",
        f"{base}talk/all/?page=2", f"{base}tasks/", f"{base}tasks/?who=mine", f"{base}tasks/{infected.tasks[0]}/",
        f"{base}tasks/new/?comment={deeds.first_comment(infected.mate, book, TEXT)}",
        f"{base}s/A.0/conversations/", f"{base}conversations/{infected.conversation}/", f"{base}s/A.0/assign/",
        *(f"{base}history/?field={key}" for key in (TEXT, OTHER, AT_ODDS)), f"{base}history/?field={OTHER}&revision=2",
        f"{base}s/A.0/history/", f"{base}versions/", f"{base}versions/{infected.versions[0]}/",
        f"{base}versions/{infected.versions[0]}/?with={infected.versions[1]}",
        f"{base}versions/{infected.versions[0]}/restore/",
        f"{base}rounds/", f"{base}rounds/close/", f"{base}delete/", f"{base}settings/",
    ]  # fmt: skip


def test_nothing_runs_on_any_page_even_without_the_policy(infected: Infected, page: Page) -> None:
    assert unharmed(page, pages_of(infected)) == {}


def test_nothing_is_left_to_the_policy_to_stop(infected: Infected, signed_in: SignedIn, trap: Trap) -> None:
    own = trap(signed_in(infected.mate).context)
    closed = ("/rounds/close/", "/delete/", "/settings/", "/assign/", "/log/")
    assert unharmed(own, [path for path in pages_of(infected) if not path.endswith(closed)]) == {}


def test_nothing_runs_in_the_panel(infected: Infected, page: Page) -> None:
    page.goto(infected.book.section("A.0"))
    links = page.locator("main a[data-panel]")
    seen = set()
    for number in range(links.count()):
        links.nth(number).click()
        heading = page.locator(".panel-body :is(h1, h2)").first
        expect(heading).to_be_visible()
        page.wait_for_timeout(150)
        seen.add(heading.inner_text())
        page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
        assert page.evaluate(TRACES) == []
        page.keyboard.press("Escape")
    assert len(seen) >= 5
    field(page, AT_ODDS).locator(".conflict button").last.click()
    expect(field(page, AT_ODDS).locator(".conflict")).to_have_count(0)
    assert page.evaluate(TRACES) == []


def test_nothing_runs_of_words_that_come_along(infected: Infected, page: Page, watch: Watch) -> None:
    """A quotation and a draft of a comment that was refused."""
    watch.allow("status of 422")
    for payload in PAYLOADS[::11]:
        page.goto(f"{infected.book.map}talk/?field={TEXT}&quote={quote(payload)}")
        assert page.evaluate(TRACES) == []
    page.goto(infected.book.section("A.0"))
    field(page, TEXT).locator("[data-talk]").click()
    page.locator(".panel .begin > summary").click()
    page.locator(".panel .begin textarea").fill("<svg onload=hit()></textarea><img src=x onerror=hit()>" * 200)
    page.locator(".panel .begin button[type=submit]").click()
    expect(page.locator(".panel .form-error")).to_be_visible()
    assert page.evaluate(TRACES) == []


def test_nothing_runs_of_what_is_searched_and_found(infected: Infected, page: Page) -> None:
    found = [f"/search/?q={word}" for word in ("hit", "onerror", "script", "img", "svg+onload", '"hit+svg"')]
    asked = [f"/search/?q={quote(payload)}" for payload in PAYLOADS[::9]]
    here = [f"{infected.book.map}search/?q={quote(name)}" for name in NAMES]
    page.goto(found[0])
    expect(page.locator(".hit-text mark").first).to_be_visible()
    assert unharmed(page, [*found, *asked, *here]) == {}


def test_nothing_runs_of_a_name_among_who_is_here(
    infected: Infected, page: Page, signed_in: SignedIn, office: Office
) -> None:
    """In faces, at a field, in what was just changed, in a reply that comes into an open panel."""
    book, mate = infected.book, infected.mate
    for name in NAMES:
        assert mate.post("/accounts/profile/", name=name, language="nl", mail="never")[0] == 302
        open_section(page, book.section("A.0"))
        other = signed_in(mate)
        other.goto(book.section("A.0"))
        expect(page.locator("[data-present] li")).to_have_count(1)
        field(other, TEXT).locator("[data-rich]").click()
        present = field(page, TEXT).locator(".field-present li")
        expect(present).to_have_attribute("title", f"{name} is in dit veld bezig")
        assert page.evaluate(TRACES) == []
        other.context.close()
    page.locator("[data-section-tools] a").first.click()
    expect(page.locator(".panel .talk")).to_be_visible()
    deeds.say(mate, book, "A.0", "".join(PAYLOADS[:30]))
    page.wait_for_timeout(1_000)
    assert page.evaluate(TRACES) == []


def test_nothing_runs_of_the_name_of_a_round(infected: Infected, office: Office, page: Page) -> None:
    """Last: it goes on to another round."""
    book = infected.book
    for name in NAMES:
        deeds.close_round(office.lead, book)
        deeds.start_round(office.lead, book, name)
    paths = ["rounds/", "versions/", "rounds/close/", f"earlier/?field={OTHER}", "s/A.0/"]
    assert unharmed(page, ["/", "/news/", f"{book.place}log/", *(book.map + path for path in paths)]) == {}


def test_mail_is_plain_text(infected: Infected, office: Office) -> None:
    assert infected.versions
    assert "text/html" not in office.mails()
