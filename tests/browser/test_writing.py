"""Nothing that was typed gets lost: without a connection, without a session, beside a colleague, without JavaScript."""

import re
import time

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import SignedIn, Watch, sign_in
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, has_problem, is_saved, state, type_into
from tests.serving import PASSWORD

TEXT = "A.0/digital-government"
OTHER = "A.0/digital-transformation"
NO_CONNECTION = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.fixture
def book(office: Office) -> Book:
    return office.book(colleague_is="editor")


@pytest.fixture
def lead(signed_in: SignedIn, office: Office, book: Book) -> Page:
    """The lead, with the first section of a new workbook open."""
    page = signed_in(office.lead)
    page.goto(book.section("A.0"))
    return page


@pytest.fixture
def colleague(signed_in: SignedIn, office: Office, book: Book) -> Page:
    """A colleague with the same section open."""
    page = signed_in(office.colleague)
    page.goto(book.section("A.0"))
    return page


def stored(office: Office, book: Book, key: str) -> str:
    return office.lead.field(book.id, key)


def kept(page: Page) -> list[str]:
    """What waits in this browser, as text."""
    return list(
        page.evaluate("""async () => {
      const base = await new Promise((done, fail) => {
        const asked = indexedDB.open("koers");
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
      const rows = await new Promise((done) => {
        const asked = base.transaction("drafts").objectStore("drafts").getAll();
        asked.onsuccess = () => done(asked.result);
      });
      base.close();
      return rows.map((row) => JSON.stringify(row));
    }""")
    )


def test_offline_for_a_while_loses_nothing(lead: Page, watch: Watch, office: Office, book: Book) -> None:
    watch.allow(NO_CONNECTION)
    type_into(lead, TEXT, "Voor de tunnel. ")
    is_saved(lead, TEXT)
    lead.context.set_offline(True)
    lead.keyboard.type("In de tunnel. ")
    has_problem(lead, TEXT)
    lead.keyboard.type("Nog altijd in de tunnel. ")
    type_into(lead, OTHER, "Een tweede veld.")
    has_problem(lead, OTHER)
    assert "tunnel" not in stored(office, book, OTHER)
    lead.context.set_offline(False)
    is_saved(lead, TEXT)
    is_saved(lead, OTHER)
    assert "Voor de tunnel. In de tunnel. Nog altijd in de tunnel." in stored(office, book, TEXT)
    assert "Een tweede veld." in stored(office, book, OTHER)


