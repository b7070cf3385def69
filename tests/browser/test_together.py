"""Several people in one section at the same time: each other's text, each other's faces, and nothing lost."""

import random
import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignedIn, Watch
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, has_problem, is_saved, state, type_into

TEXT = "A.0/digital-government"
OTHER = "A.0/digital-transformation"
NO_CONNECTION = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"
START = "<p>Het loket vergrijst en de toepassing wordt oud.</p><p>Daarom beginnen we nu.</p>"


@pytest.fixture
def book(office: Office) -> Book:
    return office.book(colleague_is="editor")


@pytest.fixture
def lead(signed_in: SignedIn, office: Office, book: Book) -> Page:
    office.lead.put(book.id, TEXT, START)
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    return page


@pytest.fixture
def colleague(signed_in: SignedIn, office: Office, book: Book, lead: Page) -> Page:
    page = signed_in(office.colleague)
    page.goto(book.section("A.0"))
    return page


def words(page: Page, key: str) -> str:
    """The text in an editor, its white space evened out."""
    return " ".join(editor(page, key).inner_text().split())


def agree(one: Page, other: Page, key: str) -> str:
    """Wait until both show the same; returns it."""
    until = time.monotonic() + 8
    while time.monotonic() < until:
        if words(one, key) == words(other, key) and state(one, key).get_attribute("data-tone") != "busy":
            return words(one, key)
        one.wait_for_timeout(100)
    raise AssertionError((words(one, key), words(other, key)))


START_OF, END_OF = "Home", "End"


def place_caret(page: Page, key: str, side: str) -> None:
    """At the start or at the end of a text."""
    field(page, key).locator("[data-rich]").click()
    expect(editor(page, key)).to_be_focused()
    paragraphs = editor(page, key).locator("p")
    (paragraphs.first if side == START_OF else paragraphs.last).click()
    page.keyboard.press(side)
    page.wait_for_timeout(50)


def test_people_see_each_other_and_in_which_field_they_are(lead: Page, colleague: Page, book: Book) -> None:
    faces = lead.locator("[data-present] li")
    expect(faces).to_have_count(1)
    expect(faces.first).to_have_text(re.compile("Karel Colpaert"))
    place_caret(colleague, TEXT, END_OF)
    expect(field(lead, TEXT).locator(".field-present")).to_contain_text("Karel Colpaert")
    place_caret(colleague, OTHER, END_OF)
    expect(field(lead, TEXT).locator(".field-present")).to_have_count(0)
    expect(field(lead, OTHER).locator(".field-present")).to_contain_text("Karel Colpaert")
    colleague.goto(book.map)
    expect(lead.locator("[data-present]")).to_be_hidden()


def test_each_others_text_comes_within_a_second_of_a_pause(lead: Page, colleague: Page) -> None:
    place_caret(lead, TEXT, END_OF)
    place_caret(colleague, TEXT, START_OF)
    colleague.keyboard.type("Eerst dit: ")
    begun = time.monotonic()
    expect(editor(lead, TEXT)).to_contain_text("Eerst dit: Het loket", timeout=2_000)
    assert time.monotonic() - begun < 1.2


def test_caret_and_undo_of_who_is_typing_stay_hers(lead: Page, colleague: Page) -> None:
    place_caret(lead, TEXT, END_OF)
    lead.keyboard.type(" Mijn slot")
    place_caret(colleague, TEXT, START_OF)
    colleague.keyboard.type("Vooraan gezet. ")
    expect(editor(lead, TEXT)).to_contain_text("Vooraan gezet.")
    # The caret is still where it was.
    lead.keyboard.type("zin.")
    assert agree(lead, colleague, TEXT).endswith("Daarom beginnen we nu. Mijn slotzin.")
    # And undo takes away one's own words alone.
    for _press in range(6):
        lead.keyboard.press("Control+z")
    expect(editor(lead, TEXT)).not_to_contain_text("Mijn slot")
    expect(editor(lead, TEXT)).to_contain_text("Vooraan gezet.")
    both = agree(lead, colleague, TEXT)
    assert both == "Vooraan gezet. Het loket vergrijst en de toepassing wordt oud. Daarom beginnen we nu."


@pytest.mark.parametrize("places", [(START_OF, END_OF), (END_OF, END_OF)], ids=["apart", "same"])
def test_two_who_type_hundreds_of_words_at_once_lose_none(
    lead: Page, colleague: Page, office: Office, book: Book, places: tuple[str, str]
) -> None:
    for page, at in zip((lead, colleague), places, strict=True):
        place_caret(page, TEXT, at)
        page.keyboard.type(" ")
    mine, theirs = ([f"{name}{number}" for number in range(120)] for name in ("lieve", "karel"))
    chance = random.Random(3)
    for one, other in zip(mine, theirs, strict=True):
        lead.keyboard.type(f"{one} ")
        colleague.keyboard.type(f"{other} ")
        if chance.random() < 0.3:
            lead.wait_for_timeout(chance.randrange(20, 400))
    both = agree(lead, colleague, TEXT).split()
    assert [word for word in both if word.startswith("lieve")] == mine
    assert [word for word in both if word.startswith("karel")] == theirs
    stored = office.lead.field(book.id, TEXT)
    assert [word for word in [*mine, *theirs] if not re.search(rf"\b{word}\b", stored)] == []
    expect(field(lead, TEXT).locator(".conflict")).to_have_count(0)


