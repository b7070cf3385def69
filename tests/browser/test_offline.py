"""Without a connection: pages that were seen open, what is typed waits, nothing of one person is for another."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedIn, Visit, Watch, sign_in
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, has_problem, is_saved, type_into
from tests.serving import PASSWORD

TEXT = "A.0/digital-government"
OTHER = "A.0/digital-transformation"
NO_CONNECTION = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 503"
NO_PAGE = re.compile("Geen verbinding|No connection")

# The addresses of the pages that are kept.
COPIES = """async () => {
  const cache = await caches.open("koers-pages-1");
  return (await cache.keys()).map((request) => new URL(request.url).pathname).sort();
}"""

# What waits in this browser, wherever it is kept: [field, value].
WAITING = """async () => {
  const found = Object.entries(localStorage).filter(([name]) => name.startsWith("koers:waiting:"))
    .map(([, text]) => JSON.parse(text));
  const base = await new Promise((settle, fail) => {
    const asked = indexedDB.open("koers");
    asked.onsuccess = () => settle(asked.result);
    asked.onerror = fail;
  });
  if (base.objectStoreNames.contains("drafts")) {
    const stored = await new Promise((settle) => {
      const asked = base.transaction("drafts").objectStore("drafts").getAll();
      asked.onsuccess = () => settle(asked.result);
    });
    found.push(...stored);
  }
  base.close();
  return found.map((each) => [each.field, each.value]);
}"""


@pytest.fixture
def book(office: Office) -> Book:
    return office.book(colleague_is="editor")


@pytest.fixture
def page(signed_in: SignedIn, office: Office, book: Book) -> Page:
    """The lead, with the first section of a new workbook open, in a browser that may keep pages."""
    made = signed_in(office.lead, service_workers="allow")
    made.goto(book.section("A.0"))
    return made


def has_copy(page: Page, path: str) -> None:
    """The worker is at work and has seen this page, and the editor can be opened without a connection."""
    page.wait_for_function("() => navigator.serviceWorker.controller")
    for _attempt in range(60):
        assets = page.evaluate(
            "async () => (await (await caches.open('koers-assets-1')).keys()).map((each) => each.url)"
        )
        if path in page.evaluate(COPIES) and any("/editor-" in each for each in assets):
            return
        page.wait_for_timeout(100)
    raise AssertionError((path, page.evaluate(COPIES)))


def copies(page: Page) -> list[str]:
    found: list[str] = page.evaluate(COPIES)
    return found


def copies_are(page: Page, wanted: list[str]) -> None:
    for _attempt in range(40):
        if copies(page) == wanted:
            return
        page.wait_for_timeout(100)
    assert copies(page) == wanted


def waits(page: Page) -> list[Any]:
    found: list[Any] = page.evaluate(WAITING)
    return found


def nothing_waits(page: Page) -> None:
    for _attempt in range(40):
        if not waits(page):
            return
        page.wait_for_timeout(100)
    assert waits(page) == []


def open_editor(page: Page, key: str) -> None:
    """Without a worker, an editor must be there before the connection goes."""
    field(page, key).locator("[data-rich]").click()
    expect(editor(page, key)).to_be_focused()


def lose(page: Page) -> None:
    """Close the tab of somebody without a connection: the browser of the tests would send what leaves with it."""
    page.evaluate("() => { globalThis.fetch = () => Promise.reject(new TypeError('no connection')); }")
    page.close()


def line(page: Page) -> Any:
    return page.locator(".copy-notice")


def test_a_section_reloads_without_a_connection_and_typing_goes_on(
    page: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    has_copy(page, book.section("A.0"))
    type_into(page, TEXT, "Voor de tunnel. ")
    is_saved(page, TEXT)
    # What was saved since the page was opened stands in the copy as well.
    for _attempt in range(60):
        if "/field/" in "".join(copies(page)):
            break
        page.wait_for_timeout(100)
    page.context.set_offline(True)
    page.reload()
    expect(line(page)).to_have_text(re.compile(r"kopie van|copy from"))
    expect(field(page, TEXT)).to_contain_text("Voor de tunnel.")
    type_into(page, TEXT, " In de tunnel.")
    has_problem(page, TEXT)
    page.reload()
    expect(editor(page, TEXT)).to_have_text("Voor de tunnel. In de tunnel.")
    page.context.set_offline(False)
    is_saved(page, TEXT)
    assert "Voor de tunnel. In de tunnel." in office.lead.field(book.id, TEXT)
    nothing_waits(page)
    expect(line(page).locator("a")).to_have_attribute("href", book.section("A.0"))
    line(page).locator("a").click()
    expect(line(page)).to_have_count(0)
    expect(field(page, TEXT)).to_contain_text("Voor de tunnel. In de tunnel.")


def test_a_tab_that_is_closed_offline_gives_its_text_to_the_next(
    page: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    has_copy(page, book.section("A.0"))
    page.context.set_offline(True)
    type_into(page, TEXT, "Op de trein getypt.")
    has_problem(page, TEXT)
    lose(page)
    again = page.context.new_page()
    again.goto(book.section("A.0"))
    expect(editor(again, TEXT)).to_have_text("Op de trein getypt.")
    page.context.set_offline(False)
    is_saved(again, TEXT)
    assert "Op de trein getypt." in office.lead.field(book.id, TEXT)
    nothing_waits(again)


def test_two_tabs_keep_their_own_drafts(page: Page, watch: Watch, office: Office, book: Book) -> None:
    watch.allow(NO_CONNECTION)
    has_copy(page, book.section("A.0"))
    second = page.context.new_page()
    second.goto(book.section("A.0"))
    page.context.set_offline(True)
    type_into(page, TEXT, "Uit het eerste tabblad.")
    has_problem(page, TEXT)
    type_into(second, TEXT, "Uit het tweede tabblad.")
    has_problem(second, TEXT)
    # The last letters are kept a moment after they are typed.
    both = ["<p>Uit het eerste tabblad.</p>", "<p>Uit het tweede tabblad.</p>"]
    for _attempt in range(50):
        if sorted(value for _field, value in waits(second)) == both:
            break
        second.wait_for_timeout(100)
    assert sorted(value for _field, value in waits(second)) == both
    # A third finds nothing to put back: both are being looked after.
    third = page.context.new_page()
    third.goto(book.section("A.0"))
    third.wait_for_timeout(1_000)
    expect(editor(third, TEXT)).to_have_count(0)
    lose(third)
    lose(page)
    lose(second)
    page.context.set_offline(False)
    last = page.context.new_page()
    last.goto(book.section("A.0"))
    is_saved(last, TEXT)
    nothing_waits(last)
    stored = office.lead.field(book.id, TEXT)
    assert "Uit het eerste tabblad." in stored
    assert "Uit het tweede tabblad." in stored


def test_other_pages_say_that_there_is_no_connection_and_what_can_be_opened(
    page: Page, watch: Watch, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    has_copy(page, book.section("A.0"))
    page.context.set_offline(True)
    page.goto("/")
    expect(page.locator("h1")).to_have_text(NO_PAGE)
    links = page.locator(".copies a")
    expect(links.first).to_be_visible()
    assert {each.get_attribute("href") for each in links.all()} == {book.section("A.0")}
    links.first.click()
    expect(line(page)).to_be_visible()


def test_nothing_of_a_page_is_kept_for_somebody_else(page: Page, watch: Watch, office: Office, book: Book) -> None:
    watch.allow(NO_CONNECTION, "status of 40[14]")
    has_copy(page, book.section("A.0"))
    page.context.set_offline(True)
    type_into(page, TEXT, "Alleen van Lieve.")
    has_problem(page, TEXT)
    lose(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto("/accounts/login/")
    copies_are(other, [])
    sign_in(other, office.colleague.email, PASSWORD)
    other.goto(book.section("A.0"))
    other.wait_for_timeout(1_000)
    expect(other.locator("body")).not_to_contain_text("Alleen van Lieve.")
    other.goto("/")
    other.wait_for_timeout(3_500)
    expect(other.locator(".waiting-notice")).to_have_count(0)
    assert "Alleen van Lieve." not in office.lead.field(book.id, TEXT)
    # It waits for her.
    assert {tuple(each) for each in waits(other)} == {(TEXT, "<p>Alleen van Lieve.</p>")}
    other.context.clear_cookies()
    other.goto("/accounts/login/")
    sign_in(other, office.lead.email, PASSWORD)
    other.goto(book.section("A.0"))
    expect(editor(other, TEXT)).to_have_text("Alleen van Lieve.")
    is_saved(other, TEXT)


def test_who_signs_out_leaves_no_pages_behind(visit: Visit, watch: Watch, office: Office, book: Book) -> None:
    watch.allow(NO_CONNECTION, "status of 404 .*/events")
    page = visit(service_workers="allow").new_page()
    page.goto("/accounts/login/")
    sign_in(page, office.lead.email, PASSWORD)
    page.goto(book.section("A.0"))
    has_copy(page, book.section("A.0"))
    page.goto(book.map)
    copies_are(page, sorted([book.map, book.section("A.0")]))
    page.locator("header details[data-menu] summary").last.click()
    page.locator("form[action*='logout'] button").click()
    page.wait_for_url("**/accounts/login/")
    copies_are(page, [])
    page.context.set_offline(True)
    page.goto(book.section("A.0"))
    expect(page.locator("h1")).to_have_text(NO_PAGE)
    expect(page.locator(".copies a")).to_have_count(0)


def test_the_copies_of_a_member_who_is_removed_go_with_the_next_visit(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION, "status of 404")
    newcomer = office.newcomer("Tijdelijke Tine")
    office.take_in(book, newcomer, "editor")
    page = signed_in(newcomer, service_workers="allow")
    page.goto(book.section("A.0"))
    has_copy(page, book.section("A.0"))
    page.goto(book.section("A.1"))
    has_copy(page, book.section("A.1"))
    people = office.lead.request("GET", book.place)[1]
    (row,) = [each for each in re.split(r"<li", people) if "Tijdelijke Tine" in each]
    remove = re.search(r'action="([^"]+/remove/)"', row)
    assert remove
    assert office.lead.post(remove[1])[0] == 302
    page.goto(book.section("A.1"))
    copies_are(page, [])
    page.context.set_offline(True)
    page.goto(book.section("A.0"))
    expect(page.locator("h1")).to_have_text(NO_PAGE)


# A clock that is 40 days ahead, or behind, for whoever asks it.
CLOCK = """(() => {
  const off = %d * 86_400_000;
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
})();"""


@pytest.mark.parametrize("days", [-40, 40])
def test_a_wrong_clock_loses_nothing(signed_in: SignedIn, watch: Watch, office: Office, book: Book, days: int) -> None:
    watch.allow(NO_CONNECTION)
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    open_editor(page, TEXT)
    page.context.set_offline(True)
    type_into(page, TEXT, "Met de juiste klok.")
    has_problem(page, TEXT)
    lose(page)
    page.context.set_offline(False)
    page.context.add_init_script(CLOCK % days)
    again = page.context.new_page()
    again.goto(book.section("A.0"))
    expect(editor(again, TEXT)).to_have_text("Met de juiste klok.")
    is_saved(again, TEXT)
    again.context.set_offline(True)
    again.keyboard.press("Control+End")
    type_into(again, TEXT, " Met de verkeerde.")
    has_problem(again, TEXT)
    lose(again)
    again.context.set_offline(False)
    last = again.context.new_page()
    last.goto(book.section("A.0"))
    expect(editor(last, TEXT)).to_have_text("Met de juiste klok. Met de verkeerde.")
    is_saved(last, TEXT)
    assert "Met de juiste klok. Met de verkeerde." in office.lead.field(book.id, TEXT)
    nothing_waits(last)


# Databases of which nothing more can be written.
FULL = """IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };"""
NO_ROOM = (
    FULL
    + """
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (name, text) {
  if (name.startsWith("koers:waiting:")) throw new DOMException("full", "QuotaExceededError");
  set.call(this, name, text);
};"""
)


def test_a_full_database_falls_back_to_the_other_storage(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    page = signed_in(office.lead)
    page.context.add_init_script(FULL)
    page.goto(book.section("A.0"))
    open_editor(page, TEXT)
    page.context.set_offline(True)
    type_into(page, TEXT, "Geen plaats meer.")
    has_problem(page, TEXT)
    assert waits(page) == [[TEXT, "<p>Geen plaats meer.</p>"]]
    lose(page)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(book.section("A.0"))
    expect(editor(again, TEXT)).to_have_text("Geen plaats meer.")
    is_saved(again, TEXT)
    nothing_waits(again)


def test_where_nothing_can_be_kept_the_field_says_so(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    page = signed_in(office.lead)
    page.context.add_init_script(NO_ROOM)
    page.goto(book.section("A.0"))
    open_editor(page, TEXT)
    page.context.set_offline(True)
    type_into(page, TEXT, "Nergens bewaard.")
    has_problem(page, TEXT)
    page.context.set_offline(False)
    is_saved(page, TEXT)
    assert "Nergens bewaard." in office.lead.field(book.id, TEXT)


def test_drafts_as_they_were_kept_before_are_taken_over(signed_in: SignedIn, office: Office, book: Book) -> None:
    page = signed_in(office.lead)
    page.goto(book.section("A.1"))
    person = page.locator("body").get_attribute("data-user")
    former = json.dumps({"base": 0, "value": "<p>Van voor de verhuizing.</p>", "at": 1})
    page.evaluate(
        "([name, text]) => localStorage.setItem(name, text)", [f"koers:draft:{person}:{book.id}:{TEXT}:0", former]
    )
    page.goto(book.section("A.0"))
    expect(editor(page, TEXT)).to_have_text("Van voor de verhuizing.")
    is_saved(page, TEXT)
    nothing_waits(page)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('koers:draft:'))") == []


def test_text_that_waits_is_told_of_on_other_pages(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    open_editor(page, TEXT)
    page.context.set_offline(True)
    type_into(page, TEXT, "Niet vergeten.")
    has_problem(page, TEXT)
    lose(page)
    page.context.set_offline(False)
    home = page.context.new_page()
    home.goto("/")
    notice = home.locator(".waiting-notice")
    expect(notice).to_contain_text("A.0")
    notice.locator("a").click()
    home.wait_for_url(f"**{book.section('A.0')}")
    is_saved(home, TEXT)
    nothing_waits(home)
    home.goto("/")
    home.wait_for_timeout(3_500)
    expect(notice).to_have_count(0)


def test_what_was_sent_on_the_way_out_does_not_wait(signed_in: SignedIn, office: Office, book: Book) -> None:
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    type_into(page, TEXT, "Nog vlug dit.")
    page.goto(book.map)
    page.wait_for_timeout(3_500)
    expect(page.locator(".waiting-notice")).to_have_count(0)
    assert "Nog vlug dit." in office.lead.field(book.id, TEXT)
    nothing_waits(page)


def test_what_can_no_longer_be_opened_can_be_copied_or_thrown_away(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION, "status of 404")
    page = signed_in(office.lead)
    page.goto("/")
    person = page.locator("body").get_attribute("data-user")
    gone = "00000000-0000-4000-8000-000000000000"
    kept = {
        "person": person, "workbook": gone, "field": TEXT, "tab": "t", "holder": "t", "order": 1, "base": 0,
        "value": "<p>Eén zin.</p><p>Nog een.</p>", "round": 1, "at": 1,
    }  # fmt: skip
    page.evaluate(
        "([name, text]) => localStorage.setItem(name, text)",
        [f"koers:waiting:{person}:{gone}:t:{TEXT}", json.dumps(kept)],
    )
    page.reload()
    fold = page.locator(".waiting-notice details")
    fold.locator("summary").click()
    expect(fold.locator("pre")).to_have_text("Eén zin.\nNog een.")
    fold.locator("button").last.click()
    expect(fold).to_have_count(0)
    nothing_waits(page)