def test_a_page_that_was_closed_offline_puts_the_text_back(
    lead: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    type_into(lead, TEXT, "Bewaard. ")
    is_saved(lead, TEXT)
    lead.context.set_offline(True)
    lead.keyboard.type("Op de trein getypt.")
    has_problem(lead, TEXT)
    lead.close()
    lead.context.set_offline(False)

    again = lead.context.new_page()
    again.goto(book.section("A.0"))
    expect(editor(again, TEXT)).to_have_text("Bewaard. Op de trein getypt.")
    is_saved(again, TEXT)
    assert "Bewaard. Op de trein getypt." in stored(office, book, TEXT)
    assert kept(again) == []


def test_leaving_with_unsaved_text_is_asked_first_and_a_reload_sends_it(
    lead: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow(NO_CONNECTION)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    lead.on("dialog", leave)
    lead.route("**/save", lambda route: route.abort())
    field(lead, TEXT).locator("[data-rich]").click()
    type_into(lead, TEXT, "Nog niet verstuurd.")
    has_problem(lead, TEXT)
    lead.unroute("**/save")
    lead.route("**/save", lambda route: route.abort(), times=2)
    lead.reload()
    assert asked == ["beforeunload"]
    expect(editor(lead, TEXT)).to_have_text("Nog niet verstuurd.")
    is_saved(lead, TEXT)
    assert "Nog niet verstuurd." in stored(office, book, TEXT)


def test_what_is_typed_just_before_leaving_is_sent_on_the_way_out(lead: Page, office: Office, book: Book) -> None:
    type_into(lead, TEXT, "Nog vlug dit.")
    lead.goto(book.map)
    lead.goto(book.section("A.0"))
    expect(field(lead, TEXT).locator("[data-rich] .prose").first).to_have_text("Nog vlug dit.")
    expect(field(lead, TEXT).locator(".conflict")).to_have_count(0)
    assert "Nog vlug dit." in stored(office, book, TEXT)


def test_an_editor_that_does_not_load_saves_nothing(lead: Page, watch: Watch, office: Office, book: Book) -> None:
    watch.allow(NO_CONNECTION)
    office.lead.put(book.id, TEXT, "<p>Wat er al stond.</p>")
    lead.route("**/editor-*.js", lambda route: route.abort())
    lead.reload()
    field(lead, TEXT).locator("[data-rich]").click()
    has_problem(lead, TEXT)
    lead.keyboard.type("x")
    field(lead, OTHER).locator("[data-rich]").click()
    lead.wait_for_timeout(1_200)
    assert "Wat er al stond." in stored(office, book, TEXT)
    expect(field(lead, TEXT)).to_contain_text("Wat er al stond.")


def test_what_is_refused_says_why_and_stays(lead: Page, watch: Watch, office: Office, book: Book) -> None:
    watch.allow("status of 422")
    key = "C.2.3/inspired/share"
    lead.goto(book.section("C.2.3"))
    box = field(lead, key).locator("input[data-percent]")
    box.fill("150")
    error = field(lead, key).locator(".field-error")
    expect(error).to_have_text(re.compile(r"\w+ .*100"))
    expect(box).to_have_value("150")
    expect(box).to_have_attribute("aria-invalid", "true")
    described = box.get_attribute("aria-errormessage")
    assert described == error.get_attribute("id")
    box.fill("50")
    is_saved(lead, key)
    expect(error).to_have_count(0)
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_a_session_that_ended_keeps_the_text_until_one_signed_in_again(
    lead: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow("status of 401", "status of 404 .*/events")
    type_into(lead, TEXT, "Voor de pauze. ")
    is_saved(lead, TEXT)
    lead.context.clear_cookies(name="sessionid")
    lead.context.clear_cookies(name="csrftoken")
    lead.keyboard.type("Na de pauze.")
    has_problem(lead, TEXT)
    link = state(lead, TEXT).locator("a")
    expect(link).to_have_attribute("href", "/accounts/login/")
    lead.keyboard.type(" En nog iets.")
    with lead.context.expect_page() as opening:
        link.click()
    sign_in(opening.value, office.lead.email, PASSWORD)
    is_saved(lead, TEXT)
    expect(editor(lead, TEXT)).to_have_text("Voor de pauze. Na de pauze. En nog iets.")
    assert "Voor de pauze. Na de pauze. En nog iets." in stored(office, book, TEXT)


def test_nothing_is_saved_in_the_name_of_who_signed_in_after(
    lead: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow("status of 401", "status of 404 .*/events")
    type_into(lead, TEXT, "Van Lieve.")
    is_saved(lead, TEXT)
    lead.context.clear_cookies()
    other = lead.context.new_page()
    other.goto("/accounts/login/")
    sign_in(other, office.colleague.email, PASSWORD)
    lead.bring_to_front()
    lead.keyboard.type(" Ook van Lieve.")
    has_problem(lead, TEXT)
    expect(state(lead, TEXT).locator("a")).to_have_attribute("href", "/accounts/login/")
    assert "Ook van Lieve." not in stored(office, book, TEXT)


def test_who_loses_access_is_told_and_keeps_what_was_typed(
    lead: Page, colleague: Page, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow("status of 40[34]")
    type_into(colleague, TEXT, "Geschreven. ")
    is_saved(colleague, TEXT)
    lead.goto(book.place)
    fold = lead.locator("li", has_text="Karel Colpaert").locator("details")
    fold.locator("summary").click()
    begun = time.monotonic()
    fold.locator("form[action$='/remove/'] button").click()
    expect(colleague.locator(".notice.error")).to_be_visible(timeout=3_000)
    assert time.monotonic() - begun < 3
    colleague.keyboard.type("Nog iets.")
    expect(editor(colleague, TEXT)).to_have_text("Geschreven. Nog iets.")
    colleague.wait_for_timeout(1_200)
    assert "Nog iets." not in stored(office, book, TEXT)
    assert any("Nog iets." in each for each in kept(colleague))


def test_another_page_shows_a_change_within_a_second(lead: Page, office: Office, book: Book) -> None:
    expect(field(lead, TEXT)).to_be_visible()
    lead.wait_for_timeout(300)
    office.colleague.put(book.id, TEXT, "<p>Vers van de pers.</p>")
    expect(field(lead, TEXT)).to_contain_text("Vers van de pers.", timeout=1_000)
    expect(state(lead, TEXT)).to_contain_text("Karel Colpaert")


def test_a_slow_save_does_not_overtake_what_is_typed_after_it(lead: Page, office: Office, book: Book) -> None:
    held: list[Route] = []
    lead.route("**/save", lambda route: held.append(route), times=1)
    type_into(lead, TEXT, "Eerst dit. ")
    for _attempt in range(40):
        lead.wait_for_timeout(100)
        if held:
            break
    lead.keyboard.type("Dan dat.")
    held[0].continue_()
    is_saved(lead, TEXT)
    expect(editor(lead, TEXT)).to_have_text("Eerst dit. Dan dat.")
    lead.wait_for_timeout(1_000)
    assert "Eerst dit. Dan dat." in stored(office, book, TEXT)


def test_without_javascript_a_section_is_filled_in_and_saved(
    signed_in: SignedIn, watch: Watch, office: Office, book: Book
) -> None:
    watch.allow("status of 422")
    signed_in(office.lead)
    page = signed_in(office.lead, java_script_enabled=False)
    page.goto(book.section("A.0"))
    page.locator(f"textarea[name='{TEXT}']").fill("Zonder *script* geschreven.\n\n- een\n- twee")
    page.locator("form.document p.no-js button[type=submit]").click()
    expect(page.locator("main [role=status], main .notice").first).to_be_visible()
    expect(page.locator(f"textarea[name='{TEXT}']")).to_have_value(re.compile(r"^Zonder \*script\* geschreven\."))
    assert "<em>script</em>" in stored(office, book, TEXT)

    page.goto(book.section("B.4.1"))
    page.locator("[name='B.4.1/1'][value='2']").check()
    page.locator("[name='B.4.1/6'][value='1']").check()
    page.locator("[name='B.4.1/6'][value='4']").check()
    page.locator("form.document p.no-js button[type=submit]").click()
    expect(page.locator("[name='B.4.1/1'][value='2']")).to_be_checked()
    expect(page.locator("[name='B.4.1/6']:checked")).to_have_count(2)

    page.goto(book.section("B.4.4"))
    page.locator("[name^='B.4.4/1:'][name$=':name']").first.fill("Zaaksysteem Vlotte Vaart")
    page.locator("form.document p.no-js button[type=submit]").click()
    assert "Zaaksysteem Vlotte Vaart" in stored(office, book, "B.4.4/1")

    page.goto(book.section("C.2.3"))
    page.locator("[name='C.2.3/inspired/share']").fill("250")
    page.locator("[name='C.2.3/frustrated/share']").fill("25")
    page.locator("form.document p.no-js button[type=submit]").click()
    expect(field(page, "C.2.3/inspired/share").locator(".field-error")).to_be_visible()
    expect(page.locator("[name='C.2.3/inspired/share']")).to_have_value("250")
    assert 'value="25"' in stored(office, book, "C.2.3/frustrated/share")
