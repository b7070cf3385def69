"""A whole workshop in real browsers: a host, a projector and three phones."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import SignedIn, Visit, Watch
from tests.browser.office import Office
from tests.browser.workshop import BREATH, PHONE, PROJECTOR, STEPS_TO_THE_FIRST_VOTE, Room, agree, prepared, vote


def _room(office: Office, visit: Visit, signed_in: SignedIn, address: str, roles: tuple[str, ...]) -> Room:
    host = signed_in(office.lead, viewport={"width": 1280, "height": 720})
    host.goto(f"{address}console/")
    room = Room(host, address)
    room.next()
    for role in roles:
        room.join(visit(**PHONE).new_page(), role)
    room.until(lambda state: bool(state["joined"] == len(roles)))
    return room


class _Looks:
    """Looks at each kind of screen once with axe, in each state that comes by."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.found: dict[str, list[str]] = {}

    def at(self, name: str, **pages: Page | None) -> None:
        for who, page in pages.items():
            if page is None or f"{who}: {name}" in self.seen:
                continue
            self.seen.add(f"{who}: {name}")
            if wrong := violations(page):
                self.found[f"{who}: {name}"] = wrong


def _question(room: Room, looks: _Looks, state: dict[str, Any], *, again: bool) -> None:
    """One question from its vote to the consensus; with a second vote when asked."""
    kind = state["question"]["kind"]
    for ballot in (1, 2) if again else (1,):
        if state["phase"] != "voting":
            state = room.next()
        assert (state["phase"], state["ballot"]) == ("voting", ballot)
        # Vote first: nobody sees anything of it yet.
        assert state["spread"] is None
        for place, phone in enumerate(room.phones):
            vote(phone, place if ballot == 1 else 1)
        room.until(lambda now: bool(now["voted"] == len(room.phones)))
        assert room.projector is not None
        expect(room.projector.locator("body")).to_contain_text(re.compile(r"3 \S+( \S+)? 3 "))
        looks.at(f"voting {kind}", phone=room.phones[0], projector=room.projector, host=room.host)
        state = room.next()
        assert state["phase"] == "shown"
        assert state["spread"]["answered"] == len(room.phones)
        # Three of a role are too few to show.
        assert state["spread"]["roles"] == []
        for screen in room.phones:
            expect(screen.locator(".is-shown")).to_be_visible()
        looks.at(f"shown {kind}", phone=room.phones[0], projector=room.projector, host=room.host)
        if again and ballot == 1:
            room.host.locator(".next-quiet button").first.click()
            state = room.until(lambda now: bool(now["ballot"] == 2))
    agree(room.host, 1, "Daar kwamen we samen op uit.")
    looks.at(f"agreeing {kind}", host=room.host)
    state = room.next()
    assert state["phase"] == "agreed"
    looks.at("agreed", phone=room.phones[0], projector=room.projector, host=room.host)


def _ideas(room: Room, looks: _Looks, kind: str) -> None:
    for number, phone in enumerate(room.phones):
        phone.locator("#idea").fill(f"{kind}: voorstel {number}")
        phone.locator(".idea-form button[type=submit]").click()
        expect(phone.locator(".own-ideas li").first).to_contain_text(f"voorstel {number}")
    room.until(lambda state: len(state["ideas"]) == len(room.phones))
    looks.at("ideas", phone=room.phones[0], projector=room.projector, host=room.host)


def _ranking(room: Room, looks: _Looks) -> None:
    for phone in room.phones:
        line = phone.locator(".ranked li").filter(has_text="voorstel 1")
        line.locator(".stepper button").last.click()
        expect(line.locator("output")).to_have_text("1")
    room.until(lambda state: bool(state["voted"] == len(room.phones)))
    looks.at("ranking", phone=room.phones[0], projector=room.projector, host=room.host)


def test_a_whole_workshop_from_the_welcome_to_the_report(
    office: Office, visit: Visit, signed_in: SignedIn, watch: Watch
) -> None:
    book, measurement, address = prepared(office, "B.4.1", "B.4.5")
    room = _room(office, visit, signed_in, address, ("head", "college", "staff"))
    room.show(visit(**PROJECTOR).new_page())
    looks = _Looks()
    looks.at("waiting", phone=room.phones[0], projector=room.projector, host=room.host)
    asked = 0
    state = room.state()
    while state["step"]["position"] < state["step"]["count"] or state["phase"] in {"voting", "shown"}:
        step = state["step"]["kind"]
        if state["question"] is not None and state["phase"] in {"waiting", "voting"}:
            asked += 1
            _question(room, looks, state, again=asked == 1)
        elif step == "ideas" and state["phase"] == "collecting":
            _ideas(room, looks, state["ideas"][0]["kind"] if state["ideas"] else "idee")
        elif step == "ranking" and state["phase"] == "ranking":
            _ranking(room, looks)
        state = room.next()
    looks.at("closing", phone=room.phones[0], projector=room.projector, host=room.host)
    room.host.get_by_role("button", name=re.compile("workshop")).last.click()
    room.host.locator("#ask-end [data-sure]").click()
    room.until(lambda now: bool(now["status"] == "ended"))
    for screen in room.screens:
        expect(screen.locator("body")).to_contain_text("Samen kijken")
    expect(room.phones[0].locator(".is-ended")).to_be_visible()
    looks.at("ended", phone=room.phones[0], projector=room.projector, host=room.host)
    assert looks.found == {}

    # What was agreed stands in the workbook, and every answer in the measurement.
    assert 'value="2" checked' in office.lead.field(book.id, "B.4.1/1")
    page = office.lead.request("GET", f"{measurement}q/?key=B.4.1/1")[1]
    assert "Daar kwamen we samen op uit." in page
    assert asked >= 3
    report = room.host.request.get(f"{address}report/pdf/")
    assert (report.status, report.headers["content-type"]) == (200, "application/pdf")


