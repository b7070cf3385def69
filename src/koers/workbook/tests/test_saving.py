"""Saving one answer from a page: every change a revision; what was saved meanwhile is merged, and nothing is lost."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from conftest import Cast
from koers.kit.tenancy import unscoped
from koers.organisations.models import MailChoice, User
from koers.workbook.actions.answers import Save, save_answers
from koers.workbook.models import Answer, Conflict, Notification, Origin, Revision, Standing, Workbook

FIELD = "A.3/why"


def save(
    cast: Cast, who: str, value: Any, base: int = 0, field: str = FIELD, workbook: Any = None, **more: Any
) -> HttpResponse:
    body = json.dumps({"field": field, "base": base, "value": value, **more})
    target = workbook or cast.workbook
    response = cast.client(who).post(f"/w/{target.pk}/save", body, content_type="application/json")
    assert isinstance(response, HttpResponse)
    return response


def test_a_save_is_stored_as_a_revision_with_author_and_time(cast: Cast) -> None:
    response = save(cast, "contributor", "<p>Omdat</p>")
    assert response.status_code == 200
    body = response.json()  # type: ignore[attr-defined]
    assert (body["revision"], body["value"], body["by"]) == (1, {"html": "<p>Omdat</p>"}, "Contributor")
    with unscoped():
        revision = Revision.objects.get()
    assert (revision.number, revision.value, revision.author, revision.origin) == (
        1, {"html": "<p>Omdat</p>"}, cast.people["contributor"], "edit",
    )  # fmt: skip
    assert revision.at.isoformat() == body["at"]


def test_each_change_leaves_a_revision_and_none_is_lost(cast: Cast) -> None:
    save(cast, "lead", "een")
    save(cast, "editor", "twee", base=1)
    save(cast, "editor", None, base=2)
    with unscoped():
        numbers = list(Revision.objects.order_by("number").values_list("number", "value"))
    assert numbers == [(1, {"html": "<p>een</p>"}), (2, {"html": "<p>twee</p>"}), (3, None)]


TEXT = "<p>Wij maken de dienstverlening beter voor elke inwoner.</p><p>Daarna volgen de ondernemers.</p>"


def changed(text: str) -> str:
    """A later state of `TEXT`."""
    assert text != TEXT
    return text


def test_different_words_of_one_paragraph_merge_without_a_question(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    save(cast, "lead", changed(TEXT.replace("beter", "sneller")), base=1)
    response = save(cast, "editor", changed(TEXT.replace("inwoner", "burger")), base=1)
    body = response.json()  # type: ignore[attr-defined]
    both = {"html": TEXT.replace("beter", "sneller").replace("inwoner", "burger")}
    assert (response.status_code, body["value"], body["revision"], body["conflicts"]) == (200, both, 3, 0)
    assert (body["merged"], body["yours"]) == (True, {"html": TEXT.replace("inwoner", "burger")})
    with unscoped():
        assert Revision.objects.get(number=3).origin == Origin.MERGE


def test_pressing_enter_and_writing_in_the_same_paragraph_merge(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    save(cast, "lead", TEXT.replace("beter voor", "beter</p><p>voor"), base=1)
    response = save(cast, "editor", TEXT.replace("inwoner", "burger"), base=1)
    assert response.json()["value"] == {  # type: ignore[attr-defined]
        "html": TEXT.replace("beter voor", "beter</p><p>voor").replace("inwoner", "burger")
    }


def test_the_same_words_changed_by_two_both_stand_there_until_somebody_chooses(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    save(cast, "lead", TEXT.replace("beter", "sneller"), base=1)
    body = save(cast, "editor", TEXT.replace("beter", "warmer"), base=1).json()  # type: ignore[attr-defined]
    assert body["value"] == {"html": TEXT.replace("beter", "sneller warmer")}
    assert body["conflicts"] == 1
    with unscoped():
        conflict = Conflict.objects.get()
    assert (conflict.stored_by, conflict.incoming_by) == (cast.lead, cast.people["editor"])
    assert (conflict.stored, conflict.incoming) == (
        {"html": TEXT.replace("beter", "sneller")}, {"html": TEXT.replace("beter", "warmer")},
    )  # fmt: skip
    page = cast.client("viewer").get(f"/w/{cast.workbook.pk}/s/A.3/").content.decode()
    assert "Lead and Editor changed the same words" in page
    assert "<mark>sneller</mark>" in page
    assert "<mark>warmer</mark>" in page
    with unscoped():
        told = Notification.objects.get()
    assert (told.recipient, told.field_key, told.text) == (cast.lead, FIELD, "")
    news = cast.client("lead").get("/news/", headers={"accept-language": "nl"}).content.decode()
    assert '<span class="news-words">Onze reden</span>' in news


def test_who_is_told_of_a_conflict_gets_mail_as_she_chose_last(cast: Cast) -> None:
    """The account of who saves may be kept by the process since before she chose."""
    field = cast.workbook.edition.fields[FIELD]
    assert cast.lead.mail == MailChoice.AT_ONCE
    with unscoped():
        User.objects.filter(pk=cast.lead.pk).update(mail=MailChoice.NEVER)
        texts = (TEXT, TEXT.replace("beter", "sneller"), TEXT.replace("beter", "warmer"))
        writers = (cast.lead, cast.lead, cast.people["editor"])
        with transaction.atomic():
            save_answers(
                [
                    Save(cast.workbook, field, {"html": text}, min(number, 1), writer)
                    for number, (text, writer) in enumerate(zip(texts, writers, strict=True))
                ]
            )
        assert Notification.objects.values_list("recipient", "mail_after").get() == (cast.lead.pk, None)


@pytest.mark.parametrize(("how", "kept"), [("stored", "sneller"), ("incoming", "warmer"), ("both", "sneller warmer")])
def test_one_click_ends_a_conflict(cast: Cast, how: str, kept: str) -> None:
    save(cast, "lead", TEXT)
    save(cast, "lead", TEXT.replace("beter", "sneller"), base=1)
    save(cast, "editor", TEXT.replace("beter", "warmer"), base=1)
    # Somebody went on writing elsewhere in the field.
    now = TEXT.replace("beter", "sneller warmer").replace("ondernemers", "verenigingen")
    assert save(cast, "contributor", now, base=3).status_code == 200
    with unscoped():
        number = Conflict.objects.get().pk
    settle = f"/w/{cast.workbook.pk}/settle/"
    response = cast.client("contributor").post(settle, {"settle": f"{number}:{how}"})
    assert response.status_code == 302
    assert response["Location"] == f"/w/{cast.workbook.pk}/s/A.3/#f-A-3-why"
    with unscoped():
        answer, conflict = Answer.objects.get(), Conflict.objects.get()
    assert answer.value == {"html": TEXT.replace("beter", kept).replace("ondernemers", "verenigingen")}
    assert (answer.conflicts, conflict.settled_how, conflict.settled_by) == (0, how, cast.people["contributor"])
    # A second click, of somebody who saw it late, changes nothing.
    other = "incoming" if how == "stored" else "stored"
    cast.client("lead").post(settle, {"settle": f"{number}:{other}"})
    with unscoped():
        assert (Answer.objects.get().value, Conflict.objects.get().settled_how) == (answer.value, how)


def test_two_choices_the_first_stands_and_the_second_can_be_taken(cast: Cast) -> None:
    key = "B.4.1/1"
    save(cast, "lead", {"choice": 1}, field=key)
    save(cast, "lead", {"choice": 2, "remark": "Zie het plan."}, base=1, field=key)
    body = save(cast, "editor", {"choice": 3}, base=1, field=key).json()  # type: ignore[attr-defined]
    assert (body["value"], body["conflicts"]) == ({"choice": 2, "remark": "Zie het plan."}, 1)
    with unscoped():
        number = Conflict.objects.get().pk
    cast.client("editor").post(f"/w/{cast.workbook.pk}/settle/", {"settle": f"{number}:incoming"})
    with unscoped():
        assert Answer.objects.get().value == {"choice": 3, "remark": "Zie het plan."}


def test_a_conflict_of_another_workbook_cannot_be_settled_here(cast: Cast) -> None:
    for who, base, word in (("lead", 0, "een"), ("lead", 1, "twee"), ("editor", 1, "drie")):
        save(cast, who, f"<p>{word}</p>", base=base)
    with unscoped():
        number = Conflict.objects.get().pk
    response = cast.client("outsider").post(f"/w/{cast.other_workbook.pk}/settle/", {"settle": f"{number}:stored"})
    assert response.status_code == 404
    with unscoped():
        assert Conflict.objects.get().settled_at is None


def test_an_older_page_does_not_erase_what_it_does_not_know(cast: Cast) -> None:
    """Its editor drops what it cannot read; it says what it made of the text, and only what it changed there counts."""
    table = "<table><tbody><tr><th><p>Jaar</p></th></tr><tr><td><p>2027</p></td></tr></tbody></table>"
    save(cast, "lead", TEXT + table)
    older = TEXT.replace("beter", "sneller")
    body = save(cast, "editor", older, base=1, seen=TEXT).json()  # type: ignore[attr-defined]
    assert body["value"] == {"html": older + table}
    assert body["conflicts"] == 0


def test_an_older_page_keeps_the_columns_that_it_does_not_show(cast: Cast) -> None:
    key = "B.4.4/1"
    first, *others = [column.id for column in cast.workbook.edition.fields[key].columns if column.kind == "line"]
    save(cast, "lead", {"items": [{first: "Zaaksysteem", others[0]: "Cipal"}]}, field=key)
    sent, seen = {"items": [{first: "Nieuw zaaksysteem"}]}, {"items": [{first: "Zaaksysteem"}]}
    body = save(cast, "editor", sent, base=1, field=key, seen=seen).json()  # type: ignore[attr-defined]
    assert body["value"] == {"items": [{first: "Nieuw zaaksysteem", others[0]: "Cipal"}]}


def test_an_unknown_base_is_told_and_nothing_is_overwritten(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    response = save(cast, "editor", "<p>Van een andere tijd.</p>", base=7)
    body = response.json()  # type: ignore[attr-defined]
    assert (response.status_code, body["revision"], body["value"]) == (409, 1, {"html": TEXT})
    assert body["error"] == (
        "The text that you started from is not known here. Below are yours and what stands here now."
    )
    with unscoped():
        assert Revision.objects.count() == 1


def test_nothing_is_saved_in_a_closed_round(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    with unscoped():
        Workbook.objects.filter(pk=cast.workbook.pk).update(closed_at=timezone.now())
    response = save(cast, "lead", TEXT.replace("beter", "sneller"), base=1, round=1)
    assert response.status_code == 423
    assert response.json()["error"] == "This round is closed: nothing is changed in it any more."  # type: ignore[attr-defined]
    with unscoped():
        Workbook.objects.filter(pk=cast.workbook.pk).update(closed_at=None, round=2)
    # A page of the former round: it may take its text along, if its writer wants that.
    assert save(cast, "lead", TEXT.replace("beter", "sneller"), base=1, round=1).status_code == 423
    taken = save(cast, "lead", TEXT.replace("beter", "sneller"), base=1, round=2)
    assert (taken.status_code, taken.json()["round"]) == (200, 2)  # type: ignore[attr-defined]


def test_what_gets_too_long_together_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    half = "<p>" + "woord " * 6_000 + "</p>"
    save(cast, "lead", half)
    response = save(cast, "editor", half.replace("woord", "ander"), base=0)
    assert response.status_code == 422
    assert "Make it shorter" in response.json()["error"]  # type: ignore[attr-defined]
    with unscoped():
        assert Revision.objects.count() == 1


def test_too_long_a_text_names_the_limit(cast: Cast) -> None:
    response = save(cast, "lead", "<p>" + "x" * 60_001 + "</p>")
    assert response.status_code == 422
    assert response.json()["error"] == "This text is too long: 60008 characters, at most 60000 fit."  # type: ignore[attr-defined]


def test_changing_what_was_agreed_makes_it_a_matter_to_discuss(cast: Cast) -> None:
    save(cast, "lead", TEXT)
    with unscoped():
        Answer.objects.update(standing=Standing.AGREED)
    save(cast, "editor", TEXT.replace("beter", "sneller"), base=1)
    with unscoped():
        assert Answer.objects.get().standing == Standing.DISCUSS


def test_saving_what_already_stands_there_is_no_change(cast: Cast) -> None:
    save(cast, "lead", "een")
    response = save(cast, "editor", "een", base=0)
    assert response.status_code == 200
    assert response.json()["revision"] == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"field": 1, "base": 0, "value": null}', 400),
        ('{"field": "A.3/why", "base": -1, "value": null}', 400),
        ('{"field": "A.3/why", "base": true, "value": null}', 400),
        ('{"field": "X/y", "base": 0, "value": null}', 422),
        ('{"field": "B.4.1/1", "base": 0, "value": {"choice": 9}}', 422),
    ],
)
def test_what_cannot_be_read_or_does_not_fit_is_refused(cast: Cast, body: str, status: int) -> None:
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    assert response.status_code == status
    assert response.json()["error"]
    with unscoped():
        assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 401), ("outsider", 404), ("viewer", 403), ("contributor", 200), ("lead", 200)]
)
def test_who_may_save(cast: Cast, who: str, status: int) -> None:
    assert save(cast, who, "x").status_code == status


def test_scripts_never_reach_the_store(cast: Cast) -> None:
    save(cast, "lead", "<p onmouseover=alert(1)>x<img src=x onerror=alert(1)><script>alert(1)</script></p>")
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>x</p>"}


def test_a_session_needs_its_token_and_without_a_session_one_is_signed_out(cast: Cast) -> None:
    body = json.dumps({"field": FIELD, "base": 0, "value": "x"})
    client = Client(enforce_csrf_checks=True)
    without = client.post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    client.force_login(cast.lead)
    forged = client.post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    assert (without.status_code, forged.status_code) == (401, 403)
