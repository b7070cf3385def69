"""Every page by axe (WCAG 2.0, 2.1, 2.2 A and AA, best practice), wide and narrow, light and dark.

And no page is wider than its screen.
"""

import re
from collections.abc import Callable

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from tests.browser.axe import examine
from tests.browser.conftest import SignedIn, Stage, Visit, Watch
from tests.browser.office import Office
from tests.browser.pages import field, type_into
from tests.browser.test_accessibility_together import TOGETHER
from tests.test_permissions import TABLE

LEAD = "lead@kastelbeke.example.test"
VIEWER = "koen.lathouders@kastelbeke.example.test"
NOBODY = ""

SECTIONS = (
    "A.0", "A.1", "A.2", "A.3", "B.1", "B.1.1", "B.1.2", "B.1.3", "B.1.4", "B.2", "B.3", "B.4.1", "B.4.2", "B.4.3",
    "B.4.4", "B.4.5", "C.1.1", "C.1.2", "C.1.3", "C.1.4", "C.2", "C.2.1", "C.2.2", "C.2.3", "C.3",
)  # fmt: skip

# Answers that are no page of their own.
NO_PAGES = {
    "health", "favicon", "start_workbook", "one_field", "export_workbook", "download_note", "account_set_password",
    "service_worker", "section_state", "news_count", "open_news", "api_root", "api_nowhere", "console_qr",
    "console_state", "room_state", "screen_state", "export_measurement", "outcome_report", "workshop_report",
    "measured_figure", "compared_figure", "workbook_figure",
}  # fmt: skip

# What is looked at elsewhere: test_accessibility_measuring.py, and in the midst of a workshop test_workshop.py.
MEASURING = {
    "measurements", "new_measurement", "measurement", "own_questions", "close_measurement", "delete_measurement",
    "measured_question", "measured_results", "compare_measurements", "method", "add_respondents", "respondent",
    "withdraw_respondent", "own_estimate", "own_estimate_page", "note_answers", "note_answers_page", "answer_link",
    "answer_link_page", "stop_reminders", "instruments", "new_outcome", "edit_outcome", "delete_outcome",
    "import_measurement", "workshops", "plan_workshop", "workshop", "edit_workshop", "delete_workshop", "change_step",
    "workshop_console", "join", "room", "room_plain", "screen", "api_page", "api_keys",
}  # fmt: skip

# Who opens which address, and the status of the answer when it is not 200.
PAGES: list[tuple[str, str]] = [
    (NOBODY, "/"), (NOBODY, "/components/"), (NOBODY, "/accounts/login/"), (NOBODY, "/accounts/signup/"),
    (NOBODY, "/accounts/inactive/"), (NOBODY, "/accounts/confirm-email/"), (NOBODY, "/accounts/confirm-email/gone/"),
    (NOBODY, "/accounts/password/reset/"), (NOBODY, "/accounts/password/reset/done/"),
    (NOBODY, "/accounts/password/reset/key/done/"), (NOBODY, "/accounts/password/reset/key/1-gone/"),
    (NOBODY, "/no/such/page/"),
    (LEAD, "/"), (LEAD, "/accounts/profile/"), (LEAD, "/accounts/logout/"), (LEAD, "/accounts/password/change/"),
    (LEAD, "/administrations/new/"), (LEAD, "/administrations/new/?q=ha"), (LEAD, "/administrations/new/?q=xyzzy"),
    (LEAD, "/administrations/{a}/"), (LEAD, "/administrations/{a}/log/"),
    (LEAD, "/w/{w}/"), (LEAD, "/w/{w}/settings/"), (LEAD, "/w/{w}/import/"), (LEAD, "/w/{w}/analysis/"),
    (LEAD, "/w/{w}/note/"), (LEAD, "/w/{w}/note/compose/"),
    *((LEAD, f"/w/{{w}}/s/{section}/") for section in SECTIONS),
    (VIEWER, "/"), (VIEWER, "/w/{w}/"), (VIEWER, "/administrations/{a}/"), (VIEWER, "/w/{w}/settings/"),
    *((VIEWER, f"/w/{{w}}/s/{section}/") for section in ("A.1", "B.4.4", "B.4.5", "C.2.3")),
]  # fmt: skip
WITH_ERROR = {"/no/such/page/": 404, f"{VIEWER} /w/{{w}}/settings/": 403}


