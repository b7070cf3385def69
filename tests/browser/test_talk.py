"""Talk, tasks and marks beside a section, seen by two people; news of it; the panel by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import deeds
from tests.browser.conftest import SignedIn
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, open_section

TEXT = "A.0/digital-government"
OTHER = "A.0/digital-transformation"
START = "<p>Het loket vergrijst en de toepassing wordt oud.</p><p>Daarom beginnen we nu.</p>"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def book(office: Office) -> Book:
    made = office.book(colleague_is="editor")
    office.lead.put(made.id, TEXT, START)
    return made


@pytest.fixture
def lead(signed_in: SignedIn, office: Office, book: Book) -> Page:
    page = signed_in(office.lead)
    open_section(page, book.section("A.0"))
    return page


@pytest.fixture
def colleague(signed_in: SignedIn, office: Office, book: Book, lead: Page) -> Page:
    page = signed_in(office.colleague)
    open_section(page, book.section("A.0"))
    return page


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def talk_about(page: Page, key: str) -> None:
    """Open the talk about a field in the panel."""
    field(page, key).locator("[data-talk]").click()
    expect(panel(page).locator("h2").first).to_have_text("Overleg hierover")


def place(page: Page, words: str) -> None:
    panel(page).locator(".begin textarea").fill(words)
    panel(page).locator(".begin button[type=submit]").click()
    expect(panel(page).locator(".thread").last).to_contain_text(words)


def select_last_words(page: Page, key: str, number: int) -> None:
    field(page, key).locator("[data-rich]").click()
    expect(editor(page, key)).to_be_focused()
    page.keyboard.press("Control+End")
    for _word in range(number):
        page.keyboard.press("Control+Shift+ArrowLeft")


def test_selected_words_come_along_and_what_a_colleague_replies_comes_in(lead: Page, colleague: Page) -> None:
    select_last_words(lead, TEXT, 3)
    talk_about(lead, TEXT)
    expect(panel(lead).locator(".begin .quoted")).to_have_text("we nu.")
    place(lead, "Is dat niet te snel?")
    expect(panel(lead).locator(".thread .quoted")).to_have_text("we nu.")
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".talk-count")).to_have_text("1 open")

    talk_about(colleague, TEXT)
    colleague.locator(".panel .reply textarea").fill("Het moet voor de zomer.")
    colleague.locator(".panel .reply button[type=submit]").first.click()
    expect(panel(lead).locator(".comment")).to_have_count(2)
    expect(panel(lead).locator(".comment").last).to_contain_text("Het moet voor de zomer.")
    expect(panel(lead).locator(".comment").last).to_contain_text("Karel Colpaert")


def test_a_reply_does_not_throw_away_what_one_is_typing(
    lead: Page, colleague: Page, office: Office, book: Book
) -> None:
    thread = deeds.say(office.lead, book, TEXT, "Is dat niet te snel?")
    talk_about(lead, TEXT)
    mine = panel(lead).locator(".reply textarea")
    mine.press_sequentially("Ik denk dat")
    deeds.reply(office.colleague, book, thread, "Het moet voor de zomer.")
    # The field on the page is told of it, the words in the panel stay and the cursor too.
    lead.wait_for_timeout(1_000)
    expect(mine).to_have_value("Ik denk dat")
    expect(mine).to_be_focused()
    mine.press_sequentially(" het kan.")
    panel(lead).locator(".reply button[type=submit]").first.click()
    expect(panel(lead).locator(".said")).to_have_text(
        ["Is dat niet te snel?", "Het moet voor de zomer.", "Ik denk dat het kan."]
    )


def test_resolving_takes_it_off_the_count_of_both(lead: Page, colleague: Page, office: Office, book: Book) -> None:
    deeds.say(office.lead, book, TEXT, "Eerst dit.")
    deeds.say(office.lead, book, TEXT, "Dan dat.")
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".talk-count")).to_have_text("2 open")
    talk_about(colleague, TEXT)
    panel(colleague).locator("button[form^=resolve]").first.click()
    expect(panel(colleague).locator(".resolved")).to_have_count(1)
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".talk-count")).to_have_text("1 open")
    panel(colleague).locator("button[form^=resolve]").click()
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".talk-count")).to_have_count(0)
    # It can be opened again.
    panel(colleague).locator("details:has(.resolved) summary").first.click()
    panel(colleague).locator(".resolved button").first.click()
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".talk-count")).to_have_text("1 open")


def test_a_task_comes_from_a_comment_and_is_done(lead: Page, colleague: Page, office: Office, book: Book) -> None:
    deeds.say(office.lead, book, TEXT, "Wie vraagt de cijfers op?")
    talk_about(lead, TEXT)
    panel(lead).locator(".comment-tools a").first.click()
    title = panel(lead).locator("#id_title")
    expect(title).to_have_value("Wie vraagt de cijfers op?")
    title.fill("Cijfers opvragen")
    panel(lead).locator("#id_owner").select_option(label="Karel Colpaert")
    panel(lead).locator("button[type=submit]").last.click()
    expect(panel(lead).locator(".task")).to_contain_text("Cijfers opvragen")
    expect(panel(lead).locator(".task")).to_contain_text("Karel Colpaert")

    colleague.goto(f"{book.map}tasks/?who=mine")
    task = colleague.locator(".task")
    expect(task).to_contain_text("Cijfers opvragen")
    task.locator(".task-tick button").click()
    expect(colleague.locator(".task.is-open")).to_have_count(0)
    expect(colleague.locator(".task.is-done")).to_have_count(1)


def test_who_is_named_hears_the_bell_and_the_news_leads_there(
    lead: Page, colleague: Page, office: Office, book: Book
) -> None:
    other = office.newcomer("Nele Naessens")
    office.take_in(book, other, "viewer")
    bell = colleague.locator("[data-unread]")
    before = int(bell.text_content() or 0) if bell.is_visible() else 0
    talk_about(lead, TEXT)
    place(lead, "@Karel Colpaert, wat vind jij?")
    # The page that is open already tells it.
    expect(bell).to_have_text(str(before + 1))
    expect(colleague.locator(".bell")).to_have_accessible_name(re.compile(str(before + 1)))
    colleague.locator(".bell").click()
    news = colleague.locator(".is-unread .news-item").first
    expect(news).to_contain_text("wat vind jij?")
    news.click()
    expect(colleague.locator(".thread")).to_contain_text("wat vind jij?")
    colleague.goto("/")
    if before:
        expect(bell).to_have_text(str(before))
    else:
        expect(bell).to_be_hidden()


def test_a_mark_shows_on_the_page_of_a_colleague(lead: Page, colleague: Page, book: Book) -> None:
    field(lead, TEXT).locator("[data-mark=agreed]").click()
    for page in (lead, colleague):
        expect(field(page, TEXT).locator("[data-mark=agreed]")).to_have_attribute("aria-pressed", "true")
        expect(field(page, TEXT).locator("[data-mark=draft]")).to_have_attribute("aria-pressed", "false")
    colleague.goto(book.map)
    expect(colleague.locator(".course-counts")).to_contain_text("1 afgesproken")


def test_a_reader_quotes_what_she_selected(signed_in: SignedIn, office: Office, book: Book) -> None:
    """A page without inputs, on which words are selected with the mouse."""
    reader = office.newcomer("Rita Reynders")
    office.take_in(book, reader, "viewer")
    page = signed_in(reader)
    page.goto(book.section("A.0"))
    field(page, TEXT).get_by_text("Daarom beginnen we nu.").dblclick(position={"x": 8, "y": 8})
    talk_about(page, TEXT)
    expect(panel(page).locator(".begin .quoted")).to_have_text("Daarom")


# The panel


def test_the_panel_by_keyboard_alone(lead: Page, office: Office, book: Book) -> None:
    deeds.say(office.lead, book, TEXT, "Klopt dit?")
    opener = field(lead, TEXT).locator("[data-talk]")
    expect(opener.locator(".talk-count")).to_be_visible()
    opener.focus()
    lead.keyboard.press("Enter")
    expect(panel(lead)).to_be_visible()
    expect(panel(lead).locator(".panel-body")).to_be_focused()
    inside = "() => document.getElementById('panel').contains(document.activeElement)"
    seen = []
    for _step in range(6):
        lead.keyboard.press("Tab")
        assert lead.evaluate(inside)
        seen.append(lead.evaluate("() => document.activeElement.outerHTML"))
    assert len(set(seen)) == 6
    panel(lead).locator(".begin > summary").focus()
    lead.keyboard.press("Enter")
    lead.keyboard.press("Tab")
    lead.keyboard.type("Met de toetsen.")
    panel(lead).locator(".begin button[type=submit]").focus()
    lead.keyboard.press("Enter")
    expect(panel(lead).locator(".thread")).to_have_count(2)
    # Where one was is gone; the panel itself has the focus.
    expect(panel(lead).locator(".panel-body")).to_be_focused()
    expect(opener.locator(".talk-count")).to_have_text("2 open")
    lead.keyboard.press("Escape")
    expect(panel(lead)).to_be_hidden()
    expect(field(lead, TEXT).locator("[data-talk]")).to_be_focused()


def test_closing_with_the_button_gives_the_focus_back(lead: Page) -> None:
    talk_about(lead, OTHER)
    panel(lead).locator(".panel-close").click()
    expect(panel(lead)).to_be_hidden()
    expect(field(lead, OTHER).locator("[data-talk]")).to_be_focused()


def test_on_a_phone_the_panel_fills_the_screen(signed_in: SignedIn, office: Office, book: Book) -> None:
    deeds.say(office.lead, book, TEXT, "Klopt dit? " + "Zeerlangwoordzonderspaties" * 8, "Daarom beginnen we nu.")
    page = signed_in(office.lead, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(book.section("A.0"))
    for link in ("[data-talk]", "a[href*='history/']"):
        field(page, TEXT).locator(link).tap()
        expect(panel(page).locator(".panel-body > *").first).to_be_visible()
        box = panel(page).bounding_box()
        assert box
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
        assert panel(page).evaluate("each => each.scrollWidth") <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        panel(page).locator(".panel-close").tap()
        expect(panel(page)).to_be_hidden()


def test_talk_and_tasks_work_without_script(signed_in: SignedIn, office: Office, book: Book) -> None:
    signed_in(office.lead)
    page = signed_in(office.lead, java_script_enabled=False)
    page.goto(book.section("A.0"))
    field(page, TEXT).locator("[data-talk]").click()
    page.locator(".begin textarea").fill("Zonder script.")
    page.locator(".begin button[type=submit]").click()
    expect(page.locator(".thread .said")).to_have_text("Zonder script.")
    page.locator(".comment-tools a").first.click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".task")).to_contain_text("Zonder script.")
    page.locator("button[form^=resolve]").click()
    expect(page.locator(".resolved")).to_have_count(1)
