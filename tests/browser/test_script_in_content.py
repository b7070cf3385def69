"""Scripts in everything that people can write, and every page that shows it: none runs, with the policy or without."""

import json
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import expect

from koers.editions.loading import edition
from koers.editions.structure import Field
from tests.browser.conftest import SignedIn, Visit, Watch
from tests.browser.office import Book, Office, Person
from tests.browser.pages import field, open_section
from tests.browser.payloads import NAMES, PAYLOADS
from tests.browser.traps import TRACES, Trap, unharmed

SECTIONS = edition("draaiboek").sections
FIELDS = tuple(edition("draaiboek").fields.values())
RICH = tuple(each for each in FIELDS if each.is_rich)


def shares(pieces: int) -> list[list[str]]:
    """All payloads, dealt out like cards."""
    return [list(PAYLOADS[start::pieces]) for start in range(pieces)]


def values(field: Field, dealt: list[str], remark: str) -> Any:
    """A value of a field that is as full of payloads as its kind allows."""
    beside = {"remark": remark} if field.remark else {}
    match field.kind:
        case "text" | "open":
            return "".join(f"<p>Tekst</p>{each}" for each in dealt)
        case "line":
            return _line(dealt[0])
        case "percent":
            return 25
        case "single":
            return {"choice": 1, **beside}
        case "multi":
            return {"choices": [1], **beside}
        case "matrix":
            return {"rows": {row.id: 1 for row in field.rows}, **beside}
        case "list":
            cells = [column.id for column in field.columns if column.kind in {"line", "text"}]
            rows = zip(*[iter(dealt)] * len(cells), strict=False)
            items = [dict(zip(cells, row, strict=True)) for row in rows]
            return {"items": [{name: _line(cell) for name, cell in item.items()} for item in items], **beside}


def _line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


def _remark(number: int) -> str:
    return "\n".join(islice((_line(each) for each in PAYLOADS[number * 7 % len(PAYLOADS) :]), 20))


@dataclass(frozen=True)
class Poisoned:
    """A workbook with every payload in it, and how many saves were taken."""

    book: Book
    taken: int
    refused: int


def _fill(office: Office, book: Book) -> Poisoned:
    by_rich = dict(zip((each.key for each in RICH), shares(len(RICH)), strict=True))
    lists = [each for each in FIELDS if each.kind == "list"]
    statuses = []
    for number, each in enumerate(FIELDS):
        dealt = by_rich.get(each.key) or (list(PAYLOADS) if each in lists else [PAYLOADS[-number % len(PAYLOADS)]])
        status, _body = office.lead.save(book.id, each.key, values(each, dealt, _remark(number)), 0)
        statuses.append(status)
    return Poisoned(book, statuses.count(200), statuses.count(422))


@pytest.fixture(scope="session")
def poisoned(office: Office) -> Poisoned:
    """Every field of a workbook filled in through the save API; shared with a viewer and with a poisoned name."""
    status, _text = office.lead.post(
        "/administrations/new/", kind="other", name="\"><img src=x onerror=hit()>'{{7*7}}</title><svg onload=hit()>"
    )
    assert status == 302
    administration = office.lead.location.split("/")[2]
    office.lead.request("GET", office.lead.location)
    book = Book(office.lead.location.split("/")[2], administration, "poisoned")
    office.take_in(book, office.colleague, "viewer")
    title = "</title></script><svg onload=hit()>\"'><img src=x onerror=hit()>"
    assert office.lead.post(f"/w/{book.id}/settings/", title=title)[0] == 302
    _compose(office.lead, book)
    return _fill(office, book)


def _compose(person: Person, book: Book) -> None:
    status, text = person.post(
        f"/w/{book.id}/note/compose/",
        title="</title><svg onload=hit()>\"'><script>hit()</script>", subtitle="<img src=x onerror=hit()>",
        author="'\"><svg/onload=hit()>", language="nl", introduction="\n\n".join(PAYLOADS), with_appendix="on",
        day="2026-11-23",
    )  # fmt: skip
    assert status == 302, text


