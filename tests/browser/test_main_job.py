"""The whole main job, from an account to the downloaded note: by mouse with a colleague, and by keyboard alone."""

import io
import random
import re
import uuid
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Download, Locator, Page, expect
from pypdf import PdfReader

from koers.organisations.reference import municipalities
from tests.browser.conftest import SignedIn, Visit, Watch, sign_in
from tests.browser.office import Office
from tests.browser.pages import field, is_saved, type_into
from tests.serving import PASSWORD

SEEN = 1_500


def sign_up(page: Page, name: str, email: str) -> None:
    page.locator("#id_name").fill(name)
    if not page.locator("#id_email").input_value():
        page.locator("#id_email").fill(email)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def choose_municipality(page: Page) -> str:
    """Pick one of the municipalities that does not take part yet; its name."""
    for _attempt in range(20):
        wanted = random.choice(list(municipalities().values()))
        page.goto("/administrations/new/")
        page.locator("#id_q").fill(wanted.name)
        page.locator("form[role=search] button").click()
        page.locator(f"#nis-{wanted.nis}").check()
        page.locator("form:has(input[name=nis]) button").click()
        if "/w/" in page.url:
            return wanted.name
    raise AssertionError("every municipality that was tried takes part already")


def write(page: Page, key: str, text: str) -> None:
    type_into(page, key, text)
    is_saved(page, key)


def go_to(page: Page, section: str) -> None:
    """By the course map."""
    page.locator(".book-name").click()
    page.locator(".waypoint").filter(has=page.locator(".waypoint-number", has_text=re.compile(rf"^{section}$"))).click()
    page.wait_for_url(f"**/s/{section}/")


def text_of(download: Download) -> str:
    """All the words of a downloaded note; the file begins as its kind should."""
    data = Path(download.path()).read_bytes()
    if download.suggested_filename.endswith(".pdf"):
        assert data.startswith(b"%PDF-")
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    else:
        assert download.suggested_filename.endswith(".docx")
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            text = re.sub(r"<[^>]+>", " ", parts.read("word/document.xml").decode())
    return " ".join(text.split())


