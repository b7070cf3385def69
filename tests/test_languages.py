"""The Dutch of the interface: complete, in line with the code, and what pages and documents really show."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from babel.messages.catalog import Message
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from conftest import Cast
from koers.documents.composing import Choices, compose
from koers.documents.tests.filling import Filling, fill
from koers.editions.loading import edition as load_edition
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import User
from koers.workbook.actions import create_workbook, import_answers
from koers.workbook.actions.books import delete_workbook
from koers.workbook.actions.work import assign_section
from koers.workbook.mailing import send_due, stop_token
from koers.workbook.models import Answer, Comment, Conversation, Revision, Task, Thread, Version, Workbook
from scripts import messages

LANGUAGE = "nl"
SHORTEST = 13
# The project of the Gemeente zonder Gemeentehuis, in the credit of the playbook.
PROPER_NAME = "Dienstverlening van de toekomst"
FIELD, SECTION = "A.3/why", "A.3"
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
    assert same == [("%(count)s left out", "%(count)s left out"), ("%(hours)s hour", "%(hours)s hours")]


def remnants(shown: str, language: str) -> Iterator[str]:
    """Messages that stand in the text in the wrong language. Of one with placeholders: its parts between them."""
    shown = re.sub(r"\s+", " ", shown.replace("\\xa0", " ")).replace(PROPER_NAME, "")
    for message in _all():
        ids, strings = _forms(message.id), _forms(message.string)
        wrong, right = (ids, strings) if language == LANGUAGE else (strings, ids)
        for form in wrong:
            for part in PLACEHOLDER.split(form):
                text = part.strip(" .,:;()“”")
                if len(text) < SHORTEST or any(text in each for each in right):
                    continue
                if text in shown and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown):
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
        "method": ("/method/", None),
        "refused": (f"{book}/settings/", "viewer"), "missing": (f"{book}/nowhere/", "lead"),
        "written": (f"{book}/s/{SECTION}/", "lead"), "read": (f"{book}/s/{SECTION}/", "viewer"),
        "talk": (f"{book}/talk/?field={FIELD}", "lead"), "talk of a section": (f"{book}/talk/?section=A.0", "lead"),
        "all talk": (f"{book}/talk/all/", "lead"), "resolved": (f"{book}/talk/all/?show=resolved", "lead"),
        "my talk": (f"{book}/talk/all/?show=mine", "viewer"),
        "tasks": (f"{book}/tasks/", "lead"), "my tasks": (f"{book}/tasks/?who=mine", "viewer"),
        "new task": (f"{book}/tasks/new/?section={SECTION}", "lead"),
        "conversations": (f"{book}/s/{SECTION}/conversations/", "lead"),
        "history": (f"{book}/history/?field={FIELD}", "lead"),
        "section history": (f"{book}/s/{SECTION}/history/", "lead"),
        "earlier": (f"{book}/earlier/?field={FIELD}", "lead"),
        "versions": (f"{book}/versions/", "lead"), "rounds": (f"{book}/rounds/", "lead"),
        "rounds read": (f"{book}/rounds/", "viewer"), "close": (f"{book}/rounds/close/", "lead"),
        "delete": (f"{book}/delete/", "lead"), "deleted": (f"{place}/deleted/", "lead"),
        "waiting": (f"{book}/waiting/", "lead"), "assign": (f"{book}/s/C.3/assign/", "lead"),
        "news": ("/news/", "editor"), "my work": ("/", "editor"),
        "stop mail": (f"/mail/stop/{stop_token(cast.lead)}/", None),
        "search": ("/search/", "lead"), "nothing found": ("/search/?q=zzzzzz", "lead"),
        "words that do not count": ("/search/?q=de", "lead"), "search here": (f"{book}/search/?q=digitale", "lead"),
    }  # fmt: skip


def _live_in(cast: Cast) -> None:
    """A round and the beginning of the next, in which everything happened once: said, changed twice, given, deleted."""
    book = f"/w/{cast.workbook.pk}"
    lead, editor = cast.client("lead"), cast.client("editor")

    def save(client: Client, value: str, base: int) -> None:
        body = json.dumps({"field": FIELD, "base": base, "value": value})
        assert client.post(f"{book}/save", body, content_type="application/json").status_code == 200

    def post(client: Client, path: str, **data: object) -> None:
        assert client.post(path, data).status_code in {200, 302}, path

    save(lead, "<p>Omdat de inwoner het vraagt.</p>", 0)
    post(lead, f"{book}/rounds/close/")
    post(lead, f"{book}/rounds/start/", name="")
    save(lead, "<p>Omdat de inwoner het verwacht.</p>", 1)
    save(editor, "<p>Omdat de inwoner het wil.</p>", 1)
    for body in ("Klopt dit? @Editor", "Wie weet dit?", "Dit mag weg."):
        post(lead, f"{book}/talk/?field={FIELD}", body=body)
    with scope(cast.administration.pk):
        first, second, third = Thread.objects.order_by("pk")
        gone = Comment.objects.get(thread=third)
    post(editor, f"{book}/talk/threads/{first.pk}/reply/", body="Ja.")
    post(editor, f"{book}/talk/threads/{second.pk}/resolve/")
    post(lead, f"{book}/talk/comments/{gone.pk}/delete/")
    for _each in range(2):
        post(lead, f"{book}/s/{SECTION}/conversations/", with_whom="An", day="12/01/2026", outcome="Goed idee.")
        post(lead, f"{book}/versions/", name="Bewaard")
    soon = timezone.localdate() + timedelta(days=1)
    for owner in ("lead", "editor", "editor"):
        due = soon.strftime("%d/%m/%Y")
        post(lead, f"{book}/tasks/new/?field={FIELD}", title="Bel An", owner=cast.people[owner].pk, due=due)
    with scope(cast.administration.pk):
        done, late, thrown = Task.objects.order_by("pk")
        Task.objects.filter(pk=late.pk).update(due=soon - timedelta(days=3))
        post(lead, f"{book}/conversations/{Conversation.objects.latest('pk').pk}/delete/")
        assign_section(
            cast.workbook, cast.workbook.edition.sections[SECTION], cast.people["editor"],
            soon - timedelta(days=9), cast.lead,
        )  # fmt: skip
        delete_workbook(create_workbook(cast.administration, cast.lead), cast.lead)
    post(lead, f"{book}/tasks/{done.pk}/done/")
    post(lead, f"{book}/tasks/{thrown.pk}/delete/")
    post(lead, f"{book}/standing", field=FIELD, standing="discuss")
    post(lead, f"{book}/standing", field="A.0/digital-government", standing="agreed")


def _pages_of_what_happened(cast: Cast) -> dict[str, tuple[str, str | None]]:
    """Pages of one thing each, once somebody lived in the workbook."""
    book, place = f"/w/{cast.workbook.pk}", f"/administrations/{cast.administration.pk}"
    with unscoped():
        version, comment = Version.objects.latest("pk"), Comment.objects.earliest("pk")
        conversation, task = Conversation.objects.earliest("pk"), Task.objects.earliest("pk")
        deleted = Workbook.objects.exclude(deleted_at=None).get()
    return {
        "revision": (f"{book}/history/?field={FIELD}&revision=1", "lead"),
        "version": (f"{book}/versions/{version.pk}/", "lead"),
        "version section": (f"{book}/versions/{version.pk}/?section={SECTION}", "lead"),
        "compared": (f"{book}/versions/{version.pk}/?with=now", "lead"),
        "restore": (f"{book}/versions/{version.pk}/restore/", "lead"),
        "comment": (f"{book}/talk/comments/{comment.pk}/", "lead"),
        "task of it": (f"{book}/tasks/new/?field={FIELD}&comment={comment.pk}", "lead"),
        "conversation": (f"{book}/conversations/{conversation.pk}/", "lead"),
        "task": (f"{book}/tasks/{task.pk}/", "lead"),
        "erase": (f"{place}/deleted/{deleted.pk}/erase/", "lead"),
        "given": (f"{book}/s/{SECTION}/assign/", "lead"),
        "found": ("/search/?q=inwoner", "lead"),
    }  # fmt: skip


def page_in(client: Client, address: str, language: str) -> str:
    response = client.get(address, headers={"accept-language": language})
    page = response.content.decode()
    assert f'<html lang="{language}">' in page, address
    return html.unescape(page)


@pytest.mark.parametrize("is_filled", [False, True])
def test_no_english_is_left_on_a_dutch_page(cast: Cast, is_filled: bool) -> None:
    if is_filled:
        with unscoped():
            import_answers(cast.workbook, fill(cast.workbook.edition).values, cast.lead)
            Answer.objects.filter(field_key=FIELD).delete()
            Revision.objects.filter(field_key=FIELD).delete()
        _live_in(cast)
    left = {}
    for name, (address, who) in (_pages(cast) | (_pages_of_what_happened(cast) if is_filled else {})).items():
        found = sorted(set(remnants(page_in(cast.client(who or "anonymous"), address, LANGUAGE), LANGUAGE)))
        if found:
            left[name] = found
    assert left == {}


def test_mail_about_the_work_speaks_the_language_of_its_reader(cast: Cast) -> None:
    User.objects.update(language=LANGUAGE)
    _live_in(cast)
    assert send_due(timezone.now() + timedelta(minutes=2)) >= 2
    shown = " ".join(f"{each.subject} {each.body}" for each in mail.outbox)
    assert "Editor antwoordde" in shown
    assert sorted(set(remnants(shown, LANGUAGE))) == []


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
    assert sorted(set(remnants(repr(note), language))) == []