def test_every_page_is_among_them() -> None:
    some = "00000000-0000-0000-0000-000000000007"
    numbers = r"\{(version|comment|task|conversation|token)\}"
    seen = {
        resolve(re.sub(r"\{[a-z ]+\}", some, re.sub(numbers, "7", re.split(r"[?#]", path)[0]))).url_name
        for _who, path in [*PAGES, *TOGETHER]
        if path not in WITH_ERROR
    }
    wanted = {name for method, name in TABLE if method == "GET"} - NO_PAGES - MEASURING
    # The page of an invitation has a story of its own below.
    assert wanted - seen == {"invitation"}


def test_every_section_is_among_them(stage: Stage, signed_in: SignedIn) -> None:
    page = signed_in(LEAD)
    page.goto(stage.path("/w/{w}/"))
    assert page.locator(".waypoint-number").all_inner_texts() == list(SECTIONS)


@pytest.mark.parametrize(("who", "path"), PAGES, ids=lambda part: str(part).partition("@")[0] or "nobody")
def test_a_page_is_accessible(
    who: str, path: str, stage: Stage, signed_in: SignedIn, visit: Visit, watch: Watch
) -> None:
    page = signed_in(who) if who else visit().new_page()
    status = WITH_ERROR.get(path) or WITH_ERROR.get(f"{who} {path}", 200)
    watch.allow(f"status of {status}")
    response = page.goto(stage.path(path))
    assert response
    assert response.status == status
    assert examine(page) == {}


@pytest.mark.parametrize(
    "path",
    ["/", "/w/{w}/", "/w/{w}/s/A.3/", "/w/{w}/s/C.2.3/", "/w/{w}/analysis/", "/w/{w}/note/", "/administrations/{a}/"],
)
def test_a_page_is_accessible_in_english(path: str, stage: Stage, visit: Visit) -> None:
    context = visit(locale="en-GB")
    lead = stage.office.demo(LEAD)
    cookies = {**lead.cookies, "django_language": "en"}
    context.add_cookies([{"name": n, "value": v, "domain": "127.0.0.1", "path": "/"} for n, v in cookies.items()])
    page = context.new_page()
    page.goto(stage.path(path))
    assert page.locator("html").get_attribute("lang") == "en"
    assert examine(page) == {}


def test_an_empty_workbook_is_accessible(office: Office, signed_in: SignedIn) -> None:
    book = office.book()
    page = signed_in(office.lead)
    found = {}
    for path in (book.map, book.map + "analysis/", book.map + "note/", book.section("A.3"), book.section("B.4.4")):
        page.goto(path)
        found[path] = examine(page)
    assert {path: each for path, each in found.items() if each} == {}


# States of pages: what is open, refused, unsaved, invited, previewed.


def _account_menu(page: Page, stage: Stage) -> None:
    page.goto("/")
    page.locator("details[data-menu] summary").click()


def _refused_sign_up(page: Page, stage: Stage) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/signup/")
    page.locator("#id_name").fill("www.example.test")
    page.locator("#id_email").fill("geen@adres")
    page.locator("#id_password1").fill("kort")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(page.locator(".form-error").first).to_be_visible()