def pages_of(book: Book) -> list[str]:
    other = ["analysis/", "note/", "note/compose/", "settings/", "import/"]
    return [
        "/", book.map, book.place, f"{book.place}log/", *(book.map + each for each in other),
        *(book.section(section) for section in SECTIONS),
    ]  # fmt: skip


def test_a_trap_that_is_stepped_on_tells(visit: Visit, watch: Watch, trap: Trap) -> None:
    """The tests below would see a script that runs, and one that could."""
    page = trap(visit(bypass_csp=True))
    page.goto("/")
    page.locator("main").evaluate(
        "(main, html) => main.innerHTML = html", f"{PAYLOADS[0]}<a href='JavaScript:hit()'>x</a>"
    )
    page.wait_for_timeout(200)
    assert any("HIT" in problem for problem in watch.problems)
    assert len(page.evaluate(TRACES)) >= 2
    guarded = trap(visit())
    guarded.goto("/")
    guarded.locator("main").evaluate("(main, html) => main.innerHTML = html", PAYLOADS[0])
    guarded.wait_for_timeout(200)
    assert any("CSP: script-src" in problem for problem in watch.problems)
    watch.problems.clear()


def test_payloads_reach_the_store(poisoned: Poisoned) -> None:
    assert len(PAYLOADS) >= 200
    assert (poisoned.taken, poisoned.refused) == (len(FIELDS), 0)


def test_nothing_runs_on_any_page_even_without_the_policy(
    poisoned: Poisoned, office: Office, signed_in: SignedIn, trap: Trap
) -> None:
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    assert unharmed(page, pages_of(poisoned.book)) == {}


def test_nothing_is_left_to_the_policy_to_stop(
    poisoned: Poisoned, office: Office, signed_in: SignedIn, trap: Trap
) -> None:
    page = trap(signed_in(office.colleague).context)
    readable = ("/settings/", "/compose/", "/import/", "/log/")
    paths = [path for path in pages_of(poisoned.book) if not path.endswith(readable)]
    assert unharmed(page, paths) == {}


def test_nothing_runs_in_an_editor_or_a_conflict(
    poisoned: Poisoned, office: Office, signed_in: SignedIn, trap: Trap, watch: Watch
) -> None:
    watch.allow("status of 409", "ERR_INTERNET_DISCONNECTED")
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    for section in ("A.1", "A.3", "B.4.2"):
        page.goto(poisoned.book.section(section))
        boxes = page.locator("[data-rich]")
        for number in range(boxes.count()):
            boxes.nth(number).focus()
        expect(page.locator("[contenteditable=true]")).to_have_count(boxes.count())
        assert page.evaluate(TRACES) == []

    # A draft of a page of which the server does not know what it started from: both are shown to choose.
    book = office.book()
    key = "A.0/digital-government"
    page.goto(book.section("A.0"))
    draft = {"base": 99, "value": "".join(PAYLOADS[:60]), "at": page.evaluate("Date.now()")}
    office.lead.put(book.id, key, "".join(PAYLOADS[60:120]))
    page.evaluate(
        "([name, draft]) => localStorage.setItem(`koers:draft:${document.body.dataset.user}:${name}`, draft)",
        [f"{book.id}:{key}:99", json.dumps(draft)],
    )
    page.reload()
    expect(field(page, key).locator(".conflict")).to_be_visible()
    assert page.evaluate(TRACES) == []
    field(page, key).locator(".conflict .actions button").nth(2).click()
    page.wait_for_timeout(1_200)
    assert page.evaluate(TRACES) == []


def test_nothing_runs_of_what_is_pasted(office: Office, signed_in: SignedIn, trap: Trap) -> None:
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    page.goto(office.book().section("A.0"))
    field(page, "A.0/digital-government").locator("[data-rich]").click()
    editor = field(page, "A.0/digital-government").locator("[contenteditable=true]")
    expect(editor).to_be_focused()
    editor.evaluate(
        """(editor, all) => { for (const html of all) {
          const data = new DataTransfer();
          data.setData("text/html", html);
          editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        } }""",
        PAYLOADS,
    )
    page.wait_for_timeout(1_200)
    assert page.evaluate(TRACES) == []


