"""Every page of measuring by axe: measurements, questionnaires, workshops, results, the API; refused forms too.

The console, the projector and the phones in each state of a workshop: test_workshop.py.
"""

import datetime
import json
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser import measuring
from tests.browser.axe import WIDE, examine
from tests.browser.conftest import SignedIn, Stage, Visit, Watch
from tests.browser.measuring import QUESTIONS, Guest, Phone
from tests.browser.office import Book, Office, Person

LEAD = "lead@kastelbeke.example.test"
CHOICE = "B.4.1/1"


@dataclass(frozen=True)
class Measured:
    """A workbook in which everything of measuring happened once: what stands in braces in an address, by its name."""

    names: dict[str, str]
    phone: Phone
    reader: Person

    def path(self, pattern: str) -> str:
        for name, value in self.names.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        assert "{" not in pattern, pattern
        return pattern


def _asked(office: Office, measurement: str) -> dict[str, str]:
    """People who are asked: one who answered all, one who began, one who did not, one who is noted."""
    lead = office.lead
    due = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
    given = [("Bart Nollet", "college", "College"), ("Lien Verhaeghe", "staff", ""), ("Rita Goossens", "it", "ICT")]
    links = measuring.people(lead, measurement, given, way="link", due=due)
    measuring.people(lead, measurement, [("Dries Maes", "head", "Bibliotheek")])
    gone = measuring.people(lead, measurement, [("Iemand", "other", "")], way="link")
    people = measuring.asked_in(lead, measurement)
    guest = Guest(office)
    assert measuring.give(guest, f"{links[0]}save", QUESTIONS.values(), 2) > 20
    measuring.send(guest, links[0], {"finish": "yes"})
    assert measuring.give(guest, f"{links[1]}save", list(QUESTIONS.values())[:9], 3)
    shown = {each: lead.request("GET", each)[1] for each in people}
    by_name = {
        name: next(at for at, text in shown.items() if name in text) for name in ("Bart", "Lien", "Dries", "Iemand")
    }
    measuring.send(lead, f"{by_name['Iemand']}withdraw/", {"answers": "keep"})
    return {
        "done link": links[0], "link": links[1], "fresh link": links[2], "gone link": gone[0],
        "done": by_name["Bart"], "begun": by_name["Lien"], "noted": by_name["Dries"], "withdrawn": by_name["Iemand"],
    }  # fmt: skip


def _workshops(office: Office, book: Book, measurement: str) -> tuple[dict[str, str], Phone]:
    """A workshop that is planned, and one that ended with ideas and an agreement; a phone that is in a third."""
    lead = office.lead
    planned = measuring.plan(lead, book, measurement, "Gepland")
    ended = measuring.plan(lead, book, measurement, "Voorbij")
    code = measuring.host(lead, ended, "open")["code"]
    phones = [Phone(office, code, "staff") for _each in range(6)]
    state = measuring.go_to(lead, ended, "questions")
    asked = QUESTIONS[state["question"]["key"]]
    measuring.host(lead, ended, "vote")
    for place, phone in enumerate(phones):
        phone.vote(asked, 1 + place % 3, "Dat zie ik zo.")
    measuring.host(lead, ended, "reveal")
    measuring.host(lead, ended, "agree", value={"choice": 2}, reason="Zo is het.", **{"for": "Ja.", "against": "Nee."})
    measuring.go_to(lead, ended, "ideas")
    for number, phone in enumerate(phones):
        phone.do("idea", text=f"Voorstel {number}")
    measuring.host(lead, ended, "end")
    live = measuring.plan(lead, book, measurement, "Bezig")
    phone = Phone(office, measuring.host(lead, live, "open")["code"], "head")
    first, *_rest = measuring.steps(lead, planned)
    questions = next(
        each for each in measuring.steps(lead, planned) if 'name="questions"' in lead.request("GET", each)[1]
    )
    return {"planned": planned, "ended": ended, "live": live, "step": first, "questions step": questions}, phone