def _fresh_link(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(book.place)
    page.locator("#id_email").fill("nieuw@example.test")
    page.locator("form[action$='/invitations/'] button").click()
    expect(page.locator("#link")).to_be_visible()


def _invitation(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(stage.office.invite(book, stage.office.colleague.email, "viewer"))


def _invitation_of_a_visitor(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.context.clear_cookies()
    page.goto(stage.office.invite(book, "nieuw@example.test", "viewer"))


def _invitation_of_a_member(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    path = stage.office.invite(book, stage.office.colleague.email, "viewer")
    stage.office.colleague.post(path)
    page.goto(path)


def _new_password(page: Page, stage: Stage) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/password/reset/")
    page.locator("#id_email").fill(stage.office.colleague.email)
    page.locator("main form button").click()
    page.wait_for_url("**/done/")
    links = re.findall(r"http://\S+/accounts/password/reset/key/\S+", stage.office.mails())
    page.goto(links[-1])
    expect(page.locator("#id_password1")).to_be_visible()


def _taken(page: Page, stage: Stage) -> None:
    stage.office.colleague.post("/administrations/new/", nis="44021")
    page.goto("/administrations/new/?q=Gent")
    page.locator("#nis-44021").check()
    page.locator("form:has(input[name=nis]) button").click()


def _too_old(page: Page, stage: Stage) -> None:
    page.goto("/administrations/new/")
    page.locator("main details").last.evaluate("each => each.open = true")
    page.locator("#id_name").fill("Iets")
    page.context.clear_cookies(name="csrftoken")
    page.locator("form:has(#id_name) button").click()


def _import_preview(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    stage.office.lead.put(book.id, "A.3/why", "<p>Wat er stond.</p>")
    file = (
        "format: koers-workbook/1\nedition: draaiboek\nadministration: {name: X}\n"
        'answers:\n  A.3/why: "Nieuw."\n  A.3/hooks: "Ook nieuw."\n'
    )
    page.goto(f"/w/{book.id}/import/")
    page.locator("#id_file").set_input_files({"name": "w.yaml", "mimeType": "text/yaml", "buffer": file.encode()})
    page.locator("main form button").click()
    expect(page.locator("main table").first).to_be_visible()


def _import_refused(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(f"/w/{book.id}/import/")
    file = b"format: koers-workbook/1\nedition: draaiboek\nadministration: {name: X}\nanswers: {no/such: 1}\n"
    page.locator("#id_file").set_input_files({"name": "w.yaml", "mimeType": "text/yaml", "buffer": file})
    page.locator("main form button").click()
    expect(page.locator(".problems")).to_be_visible()


def _writing(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(book.section("A.0"))
    type_into(page, "A.0/digital-government", "Een tekst")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+K")
    expect(page.locator(".link-line")).to_be_visible()


def _table_in_text(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(book.section("A.0"))
    type_into(page, "A.0/digital-government", "Een tekst")
    page.locator(".toolbar button").nth(8).click()
    page.keyboard.type("Wie")
    page.keyboard.press("Tab")
    page.keyboard.type("Wat")
    expect(page.locator(".toolbar-more")).to_be_visible()


def _refused_answer(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    page.goto(book.section("C.2.3"))
    field(page, "C.2.3/inspired/share").locator("input[data-percent]").fill("150")
    expect(page.locator(".field-error")).to_be_visible()


def _choice(page: Page, stage: Stage) -> None:
    """A draft of which the server does not know what it started from: both texts are shown to choose."""
    book = stage.office.book()
    key = "A.0/digital-government"
    stage.office.lead.put(book.id, key, "<p>Een andere tekst.</p>")
    page.goto(book.section("A.0"))
    page.evaluate(
        "(name) => localStorage.setItem(`koers:draft:${document.body.dataset.user}:${name}`, "
        "JSON.stringify({ base: 99, value: '<p>Mijn tekst.</p>', at: Date.now() }))",
        f"{book.id}:{key}:99",
    )
    page.reload()
    expect(page.locator(".conflict")).to_be_visible()


def _meaning_of_a_term(page: Page, stage: Stage) -> None:
    for section in SECTIONS:
        page.goto(stage.path(f"/w/{{w}}/s/{section}/"))
        if page.locator(".term:visible").count():
            break
    page.locator(".term:visible").first.click()
    expect(page.locator(".meaning:popover-open")).to_be_visible()


STATES: list[tuple[Callable[[Page, Stage], None], str]] = [
    (_account_menu, LEAD), (_meaning_of_a_term, LEAD), (_refused_sign_up, ""), (_fresh_link, ""), (_invitation, ""),
    (_invitation_of_a_visitor, ""), (_invitation_of_a_member, "colleague"), (_new_password, ""), (_taken, ""),
    (_too_old, ""), (_import_preview, ""), (_import_refused, ""), (_writing, ""), (_table_in_text, ""),
    (_refused_answer, ""), (_choice, ""),
]  # fmt: skip


@pytest.mark.parametrize(("prepare", "who"), STATES, ids=lambda part: getattr(part, "__name__", " ").strip("_"))
def test_a_state_is_accessible(
    prepare: Callable[[Page, Stage], None], who: str, stage: Stage, office: Office, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow("status of 4(03|04|09|22|23)", "ERR_INTERNET_DISCONNECTED")
    page = signed_in({"": office.lead, "colleague": office.colleague}.get(who, who))
    prepare(page, stage)
    assert examine(page) == {}
