"""Scripts in everything that people write while they measure, and every page, screen and file that shows it: none runs.

What they say to each other: test_script_together.py; what they answer in the workbook: test_script_in_content.py.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from koers.assessment.instruments.reading import read_instrument
from tests.browser import measuring
from tests.browser.conftest import SignedIn, Visit
from tests.browser.measuring import QUESTIONS, Guest, Phone
from tests.browser.office import Book, Office
from tests.browser.payloads import NAMES, PAYLOADS
from tests.browser.test_script_together import lines
from tests.browser.traps import TRACES, Trap, unharmed
from tests.browser.workshop import PHONE, PROJECTOR

# One question of each kind that a measurement of the playbook asks.
ASKED = tuple(
    QUESTIONS[key]
    for key in (
        "B.4.1/1", "B.4.1/2", "B.4.1/6", "B.4.2/13", "B.4.4/1", "B.4.5/1", "B.4.5/3", "A.3/vigilant/who",
        "C.2.3/adoption",
    )
)  # fmt: skip
OPEN, CHOICE, LIST = "B.4.2/13", "B.4.1/1", "B.4.4/1"
NAME = NAMES[0]


def hostile_instrument() -> str:
    """An instrument with every payload in its words."""
    words = iter([*lines(190), *lines(190)])

    def said() -> dict[str, str]:
        text = next(words, NAME)
        return {"nl": text, "en": text}

    def named(number: int) -> dict[str, str]:
        return {"nl": NAMES[number], "en": NAMES[number]}

    def level(number: int, **when: Any) -> dict[str, Any]:
        return {"level": number, "title": named(4 + number), "description": said(), **when}

    def question(dimension: int, number: int) -> dict[str, Any]:
        return {
            "key": f"d{dimension}/q{number}", "kind": "single", "scoring": "ordinal", "label": said(), "help": said(),
            "short": named(number), "options": [said() for _each in range(4)],
            "remark": True,
        }  # fmt: skip

    dimensions = [
        {
            "dimension": f"d{each}", "title": named(each), "description": said(),
            "covers": ["strategy"], "questions": [question(each, number) for number in range(3)],
            "levels": [level(0), level(1, when=[{"question": f"d{each}/q0", "at_least": 4}])],
        }
        for each in range(4)
    ]  # fmt: skip
    return json.dumps({
        "format": "koers-instrument/1", "instrument": "hostile", "version": 1, "languages": ["nl", "en"],
        "title": named(1), "description": said(), "source": said(), "dimensions": dimensions,
    })  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A workbook with everything of measuring in it, written by somebody who means harm."""

    book: Book
    playbook: str
    scan: str
    asked: tuple[str, ...]
    link: str
    live: str
    ended: str
    outcome: str
    steps: list[str]
    phones: list[Phone] = field(default_factory=list)


def _people(office: Office, measurement: str, questions: Any, role: str, which: str) -> tuple[str, ...]:
    """People with names to fear, who all answer; in what they say all payloads stand."""
    lead = office.lead
    measuring.people(lead, measurement, [(each, role, " ".join(NAMES)[:118]) for each in NAMES], which=which)
    asked = measuring.asked_in(lead, measurement)
    texts = list(lines(1_900))
    for place, at in enumerate(asked):
        words = texts[place % len(texts)]
        assert measuring.give(lead, f"{at}answers/save", questions, 1 + place % 4, words)
    return tuple(asked)


def _own_questions(office: Office, measurement: str) -> None:
    texts = list(lines(390))
    for start in range(0, len(texts), 11):
        options = texts[start : start + 11]
        if len(options) > 1:
            measuring.ask_oneself(office.lead, measurement, "single", options[0], "\n".join(options))
    measuring.ask_oneself(office.lead, measurement, "matrix", texts[0], "\n".join(texts[1:4]), "\n".join(texts[4:8]))


def _written(office: Office, workshop: str) -> None:
    """Titles and notes of the steps of a workshop."""
    notes = list(lines(3_900))
    for number, at in enumerate(measuring.steps(office.lead, workshop)):
        page = office.lead.request("GET", at)[1]
        ticked = re.findall(r'name="questions" value="([^"]+)" checked', page)
        given = [("title", " ".join(NAMES)[:158]), ("minutes", "20"), ("note", notes[number % len(notes)])]
        measuring.send(office.lead, at, [*given, *(("questions", each) for each in ticked)])


