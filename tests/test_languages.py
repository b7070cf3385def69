"""The Dutch of the interface: complete, in line with the code, and what pages and documents really show."""

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from babel.messages.catalog import Message
from django.test import Client
from django.utils import translation

from conftest import Cast
from koers.documents.composing import Choices, compose
from koers.documents.tests.filling import Filling, fill
from koers.editions.loading import edition as load_edition
from koers.kit.tenancy import unscoped
from koers.workbook.actions import import_answers
from scripts import messages

LANGUAGE = "nl"
SHORTEST = 13
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%d|\{\w+\}|%%")


def _forms(given: object) -> list[str]:
    return (
        [given] if isinstance(given, str) else [str(each) for each in given] if isinstance(given, (list, tuple)) else []
    )


def _all() -> list[Message]:
    return [message for message in messages.read(LANGUAGE) if message.id]


def test_every_message_of_the_code_has_a_translation() -> None:
    written = {(message.context, _forms(message.id)[0]): message for message in _all()}
    collected = {(message.context, _forms(message.id)[0]) for message in messages.collect() if message.id}
    assert len(collected) > 800
    assert sorted(map(str, collected - written.keys())) == [], "not in the .po: run “make messages”"
    assert sorted(map(str, written.keys() - collected)) == [], "no longer in the code: run “make messages”"
    assert [key for key, message in written.items() if not messages.is_translated(message.string)] == []
    assert [key for key, message in written.items() if message.fuzzy] == []
    assert list(messages.read(LANGUAGE).obsolete) == []


def test_the_file_is_what_collecting_writes() -> None:
    """No line numbers or dates in it, so that it changes with the texts only."""
    on_disk = messages.po_path(LANGUAGE).read_bytes()
    assert on_disk == messages.updated(LANGUAGE), "run “make messages”"
    assert not re.search(rb"^#: .*:\d", on_disk, re.MULTILINE)
    assert b"-Date:" not in on_disk


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for message in _all():
        ids, strings = _forms(message.id), _forms(message.string)
        # The form for one may write the number as a word; the last is for every number.
        last = sorted(PLACEHOLDER.findall(ids[-1])) == sorted(PLACEHOLDER.findall(strings[-1]))
        allowed = {each for form in ids for each in PLACEHOLDER.findall(form)}
        if len(strings) != len(ids) or not last or not set(PLACEHOLDER.findall(strings[0])) <= allowed:
            wrong.append((message.id, message.string))
    assert wrong == []


def test_both_numbers_of_a_plural_are_told_apart() -> None:
    same = [message.id for message in _all() if message.pluralizable and len(set(_forms(message.string))) == 1]
    assert same == [("%(count)s left out", "%(count)s left out")]


def _remnants(shown: str, language: str) -> Iterator[str]:
    """Messages that stand in the text in the wrong language. Of one with placeholders: its parts between them."""
    shown = re.sub(r"\s+", " ", shown.replace("\\xa0", " "))
    for message in _all():
        ids, strings = _forms(message.id), _forms(message.string)
        wrong, right = (ids, strings) if language == LANGUAGE else (strings, ids)
        for form in wrong:
            for part in PLACEHOLDER.split(form):
                text = part.strip(" .,:;()“”")
                if len(text) < SHORTEST or any(text in each for each in right):
                    continue
                if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown):
                    yield text


def _pages(cast: Cast) -> dict[str, tuple[str, str | None]]:
    book, place = f"/w/{cast.workbook.pk}", f"/administrations/{cast.administration.pk}"
    return {
        "welcome": ("/", None), "login": ("/accounts/login/", None), "signup": ("/accounts/signup/", None),
        "home": ("/", "lead"), "profile": ("/accounts/profile/", "lead"),
        "password": ("/accounts/password/change/", "lead"), "add": ("/administrations/new/?q=gent", "lead"),
        "course": (f"{book}/", "lead"), "section": (f"{book}/s/C.1.2/", "lead"),
        "reading": (f"{book}/s/B.4.1/", "viewer"),
        "analysis": (f"{book}/analysis/", "lead"), "note": (f"{book}/note/", "lead"),
        "compose": (f"{book}/note/compose/", "editor"), "import": (f"{book}/import/", "editor"),
        "settings": (f"{book}/settings/", "lead"), "administration": (f"{place}/", "lead"),
        "log": (f"{place}/log/", "lead"), "components": ("/components/", "lead"),
        "refused": (f"{book}/settings/", "viewer"), "missing": (f"{book}/nowhere/", "lead"),
    }  # fmt: skip


def _shown(client: Client, address: str, language: str) -> str:
    response = client.get(address, headers={"accept-language": language})
    page = response.content.decode()
    assert f'<html lang="{language}">' in page, address
    return html.unescape(page)


@pytest.mark.parametrize("is_filled", [False, True])
def test_no_english_is_left_on_a_dutch_page(cast: Cast, is_filled: bool) -> None:
    if is_filled:
        with unscoped():
            import_answers(cast.workbook, fill(cast.workbook.edition).values, cast.lead)
    left = {}
    for name, (address, who) in _pages(cast).items():
        found = sorted(set(_remnants(_shown(cast.client(who or "anonymous"), address, LANGUAGE), LANGUAGE)))
        if found:
            left[name] = found
    assert left == {}


def test_the_cookie_decides_before_the_browser(cast: Cast) -> None:
    client = cast.client("lead")
    client.cookies["django_language"] = LANGUAGE
    page = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="nl">' in page
    assert "Mijn werk" in page


def test_what_signing_in_refuses_is_said_in_dutch(cast: Cast) -> None:
    client = Client(headers={"accept-language": LANGUAGE})
    wrong = client.post("/accounts/login/", {"login": cast.lead.email, "password": "mis"}).content.decode()
    assert "Het e-mailadres of het wachtwoord klopt niet." in html.unescape(wrong)
    empty = html.unescape(client.post("/accounts/login/", {"login": "geen-adres", "password": ""}).content.decode())
    assert "Dit veld is verplicht." in empty
    assert "Voer een geldig e-mailadres in." in empty
    short = {"name": "An", "email": "an@kastelbeke.example.test", "password1": "kort"}
    refused = html.unescape(client.post("/accounts/signup/", short).content.decode())
    assert "Dit wachtwoord is te kort: neem minstens 10 tekens." in refused
    assert "This " not in refused


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("is_filled", [False, True])
def test_a_note_speaks_one_language(language: str, is_filled: bool) -> None:
    playbook = load_edition("draaiboek")
    filling = fill(playbook, language) if is_filled else Filling()
    with translation.override("en" if language == "nl" else "nl"):
        note = compose(playbook, filling.values, "Kastelbeke", Choices(), language, today=date(2026, 11, 23))
    assert sorted(set(_remnants(repr(note), language))) == []
