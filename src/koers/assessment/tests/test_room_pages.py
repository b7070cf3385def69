"""The pages of a live workshop: joining, the page without scripts, the projector, and how heavy they are."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Cast
from koers.assessment.live.seats import COOKIE, LASTS, cookie_value, new_secret
from koers.assessment.models import Idea, Respondent, Response, Step, Workshop
from koers.assessment.tests.rooming import CHOICE, OTHER, Phone, Room, make_room
from koers.kit.templatetags.koers import MANIFEST
from koers.kit.tenancy import unscoped

HERE = {"accept-language": "en"}


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


@pytest.fixture
def browser() -> Client:
    return Client(headers=HERE)


def form(room: Room, **more: str) -> dict[str, str]:
    return {"code": room.code, "role": "staff", "together": "alone", **more}


def errors_of(html: str) -> list[str]:
    found = re.findall(r'class="form-error"[^>]*>([^<]+)<|class="room-notice"[^>]*><p>([^<]+)<', html)
    return [first or second for first, second in found]


def plain(room: Room, phone: Phone | None = None) -> tuple[Client, str]:
    """A browser without scripts, with a seat, and its address."""
    phone = phone or room.join()
    phone.client.cookies[COOKIE] = cookie_value(room.workshop.pk, phone.secret)
    return phone.client, f"{room.address}plain/"


# Joining


def test_the_code_of_the_link_stands_there_as_it_is_written(browser: Client, room: Room) -> None:
    code = room.go("open")["code"]
    html = browser.get("/join/", {"code": f" {code.lower()[:3]} {code.lower()[3:]}"}).content.decode()
    assert f'name="code" value="{code}"' in html
    assert re.findall(r'name="role" value="(\w+)"', html) == ["management", "college", "head", "it", "staff", "other"]
    assert "No name, no address, nothing about your phone." in html


def test_a_phone_chooses_its_language_from_our_own_page_alone_and_stays_where_it_is() -> None:
    phone = Client(headers=HERE, enforce_csrf_checks=True)
    asked = {"language": "nl", "next": "/join/?code=ABCDEF"}
    ours = phone.post("/join/language/", asked, headers={"Origin": "http://testserver"})
    assert (ours.status_code, ours["Location"]) == (302, "/join/?code=ABCDEF")
    assert ours.cookies["django_language"].value == "nl"
    theirs = phone.post("/join/language/", asked, headers={"Origin": "https://elders.example"})
    assert "django_language" not in theirs.cookies
    away = phone.post("/join/language/", {**asked, "next": "https://elders.example/"})
    assert away["Location"] == "/join/"


def test_who_joins_gets_a_seat_that_no_other_site_can_use(browser: Client, room: Room) -> None:
    room.go("open")
    response = browser.post("/join/", form(room, together="group", size="4"))
    assert (response.status_code, response["Location"]) == (302, room.address)
    assert set(response.cookies) == {COOKIE}
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", int(LASTS.total_seconds()))
    with unscoped():
        seat = Respondent.objects.get(workshop=room.workshop)
    assert (seat.role, seat.size, seat.name, seat.email, seat.department) == ("staff", 4, "", "", "")
    assert browser.get(room.address).status_code == 200


def test_the_same_browser_again_keeps_its_seat(browser: Client, room: Room) -> None:
    room.go("open")
    browser.post("/join/", form(room))
    assert "Go on where you were" in browser.get("/join/").content.decode()
    browser.post("/join/", form(room, role="head"))
    with unscoped():
        assert list(Respondent.objects.filter(workshop=room.workshop).values_list("role", flat=True)) == ["head"]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"code": ""}, ["Type the code that stands on the screen."]),
        ({"role": ""}, ["Choose your role."]),
        ({"role": "mayor"}, ["Choose your role."]),
        ({"together": "group", "size": ""}, ["Say with how many you answer: from 2 to 30."]),
        ({"together": "group", "size": "31"}, ["Say with how many you answer: from 2 to 30."]),
        ({"code": "CCCCCC"}, ["This code is not right, or no longer valid."]),
    ],
)
def test_what_is_wrong_is_said_in_its_place(
    browser: Client, room: Room, given: dict[str, str], errors: list[str]
) -> None:
    room.go("open")
    response = browser.post("/join/", form(room, **given))
    assert (response.status_code, errors_of(response.content.decode())) == (422, errors)
    assert COOKIE not in response.cookies


def test_a_code_that_expired_and_a_door_that_is_closed(browser: Client, room: Room) -> None:
    room.go("open")
    room.go("door", open=False)
    closed = browser.post("/join/", form(room))
    assert (closed.status_code, errors_of(closed.content.decode())) == (
        403, ["The host has closed the door. Ask the host to open it."],
    )  # fmt: skip
    with unscoped():
        Workshop.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
    expired = browser.post("/join/", form(room))
    assert errors_of(expired.content.decode()) == ["This code is not right, or no longer valid."]


def test_guessing_codes_is_stopped_with_a_reason(browser: Client, room: Room) -> None:
    room.go("open")
    wrong = [f"CCCCC{letter}" for letter in "CDFGHJKMNP"]
    assert [browser.post("/join/", form(room, code=code)).status_code for code in wrong] == [422] * 10
    stopped = browser.post("/join/", form(room))
    assert (stopped.status_code, errors_of(stopped.content.decode())) == (
        429, ["Too many wrong codes were tried from here. Wait a minute, then try again."],
    )  # fmt: skip


def test_another_site_cannot_let_somebody_join(room: Room) -> None:
    room.go("open")
    browser = Client(headers={**HERE, "origin": "https://elsewhere.example.test"})
    response = browser.post("/join/", form(room))
    assert (response.status_code, COOKIE in response.cookies) == (403, False)
    with unscoped():
        assert not Respondent.objects.filter(workshop=room.workshop).exists()


def test_a_code_typed_with_script_is_text(browser: Client, room: Room) -> None:
    html = browser.get("/join/", {"code": '"><script>x</script>'}).content.decode()
    assert "<script>x" not in html
    assert "&quot;&gt;&lt;SCRIPT" in html


# The participant


def test_without_a_seat_there_is_only_the_way_in(browser: Client, room: Room) -> None:
    room.go("open")
    browser.cookies[COOKIE] = cookie_value(room.workshop.pk, new_secret())
    for address in (room.address, f"{room.address}plain/"):
        response = browser.get(address)
        assert (response.status_code, response["Location"]) == (302, "/join/")


def test_a_seat_opens_its_own_room_only(cast: Cast, room: Room) -> None:
    phone = room.join(code=room.go("open")["code"])
    other = make_room(cast)
    phone.client.cookies[COOKIE] = cookie_value(room.workshop.pk, phone.secret)
    assert phone.client.get(room.address).status_code == 200
    assert phone.client.get(other.address)["Location"] == "/join/"


def test_after_the_end_the_page_thanks_who_was_there_and_nobody_else(browser: Client, room: Room) -> None:
    room.at_question()
    client, address = plain(room)
    room.go("end")
    for each in (room.address, address):
        assert "Thank you for taking part" in client.get(each).content.decode()
    assert browser.get(room.address)["Location"] == "/join/"


def test_the_page_leads_to_the_one_without_scripts(room: Room) -> None:
    room.go("open")
    client, address = plain(room)
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in client.get(room.address).content.decode()


# Without scripts


def test_a_vote_by_a_form_counts_and_can_be_changed_until_the_reveal(room: Room) -> None:
    room.at_question()
    client, address = plain(room)
    vote = {"deed": "vote", "question": CHOICE, "ballot": "1", f"{CHOICE}:base": "0"}
    sent = client.post(address, {**vote, CHOICE: "2", f"{CHOICE}:remark": "Sinds maart"})
    assert (sent.status_code, sent["Location"]) == (302, f"{address}?done=vote")
    assert "Your answer is in." in client.get(sent["Location"]).content.decode()
    client.post(address, {**vote, CHOICE: "3"})
    with unscoped():
        assert [each.value for each in Response.objects.all()] == [{"choice": 3}]
    room.go("reveal")
    late = client.post(address, {**vote, CHOICE: "1"})
    html = late.content.decode()
    assert (late.status_code, errors_of(html)) == (409, ["This vote is over. Here is where the room is now."])
    assert html.count('<rect width="100.0"') == 1
    assert html.count("Your answer") == 1
    with unscoped():
        assert [each.value for each in Response.objects.all()] == [{"choice": 3}]


@pytest.mark.parametrize(
    ("question", "given", "stored"),
    [
        ("B.4.1/6", {"": ["1", "3"]}, {"choices": [1, 3]}),
        ("B.4.1/7", {"": ["dont-know"]}, {"choices": ["dont-know"]}),
        ("B.4.5/3", {":vigilant": "2", ":vested": "4"}, {"rows": {"vigilant": 2, "vested": 4}}),
        ("B.4.2/13", {"": "Netwerk\nWebsite"}, {"html": "<p>Netwerk<br>Website</p>"}),
        ("B.4.4/1", {"": "Dossiers\n\nWebsite"}, {"items": [{"name": "Dossiers"}, {"name": "Website"}]}),
        (
            "C.2.3/adoption",
            {":inspired": "20", ":indifferent": "40,5", ":frustrated": "39.5", ":oppressed": ""},
            {"shares": {"inspired": 20, "indifferent": 40.5, "frustrated": 39.5, "oppressed": 0}},
        ),
    ],
)
def test_every_kind_of_question_has_its_form(
    room: Room, question: str, given: dict[str, str | list[str]], stored: dict[str, object]
) -> None:
    with unscoped():
        room.workshop.measurement.dimensions = ["B.4.1", "B.4.2", "B.4.4", "B.4.5", "C.2.3"]
        room.workshop.measurement.save()
        Step.objects.filter(workshop=room.workshop, kind="questions").update(questions=[question])
    room.at_question()
    client, address = plain(room)
    html = client.get(address).content.decode()
    names = {f"{question}{ending}" for ending in given}
    assert names <= set(re.findall(r'name="([^"]+)"', html))
    vote = {"deed": "vote", "question": question, "ballot": "1", f"{question}:base": "0"}
    answer = {f"{question}{ending}": value for ending, value in given.items()}
    assert client.post(address, {**vote, **answer}).status_code == 302
    with unscoped():
        assert [each.value for each in Response.objects.all()] == [stored]
    assert "Send the change" in client.get(address).content.decode()


def test_shares_that_do_not_add_up_are_refused_in_place(room: Room) -> None:
    with unscoped():
        room.workshop.measurement.dimensions = ["C.2.3"]
        room.workshop.measurement.save()
        Step.objects.filter(workshop=room.workshop, kind="questions").update(questions=["C.2.3/adoption"])
    room.at_question()
    client, address = plain(room)
    vote = {"deed": "vote", "question": "C.2.3/adoption", "ballot": "1", "C.2.3/adoption:base": "0"}
    response = client.post(address, {**vote, "C.2.3/adoption:inspired": "90"})
    assert (response.status_code, errors_of(response.content.decode())) == (
        422, ["The shares must add up to 100; they make 90."],
    )  # fmt: skip


def test_ideas_and_points_by_forms(room: Room) -> None:
    ranking = room.at_ideas()
    client, address = plain(room)
    assert client.post(address, {"deed": "idea", "text": "Te weinig tijd"}).status_code == 302
    assert client.post(address, {"deed": "idea", "text": "Te veel mail"}).status_code == 302
    with unscoped():
        first, second = Idea.objects.order_by("pk")
    assert client.post(address, {"deed": "unidea", "id": str(second.pk)}).status_code == 302
    html = client.get(address).content.decode()
    assert ("Te weinig tijd" in html, "Te veel mail" in html) == (True, False)
    room.go("go", step=ranking)
    assert client.post(address, {"deed": "points", f"points:{first.pk}": "3"}).status_code == 302
    too_many = client.post(address, {"deed": "points", f"points:{first.pk}": "4"})
    assert (too_many.status_code, errors_of(too_many.content.decode())) == (422, ["This could not be read."])
    room.go("show-ranking")
    assert '<span class="ranked-text">Te weinig tijd</span><b>3</b>' in client.get(address).content.decode()


def test_the_page_looks_again_by_itself_except_while_somebody_answers(room: Room) -> None:
    room.go("open")
    client, address = plain(room)

    def refreshes() -> bool:
        return f'<meta http-equiv="refresh" content="15; url={address}">' in client.get(address).content.decode()

    seen = [refreshes()]
    for deed in ("next", "vote", "reveal"):
        room.go(deed)
        seen.append(refreshes())
    assert seen == [True, True, False, True]


def test_what_was_agreed_stands_there_with_its_reason(room: Room) -> None:
    room.at_question()
    client, address = plain(room)
    room.go("reveal")
    room.go("agree", value={"choice": 4}, reason="<b>Beslist</b> in maart")
    html = client.get(address).content.decode()
    assert "We have a strategy on paper, with concrete objectives" in html
    assert "&lt;b&gt;Beslist&lt;/b&gt; in maart" in html


def test_another_site_cannot_vote_by_the_form(room: Room) -> None:
    room.at_question()
    client, address = plain(room)
    client.defaults["HTTP_ORIGIN"] = "https://elsewhere.example.test"
    vote = {"deed": "vote", "question": CHOICE, "ballot": "1", f"{CHOICE}:base": "0", CHOICE: "2"}
    assert client.post(address, vote).status_code == 403
    with unscoped():
        assert not Response.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"deed": "end"},
        {"deed": "vote", "question": OTHER, "ballot": "x"},
        {"deed": "unidea", "id": "9" * 30},
        {"deed": "points", "points:x": "1"},
        {},
    ],
)
def test_odd_forms_are_refused_and_write_nothing(room: Room, given: dict[str, str]) -> None:
    room.at_question()
    client, address = plain(room)
    assert client.post(address, given).status_code in {400, 409, 422}
    with unscoped():
        assert not Response.objects.exists()


def test_the_page_takes_as_many_queries_however_many_ideas_there_are(room: Room) -> None:
    room.at_ideas()
    client, address = plain(room)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    client.post(address, {"deed": "idea", "text": "Een"})
    one = queries()
    for text in ("Twee", "Drie"):
        client.post(address, {"deed": "idea", "text": text})
    assert queries() == one


# The projector


def test_the_projector_shows_how_to_come_in_and_no_names(room: Room) -> None:
    room.go("open")
    room.join(role="head")
    address = room.state["screen_url"].split("testserver")[1]
    response = Client(headers=HERE).get(address)
    html = response.content.decode()
    assert (response.status_code, response["Referrer-Policy"]) == (200, "no-referrer")
    assert html.count(f">{room.code}<") == 2
    assert html.count('class="qr"') == 2
    assert "style=" not in html
    assert [name for name in ("Lead", "lead@", "Kastelbeke") if name in html] == []
    assert response.cookies == {}


@pytest.mark.parametrize("ending", ["", "x", ".."])
def test_a_dead_link_of_the_projector_says_so_kindly(room: Room, ending: str) -> None:
    room.go("open")
    token = room.state["screen_url"].rsplit("/", 2)[1]
    dead = f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}{ending}"
    response = Client(headers=HERE).get(f"/screen/{dead}/")
    assert response.status_code == 404
    assert "This screen is over" in response.content.decode()


def test_a_new_code_ends_the_link_of_the_projector(room: Room) -> None:
    room.go("open")
    address = room.state["screen_url"].split("testserver")[1]
    room.go("new-code")
    assert Client().get(address).status_code == 404


# Weight


def _with_imports(name: str, entries: dict[str, dict[str, object]]) -> set[str]:
    found = {name}
    imports = entries[name].get("imports", [])
    assert isinstance(imports, list)
    for each in imports:
        found |= _with_imports(each, entries)
    return found


def _weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9)) if path.suffix != ".woff2" else path.stat().st_size


def test_a_first_load_is_light(browser: Client, room: Room) -> None:
    """Of the page to join and the room after it: HTML, style, scripts with what they import, icon and font."""
    room.go("open")
    client, _address = plain(room)
    pages = [browser.get("/join/").content, client.get(room.address).content]
    entries: dict[str, dict[str, object]] = json.loads(MANIFEST.read_text())
    by_file = {f"/static/koers/dist/{entry['file']}": name for name, entry in entries.items()}
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', b"".join(pages).decode()))
    assert asked <= set(by_file)
    files = {file for each in asked for file in _with_imports(by_file[each], entries)}
    weights = {str(entries[each]["file"]): _weight(MANIFEST.parent / str(entries[each]["file"])) for each in files}
    scripts = sum(weight for file, weight in weights.items() if file.endswith(".js"))
    total = sum(weights.values()) + sum(len(gzip.compress(page)) for page in pages)
    assert (scripts <= 30_000, total < 100_000) == (True, True), (scripts, total, weights)
    assert scripts > 5_000