def test_nothing_runs_of_markdown(office: Office, signed_in: SignedIn, trap: Trap) -> None:
    """The way without JavaScript reads Markdown; it leads to the same pages."""
    book = office.book()
    for number, section in enumerate(SECTIONS.values()):
        rich = [each for each in section.fields if each.is_rich]
        form = {f"{each.key}:base": "0" for each in rich}
        for place, each in enumerate(rich):
            form[each.key] = "\n\n".join(PAYLOADS[(number * 29 + place * 7) % len(PAYLOADS) :][:12])
        if form:
            assert office.lead.post(book.section(section.id), **form)[0] == 302
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    paths = [book.map, f"{book.map}note/", *(book.section(each.id) for each in SECTIONS.values())]
    assert unharmed(page, paths) == {}


def test_nothing_runs_of_a_persons_name(office: Office, signed_in: SignedIn, trap: Trap) -> None:
    """Told by the event stream, beside a saved text, on the pages that say who did what, in an invitation."""
    book, key = office.book(), "A.0/digital-government"
    person = office.newcomer(NAMES[0])
    office.take_in(book, person, "lead")
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    own = trap(signed_in(person, bypass_csp=True).context)
    for name in NAMES:
        assert person.post("/accounts/profile/", name=name, language="nl")[0] == 302
        open_section(page, book.section("A.0"))
        person.put(book.id, key, f"<p>{len(name)}</p>")
        expect(field(page, key).locator("[data-state]")).to_contain_text(name)
        assert page.evaluate(TRACES) == []
        assert unharmed(page, [book.map, book.place, book.section("A.0")]) == {}
        assert unharmed(own, ["/accounts/profile/"]) == {}
    assert unharmed(page, [f"{book.place}log/", f"{book.map}note/"]) == {}
    invitation = office.invite(book, "x@example.test", "viewer", by=person)
    assert unharmed(own, [invitation]) == {}


def test_nothing_runs_of_an_import(office: Office, signed_in: SignedIn, trap: Trap, watch: Watch) -> None:
    """Its contents in the preview, its mistakes in the list, the name of the file anywhere."""
    watch.allow("status of 422")
    book = office.book()
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    answers = dict(zip((each.key for each in RICH), ("\n\n".join(each) for each in shares(len(RICH))), strict=True))
    head = {"format": "koers-workbook/1", "edition": "draaiboek", "administration": {"name": PAYLOADS[0]}}
    good = {**head, "answers": answers}
    bad = {**good, "answers": {payload: payload for payload in PAYLOADS[:80]}}
    other = {**good, "edition": "</p><svg onload=hit()>", "format": "<script>hit()</script>"}
    for content in (good, bad, other):
        page.goto(f"/w/{book.id}/import/")
        data = json.dumps(content).encode()
        name = '"><img src=x onerror=hit()>.json'
        page.locator("#id_file").set_input_files({"name": name, "mimeType": "application/json", "buffer": data})
        page.locator("main form button").click()
        page.wait_for_load_state()
        assert page.evaluate(TRACES) == []


def test_nothing_runs_of_an_address(
    visit: Visit, office: Office, signed_in: SignedIn, trap: Trap, watch: Watch
) -> None:
    """What a page repeats of the address that led to it."""
    watch.allow("status of 40[04]")
    page = trap(signed_in(office.lead, bypass_csp=True).context)
    some = [payload for payload in PAYLOADS if len(payload) <= 80][::9]
    for payload in some:
        page.goto(f"/administrations/new/?{urlencode({'q': payload})}")
        assert page.evaluate(TRACES) == []
    assert unharmed(page, [f"/{quote(PAYLOADS[0])}/", f"/invitations/{quote(PAYLOADS[2], safe='')}/"]) == {}
    guest = trap(visit(bypass_csp=True))
    for target in (
        "javascript:hit()",
        "//example.test/",
        "data:text/html,<script>hit()</script>",
        '"><svg onload=hit()>',
    ):
        query = urlencode({"next": target, "email": target})
        assert unharmed(guest, [f"/accounts/login/?{query}", f"/accounts/signup/?{query}"]) == {}