def _agreed(office: Office, measurement: str) -> None:
    for key, words in zip(list(QUESTIONS)[:5], lines(1_900), strict=False):
        given = {"reason": words, "arguments_for": words[::-1] + words, "arguments_against": words[:900]}
        measuring.agree(office.lead, measurement, key, 1, **given)


def _workshop(office: Office, book: Book, measurement: str) -> tuple[str, list[Phone]]:
    """An open workshop with what its participants say."""
    lead = office.lead
    at = measuring.plan(lead, book, measurement, " ".join(NAMES)[:158], "all")
    _written(office, at)
    code = measuring.host(lead, at, "open")["code"]
    phones = [Phone(office, code, "staff") for _each in range(6)]
    # The last ideas are those that are ranked.
    measuring.go_to(lead, at, "ideas", place=-1)
    for number, words in enumerate(lines(390)):
        phones[number % len(phones)].do("idea", text=words)
    for name in NAMES:
        measuring.host(lead, at, "idea", text=name, kind="action")
    return at, phones


def _vote(office: Office, workshop: str, phones: list[Phone], key: str) -> None:
    """A question is asked, answered and shown."""
    measuring.go_to(office.lead, workshop, "questions", key)
    measuring.host(office.lead, workshop, "vote")
    texts = list(lines(1_900))
    for place, phone in enumerate(phones):
        phone.vote(QUESTIONS[key], 1 + place % 2, texts[place % len(texts)])
    measuring.host(office.lead, workshop, "reveal")


@pytest.fixture(scope="session")
def hostile(office: Office) -> Hostile:
    book, lead = office.book(colleague_is="editor"), office.lead
    playbook = measuring.begin(lead, book, " ".join(NAMES)[:158])
    _own_questions(office, playbook)
    asked = _people(office, playbook, ASKED, "it", "role")
    (link,) = measuring.people(lead, playbook, [(NAME, "head", NAME)], way="link")
    guest = Guest(office)
    for number, words in enumerate(PAYLOADS[:40]):
        place = {"field": OPEN, "base": number, "value": words}
        assert guest.tell(f"{link}save", place)[0] == 200
    measuring.estimate(lead, playbook, ASKED, 2, "\n".join(PAYLOADS[:40])[:1_900])
    _agreed(office, playbook)
    ended, phones = _workshop(office, book, playbook)
    for key in (CHOICE, OPEN):
        _vote(office, ended, phones, key)
    measuring.host(lead, ended, "end")
    file = office.home.folder / "hostile.yaml"
    file.write_text(hostile_instrument())
    office.home.koers("instrument", "add", str(file))
    instrument = read_instrument(file.read_bytes(), file.name)
    earlier = measuring.begin(lead, book, NAMES[2], [each.id for each in instrument.dimensions], "hostile")
    _people(office, earlier, instrument.questions.values(), "staff", "all")
    measuring.send(lead, f"{earlier}close/", {})
    scan = measuring.begin(lead, book, NAMES[3], [each.id for each in instrument.dimensions], "hostile")
    _people(office, scan, instrument.questions.values(), "staff", "all")
    live, phones = _workshop(office, book, playbook)
    outcome = measuring.record_outcome(lead, book, NAME, "\n".join(lines(400))[:5_900], " ".join(NAMES)[:158])
    for name in NAMES:
        measuring.make_key(lead, book, name)
    steps = measuring.steps(lead, live)
    return Hostile(book, playbook, scan, asked, link, live, ended, outcome, steps, phones)


def pages_of(hostile: Hostile) -> list[str]:
    base, at, scan = hostile.book.map, hostile.playbook, hostile.scan
    person = hostile.asked[0]
    return [
        f"{base}measurements/", f"{base}measurements/new/", f"{base}measurements/new/?instrument=hostile",
        f"{base}measurements/import/", at, scan, f"{at}own-questions/", f"{at}respondents/new/", f"{at}close/",
        *(f"{at}q/?key={each.key}" for each in ASKED), f"{at}q/?key=B.4.1/3",
        *(f"{scan}q/?key={each}" for each in ("d0/q0", "d1/q1", "d3/q2")), f"{scan}own-questions/",
        person, f"{person}withdraw/", f"{person}answers/", f"{person}answers/1/", f"{person}answers/2/",
        f"{person}answers/9/", f"{at}estimate/", f"{at}estimate/2/", f"{scan}estimate/",
        *(f"{each}results/" for each in (at, scan)), f"{scan}results/?basis=middle", f"{scan}compare/",
        f"{base}workshops/", f"{base}workshops/new/", hostile.ended, hostile.live, f"{hostile.ended}console/",
        f"{hostile.live}edit/", f"{hostile.live}delete/", *hostile.steps,
        f"{base}instruments/", f"{base}instruments/new/", hostile.outcome, f"{hostile.outcome}delete/",
        "/", "/news/", base, f"{base}waiting/", f"{base}s/B.4.1/", f"{base}s/B.4.4/",
    ]  # fmt: skip


