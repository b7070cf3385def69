"""What people do together in a workbook before a test begins: talk, tasks, versions, rounds. Past the browser."""

import html
import re
from typing import Any

from tests.browser.office import Book, Person


def asked(place: str) -> str:
    """The part of an address that names a field or a section."""
    return f"{'field' if '/' in place else 'section'}={place}"


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, (pattern, text[-3_000:])
    return found[1]


def _done(person: Person, path: str, **fields: str) -> str:
    """Send a form that leads on; where to."""
    status, text = person.post(path, **fields)
    assert status == 302, text[:3_000]
    return person.location


def number_of(person: Person, book: Book, name: str) -> str:
    """The number of a colleague, as forms send it."""
    text = person.request("GET", f"{book.map}tasks/new/?section=A.0")[1]
    return _found(rf'value="(\d+)"[^>]*>{re.escape(html.escape(name))}<', text)


def say(person: Person, book: Book, place: str, body: str, quote: str = "") -> str:
    """Begin a talk; its number."""
    return _done(person, f"{book.map}talk/?{asked(place)}", body=body, quote=quote).rpartition("#thread-")[2]


def reply(person: Person, book: Book, thread: str, body: str) -> None:
    _done(person, f"{book.map}talk/threads/{thread}/reply/", body=body)


def first_comment(person: Person, book: Book, place: str) -> str:
    """The number of the first comment at a place."""
    return _found(r'id="comment-(\d+)"', person.request("GET", f"{book.map}talk/?{asked(place)}")[1])


def give_task(person: Person, book: Book, place: str, title: str, to: str, due: str = "") -> str:
    """Give a colleague something to do; the number of the task."""
    owner = number_of(person, book, to)
    path = f"{book.map}tasks/new/?{asked(place)}"
    return _done(person, path, title=title, owner=owner, due=due).rpartition("#task-")[2]


def note_conversation(person: Person, book: Book, section: str, with_whom: str, outcome: str) -> str:
    """Note what came out of a conversation; its number."""
    path = f"{book.section(section)}conversations/"
    _done(person, path, with_whom=with_whom, day="2026-01-12", outcome=outcome)
    return _found(r'id="conversation-(\d+)"', person.request("GET", path)[1])


def mark(person: Person, book: Book, key: str, standing: str) -> None:
    _done(person, f"{book.map}standing", standing=f"{key}={standing}")


def give_section(person: Person, book: Book, section: str, to: str, due: str = "") -> None:
    owner = number_of(person, book, to)
    _done(person, f"{book.section(section)}assign/", owner=owner, due=due)


def keep_version(person: Person, book: Book, name: str) -> str:
    """Keep a version; its number."""
    _done(person, f"{book.map}versions/", name=name)
    return _found(r"/versions/(\d+)/", person.request("GET", f"{book.map}versions/")[1])


def close_round(person: Person, book: Book) -> None:
    _done(person, f"{book.map}rounds/close/")


def start_round(person: Person, book: Book, name: str = "") -> None:
    _done(person, f"{book.map}rounds/start/", name=name)


def disagree(one: Person, other: Person, book: Book, key: str, before: Any, texts: tuple[Any, Any]) -> None:
    """Two people who change the same words of a text from the same page."""
    base = one.put(book.id, key, before)
    for person, text in zip((one, other), texts, strict=True):
        status, body = person.save(book.id, key, text, base)
        assert status == 200, body
    assert 'data-conflicts="0"' not in one.field(book.id, key)
