"""Going back: the history of a field, versions to compare, rounds that close and begin; as two people see it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import deeds
from tests.browser.conftest import SignedIn, Watch
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, has_problem, is_saved, open_section, state, type_into

TEXT = "A.0/digital-government"
FIRST = "<p>Het loket vergrijst.</p>"
SECOND = "<p>Het loket vernieuwt.</p>"
THIRD = "<p>Het loket vernieuwt, samen met drie diensten.</p>"


@pytest.fixture
def book(office: Office) -> Book:
    made = office.book(colleague_is="editor")
    # By turns: what one person saves in a row is one step.
    for person, text in ((office.lead, FIRST), (office.colleague, SECOND), (office.lead, THIRD)):
        person.put(made.id, TEXT, text)
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


def words_of(page: Page) -> Locator:
    """The text of the field, in an editor or as it came with the page."""
    return field(page, TEXT).locator("[data-rich-html], [contenteditable]").first


def changes(step: Locator) -> tuple[list[str], list[str]]:
    """What went and what came, without the words for who does not see the lines."""
    words = "all => all.map((each) => each.lastChild.textContent.trim())"
    return step.locator("del").evaluate_all(words), step.locator("ins").evaluate_all(words)


def test_an_earlier_answer_is_read_and_put_back_for_everybody(lead: Page, colleague: Page) -> None:
    field(lead, TEXT).locator("a[href*='history/']").click()
    steps = panel(lead).locator(".step")
    expect(steps).to_have_count(3)
    expect(steps.locator(".who strong")).to_have_text(["Lieve Lootens", "Karel Colpaert", "Lieve Lootens"])
    assert changes(steps.nth(1)) == (["vergrijst"], ["vernieuwt"])
    assert changes(steps.nth(2)) == ([], ["Het loket vergrijst."])
    expect(steps.first.locator(".badge.here")).to_be_visible()

    steps.last.get_by_role("link", name="Toon het hele antwoord").click()
    expect(panel(lead).locator(".reading")).to_contain_text("Het loket vergrijst.")
    panel(lead).locator("form[action$='history/restore/'] button").click()
    for page in (lead, colleague):
        expect(words_of(page)).to_have_text("Het loket vergrijst.")
    expect(panel(lead).locator(".step")).to_have_count(4)
    expect(panel(lead).locator(".step").first.locator(".badge.here")).to_be_visible()
    # Typing goes on from there, and the earlier page is no conflict.
    type_into(colleague, TEXT, " En dan verder.")
    is_saved(colleague, TEXT)
    expect(field(lead, TEXT)).to_contain_text("Het loket vergrijst. En dan verder.")
    expect(field(lead, TEXT).locator(".conflict")).to_have_count(0)


def test_putting_back_while_a_colleague_types_keeps_her_words(
    lead: Page, colleague: Page, office: Office, book: Book
) -> None:
    field(colleague, TEXT).locator("[data-rich]").click()
    expect(editor(colleague, TEXT)).to_be_focused()
    field(lead, TEXT).locator("a[href*='history/']").click()
    colleague.keyboard.press("Control+End")
    colleague.keyboard.type(" Nieuwe zin van Karel.")
    panel(lead).locator(".step").nth(1).locator("form button").click()
    expect(panel(lead).locator(".step").first.locator(".badge.here")).to_be_visible()
    is_saved(colleague, TEXT)
    assert "Nieuwe zin van Karel." in office.lead.field(book.id, TEXT)


def test_a_version_is_kept_and_compared(lead: Page, office: Office, book: Book) -> None:
    lead.goto(f"{book.map}versions/")
    lead.locator("#id_name").fill("Zoals naar het managementteam")
    lead.locator("main form button[type=submit]").last.click()
    expect(lead.locator(".versions .version-name")).to_have_text(["Zoals naar het managementteam"])
    office.colleague.put(book.id, TEXT, "<p>Het loket vernieuwt, samen met vier diensten.</p>")
    lead.locator(".version-tools a").click()
    section = lead.locator(".then-field")
    expect(section).to_have_count(1)
    assert changes(section) == (["drie"], ["vier"])
    expect(lead.locator(".counts li").first).to_have_text("1 antwoord veranderd")
    # And back, of this answer alone.
    section.locator("form button").click()
    assert "samen met drie diensten" in office.lead.field(book.id, TEXT)
    lead.goto(f"{book.map}versions/")
    lead.locator(".version-tools a").click()
    expect(lead.locator(".then-field")).to_have_count(0)


def test_a_whole_version_is_put_back_with_a_way_back(lead: Page, office: Office, book: Book) -> None:
    version = deeds.keep_version(office.lead, book, "Voor de vergadering")
    office.colleague.put(book.id, TEXT, FIRST)
    office.colleague.put(book.id, "A.0/digital-leadership", "<p>Ook dit.</p>")
    lead.goto(f"{book.map}versions/{version}/restore/")
    lead.locator("main form button[type=submit]").click()
    assert "samen met drie diensten" in office.lead.field(book.id, TEXT)
    assert "Ook dit." not in office.lead.field(book.id, "A.0/digital-leadership")
    lead.goto(f"{book.map}versions/")
    expect(lead.locator(".versions .version-name")).to_have_count(2)


def test_a_round_closes_under_the_hands_of_a_colleague_and_her_text_goes_along_to_the_next(
    lead: Page, colleague: Page, office: Office, book: Book, watch: Watch
) -> None:
    watch.allow("status of 423")
    field(colleague, TEXT).locator("[data-rich]").click()
    expect(editor(colleague, TEXT)).to_be_focused()
    lead.goto(f"{book.map}rounds/")
    lead.locator(".lap-close a").click()
    lead.locator("main form button[type=submit]").click()
    told = colleague.locator(".notice[data-live]")
    expect(told).to_contain_text("Ronde 1 is afgesloten")

    colleague.keyboard.press("Control+End")
    colleague.keyboard.type(" Te laat getypt.")
    has_problem(colleague, TEXT)
    expect(state(colleague, TEXT)).to_contain_text("Je tekst blijft in deze browser")
    expect(editor(colleague, TEXT)).to_contain_text("Te laat getypt.")
    assert "Te laat getypt." not in office.lead.field(book.id, TEXT)

    lead.locator("#id_name").fill("Najaar")
    lead.locator("main form button[type=submit]").click()
    expect(told).to_contain_text("Ronde 2 is gestart")
    # On the spot, and also when the page is opened anew.
    along = state(colleague, TEXT).get_by_role("button", name="Neem het mee naar ronde 2")
    expect(along).to_be_visible()
    told.locator("a").click()
    expect(along).to_be_visible()
    expect(editor(colleague, TEXT)).to_contain_text("Te laat getypt.")
    along.click()
    is_saved(colleague, TEXT)
    assert "Te laat getypt." in office.lead.field(book.id, TEXT)

    # What stood there at the end of the first round, at the field itself.
    lead.goto(book.section("A.0"))
    field(lead, TEXT).locator("a[href*='earlier/']").click()
    expect(panel(lead).locator(".then h3")).to_have_text(["Ronde 1"])
    expect(panel(lead).locator(".reading .prose")).to_have_text("Het loket vernieuwt, samen met drie diensten.")
    assert changes(panel(lead).locator(".then")) == ([], ["Te laat getypt."])


def test_a_closed_round_is_read_and_not_written(lead: Page, colleague: Page, office: Office, book: Book) -> None:
    deeds.close_round(office.lead, book)
    colleague.goto(book.section("A.0"))
    expect(colleague.locator(".document > .notice")).to_contain_text("Ronde 1 is afgesloten")
    expect(field(colleague, TEXT)).to_contain_text("Het loket vernieuwt, samen met drie diensten.")
    expect(colleague.locator("[data-field] :is(input:not([type=hidden]), textarea, [data-mark])")).to_have_count(0)
    field(colleague, TEXT).locator("a[href*='history/']").click()
    expect(panel(colleague).locator(".step")).to_have_count(3)
    expect(panel(colleague).locator("form[action$='history/restore/']")).to_have_count(0)


def test_a_deleted_workbook_comes_back(lead: Page, colleague: Page, office: Office, book: Book, watch: Watch) -> None:
    watch.allow("status of 404")
    lead.goto(f"{book.map}settings/")
    lead.locator("a.button.danger").click()
    lead.locator("main form button[type=submit]").click()
    # The page of a colleague says so at once.
    expect(colleague.locator(".notice.error[data-live]")).to_be_visible()
    response = colleague.request.get(book.map)
    assert response.status == 404
    lead.goto(f"{book.place}deleted/")
    lead.get_by_role("button", name="Zet het terug").click()
    expect(lead.locator(".notice.success")).to_be_visible()
    colleague.goto(book.section("A.0"))
    expect(field(colleague, TEXT)).to_contain_text("Het loket vernieuwt, samen met drie diensten.")