@pytest.fixture
def page(office: Office, signed_in: SignedIn, trap: Trap) -> Page:
    """The lead's, with no policy to protect her."""
    return trap(signed_in(office.lead, bypass_csp=True).context)


def test_every_payload_is_in_the_instrument_and_comes_through() -> None:
    read = read_instrument(hostile_instrument().encode(), "hostile.yaml")
    said = [str(each.field.label) for each in read.questions.values()]
    said += [str(option) for each in read.questions.values() for option in each.field.options]
    assert len(read.questions) == 12
    assert {each for text in said for each in re.findall(r"on[a-z]+(?==hit)", text)} >= {"onerror", "onload", "onfocus"}


def test_nothing_runs_on_any_page_even_without_the_policy(hostile: Hostile, page: Page) -> None:
    assert unharmed(page, pages_of(hostile)) == {}


def test_nothing_is_left_to_the_policy_to_stop(
    hostile: Hostile, office: Office, signed_in: SignedIn, trap: Trap
) -> None:
    own = trap(signed_in(office.colleague).context)
    closed = ("/close/", "/delete/", "/estimate/2/")
    assert unharmed(own, [path for path in pages_of(hostile) if not path.endswith(closed)]) == {}


def test_nothing_runs_for_who_has_a_link_or_a_key(hostile: Hostile, page: Page, visit: Visit, trap: Trap) -> None:
    guest = trap(visit(bypass_csp=True))
    found = unharmed(guest, [hostile.link, *(f"{hostile.link}{number}/" for number in (1, 2, 4, 5, 9))])
    found |= unharmed(page, [f"{hostile.book.place}keys/", f"{hostile.book.place}log/", "/api/"])
    page.goto(f"{hostile.book.place}keys/")
    page.locator("#id_name").fill(NAMES[1])
    page.locator("form.card-form button[type=submit]").click()
    expect(page.locator("#secret")).to_be_visible()
    assert page.evaluate(TRACES) == []
    page.goto(f"{hostile.playbook}respondents/new/")
    page.locator("[name=name-0]").fill(NAMES[2])
    page.locator("[name=which][value=role]").check(force=True)
    page.locator("form.add-people button[type=submit]").last.click()
    expect(page.locator(".fresh-links input")).to_have_count(1)
    assert page.evaluate(TRACES) == []
    assert found == {}


def test_nothing_runs_in_a_file_that_is_taken_over(hostile: Hostile, page: Page) -> None:
    exported = page.request.get(f"{hostile.playbook}export/json/").body()
    page.goto(f"{hostile.book.map}measurements/import/")
    page.locator("#id_file").set_input_files({"name": f"{NAME}.json", "mimeType": "text/json", "buffer": exported})
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".takeaway-sum")).to_be_visible()
    assert page.evaluate(TRACES) == []
    for form, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxml")):
        given = page.request.get(f"{hostile.playbook}export/{form}/")
        assert given.headers["content-type"].startswith(kind)
        assert given.headers["content-disposition"].startswith("attachment")


def test_nothing_runs_in_an_outcome_with_a_report(hostile: Hostile, page: Page) -> None:
    page.goto(hostile.outcome)
    hostile_name = "<img src=x onerror=hit()>'\"></a>.pdf"
    file = {"name": hostile_name, "mimeType": "text/html", "buffer": b"%PDF-1.4\n<script>hit()</script>"}
    page.locator("#id_report").set_input_files(file)  # type: ignore[arg-type]
    page.locator("form.outcome-form .actions button[type=submit]").last.click()
    expect(page.locator("a[href$='/report/']").first).to_be_visible()
    assert unharmed(page, [f"{hostile.book.map}instruments/", hostile.outcome]) == {}
    report = page.request.get(f"{hostile.outcome}report/").headers
    assert report["content-type"] == "application/pdf"
    assert report["content-disposition"].startswith("attachment")
    assert report["x-content-type-options"] == "nosniff"


def _figures(page: Page, path: str) -> list[str]:
    page.goto(path)
    found: list[str] = page.locator(".download a").evaluate_all("(all) => all.map((each) => each.getAttribute('href'))")
    return found


