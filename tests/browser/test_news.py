"""News, its bell and its mail; finding what was written."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.conftest import SignedIn
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field

TEXT = "A.0/digital-government"


@pytest.fixture
def book(office: Office) -> Book:
    return office.book(colleague_is="editor")


@pytest.fixture
def page(signed_in: SignedIn, office: Office) -> Page:
    return signed_in(office.lead)


def test_how_often_mail_comes_is_chosen_in_the_profile(page: Page, office: Office) -> None:
    for choice in ("daily", "never", "at-once"):
        page.goto("/accounts/profile/#mail")
        page.locator(f"#mail input[value='{choice}']").check()
        page.locator("main form button[type=submit]").click()
        expect(page.locator(".notice.success")).to_be_visible()
        page.goto("/accounts/profile/")
        expect(page.locator("#mail input:checked")).to_have_value(choice)


def test_the_bell_counts_what_is_unread_on_every_page(signed_in: SignedIn, office: Office, book: Book) -> None:
    person = office.newcomer("Nele Naessens")
    office.take_in(book, person, "editor")
    page = signed_in(person)
    page.goto("/")
    unread = page.locator("[data-unread]")
    expect(unread).to_be_hidden()
    deeds.give_section(office.lead, book, "A.0", "Nele Naessens")
    deeds.say(office.lead, book, TEXT, "@Nele Naessens, lees jij dit na?")
    for path in ("/", book.map, "/search/", "/accounts/profile/"):
        page.goto(path)
        expect(unread).to_have_text("2")
    page.goto("/news/")
    expect(page.locator(".is-unread")).to_have_count(2)
    page.locator("form[action$='/news/read/'] button").click()
    expect(page.locator(".is-unread")).to_have_count(0)
    expect(unread).to_be_hidden()


def test_a_section_that_was_given_leads_there(signed_in: SignedIn, office: Office, book: Book) -> None:
    deeds.give_section(office.lead, book, "A.1", "Karel Colpaert")
    page = signed_in(office.colleague)
    page.goto("/news/")
    page.locator(".news-item").first.click()
    page.wait_for_url(f"**{book.section('A.1')}**")
    expect(page.locator("[data-owner]")).to_contain_text("Karel Colpaert")


def test_a_slash_goes_to_search_and_a_word_form_leads_to_the_field(page: Page, office: Office, book: Book) -> None:
    office.lead.put(book.id, TEXT, "<p>De vergunningen van de Zandmanloketten gaan vlotter.</p>")
    page.goto(book.map)
    page.keyboard.press("/")
    expect(page.locator(".find-bar input")).to_be_focused()
    page.keyboard.type("zandmanloket")
    page.keyboard.press("Enter")
    hits = page.locator(".hit")
    expect(hits).to_have_count(1)
    expect(page.locator(".hit-text mark").first).to_have_text("Zandmanloketten")
    hits.click()
    page.wait_for_url(f"**{book.section('A.0')}#*")
    expect(field(page, TEXT)).to_be_in_viewport()


def test_a_slash_in_a_text_is_a_slash(page: Page, book: Book) -> None:
    page.goto(book.section("A.0"))
    field(page, TEXT).locator("[data-rich]").click()
    expect(editor(page, TEXT)).to_be_focused()
    page.keyboard.type("en/of")
    expect(editor(page, TEXT)).to_have_text("en/of")
    field(page, TEXT).locator("[data-talk]").click()
    page.locator(".panel .begin textarea").click()
    page.keyboard.type("ja/nee")
    expect(page.locator(".panel .begin textarea")).to_have_value("ja/nee")


def test_what_is_misspelt_offers_what_does_stand_there(page: Page, office: Office, book: Book) -> None:
    office.lead.put(book.id, TEXT, "<p>Het zandmanregister is oud.</p>")
    page.goto(f"{book.map}search/?q=zandmanregisterr")
    page.locator(".find-near a").first.click()
    expect(page.locator(".hit-text mark").first).to_have_text("zandmanregister")
