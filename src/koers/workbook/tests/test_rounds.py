"""Rounds: a closed one stays as it was for ever, and the next one starts from its answers."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from conftest import Cast
from koers.kit import events
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import DeedRefused
from koers.organisations.models import AuditEntry
from koers.workbook.actions.rounds import close_round, start_round
from koers.workbook.models import Answer, Conflict, Notification, Revision, Round, Standing, Version, Workbook
from koers.workbook.tests.test_history import WHY, get, text_of, write
from koers.workbook.tests.test_versions import post, present, queries


def close(cast: Cast) -> Round:
    cast.workbook.refresh_from_db()
    with scope(cast.administration.pk):
        return close_round(cast.workbook, cast.lead)


def start(cast: Cast, name: str = "") -> Round:
    with scope(cast.administration.pk):
        return start_round(cast.workbook, name, cast.lead)


def clash(cast: Cast) -> None:
    with scope(cast.administration.pk):
        Conflict.objects.create(administration=cast.administration, workbook=cast.workbook, field_key=WHY, revision=1)


def save(client: Client, cast: Cast, value: str, **more: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"field": WHY, "base": 1, "value": value, **more})
    response = client.post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    return response.status_code, response.json()


def test_the_page_of_rounds_says_where_you_are(cast: Cast) -> None:
    text = text_of(get(cast, "rounds/", "viewer"))
    assert "Round 1" in text
    assert "You are here" in text
    assert "Close this round" not in text
    assert "Close this round" in text_of(get(cast, "rounds/"))


def test_closing_asks_first_and_says_what_follows(cast: Cast) -> None:
    text = text_of(get(cast, "rounds/close/"))
    assert "Nobody changes an answer any more, until you start the next round." in text
    with unscoped():
        assert Workbook.objects.get(pk=cast.workbook.pk).closed_at is None


def test_a_closed_round_is_kept_as_a_version(cast: Cast) -> None:
    write(cast, "een")
    assert post(cast, "rounds/close/", "lead").status_code == 302
    with unscoped():
        lap, version = Round.objects.get(workbook=cast.workbook), Version.objects.get()
        workbook = Workbook.objects.get(pk=cast.workbook.pk)
        revision = Revision.objects.get()
        entry = AuditEntry.objects.get(verb="round.close")
    assert (entry.subject, entry.detail["round"]) == ("", 1)
    assert (lap.version_id, lap.closed_by, lap.closed_at) == (version.pk, cast.lead, workbook.closed_at)
    assert (version.kind, version.name, version.round) == ("round", "", 1)
    assert version.content == {WHY: {"revision": revision.pk, "number": 1, "standing": "draft"}}


def test_nothing_is_written_in_a_closed_round_and_the_text_is_kept(cast: Cast) -> None:
    write(cast, "een")
    write(cast, "twee", minutes=30)
    close(cast)
    status, reply = save(cast.client("editor"), cast, "<p>drie</p>")
    assert (status, reply["error"]) == (423, "This round is closed: nothing is changed in it any more.")
    client = cast.client("contributor")
    page = client.post(f"/w/{cast.workbook.pk}/history/restore/", {"field": WHY, "revision": "1"}, follow=True)
    assert present(cast) == {WHY: {"html": "<p>twee</p>"}}
    assert "This round is closed: nothing is changed in it any more." in text_of(page)
    assert "Put this back" not in text_of(page)


def test_a_section_of_a_closed_round_is_only_read(cast: Cast) -> None:
    write(cast, "een")
    close(cast)
    page = get(cast, "s/A.3/")
    notice = "Round 1 is closed: you can read everything, and change nothing. You can still talk about it."
    assert notice in text_of(page)
    assert post(cast, "talk/?section=A.3", body="Voor de volgende ronde.").status_code == 302
    assert 'name="A.3/why"' not in page.content.decode()
    assert 'name="A.3/why"' not in get(cast, f"field/?key={WHY}").content.decode()


def test_what_the_plain_form_sends_too_late_comes_back_as_typed(cast: Cast) -> None:
    write(cast, "een")
    close(cast)
    response = post(cast, "s/A.3/", "editor", **{WHY: "mijn zin", f"{WHY}:base": "1"})
    assert response.status_code == 422
    assert "mijn zin</textarea>" in response.content.decode()
    assert "This round is closed: nothing is changed in it any more." in text_of(response)


def test_while_somebody_has_to_choose_the_round_stays_open(cast: Cast) -> None:
    write(cast, "een")
    clash(cast)
    text = text_of(get(cast, "rounds/close/"))
    assert "In 1 field two people wrote something else at the same time." in text
    assert "A.3 Why do you start with digital transformation?" in text
    assert "This is what follows" not in text
    client = cast.client("lead")
    response = client.post(f"/w/{cast.workbook.pk}/rounds/close/", follow=True)
    assert "First choose in the fields that two people changed at the same time." in text_of(response)
    with unscoped():
        assert Workbook.objects.get(pk=cast.workbook.pk).closed_at is None
        assert Version.objects.count() == 0


def test_a_round_is_closed_once_and_started_only_after(cast: Cast) -> None:
    with pytest.raises(DeedRefused, match="First close the round that is open"):
        start(cast)
    close(cast)
    with pytest.raises(DeedRefused, match="This round is closed already"):
        close(cast)
    with unscoped():
        assert Version.objects.count() == 1


def test_the_members_are_told(cast: Cast) -> None:
    close(cast)
    with unscoped():
        told = Notification.objects.filter(kind="round")
        assert {each.recipient for each in told} == {cast.people[who] for who in ("editor", "contributor", "viewer")}
        assert {(each.actor, each.text) for each in told} == {(cast.lead, "1")}


def test_a_round_without_a_name_says_itself_in_the_language_of_its_reader(cast: Cast) -> None:
    """Whoever closed it, or put its version back, did so in English."""
    write(cast, "een")
    close(cast)
    start(cast)
    write(cast, "twee", minutes=20)
    with unscoped():
        version = Version.objects.get()
    post(cast, f"versions/{version.pk}/restore/")
    with unscoped():
        second = Version.objects.latest("pk")
    write(cast, "drie", minutes=40)
    post(cast, f"versions/{second.pk}/restore/")
    with unscoped():
        third = Version.objects.latest("pk")
    names = {
        version: ("Round 1", "Ronde 1"),
        second: ("Before “Round 1” was put back", "Voor “Ronde 1” werd teruggezet"),
        third: (
            "Before “Before “Round 1” was put back” was put back",
            "Voor “Voor “Ronde 1” werd teruggezet” werd teruggezet",
        ),
    }
    log = f"/administrations/{cast.administration.pk}/log/"
    for number, language in enumerate(("en", "nl")):
        said = {each: words[number] for each, words in names.items()}
        with translation.override(language):
            assert {each: str(each) for each in names} == said
        client = cast.client("editor")
        for each, words in said.items():
            for path in (f"versions/{each.pk}/", f"versions/{each.pk}/?with=now", f"versions/{each.pk}/restore/"):
                page = client.get(f"/w/{cast.workbook.pk}/{path}", headers={"accept-language": language})
                assert f"{words}<" in html.unescape(page.content.decode()), path
        news = html.unescape(client.get("/news/", headers={"accept-language": language}).content.decode())
        assert f'<span class="news-words">{said[version]}</span>' in news
        logged = cast.client("lead").get(log, headers={"accept-language": language}).content.decode()
        rows = re.findall(r'<td role="cell">([^<]*)</td></tr>', html.unescape(logged))
        assert rows[:4] == LOGGED[language]


LOGGED = {
    "en": [
        "Put back the version “Before “Round 1” was put back”: 1 answers changed",
        "Put back the version “Round 1”: 1 answers changed",
        "Started Round 2",
        "Closed Round 1",
    ],
    "nl": [
        "Zette de versie “Voor “Ronde 1” werd teruggezet” terug: 1 antwoorden veranderd",
        "Zette de versie “Ronde 1” terug: 1 antwoorden veranderd",
        "Startte Ronde 2",
        "Sloot Ronde 1 af",
    ],
}


def test_the_name_of_a_round_goes_along_in_the_news_and_in_its_version(cast: Cast) -> None:
    close(cast)
    start(cast, "2 keer beter")
    close(cast)
    with unscoped():
        assert [str(each) for each in Version.objects.order_by("pk")] == ["Round 1", "2 keer beter"]
    assert '<span class="news-words">2 keer beter</span>' in cast.client("editor").get("/news/").content.decode()


def test_the_open_pages_are_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str, dict[str, Any]]] = []
    monkeypatch.setattr(events, "publish", lambda *given, **_more: sent.append(given))
    close(cast)
    start(cast)
    channel = events.workbook_channel(cast.workbook.pk)
    assert [each for each in sent if each[0] == channel] == [
        (channel, "round", {"round": 1, "closed": True}), (channel, "round", {"round": 2, "closed": False}),
    ]  # fmt: skip


def test_the_next_round_starts_from_the_answers_as_drafts(cast: Cast) -> None:
    write(cast, "een")
    with unscoped():
        Answer.objects.update(standing=Standing.AGREED, standing_by=cast.lead)
    close(cast)
    assert post(cast, "rounds/start/", "lead", name="Najaar").status_code == 302
    with unscoped():
        workbook = Workbook.objects.get(pk=cast.workbook.pk)
        answer = Answer.objects.get()
        names = list(Round.objects.filter(workbook=workbook).values_list("number", "name"))
        closed = Version.objects.get()
        assert AuditEntry.objects.get(verb="round.start").subject == "Najaar"
    assert (workbook.round, workbook.closed_at) == (2, None)
    assert (answer.value, answer.standing, answer.standing_by) == ({"html": "<p>een</p>"}, "draft", None)
    assert names == [(1, ""), (2, "Najaar")]
    assert closed.content[WHY]["standing"] == "agreed"


def test_a_revision_knows_its_round_and_a_page_of_the_round_before_is_refused(cast: Cast) -> None:
    write(cast, "een")
    close(cast)
    start(cast)
    assert save(cast.client("editor"), cast, "<p>oud</p>", round=1)[0] == 423
    assert save(cast.client("editor"), cast, "<p>twee</p>", round=2)[0] == 200
    with unscoped():
        assert list(Revision.objects.order_by("number").values_list("number", "round")) == [(1, 1), (2, 2)]


def test_a_closed_round_stays_readable_for_ever(cast: Cast) -> None:
    write(cast, "zoals in de eerste ronde")
    close(cast)
    start(cast)
    write(cast, "zoals nu", minutes=30)
    text = text_of(get(cast, "rounds/", "viewer"))
    assert "Read this round" in text
    with unscoped():
        version = Version.objects.get()
    assert "zoals in de eerste ronde" in text_of(get(cast, f"versions/{version.pk}/", "viewer"))


def test_a_field_tells_what_it_said_a_round_earlier_with_what_changed(cast: Cast) -> None:
    write(cast, "een mooie dag")
    close(cast)
    start(cast)
    write(cast, "een grijze dag", minutes=20)
    close(cast)
    start(cast)
    write(cast, "een natte dag", minutes=40)
    text = text_of(get(cast, f"earlier/?field={WHY}", "viewer"))
    first = text.index("een [del mooie] [ins natte] dag")
    assert text.index("een [del grijze] [ins natte] dag") < first
    assert text.index("Round 2") < text.index("Round 1") < first
    assert "Put this back" not in text
    assert "Put this back" in text_of(get(cast, f"earlier/?field={WHY}", "contributor"))


def test_a_field_that_says_the_same_says_so_and_one_without_rounds_too(cast: Cast) -> None:
    write(cast, "een")
    assert "No round was closed yet." in text_of(get(cast, f"earlier/?field={WHY}"))
    close(cast)
    start(cast)
    assert "It says the same now." in text_of(get(cast, f"earlier/?field={WHY}"))


def test_a_round_earlier_is_offered_once_there_was_one(cast: Cast) -> None:
    write(cast, "een")
    link = 'data-panel href="../../earlier/?field=A.3%2Fwhy"'
    assert link not in get(cast, "s/A.3/").content.decode()
    close(cast)
    assert link not in get(cast, "s/A.3/").content.decode()
    start(cast)
    assert link in get(cast, "s/A.3/").content.decode()
    assert link in get(cast, f"field/?key={WHY}").content.decode()


def test_hostile_names_of_rounds_stay_text(cast: Cast) -> None:
    hostile = "<script>alert(1)</script>"
    write(cast, "een")
    close(cast)
    post(cast, "rounds/start/", "lead", name=hostile)
    post(cast, "rounds/close/", "lead")
    for path in ("rounds/", "versions/", f"earlier/?field={WHY}", "rounds/close/"):
        page = cast.client("lead").get(f"/w/{cast.workbook.pk}/{path}", follow=True).content.decode()
        assert hostile not in page
        assert html.escape(hostile) in page


@pytest.mark.parametrize("path", ["rounds/", f"earlier/?field={WHY}"])
def test_the_number_of_queries_does_not_grow(cast: Cast, path: str) -> None:
    write(cast, "een")
    close(cast)
    start(cast)
    one = queries(cast, path)
    for number in range(2):
        write(cast, f"ronde {number}", minutes=20 + number)
        close(cast)
        start(cast)
    assert queries(cast, path) == one