def test_nothing_runs_in_a_picture_that_is_opened_by_itself(
    hostile: Hostile, page: Page, visit: Visit, trap: Trap, tmp_path: Path
) -> None:
    """Outside the site no policy guards it."""
    pictures = []
    for at in (f"{hostile.playbook}results/", f"{hostile.scan}results/", f"{hostile.scan}compare/"):
        for href in _figures(page, at):
            address = href if href.startswith("/") else f"{at}{href}"
            if re.search(r"/svg/", address):
                pictures.append(page.request.get(address))
            elif "/png/" in address and len(pictures) % 4 == 0:
                assert page.request.get(address).body().startswith(b"\x89PNG")
    assert len(pictures) >= 8
    alone = trap(visit(bypass_csp=True))
    for number, given in enumerate(pictures):
        assert given.status == 200
        file = tmp_path / f"{number}.svg"
        file.write_bytes(given.body())
        alone.goto(file.as_uri())
        bad = alone.evaluate(
            """() => [...document.querySelectorAll("*")].filter((each) => each.matches("script, foreignObject, image,"
              + "animate, set, use, a") || [...each.attributes].some(({ name }) => name.startsWith("on")))
              .map((each) => each.outerHTML.slice(0, 160))"""
        )
        assert bad == []
        assert alone.evaluate("document.documentElement.namespaceURI") == "http://www.w3.org/2000/svg"


def test_the_report_of_a_workshop_holds_it_as_text(hostile: Hostile, page: Page) -> None:
    for form, start in (("docx", b"PK"), ("pdf", b"%PDF-")):
        given = page.request.get(f"{hostile.ended}report/{form}/")
        assert given.status == 200
        assert given.body().startswith(start)


def _screens(hostile: Hostile, office: Office, page: Page, visit: Visit, trap: Trap) -> list[Page]:
    """The console, a phone with and one without scripts, the projector: not guarded by the policy; a phone that is."""
    context = visit(**PHONE, bypass_csp=True)
    context.add_cookies(hostile.phones[0].browsed())  # type: ignore[arg-type]
    phone, plain, projector = trap(context), context.new_page(), trap(visit(**PROJECTOR, bypass_csp=True))
    page.goto(f"{hostile.live}console/")
    phone.goto(hostile.phones[0].room)
    plain.goto(f"{hostile.phones[0].room}plain/")
    state = json.loads(office.lead.request("GET", f"{hostile.live}console/state")[1])
    projector.goto(re.sub(r"^https?://[^/]+", "", state["screen_url"]))
    other = visit(**PHONE)
    other.add_cookies(hostile.phones[1].browsed())  # type: ignore[arg-type]
    guarded = trap(other)
    guarded.goto(hostile.phones[1].room)
    return [page, phone, plain, projector, guarded]


def _traces(screen: Page) -> list[str]:
    """What could run. What the scripts of these screens make themselves has a class, which no payload has.

    The page without scripts looks again by itself.
    """
    ours = re.compile(r'<\w+ class="|<meta http-equiv="refresh" content="15; url=/room/[0-9a-f-]+/plain/">')
    return [each for each in screen.evaluate(TRACES) if not ours.match(each)]


def test_nothing_runs_on_the_screens_of_a_workshop(
    hostile: Hostile, office: Office, page: Page, visit: Visit, trap: Trap
) -> None:
    """In each phase, as it comes by its stream."""
    lead, live, phones = office.lead, hostile.live, hostile.phones
    screens = _screens(hostile, office, page, visit, trap)

    def look(phase: str) -> None:
        screens[2].reload()
        page.wait_for_timeout(900)
        for number, screen in enumerate(screens):
            assert _traces(screen) == [], (phase, number)

    look("ideas")
    expect(screens[0].locator("body")).to_contain_text("onerror=hit()")
    expect(screens[1].locator(".own-ideas li").first).to_be_visible()
    expect(screens[3].locator("body")).to_contain_text("onerror=hit()")
    measuring.go_to(lead, live, "ranking")
    look("ranking")
    expect(screens[1].locator(".ranked li").first).to_be_visible()
    measuring.host(lead, live, "show-ranking")
    look("ranked")
    for key in (OPEN, LIST, "B.4.5/3", CHOICE):
        _vote(office, live, phones, key)
        look(f"shown {key}")
    words = "".join(PAYLOADS[:60])[:1_900]
    agreed = {"value": {"choice": 1}, "reason": words, "for": words, "against": words}
    measuring.host(lead, live, "agree", **agreed)
    look("agreed")
    expect(screens[1].locator("body")).to_contain_text("hit()")
    measuring.host(lead, live, "end")
    look("ended")
