"""Every page on which people work together by axe, and what opens in the panel of a section.

The other pages: test_accessibility.py.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core import signing
from playwright.sync_api import Page, expect

from tests.browser import deeds
from tests.browser.axe import examine
from tests.browser.conftest import SignedIn, Stage, Visit, Watch
from tests.browser.office import Office
from tests.browser.pages import field, has_problem, type_into
from tests.browser.test_offline import has_copy

LEAD = "lead@kastelbeke.example.test"
NOBODY = ""


@dataclass(frozen=True)
class Lively:
    """A workbook in which everything happened once: what stands in braces in an address, by its name."""

    names: dict[str, str]

    def path(self, pattern: str) -> str:
        for name, value in self.names.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        assert "{" not in pattern, pattern
        return pattern


TEXT = "A.0/digital-government"
LOOKED_UP = "A.0/digital-leadership"
CHOICE = "B.4.1/1"
STARTED = "<p>Het loket vergrijst en de toepassing wordt oud.</p><p>Daarom beginnen we nu.</p>"
RESUMED = "<p>Het loket vernieuwt en de toepassing wordt oud.</p><p>Daarom beginnen we morgen, met drie diensten.</p>"
AT_ODDS = ("<p>Wij willen dit nu.</p>", ("<p>Wij moeten dit nu.</p>", "<p>Wij kunnen dit nu.</p>"))


@pytest.fixture(scope="session")
def lively(office: Office) -> Lively:
    book, lead, colleague = office.book(colleague_is="editor"), office.lead, office.colleague
    soon = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
    lead.put(book.id, TEXT, STARTED)
    lead.put(book.id, LOOKED_UP, "<h3>Kop</h3><ul><li>Een</li><li>Twee</li></ul>")
    lead.put(book.id, CHOICE, {"choice": 2, "remark": "Waarom niet."})
    first = deeds.keep_version(lead, book, "Zoals naar het managementteam gestuurd")
    colleague.put(book.id, TEXT, RESUMED)
    deeds.mark(lead, book, TEXT, "agreed")
    deeds.mark(colleague, book, LOOKED_UP, "discuss")
    deeds.keep_version(colleague, book, "Na de zomer")
    deeds.close_round(lead, book)
    deeds.start_round(lead, book, "Najaar")
    colleague.put(book.id, TEXT, RESUMED.replace("drie", "vier"))
    thread = deeds.say(colleague, book, TEXT, "Is dat niet te snel, @Lieve Lootens?", "Daarom beginnen we")
    deeds.reply(lead, book, thread, "Ik denk van niet.")
    resolved = deeds.say(colleague, book, TEXT, "Dit is klaar.")
    assert lead.post(f"{book.map}talk/threads/{resolved}/resolve/")[0] == 302
    deeds.say(lead, book, "A.0", "Over het hele onderdeel.")
    own = deeds.first_comment(lead, book, "A.0")
    task = deeds.give_task(lead, book, TEXT, "Cijfers opvragen", "Karel Colpaert", soon)
    done = deeds.give_task(lead, book, "A.0", "Zaal boeken", "Karel Colpaert")
    assert lead.post(f"{book.map}tasks/{done}/done/")[0] == 302
    talked = deeds.note_conversation(lead, book, "A.0", "Managementteam", "Iedereen wil mee.")
    for section in ("A.1", "B.1.1"):
        deeds.give_section(lead, book, section, "Karel Colpaert", soon)
    deeds.disagree(lead, colleague, book, "A.3/why", *AT_ODDS)
    closed = office.book(colleague_is="editor")
    lead.put(closed.id, TEXT, STARTED)
    deeds.close_round(lead, closed)
    deleted = office.book()
    assert lead.post(f"{deleted.map}delete/")[0] == 302
    user = re.search(r'data-user="(\d+)"', lead.request("GET", "/")[1])
    assert user
    token = signing.dumps(int(user[1]), key=office.home.environment["KOERS_SECRET_KEY"], salt="koers.mail.stop")
    names = {
        "b": book.id, "c": closed.id, "empty": office.book().id, "gone": deleted.id, "of gone": deleted.administration,
        "version": first, "comment": own, "task": task, "conversation": talked, "token": token,
    }  # fmt: skip
    return Lively(names)


# Who opens which address.
TOGETHER: list[tuple[str, str]] = [
    ("lead", "/w/{b}/"), ("colleague", "/w/{b}/"), ("lead", "/w/{b}/s/A.0/"), ("lead", "/w/{b}/s/A.3/"),
    ("lead", "/w/{c}/s/A.0/"), ("colleague", "/w/{c}/"), ("lead", "/w/{b}/waiting/"), ("lead", "/w/{empty}/waiting/"),
    ("lead", f"/w/{{b}}/talk/?field={TEXT}"), ("lead", "/w/{b}/talk/?section=A.0"),
    ("lead", "/w/{b}/talk/?section=C.3"),
    ("colleague", f"/w/{{b}}/talk/?field={TEXT}&quote=Daarom%20beginnen"),
    ("lead", "/w/{b}/talk/all/"), ("lead", "/w/{b}/talk/all/?show=resolved"), ("lead", "/w/{empty}/talk/all/"),
    ("lead", "/w/{b}/talk/comments/{comment}/"), ("lead", "/w/{b}/s/A.0/conversations/"),
    ("lead", "/w/{b}/s/C.3/conversations/"), ("lead", "/w/{b}/conversations/{conversation}/"),
    ("lead", "/w/{b}/tasks/"), ("colleague", "/w/{b}/tasks/?who=mine"), ("lead", "/w/{b}/tasks/new/?section=A.0"),
    ("lead", "/w/{b}/tasks/{task}/"), ("lead", "/w/{b}/s/A.1/assign/"), ("lead", "/w/{b}/s/C.3/assign/"),
    ("lead", f"/w/{{b}}/history/?field={TEXT}"), ("lead", f"/w/{{b}}/history/?field={TEXT}&revision=1"),
    ("lead", f"/w/{{b}}/history/?field={CHOICE}&revision=1"), ("lead", "/w/{b}/history/?field=C.3/checklist"),
    ("lead", "/w/{b}/s/A.0/history/"), ("lead", "/w/{b}/s/C.3/history/"), ("lead", f"/w/{{b}}/earlier/?field={TEXT}"),
    ("lead", "/w/{empty}/earlier/?field=A.3/why"), ("lead", "/w/{b}/versions/"), ("lead", "/w/{empty}/versions/"),
    ("lead", "/w/{b}/versions/{version}/"), ("lead", "/w/{b}/versions/{version}/?with=now"),
    ("lead", "/w/{b}/versions/{version}/restore/"), ("lead", "/w/{b}/rounds/"), ("lead", "/w/{c}/rounds/"),
    ("lead", "/w/{b}/rounds/close/"), ("lead", "/w/{empty}/rounds/close/"), ("lead", "/w/{b}/delete/"),
    ("lead", "/administrations/{of gone}/deleted/"), ("lead", "/administrations/{of gone}/deleted/{gone}/erase/"),
    ("lead", "/"), ("colleague", "/"), ("lead", "/news/"), ("colleague", "/news/"), ("lead", "/search/"),
    ("lead", "/search/?q=loket"), ("lead", "/search/?q=lokket"), ("lead", "/search/?q=de+van"),
    ("lead", "/w/{b}/search/?q=beginnen"), ("lead", "/w/{b}/search/?q=A.0"), (NOBODY, "/mail/stop/{token}/"),
    ("lead", "/accounts/profile/#mail"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), TOGETHER, ids=str)
def test_a_page_of_working_together_is_accessible(
    who: str, path: str, lively: Lively, office: Office, signed_in: SignedIn, visit: Visit
) -> None:
    page = signed_in({"lead": office.lead, "colleague": office.colleague}[who]) if who else visit().new_page()
    response = page.goto(lively.path(path))
    assert response
    assert response.status == 200
    assert examine(page) == {}


def _open_conflict(page: Page, stage: Stage) -> None:
    """Of two people, as it stands in the page from the beginning."""
    book = stage.office.book(colleague_is="editor")
    office = stage.office
    deeds.disagree(office.lead, office.colleague, book, TEXT, *AT_ODDS)
    page.goto(book.section("A.0"))
    expect(field(page, TEXT).locator(".conflict")).to_be_visible()


def _round_closes(page: Page, stage: Stage) -> None:
    """Under the hands of who types."""
    book = stage.office.book()
    page.goto(book.section("A.0"))
    deeds.close_round(stage.office.lead, book)
    type_into(page, TEXT, "Te laat")
    has_problem(page, TEXT)


def _somebody_is_here(page: Page, stage: Stage) -> None:
    book = stage.office.book(colleague_is="editor")
    page.goto(book.section("A.0"))
    assert page.context.browser
    other = page.context.browser.new_context(base_url=page.url)
    cookies = stage.office.colleague.cookies
    other.add_cookies([{"name": n, "value": v, "domain": "127.0.0.1", "path": "/"} for n, v in cookies.items()])
    colleague = other.new_page()
    colleague.goto(book.section("A.0"))
    field(colleague, TEXT).locator("[data-rich]").click()
    expect(field(page, TEXT).locator(".field-present")).to_be_visible()


def _in_panel(link: str) -> Callable[[Page, Stage], None]:
    """A page of the demo workbook in the panel of a section in which it is talked about."""

    def prepare(page: Page, stage: Stage) -> None:
        page.goto(stage.path("/w/{w}/s/A.1/"))
        page.locator(link).first.click()
        expect(page.locator(".panel-body > *").first).to_be_visible()

    prepare.__name__ = f"panel {re.sub('[^a-z_-]+', ' ', link)}"
    return prepare


def _refused_in_panel(page: Page, stage: Stage) -> None:
    page.goto(stage.path("/w/{w}/s/C.2/"))
    page.locator("[data-section-tools] a").first.click()
    page.locator(".panel .begin button[type=submit]").click()
    expect(page.locator(".panel .form-error")).to_be_visible()


def _done_in_panel(page: Page, stage: Stage) -> None:
    book = stage.office.book()
    deeds.say(stage.office.lead, book, TEXT, "Klaar?")
    page.goto(book.section("A.0"))
    field(page, TEXT).locator("[data-talk]").click()
    page.locator(".panel button[form^=resolve]").click()
    expect(page.locator(".panel .resolved")).to_have_count(1)


STATES: list[tuple[Callable[[Page, Stage], None], str]] = [
    (_open_conflict, ""), (_round_closes, ""), (_somebody_is_here, ""),
    (_in_panel("[data-field='A.1/digital-by-design/example'] [data-talk]"), LEAD),
    (_in_panel("[data-field='A.1/digital-by-design/example'] a[href*='history/']"), LEAD),
    (_in_panel("[data-owner] a"), LEAD), (_in_panel("[data-section-tools] a[href*='talk/']"), LEAD),
    (_in_panel("[data-section-tools] a[href*='conversations/']"), LEAD),
    (_in_panel("[data-section-tools] a[href*='history/']"), LEAD), (_refused_in_panel, LEAD), (_done_in_panel, ""),
]  # fmt: skip


@pytest.mark.parametrize(("prepare", "who"), STATES, ids=lambda part: getattr(part, "__name__", " ").strip("_"))
def test_a_state_of_working_together_is_accessible(
    prepare: Callable[[Page, Stage], None], who: str, stage: Stage, office: Office, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow("status of 42[23]")
    page = signed_in(who or office.lead)
    prepare(page, stage)
    assert examine(page) == {}


def test_the_page_without_a_connection_is_accessible(office: Office, signed_in: SignedIn, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 503")
    book = office.book()
    page = signed_in(office.lead, service_workers="allow")
    page.goto(book.section("A.0"))
    has_copy(page, book.section("A.0"))
    page.context.set_offline(True)
    page.goto("/")
    expect(page.locator(".copies a").first).to_be_visible()
    assert examine(page) == {}
    page.goto(book.section("A.0"))
    expect(page.locator(".copy-notice")).to_be_visible()
    assert examine(page) == {}
