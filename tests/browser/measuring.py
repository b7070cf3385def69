"""What people measure before a test: who is asked, what each answers, what is agreed, workshops. Past the browser."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.instruments.structure import Question
from tests.browser.office import FORM, Book, Office, Person

JSON = "application/json"
DIMENSIONS = tuple(each.id for each in instrument(PLAYBOOK, 1).dimensions)
QUESTIONS = instrument(PLAYBOOK, 1).questions


class Guest(Person):
    """Somebody without an account: who has a personal link, or a phone in a workshop."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.home.port, "")

    def sign_in(self, email: str, password: str) -> None:
        """There is nobody to sign in as."""

    def tell(self, path: str, content: Any) -> tuple[int, Any]:
        status, text = self.request("POST", path, json.dumps(content), JSON)
        return status, json.loads(text)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, (pattern, text[:2_000])
    return match[1]


def wrong_in(text: str) -> list[str]:
    """What a page says that is wrong in its form."""
    said: list[str] = re.findall(r'role="alert">.*?</p>|class="form-error"[^>]*>.*?</', text)
    return said or [text[:300]]


def send(person: Person, path: str, given: Iterable[tuple[str, str]] | dict[str, str]) -> str:
    """Send a form that leads on; where to."""
    body = urlencode(list(given.items()) if isinstance(given, dict) else list(given))
    status, text = person.request("POST", path, body, FORM)
    assert status == 302, (path, status, wrong_in(text))
    return person.location.partition("#")[0]


def begin(
    person: Person, book: Book, name: str, dimensions: Iterable[str] = DIMENSIONS, instrument_id: str = PLAYBOOK
) -> str:
    """A new measurement; its address."""
    chosen = [("dimensions", each) for each in dimensions]
    return send(person, f"{book.map}measurements/new/", [("instrument", instrument_id), ("name", name), *chosen])


def ask_oneself(person: Person, measurement: str, kind: str, words: str, options: str = "", rows: str = "") -> str:
    """Add a question of one's own to a measurement; its key."""
    given = {"kind": kind, "nl": words, "en": words, "options_nl": options, "rows_nl": rows, "remark": "on"}
    send(person, f"{measurement}own-questions/", given)
    return f"custom/{re.findall(r'[?]id=([a-z0-9-]+)', person.request('GET', f'{measurement}own-questions/')[1])[-1]}"


def people(
    person: Person,
    measurement: str,
    given: Iterable[tuple[str, str, str]],
    *,
    way: str = "note",
    which: str = "role",
    due: str = "",
) -> list[str]:
    """Ask people for an interview: name, role, department. The paths of their links, when they get one."""
    fields = [("way", way), ("which", which), ("due", due)]
    for index, (name, role, department) in enumerate(given):
        fields += [(f"name-{index}", name), (f"role-{index}", role), (f"department-{index}", department)]
    status, text = person.request("POST", f"{measurement}respondents/new/", urlencode(fields), FORM)
    assert status == (200 if way == "link" else 302), wrong_in(text)
    return re.findall(r'value="https?://[^/]+(/r/[\w-]+/)"', text)


def asked_in(person: Person, measurement: str) -> list[str]:
    """The addresses of those who are asked by name, in the order of the page."""
    text = person.request("GET", measurement)[1]
    return list(dict.fromkeys(re.findall(rf'"({measurement}respondents/\d+/)"', text)))


def answer(question: Question, place: int, words: str) -> Any:
    """An answer as a page sends it: the option at this place, and words wherever words fit."""
    asked = question.field
    beside = {"remark": words[:1_900]} if asked.remark else {}
    choice = min(place, len(asked.options))
    match question.kind:
        case "single":
            return {"choice": choice, **beside}
        case "multi":
            return {"choices": [choice], **beside}
        case "matrix":
            return {"rows": {row.id: choice for row in asked.rows}, **beside}
        case "list":
            return {"items": [{column.id: words[:290] for column in asked.columns}] * 2, **beside}
        case "shares":
            first, second, *_rest = (row.id for row in asked.rows)
            return {"shares": {first: 100 - 10 * place, second: 10 * place}, **beside}
        case "percent":
            return 10 * place
        case "line":
            return words[:290]
        case _:
            return words


