"""Measuring in a browser: an own estimate on a phone, an interview by a link, what is agreed, comparing, downloads."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from koers.kit import sheets
from tests.browser import measuring
from tests.browser.conftest import SignedIn, Visit, Watch
from tests.browser.measuring import QUESTIONS
from tests.browser.office import Book, Office
from tests.browser.pages import field, has_problem, is_saved
from tests.browser.workshop import PHONE

NO_CONNECTION = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 503"
CHOICE, SECOND, OPEN = "B.4.1/1", "B.4.1/2", "B.4.2/13"
LINES = re.compile(r"\s*\n\s*")


@pytest.fixture
def book(office: Office) -> Book:
    return office.book(colleague_is="editor")


def choose(page: Page, key: str, place: int) -> None:
    """Tap an answer, and wait until it is saved."""
    field(page, key).locator("label.option").nth(place - 1).click()
    is_saved(page, key)


def chosen(page: Page, key: str) -> Locator:
    return field(page, key).locator("input:checked")


def remark(page: Page, key: str, text: str) -> None:
    field(page, key).locator("[data-remark] summary").click()
    field(page, key).locator("[data-remark] textarea").fill(text)


def test_an_own_estimate_on_a_phone_can_be_stopped_and_gone_on_with(
    office: Office, book: Book, signed_in: SignedIn
) -> None:
    at = measuring.begin(office.lead, book, "Nulmeting", ["B.4.1", "B.4.3"])
    page = signed_in(office.colleague, **PHONE)
    page.goto(at)
    page.locator("main a[href$='/estimate/']").click()
    # All questions can be seen before one begins.
    expect(page.locator(".answering-questions li")).to_have_count(12)
    page.locator("#id_role").select_option("it")
    page.locator(".answering-begin button").click()
    choose(page, CHOICE, 3)
    remark(page, CHOICE, "In het meerjarenplan.")
    choose(page, SECOND, 1)
    is_saved(page, CHOICE)
    page.locator("button[name=stop]").click()
    expect(page.locator(".answering-so-far")).to_have_text("2 van 12 beantwoord")

    later = signed_in(office.colleague, **PHONE)
    later.goto(at)
    later.locator("main a[href$='/estimate/']").click()
    later.locator(".answering-about .actions a.button").click()
    expect(chosen(later, CHOICE)).to_have_value("3")
    expect(field(later, CHOICE).locator("[data-remark] textarea")).to_have_value("In het meerjarenplan.")
    later.locator("button[name=next]").click()
    choose(later, "B.4.3/1", 2)
    # The last page: done, with questions left open.
    later.locator("button[name=finish]").click()
    expect(later.locator(".answering-thanks")).to_contain_text("3 antwoorden")
    expect(later.locator(".answering-thanks")).to_contain_text("9 vragen")

    lead = signed_in(office.lead)
    lead.goto(f"{at}q/?key={CHOICE}")
    answer = lead.locator(".each-answer li")
    expect(answer).to_have_count(1)
    expect(answer).to_contain_text("Karel Colpaert")
    expect(answer.locator(".each-remark")).to_have_text("“In het meerjarenplan.”")


def _link(page: Page, at: str) -> str:
    """Ask somebody for an interview, and copy her link as the button does."""
    page.goto(f"{at}respondents/new/")
    page.locator("[name=name-0]").fill("Lien Verhaeghe")
    page.locator("[name=role-0]").select_option("staff")
    page.locator("form.add-people button[type=submit]").last.click()
    page.locator(".fresh-link [data-copy]").click()
    expect(page.locator("#status")).to_have_text(re.compile(r"\w"))
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".fresh-link input").input_value()
    return copied


def test_an_interview_by_a_link_needs_no_account_and_keeps_what_is_typed_without_a_connection(
    office: Office, book: Book, signed_in: SignedIn, visit: Visit, watch: Watch
) -> None:
    watch.allow(NO_CONNECTION)
    at = measuring.begin(office.lead, book, "Nulmeting", ["B.4.1", "B.4.2"])
    lead = signed_in(office.lead, permissions=["clipboard-read", "clipboard-write"])
    link = urlsplit(_link(lead, at)).path
    guest = visit(**PHONE)
    page = guest.new_page()
    page.goto(link)
    page.locator(".answering-about .actions a.button").click()
    choose(page, CHOICE, 2)
    page.locator("button[name=next]").click()
    guest.set_offline(True)
    field(page, OPEN).locator("textarea").fill("Twee apps die niemand meer kent.")
    has_problem(page, OPEN)
    field(page, "B.4.2/1").locator("label.option").nth(1).click()
    has_problem(page, "B.4.2/1")
    # Going on waits for the connection: nothing of what was typed is lost.
    page.locator("button[name=next], button[name=finish]").click()
    expect(page.locator("#status")).to_have_text(re.compile("verbinding"))
    guest.set_offline(False)
    is_saved(page, OPEN)
    is_saved(page, "B.4.2/1")
    # And once more, with the tab closed before the connection is back.
    guest.set_offline(True)
    field(page, OPEN).locator("textarea").fill("Twee apps en een rooster op papier.")
    has_problem(page, OPEN)
    page.close()
    guest.set_offline(False)
    again = guest.new_page()
    again.goto(f"{link}2/")
    expect(field(again, OPEN).locator("textarea")).to_have_value("Twee apps en een rooster op papier.")
    is_saved(again, OPEN)
    again.locator("button[name=finish]").click()
    expect(again.locator(".answering-thanks")).to_contain_text("3 antwoorden")
    assert guest.cookies() == []

    lead.goto(f"{at}q/?key={OPEN}")
    expect(lead.locator(".each-answer li")).to_contain_text("Twee apps en een rooster op papier.")
    expect(lead.locator(".each-answer li")).to_contain_text("Lien Verhaeghe")
    # Who may only read sees that there is an answer, and neither the words nor the name.
    book_reader = office.newcomer("Lezer Leroy")
    office.take_in(book, book_reader, "viewer")
    shown = book_reader.request("GET", f"{at}q/?key={OPEN}")[1]
    assert "Lien Verhaeghe" not in shown
    assert "rooster op papier" not in shown


def test_what_is_agreed_side_by_side_is_the_answer_of_the_workbook(
    office: Office, book: Book, signed_in: SignedIn
) -> None:
    at = measuring.begin(office.lead, book, "Nulmeting", ["B.4.1"])
    measuring.estimate(office.lead, at, [QUESTIONS[CHOICE]], 1)
    measuring.estimate(office.colleague, at, [QUESTIONS[CHOICE]], 4)
    page = signed_in(office.lead)
    page.goto(f"{at}q/?key={CHOICE}")
    expect(page.locator(".each-answer li")).to_have_count(2)
    page.locator(".consensus label.option").nth(1).click()
    page.locator("#reason").fill("Er leeft iets, maar het staat nergens.")
    page.locator(".consensus button[type=submit]").click()
    expect(page.locator(".consensus input:checked")).to_have_value("2")
    expect(page.locator("#reason")).to_have_value("Er leeft iets, maar het staat nergens.")
    page.goto(book.section("B.4.1"))
    expect(chosen(page, CHOICE)).to_have_value("2")
    # Somebody changes it there: the measurement says so, and puts it back when asked.
    choose(page, CHOICE, 3)
    page.goto(f"{at}q/?key={CHOICE}")
    page.locator(".notice.warning button[value=consensus]").click()
    expect(page.locator(".notice.warning")).to_have_count(0)
    page.goto(book.section("B.4.1"))
    expect(chosen(page, CHOICE)).to_have_value("2")


def _agreed(office: Office, at: str, places: dict[str, int]) -> None:
    for key, place in places.items():
        measuring.agree(office.lead, at, key, place)


def _download(page: Page, link: Locator, folder: Path) -> Path:
    link.evaluate("(link) => { link.closest('details.download').open = true; }")
    with page.expect_download() as waiting:
        link.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def test_a_closed_measurement_is_compared_with_the_next_and_its_charts_are_taken_along(
    office: Office, book: Book, signed_in: SignedIn, tmp_path: Path
) -> None:
    first = measuring.begin(office.lead, book, "Nulmeting", ["B.4.1"])
    _agreed(office, first, {CHOICE: 1, SECOND: 3, "B.4.1/3": 2, "B.4.1/4": 2})
    page = signed_in(office.lead)
    page.goto(first)
    page.locator("a[href$='/close/']").click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".notice").first).to_be_visible()
    expect(page.locator("main a[href$='/estimate/']")).to_have_count(0)
    second = measuring.begin(office.lead, book, "Een jaar later", ["B.4.1"])
    _agreed(office, second, {CHOICE: 3, SECOND: 2, "B.4.1/3": 2, "B.4.1/4": 2})
    page.goto(f"{second}compare/")
    lead = LINES.sub(" ", page.locator("header .lead").inner_text())
    told, counted = lead.split(". ")
    assert re.sub(r" \([^)]+\)", "", told) == "Nulmeting naast Een jaar later"
    # One rose, one fell, two stayed.
    assert re.findall(r"\d+", counted) == ["1", "1", "2"]

    picture = _download(page, page.locator(".download a[href*='/png/']").first, tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.suffix == ".png"
    table = page.locator("section[aria-labelledby=questions-heading] .download a[href*='/xlsx/']").first
    (sheet,) = sheets.read_xlsx(_download(page, table, tmp_path).read_bytes())
    # The key, the dimension, then and now in words, and how many steps.
    assert [(row[0], row[-1]) for row in sheet.rows] == [(CHOICE, 2), (SECOND, -1)]
    # What was closed reads the same for ever; what is open goes on.
    page.goto(f"{first}results/")
    picture = _download(page, page.locator(".download a[href*='/svg/']").first, tmp_path)
    assert picture.read_text().startswith("<svg")
