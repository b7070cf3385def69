"""An `@` in a comment offers colleagues, in the panel and on the page; what stands around the fields follows a deed."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import deeds
from tests.browser.axe import violations
from tests.browser.conftest import SignedIn
from tests.browser.office import Book, Office, Person
from tests.browser.pages import field

TEXT = "A.0/digital-government"
START = "<p>Daarom beginnen we nu.</p>"
NAMES = ("Karel Colpaert", "Renée D'hondt", "Kaat Renders")


@pytest.fixture(scope="module")
def others(office: Office) -> list[Person]:
    return [office.newcomer(name) for name in NAMES[1:]]


@pytest.fixture
def book(office: Office, others: list[Person]) -> Book:
    made = office.book(colleague_is="editor")
    for other in others:
        office.take_in(made, other, "viewer")
    return made


@pytest.fixture
def lead(signed_in: SignedIn, office: Office, book: Book) -> Page:
    office.lead.put(book.id, TEXT, START)
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    return page


@pytest.fixture
def text(lead: Page) -> Locator:
    """Where a talk about a field begins, in the panel."""
    field(lead, TEXT).locator("[data-talk]").click()
    area = lead.locator("#panel .begin textarea")
    area.click()
    return area


def offered(page: Page) -> Locator:
    return page.get_by_role("option")


def active(text: Locator) -> str | None:
    """What a screen reader says of the list while the text has the focus."""
    said: str | None = text.evaluate(
        "(area) => document.getElementById(area.getAttribute('aria-activedescendant'))?.textContent"
    )
    return said


def test_a_colleague_is_chosen_by_keyboard_and_told(lead: Page, text: Locator, colleague_page: Page) -> None:
    expect(text).not_to_have_attribute("aria-controls", "mentions")
    text.press_sequentially("Weet jij het, @ka")
    expect(offered(lead)).to_have_text(["Karel Colpaert", "Kaat Renders"])
    expect(lead.get_by_role("listbox")).to_have_accessible_name("Vraag de aandacht van")
    expect(lead.get_by_role("status").filter(has_text="2 om uit te kiezen")).to_have_count(1)
    expect(text).to_have_attribute("aria-controls", "mentions")
    assert active(text) == "Karel Colpaert"
    text.press("ArrowDown")
    assert active(text) == "Kaat Renders"
    text.press("ArrowDown")
    assert active(text) == "Karel Colpaert"
    text.press("ArrowUp")
    text.press("ArrowDown")
    assert violations(lead) == []
    text.press("Enter")
    expect(text).to_have_value("Weet jij het, @Karel Colpaert ")
    expect(text).to_be_focused()
    expect(offered(lead)).to_have_count(0)
    expect(text).not_to_have_attribute("aria-controls", "mentions")
    text.press_sequentially("of niet?")
    lead.locator("#panel .begin button[type=submit]").click()
    expect(lead.locator("#panel .mention")).to_have_text("@Karel Colpaert")
    colleague_page.goto("/news/")
    expect(colleague_page.locator(".is-unread .news-words").first).to_have_text(
        "Weet jij het, @Karel Colpaert of niet?"
    )


@pytest.fixture
def colleague_page(signed_in: SignedIn, office: Office) -> Page:
    return signed_in(office.colleague)


def test_accents_last_names_and_a_tab(lead: Page, text: Locator) -> None:
    text.press_sequentially("@ren")
    # Who is called so first, then who is called so after her first name.
    expect(offered(lead)).to_have_text(["Renée D'hondt", "Kaat Renders"])
    text.press_sequentially("ee d")
    expect(offered(lead)).to_have_text(["Renée D'hondt"])
    text.press("Tab")
    expect(text).to_have_value("@Renée D'hondt ")
    expect(text).to_be_focused()
    text.press("Control+z")
    expect(text).to_have_value("@renee d")


def test_a_click_picks_within_a_text(lead: Page, text: Locator) -> None:
    text.fill("Vraag het aan  morgen.")
    for _step in range(len(" morgen.")):
        text.press("ArrowLeft")
    text.press_sequentially("@")
    expect(offered(lead)).to_have_count(3)
    lead.get_by_role("option", name="Kaat Renders").click()
    expect(text).to_have_value("Vraag het aan @Kaat Renders morgen.")
    expect(text).to_be_focused()


def test_escape_closes_the_list_and_only_then_the_panel(lead: Page, text: Locator) -> None:
    text.press_sequentially("@k")
    expect(offered(lead)).to_have_count(2)
    text.press("Escape")
    expect(offered(lead)).to_have_count(0)
    expect(lead.locator("#panel")).to_be_visible()
    text.press("Enter")
    expect(text).to_have_value("@k\n")
    text.press("Escape")
    expect(lead.locator("#panel")).to_be_hidden()


def test_nothing_is_offered_where_nobody_is_meant(lead: Page, text: Locator) -> None:
    for words in ("an@ka", "https://x.example/@ka", "@ ka", "@zzz", "@Karel Colpaert"):
        text.fill("")
        text.press_sequentially(words)
        expect(offered(lead)).to_have_count(0)
    text.fill("")
    text.press_sequentially("@ka")
    expect(offered(lead)).to_have_count(2)
    text.press("Home")
    expect(offered(lead)).to_have_count(0)


def test_on_the_page_of_talk_itself_and_in_a_reply(signed_in: SignedIn, office: Office, book: Book) -> None:
    deeds.say(office.lead, book, TEXT, "Klopt dit?")
    page = signed_in(office.lead, viewport={"width": 390, "height": 844})
    page.goto(f"{book.map}talk/?field={TEXT}")
    reply = page.locator(".reply textarea")
    reply.press_sequentially("@D'h")
    expect(offered(page)).to_have_text(["Renée D'hondt"])
    assert offered(page).bounding_box()["height"] >= 44  # type: ignore[index]
    reply.press("Enter")
    expect(reply).to_have_value("@Renée D'hondt ")


# What stands around the fields


def test_who_takes_a_section_shows_at_once(lead: Page) -> None:
    owner = lead.locator(".section-owner")
    expect(owner).not_to_contain_text("Karel Colpaert")
    owner.locator("a[data-panel]").click()
    lead.locator("#panel select[name=owner]").select_option(label="Karel Colpaert")
    lead.locator("#panel form button[type=submit]").first.click()
    expect(owner).to_contain_text("Karel Colpaert")


def test_talk_of_a_section_counts_on_the_pages_of_both(
    lead: Page, colleague_page: Page, office: Office, book: Book
) -> None:
    colleague_page.goto(book.section("A.0"))
    for page in (lead, colleague_page):
        # Both listen by now.
        expect(page.locator("[data-present] li")).to_have_count(1)
    deeds.say(office.lead, book, "A.0", "Hier beginnen we.")
    for page in (lead, colleague_page):
        expect(page.locator("[data-section-tools] .talk-count")).to_have_text("1 open")