@pytest.fixture(scope="session")
def measured(office: Office) -> Measured:
    book, lead = office.book(colleague_is="editor"), office.lead
    earlier = measuring.begin(lead, book, "Nulmeting", ["B.4.1", "B.4.3"])
    measuring.estimate(lead, earlier, list(QUESTIONS.values())[:6], 2)
    measuring.send(lead, f"{earlier}close/", {})
    at = measuring.begin(lead, book, "Tweede meting")
    own = measuring.ask_oneself(lead, at, "single", "Wat weegt het zwaarst?", "Tijd\nGeld\nMensen")
    table = measuring.ask_oneself(lead, at, "matrix", "Hoe vaak?", "Nooit\nSoms\nVaak", "Thuis\nOp kantoor")
    measuring.estimate(lead, at, list(QUESTIONS.values())[:30], 2)
    people = _asked(office, at)
    workshops, phone = _workshops(office, book, at)
    measuring.agree(
        lead, at, "B.4.1/2", 2, reason="Iedereen ziet dit zo.", arguments_for="Ja.", arguments_against="Nee."
    )
    # Somebody changed one of them in the workbook since.
    lead.put(book.id, "B.4.1/2", {"choice": 1})
    outcome = measuring.record_outcome(lead, book, "Audit", "We weten nu waar het misgaat.", "Beleid")
    measuring.make_key(lead, book, "Dashboard van de streek")
    empty = office.book()
    bare = measuring.begin(lead, empty, "Nulmeting", ["B.4.1"])
    names = {
        "b": book.map, "a": book.place, "m": at, "earlier": earlier, "own": own.rpartition("/")[2], "table": table,
        "empty": empty.map, "nothing": office.book().map, "bare": bare, "outcome": outcome, "room": phone.room,
        **people, **workshops,
    }  # fmt: skip
    reader = office.newcomer("Lezer Leroy")
    office.take_in(book, reader, "viewer")
    return Measured(names, phone, reader)