def test_a_phone_that_loses_the_wifi_sends_its_answer_when_it_is_back_and_a_reload_keeps_it(
    office: Office, visit: Visit, signed_in: SignedIn, watch: Watch
) -> None:
    watch.allow(r"ERR_INTERNET_DISCONNECTED", r"ERR_NETWORK_IO_SUSPENDED")
    _book, _measurement, address = prepared(office, "B.4.1")
    room = _room(office, visit, signed_in, address, ("head",))
    for _step in range(STEPS_TO_THE_FIRST_VOTE):
        room.next()
    state = room.next()
    assert state["phase"] == "voting"
    (phone,) = room.phones
    form = phone.locator("form.vote")
    expect(form).to_be_visible()
    phone.context.set_offline(True)
    form.locator("input[type=radio]").nth(2).check(force=True)
    expect(form.locator(".vote-status")).to_have_attribute("data-tone", "waiting")
    assert room.state()["voted"] == 0
    phone.context.set_offline(False)
    expect(form.locator(".vote-status")).to_have_attribute("data-tone", "in", timeout=20_000)
    room.until(lambda now: bool(now["voted"] == 1))
    phone.reload()
    expect(phone.locator("form.vote input[type=radio]").nth(2)).to_be_checked()
    expect(phone.locator(".vote-status")).to_have_attribute("data-tone", "in")


def test_a_second_host_sees_what_the_first_does_and_what_he_typed_is_kept(
    office: Office, visit: Visit, signed_in: SignedIn
) -> None:
    _book, _measurement, address = prepared(office, "B.4.1", colleague_is="editor")
    room = _room(office, visit, signed_in, address, ("head",))
    for _step in range(STEPS_TO_THE_FIRST_VOTE):
        room.next()
    room.next()
    vote(room.phones[0], 0)
    room.next()
    second = signed_in(office.colleague, viewport={"width": 1280, "height": 720})
    second.goto(f"{address}console/")
    agree(second, 0, "Wat de tweede begeleider typte.")
    # The first asks for a second vote; the second sees it come by itself.
    room.host.locator(".next-quiet button").first.click()
    room.until(lambda state: bool(state["ballot"] == 2))
    expect(second.locator("form.agree")).to_have_count(0)
    vote(room.phones[0], 1)
    room.next()
    expect(second.locator("form.agree textarea[name=reason]")).to_have_value("Wat de tweede begeleider typte.")


def test_the_host_leads_by_keyboard_alone(office: Office, visit: Visit, signed_in: SignedIn) -> None:
    _book, _measurement, address = prepared(office, "B.4.1")
    room = _room(office, visit, signed_in, address, ("head",))
    version = room.state()["v"]
    room.host.wait_for_timeout(BREATH)
    room.host.locator("body").press("n")
    state = room.until(lambda now: bool(now["v"] > version))
    assert state["step"]["position"] == 2
    # In a field the letter is a letter.
    for _step in range(STEPS_TO_THE_FIRST_VOTE):
        room.next()
    vote(room.phones[0], 0)
    room.next()
    before = room.state()["v"]
    room.host.locator("form.agree textarea[name=reason]").press("n")
    expect(room.host.locator("form.agree textarea[name=reason]")).to_have_value("n")
    assert room.state()["v"] == before


def test_a_participant_answers_by_keyboard_alone(office: Office, visit: Visit, signed_in: SignedIn) -> None:
    _book, _measurement, address = prepared(office, "B.4.1")
    room = _room(office, visit, signed_in, address, ("head",))
    for _step in range(STEPS_TO_THE_FIRST_VOTE):
        room.next()
    room.next()
    (phone,) = room.phones
    # The new question took the focus: its first answer is a few tabs further.
    expect(phone.locator("#title")).to_be_focused()
    for _tab in range(4):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.type") == "radio":
            break
    phone.keyboard.press("Space")
    expect(phone.locator("form.vote input[type=radio]").first).to_be_checked()
    expect(phone.locator(".vote-status")).to_have_attribute("data-tone", "in")