def give(person: Person, save: str, questions: Iterable[Question], place: int, words: str = "Omdat het zo is.") -> int:
    """Answer questions one by one, as a page does; how many were taken."""
    taken = 0
    for each in questions:
        body = json.dumps({"field": each.key, "base": 0, "value": answer(each, place, words)})
        status, text = person.request("POST", save, body, JSON)
        assert status in {200, 404}, (each.key, status, text)
        taken += status == 200
    return taken


def estimate(
    person: Person, measurement: str, questions: Iterable[Question], place: int, words: str = "Zo is het."
) -> None:
    """Give one's own estimate."""
    root = f"{measurement}estimate/"
    send(person, root, {"begin": "yes", "role": "management", "department": "Secretariaat"})
    save = found(r'data-save="([^"]+)"', person.request("GET", f"{root}1/")[1])
    assert give(person, save, questions, place, words)


def agree(person: Person, measurement: str, key: str, place: int, **words: str) -> None:
    """Record a choice as what everybody agrees on."""
    send(person, f"{measurement}agree/", {"key": key, f"{key}:base": "0", key: str(place), **words})


def plan(person: Person, book: Book, measurement: str, title: str, questions: str = "talk") -> str:
    """Plan a workshop, with the questions that make a good talk or with all; its address."""
    number = measurement.rstrip("/").rpartition("/")[2]
    given = {"title": title, "measurement": number, "day": "2026-12-01", "begins": "09:00", "questions": questions}
    return send(person, f"{book.map}workshops/new/", given)


def steps(person: Person, workshop: str) -> list[str]:
    """The addresses of the steps of its agenda, in their order."""
    text = person.request("GET", workshop)[1]
    return list(dict.fromkeys(re.findall(rf'"({workshop}steps/\d+/)"', text)))


def host(person: Person, workshop: str, deed: str, **given: Any) -> dict[str, Any]:
    """Do something as the host of a workshop; how it stands then."""
    status, text = person.request("POST", f"{workshop}console/do", json.dumps({"deed": deed, **given}), JSON)
    assert status == 200, (deed, text[:200])
    state: dict[str, Any] = json.loads(text)
    return state


def go_to(person: Person, workshop: str, kind: str, question: str = "", place: int = 0) -> dict[str, Any]:
    """Go to the first step of a kind in the agenda (or the one at a place), or to the one that asks a question."""
    agenda = json.loads(person.request("GET", f"{workshop}console/state")[1])["agenda"]
    asked = [each for each in agenda if each["kind"] == kind]
    fit = [each for each in asked if not question or question in {one["key"] for one in each["questions"]}]
    return host(person, workshop, "go", step=fit[place]["id"], question=question)


class Phone(Guest):
    """A seat in an open workshop. `room` is its address."""

    def __init__(self, office: Office, code: str, role: str) -> None:
        super().__init__(office)
        send(self, "/join/", {"code": code, "role": role, "size": "1"})
        self.room = found(r"(/room/[0-9a-f-]+/)", self.location)

    def do(self, deed: str, **given: Any) -> None:
        status, told = self.tell(f"{self.room}do", {"deed": deed, **given})
        assert status == 200, (deed, told)

    def vote(self, question: Question, place: int, words: str = "") -> None:
        self.do("vote", question=question.key, ballot=1, value=answer(question, place, words))

    def browsed(self) -> list[dict[str, str]]:
        """The cookie of the seat, for a browser."""
        return [
            {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"} for name, value in self.cookies.items()
        ]


def record_outcome(person: Person, book: Book, name: str, words: str, dimension: str) -> str:
    """Record an outcome from elsewhere; its address."""
    given = {
        "instrument": "audit", "name": name, "date": "2025-11-01", "findings": words, "url": "https://example.test/",
        "figures": "2", "figure-0-dimension": dimension, "figure-0-score": "3,5", "figure-0-low": "1",
        "figure-0-high": "5", "figure-0-covers": "strategy", "figure-1-dimension": words[:150],
        "figure-1-score": words[:38],
    }  # fmt: skip
    send(person, f"{book.map}instruments/new/", given)
    text = person.request("GET", f"{book.map}instruments/")[1]
    return found(rf'(?s).*"({book.map}instruments/\d+/)"', text)


def make_key(person: Person, book: Book, name: str) -> str:
    """Make a key of the API; the address that withdraws it."""
    status, text = person.post(f"{book.place}keys/", name=name, may_write="no", lasts="month")
    assert status == 200, text[:2_000]
    return found(rf'"({book.place}keys/\d+/withdraw/)"', text)