def seen(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open."""
    return [f"{name} {how}: {each}" for how, found in examine(page).items() for each in found]


def widely(page: Page, path: str, status: int = 200) -> None:
    page.set_viewport_size({"width": WIDE, "height": 900})
    response = page.goto(path)
    assert response
    assert response.status == status, path


def wrong(page: Page, path: str, status: int = 200) -> list[str]:
    widely(page, path, status)
    return seen(page, path)


def fine(found: list[str]) -> None:
    assert found == [], "\n".join(found)


# The pages of one who is signed in, a group a test: opening a browser takes longer than most pages.
MEMBER: dict[str, list[str]] = {
    "measurements": ["{nothing}measurements/", "{b}measurements/", "{b}measurements/new/"],
    "a measurement": ["{m}", "{bare}", "{earlier}", "{m}close/", "{earlier}close/", "{m}delete/"],
    "own questions": ["{m}own-questions/", "{m}own-questions/?id={own}", "{earlier}own-questions/"],
    "people": ["{m}respondents/new/", "{done}", "{begun}", "{withdrawn}", "{begun}withdraw/"],
    "a question": [
        f"{{m}}q/?key={CHOICE}", "{m}q/?key=B.4.1/2", "{m}q/?key=B.4.4/1", "{m}q/?key=B.4.5/3",
        "{m}q/?key=C.2.3/adoption",
    ],
    "more questions": [
        "{m}q/?key=A.3/vigilant/who", "{m}q/?key={table}", f"{{bare}}q/?key={CHOICE}", f"{{earlier}}q/?key={CHOICE}",
        "{m}q/?key=B.4.1/6",
    ],
    "own estimate": ["{bare}estimate/", "{m}estimate/", "{m}estimate/1/", "{m}estimate/4/", "{m}estimate/9/"],
    "noting": ["{noted}answers/", "{noted}answers/1/", "{noted}answers/6/", "{earlier}estimate/"],
    "taking along": ["{b}measurements/import/", "{nothing}measurements/import/"],
    "instruments": ["{nothing}instruments/", "{b}instruments/", "{b}instruments/new/", "{outcome}", "{outcome}delete/"],
    "workshops": ["{nothing}workshops/", "{b}workshops/", "{nothing}workshops/new/", "{b}workshops/new/"],
    "a workshop": ["{planned}", "{ended}", "{planned}edit/", "{planned}delete/", "{ended}delete/"],
    "its steps": ["{step}", "{questions step}", "{live}"],
    "results": ["{bare}results/", "{earlier}results/", "{bare}compare/", "{m}compare/"],
    "the API": ["/api/", "{a}keys/"],
    "the method": ["/method/"],
}  # fmt: skip


@pytest.mark.parametrize("group", MEMBER)
def test_pages_of_measuring_are_accessible(group: str, measured: Measured, office: Office, signed_in: SignedIn) -> None:
    page = signed_in(office.lead)
    found: list[str] = []
    for pattern in MEMBER[group]:
        found += wrong(page, measured.path(pattern))
    fine(found)


def test_pages_of_measuring_are_accessible_for_who_may_only_read(measured: Measured, signed_in: SignedIn) -> None:
    page = signed_in(measured.reader)
    paths = ("{b}measurements/", "{m}", f"{{m}}q/?key={CHOICE}", "{b}workshops/", "{ended}", "{b}instruments/")
    fine([each for path in paths for each in wrong(page, measured.path(path))])


def test_who_takes_part_without_an_account_has_accessible_pages(measured: Measured, visit: Visit, watch: Watch) -> None:
    watch.allow("status of 404")
    page = visit().new_page()
    found: list[str] = []
    for pattern in ("{link}", "{link}1/", "{fresh link}", "{done link}", "{gone link}", "{link}no-mail/", "/join/"):
        found += wrong(page, measured.path(pattern))
    found += wrong(page, "/join/?code=ABCDEF")
    found += wrong(page, "/r/dit-is-geen-link/", 404)
    found += wrong(page, "/screen/dit-is-geen-link/", 404)
    fine(found)


def test_the_pages_without_scripts_of_a_workshop_are_accessible(
    measured: Measured, office: Office, visit: Visit
) -> None:
    """In each phase; what the phone shows with scripts is in test_workshop.py."""
    context = visit()
    context.add_cookies(measured.phone.browsed())  # type: ignore[arg-type]
    page, phone, lead, live = context.new_page(), measured.phone, office.lead, measured.names["live"]
    found: list[str] = []

    def look() -> None:
        found.extend(wrong(page, f"{phone.room}plain/"))

    look()
    asked = QUESTIONS[measuring.go_to(lead, live, "questions")["question"]["key"]]
    measuring.host(lead, live, "vote")
    look()
    phone.vote(asked, 2, "Zo.")
    measuring.host(lead, live, "reveal")
    look()
    measuring.host(lead, live, "agree", value={"choice": 2}, reason="Samen.", **{"for": "", "against": ""})
    look()
    measuring.go_to(lead, live, "ideas")
    phone.do("idea", text="Een loket")
    look()
    measuring.go_to(lead, live, "ranking")
    look()
    measuring.host(lead, live, "end")
    look()
    # A page that follows a room as it goes on, and in which nothing is lost: WCAG 2.2.1 leaves that out.
    fine([each for each in found if "meta-refresh" not in each])


@pytest.mark.parametrize("parts", [("", "results/"), ("compare/", "q/?key=B.4.2/2")], ids=" ".join)
def test_what_a_full_measurement_says_is_accessible(parts: tuple[str, ...], stage: Stage, signed_in: SignedIn) -> None:
    page = signed_in(LEAD)
    page.goto(stage.path("/w/{w}/measurements/"))
    newest, earlier = _measurements(page)
    fine([each for part in parts for each in wrong(page, f"{newest}{part}")] + wrong(page, f"{earlier}{parts[0]}"))


@pytest.mark.parametrize("path", ["measurements/", "workshops/", "instruments/"])
def test_full_lists_are_accessible(path: str, stage: Stage, signed_in: SignedIn) -> None:
    fine(wrong(signed_in(LEAD), stage.path(f"/w/{{w}}/{path}")))


def _measurements(page: Page) -> list[str]:
    links = page.locator("main a[href*='/measurements/']").evaluate_all("(all) => all.map((each) => each.pathname)")
    return [
        each for each in dict.fromkeys(links) if each.count("/") == 5 and "/new/" not in each and "import" not in each
    ]


def test_a_question_in_the_panel_is_accessible(measured: Measured, office: Office, signed_in: SignedIn) -> None:
    page = signed_in(office.lead)
    page.goto(measured.path("{b}s/B.4.1/"))
    page.locator("main").evaluate(
        "(main, at) => main.insertAdjacentHTML('afterbegin', `<a data-panel id='try' href='${at}'>x</a>`)",
        measured.path(f"{{m}}q/?key={CHOICE}"),
    )
    page.locator("#try").click()
    expect(page.locator(".panel-body .side-by-side")).to_be_visible()
    page.locator("#try").evaluate("(link) => link.remove()")
    fine(seen(page, page.url))


# What is filled in wrongly: the address, and what of its form.
WRONG: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "measurements": [
        ("{b}measurements/new/", "main form[method=post]", {"#id_name": ""}),
        ("{m}own-questions/", "form.own-question", {"#id_nl": "Zonder opties"}),
        ("{m}respondents/new/", "form.add-people", {"[name=email-0]": "geen adres", "[name=due]": "2020-01-01"}),
        ("{m}q/?key=B.4.1/4", "form.consensus-form", {"[name=reason]": "Zonder antwoord"}),
    ],
    "questionnaires": [("{noted}answers/8/", "form[data-answers]", {"[data-share]": "33"})],
    "instruments": [
        ("{b}instruments/new/", "form.outcome-form", {"#id_figure-0-low": "veel", "#id_figure-0-score": "3"}),
        ("{outcome}", "form.outcome-form", {"#id_name": ""}),
    ],
    "workshops": [
        ("{b}workshops/new/", "main form[method=post]", {"#id_title": "", "#id_day": ""}),
        ("{planned}edit/", "main form[method=post]", {"#id_title": ""}),
        ("{questions step}", "form.step-form", {"#id_minutes": "0"}),
    ],
    "others": [("/join/", "form.join", {"#code": ""}), ("{a}keys/", "form.card-form", {"#id_name": ""})],
}  # fmt: skip


def refused(page: Page, form: str, given: dict[str, str]) -> None:
    """Fill in something wrong, and send it."""
    for field, text in given.items():
        page.locator(field).first.fill(text)
    with page.expect_navigation() as sent:
        page.locator(form).first.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")
    assert sent.value
    assert sent.value.status == 422, page.url


@pytest.mark.parametrize("group", WRONG)
def test_what_is_filled_in_wrongly_is_said_accessibly(
    group: str, measured: Measured, office: Office, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow("status of 422")
    page = signed_in(office.lead)
    found: list[str] = []
    for pattern, form, given in WRONG[group]:
        widely(page, measured.path(pattern))
        refused(page, form, given)
        found += seen(page, pattern)
    fine(found)


def test_a_file_that_is_taken_over_or_refused_is_shown_accessibly(
    measured: Measured, office: Office, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow("status of 422")
    exported = office.lead.request("GET", measured.path("{m}export/json/"))[1]
    found: list[str] = []
    page = signed_in(office.lead)
    for name, content in (("good", exported), ("bad", json.dumps({"format": "koers-measurement/1"}))):
        widely(page, measured.path("{nothing}measurements/import/"))
        page.locator("#id_file").set_input_files(
            {"name": "m.json", "mimeType": "application/json", "buffer": content.encode()}
        )
        page.locator("main form button[type=submit]").click()
        expect(page.locator(".takeaway-sum" if name == "good" else ".problems")).to_be_visible()
        found += seen(page, name)
    fine(found)


def test_an_outcome_that_somebody_changed_meanwhile_is_told_accessibly(
    measured: Measured, office: Office, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow("status of 409")
    page = signed_in(office.lead)
    page.goto(measured.path("{outcome}"))
    read = page.locator("[name=seen]").input_value()
    changed = {"instrument": "audit", "name": "Audit van 2025", "date": "2025-11-01", "figures": "0", "seen": read}
    measuring.send(office.colleague, measured.path("{outcome}"), changed)
    page.locator("#id_name").fill("Audit van ons")
    page.locator("form.outcome-form .actions button[type=submit]").last.click()
    expect(page.locator(".notice.error")).to_be_visible()
    fine(seen(page, page.url))


def test_links_and_a_key_that_are_shown_once_are_accessible(
    measured: Measured, office: Office, signed_in: SignedIn
) -> None:
    page = signed_in(office.lead)
    page.goto(measured.path("{bare}respondents/new/"))
    page.locator("[name=name-0]").fill("Sofie Aerdenburg")
    page.locator("[name=name-1]").fill("Een naam die zo lang is dat ze nergens op één regel past")
    page.locator("form.add-people button[type=submit]").last.click()
    expect(page.locator(".fresh-links input").first).to_be_visible()
    found = seen(page, "links")
    widely(page, measured.path("{a}keys/"))
    page.locator("#id_name").fill("Nog een")
    page.locator("form.card-form button[type=submit]").click()
    expect(page.locator("#secret")).to_be_visible()
    found += seen(page, "key")
    fine(found)