def test_neighbouring_fields_and_one_of_them_offline_for_a_while(
    lead: Page, colleague: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    place_caret(lead, TEXT, END_OF)
    lead.keyboard.type(" Aan het station.")
    is_saved(lead, TEXT)
    lead.context.set_offline(True)
    lead.keyboard.type(" In de tunnel.")
    has_problem(lead, TEXT)
    place_caret(colleague, TEXT, START_OF)
    colleague.keyboard.type("Intussen op kantoor. ")
    is_saved(colleague, TEXT)
    place_caret(colleague, OTHER, END_OF)
    colleague.keyboard.type("Ook hier iets.")
    is_saved(colleague, OTHER)
    lead.keyboard.type(" Nog altijd.")
    lead.context.set_offline(False)
    both = agree(lead, colleague, TEXT)
    assert both == (
        "Intussen op kantoor. Het loket vergrijst en de toepassing wordt oud. "
        "Daarom beginnen we nu. Aan het station. In de tunnel. Nog altijd."
    )
    expect(field(lead, OTHER)).to_contain_text("Ook hier iets.")
    expect(field(lead, TEXT).locator(".conflict")).to_have_count(0)


def change_first_word(page: Page, key: str, word: str) -> None:
    place_caret(page, key, START_OF)
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.type(word)


def test_the_same_words_changed_by_two_are_both_there_and_one_click_ends_it(
    lead: Page, colleague: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    place_caret(lead, TEXT, END_OF)
    # The event of the colleague's save still comes in; the lead's own saves do not get through.
    tries: list[Route] = []

    def refuse(route: Route) -> None:
        tries.append(route)
        route.abort()

    lead.route("**/save", refuse)
    change_first_word(lead, TEXT, "Ons ")
    has_problem(lead, TEXT)
    change_first_word(colleague, TEXT, "Elk ")
    is_saved(colleague, TEXT)
    lead.wait_for_timeout(1_500)
    # A connection that fails is left alone for longer and longer.
    assert len(tries) <= 4
    lead.unroute("**/save")
    lead.evaluate("dispatchEvent(new Event('online'))")
    for page in (lead, colleague):
        conflict = field(page, TEXT).locator(".conflict")
        expect(conflict).to_contain_text("Karel Colpaert")
        expect(conflict).to_contain_text("Lieve Lootens")
        expect(conflict.locator("mark")).to_have_text(["Elk", "Ons"])
    assert agree(lead, colleague, TEXT).startswith("Elk Ons loket vergrijst")
    # The colleague chooses; both pages show it.
    field(colleague, TEXT).locator(".conflict button").nth(1).click()
    for page in (lead, colleague):
        expect(field(page, TEXT).locator(".conflict")).to_have_count(0)
        expect(editor(page, TEXT)).to_contain_text("Ons loket vergrijst")
        expect(editor(page, TEXT)).not_to_contain_text("Elk")


def test_two_choices_at_once_the_other_one_can_be_taken(
    lead: Page, colleague: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    key = "B.4.1/1"
    for page in (lead, colleague):
        page.goto(book.section("B.4.1"))
    lead.context.set_offline(True)
    field(lead, key).locator("input[value='2']").check()
    has_problem(lead, key)
    field(colleague, key).locator("input[value='3']").check()
    is_saved(colleague, key)
    lead.context.set_offline(False)
    expect(field(lead, key).locator(".conflict")).to_be_visible()
    expect(field(lead, key).locator("input:checked")).to_have_value("3")
    field(lead, key).locator(".conflict button").nth(1).click()
    for page in (lead, colleague):
        expect(field(page, key).locator("input:checked")).to_have_value("2")
        expect(field(page, key).locator(".conflict")).to_have_count(0)


def test_ticks_and_rows_of_two_come_together(lead: Page, colleague: Page, book: Book) -> None:
    key = "B.4.1/6"
    for page in (lead, colleague):
        page.goto(book.section("B.4.1"))
    field(lead, key).locator("input[value='1']").check()
    field(colleague, key).locator("input[value='3']").check()
    for page in (lead, colleague):
        expect(field(page, key).locator("input:checked")).to_have_count(2)


def test_a_page_that_slept_wakes_up_without_undoing_anything(
    lead: Page, colleague: Page, watch: Watch, office: Office, book: Book
) -> None:
    """A phone in a pocket: its page is days old, the text went on without it."""
    watch.allow(NO_CONNECTION)
    place_caret(lead, TEXT, END_OF)
    lead.context.set_offline(True)
    for number in range(4):
        office.colleague.put(book.id, TEXT, f"<p>Alles is anders, stand {number}.</p>")
    lead.context.set_offline(False)
    lead.evaluate("dispatchEvent(new Event('online'))")
    expect(editor(lead, TEXT)).to_have_text("Alles is anders, stand 3.", timeout=8_000)
    lead.keyboard.press("End")
    lead.keyboard.type(" En verder.")
    is_saved(lead, TEXT)
    assert "Alles is anders, stand 3. En verder." in office.lead.field(book.id, TEXT)


def test_a_reader_sees_the_text_grow(signed_in: SignedIn, office: Office, book: Book, lead: Page) -> None:
    reader = office.newcomer("Rita Reynders")
    office.take_in(book, reader, "viewer")
    page = signed_in(reader)
    page.goto(book.section("A.0"))
    type_into(lead, TEXT, " Nieuw voor de lezer.")
    expect(field(page, TEXT)).to_contain_text("Nieuw voor de lezer.", timeout=3_000)
    expect(field(page, TEXT).locator("[contenteditable]")).to_have_count(0)