def test_from_welcome_to_a_note_with_a_colleague(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 409 .*administrations/new")
    tag = uuid.uuid4().hex[:8]
    page = visit().new_page()

    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "nl"
    page.locator('main a[href*="signup"]').click()
    sign_up(page, "Veerle Van Testdal", f"veerle-{tag}@example.test")
    page.locator('main a[href="/administrations/new/"]').click()
    name = choose_municipality(page)

    expect(page.locator(".book-name")).to_contain_text(name)
    expect(page.locator(".stretches > li")).to_have_count(3)
    page.locator(".next-step a.button").click()
    page.wait_for_url("**/s/A.0/")
    government = "Onze balie wordt vindbaar en menselijk, ook na vijf uur"
    write(page, "A.0/digital-government", government)
    page.reload()
    expect(field(page, "A.0/digital-government").locator("[data-rich-html]")).to_have_text(government)

    go_to(page, "B.4.1")
    field(page, "B.4.1/1").locator("input[type=radio][value='3']").check()
    is_saved(page, "B.4.1/1")
    remark = field(page, "B.4.1/1").locator("[data-remark]")
    if remark.get_attribute("open") is None:
        remark.locator("summary").click()
    remark.locator("textarea").fill("Zo zei het managementteam het in maart.")
    is_saved(page, "B.4.1/1")
    field(page, "B.4.1/6").locator("input[value='1']").check()
    field(page, "B.4.1/6").locator("input[value='3']").check()
    is_saved(page, "B.4.1/6")
    field(page, "B.4.1/7").locator("input[value='2']").check()
    field(page, "B.4.1/7").locator("input[data-alone]").check()
    expect(field(page, "B.4.1/7").locator("input:checked")).to_have_count(1)
    is_saved(page, "B.4.1/7")

    go_to(page, "B.4.4")
    systems = field(page, "B.4.4/1")
    for number, system in enumerate(("Zaaksysteem Vlotte Vaart", "Archief De Lade")):
        systems.locator(".item").nth(number).locator("[data-cell]").first.fill(system)
        if number == 0:
            systems.locator("[data-add]").click()
    systems.locator("[data-up]").nth(1).click()
    is_saved(page, "B.4.4/1")
    page.reload()
    expect(systems.locator(".item:not(.blank) [data-cell]").first).to_have_value("Archief De Lade")

    go_to(page, "C.2.3")
    groups = ("inspired", "indifferent", "frustrated", "oppressed")
    for group, share in zip(groups, ("15", "47,5", "32,5", "10"), strict=True):
        field(page, f"C.2.3/{group}/share").locator("input[data-percent]").fill(share)
    total = page.locator("[data-sum]")
    expect(total).to_contain_text("105")
    expect(total).not_to_have_class(re.compile("fits"))
    field(page, "C.2.3/oppressed/share").locator("input[data-percent]").fill("5")
    expect(total).to_have_class(re.compile("fits"))
    for group in groups:
        is_saved(page, f"C.2.3/{group}/share")

    page.locator(".tabs a[href$='/analysis/']").click()
    page.locator("details:has(table):has(caption) > summary").first.click()
    row = page.locator("section[aria-labelledby=indices-heading] tbody tr").first
    expect(row.locator("td").first).to_have_text(re.compile(r"^[01],\d+"))
    expect(row.locator("td").nth(1)).to_have_text(re.compile(r"\d"))

    page.locator(".tabs a[href$='/note/']").click()
    expect(page.locator("article.note")).to_contain_text(government)
    for form in ("docx", "pdf"):
        with page.expect_download() as arriving:
            page.locator(f".note-take a[href*='/{form}/']").first.click()
        assert government in text_of(arriving.value)

    page.locator(".tabs a[href*='/administrations/']").click()
    page.locator("#id_email").fill(f"wim-{tag}@example.test")
    page.locator("input[name=role][value=editor]").check()
    page.locator("form[action$='/invitations/'] button").click()
    link = page.locator("#link").input_value()

    colleague = visit().new_page()
    colleague.goto(link)
    colleague.locator("main a[href*='signup']").click()
    sign_up(colleague, "Wim Wevers", f"wim-{tag}@example.test")
    colleague.locator(f"form[action='{urlsplit(link).path}'] button").click()
    colleague.locator("a.book").click()
    go_to(colleague, "A.0")
    page.locator("main a[href$='/workbook/']").click()
    go_to(page, "A.0")
    expect(field(colleague, "A.0/digital-government")).to_contain_text(government)
    write(colleague, "A.0/digital-government", " en op zaterdag.")
    expect(field(page, "A.0/digital-government")).to_contain_text("en op zaterdag.", timeout=SEEN)
    expect(field(page, "A.0/digital-government").locator("[data-state]")).to_contain_text("Wim Wevers")


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, target: Locator, key: str = "Tab", limit: int = 150) -> None:
        for _press in range(limit):
            if target.evaluate("element => element.contains(document.activeElement)"):
                self.check_focus()
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{limit} times {key} does not reach {target}")

    def check_focus(self) -> None:
        """Where the focus is can be seen, and is in view."""
        shown = self.page.evaluate(
            """() => {
              const outlined = (element) => element && getComputedStyle(element);
              const at = document.activeElement;
              const marked = (element) => element && (outlined(element).outlineStyle !== "none"
                || outlined(element).boxShadow !== "none");
              const box = at.getBoundingClientRect();
              const near = [at, at.parentElement, at.closest("label"), at.closest("[data-rich]"), at.closest(".rich")];
              return [near.some(marked), box.bottom > 0 && box.top < innerHeight, at.outerHTML.slice(0, 200)];
            }"""
        )
        assert shown[:2] == [True, True], shown[2]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def test_the_main_job_without_a_mouse(visit: Visit, office: Office) -> None:
    book = office.book()
    page = visit().new_page()
    keys = Keyboard(page)

    page.goto("/")
    keys.tab_to(page.locator("main a[href*='login']"))
    keys.press("Enter")
    page.wait_for_url("**/accounts/login/")
    keys.tab_to(page.locator("#id_login"))
    keys.type(office.lead.email)
    keys.press("Tab")
    if not page.locator("#id_password").evaluate("element => element === document.activeElement"):
        keys.tab_to(page.locator("#id_password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)

    # The first Tab of a page leads past everything that is the same on every page.
    keys.press("Tab", "Enter", "Tab")
    assert page.locator("main").evaluate("element => element.contains(document.activeElement)")
    keys.tab_to(page.locator(f"a.book[href='{book.map}']"))
    keys.press("Enter")
    page.wait_for_url(f"**{book.map}")
    keys.tab_to(page.locator(".next-step a.button"))
    keys.press("Enter")
    page.wait_for_url("**/s/A.0/")

    text = "Zonder muis geschreven, met evenveel zin"
    key = "A.0/digital-government"
    keys.tab_to(field(page, key).locator("[data-rich]"))
    expect(field(page, key).locator("[contenteditable=true]")).to_be_focused()
    keys.type(text)
    # To the toolbar, bold, back, and on: an editor is no trap.
    keys.press("Control+A", "Alt+F10", "Enter")
    expect(field(page, key).locator("strong")).to_have_text(text)
    is_saved(page, key)
    keys.tab_to(field(page, "A.0/digital-transformation").locator("[data-rich]"))

    page.goto(book.section("B.4.1"))
    keys.tab_to(field(page, "B.4.1/1").locator("input[type=radio]:visible").first)
    keys.press("Space", "ArrowDown")
    expect(field(page, "B.4.1/1").locator("input[value='2']")).to_be_checked()
    is_saved(page, "B.4.1/1")
    keys.tab_to(field(page, "B.4.1/6").locator("input[type=checkbox]").first)
    keys.press("Space")
    expect(field(page, "B.4.1/6").locator("input[value='1']")).to_be_checked()
    is_saved(page, "B.4.1/6")

    keys.tab_to(page.locator(".tabs a[href$='/note/']"), "Shift+Tab")
    keys.press("Enter")
    page.wait_for_url("**/note/")
    expect(page.locator("article.note")).to_contain_text(text)
    for form in ("docx", "pdf"):
        keys.tab_to(page.locator(f".note-take a[href*='/{form}/']").first)
        with page.expect_download() as arriving:
            keys.press("Enter")
        assert text in text_of(arriving.value)


def test_menus_and_terms_open_and_close_by_keyboard(signed_in: SignedIn, office: Office) -> None:
    page = signed_in(office.lead)
    page.goto("/")
    menu = page.locator("details[data-menu]")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_signing_out_and_in_again(visit: Visit, office: Office) -> None:
    page = visit().new_page()
    page.goto("/accounts/login/")
    sign_in(page, office.lead.email, office.lead.password)
    page.locator("details[data-menu] summary").click()
    page.locator("form[action*='logout'] button").click()
    page.wait_for_url("**/accounts/login/")
    page.goto("/administrations/new/")
    sign_in(page, office.lead.email, office.lead.password)
    assert page.url.endswith("/administrations/new/")
