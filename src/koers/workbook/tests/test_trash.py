"""Deleting a workbook: it opens for nobody, can be put back with everything, and erased for good by its lead."""

from typing import Any

import pytest
from django.http import HttpResponse

from conftest import Cast
from koers.kit import events
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import DeedRefused
from koers.organisations.history import described
from koers.organisations.models import Administration, AuditEntry
from koers.workbook.actions.books import delete_workbook, erase_workbook, put_back_workbook
from koers.workbook.actions.history import keep_version
from koers.workbook.models import Answer, Revision, Version, Workbook
from koers.workbook.queries import workbooks_of
from koers.workbook.tests.test_history import text_of, write
from koers.workbook.tests.test_versions import post


def delete(cast: Cast) -> None:
    with scope(cast.administration.pk):
        delete_workbook(cast.workbook, cast.lead)


def page(cast: Cast, path: str = "", who: str = "lead", method: str = "get", **data: str) -> HttpResponse:
    address = f"/administrations/{cast.administration.pk}/deleted/{path}"
    response = getattr(cast.client(who), method)(address, data)
    assert isinstance(response, HttpResponse)
    return response


def test_the_lead_deletes_after_being_asked(cast: Cast) -> None:
    asked = cast.client("lead").get(f"/w/{cast.workbook.pk}/delete/")
    assert "you can put it back, with everything that is in it" in text_of(asked)
    response = post(cast, "delete/", "lead")
    assert response.headers["Location"] == f"/administrations/{cast.administration.pk}/deleted/"
    with unscoped():
        workbook = Workbook.objects.get(pk=cast.workbook.pk)
        entry = AuditEntry.objects.get(verb="workbook.delete")
    assert workbook.deleted_at is not None
    assert described(entry) == f"Deleted the workbook {cast.workbook}"


@pytest.mark.parametrize("path", ["", "s/A.3/", "versions/", "rounds/", "settings/", "export/", "analysis/", "note/"])
def test_a_deleted_workbook_opens_for_nobody(cast: Cast, path: str) -> None:
    delete(cast)
    for who in ("lead", "editor", "viewer"):
        assert cast.client(who).get(f"/w/{cast.workbook.pk}/{path}").status_code == 404


def test_a_save_into_a_deleted_workbook_is_refused(cast: Cast) -> None:
    delete(cast)
    body = '{"field": "A.3/why", "base": 0, "value": "x"}'
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/save", body, content_type="application/json")
    assert response.status_code == 404


def test_it_leaves_every_list(cast: Cast) -> None:
    assert [each.workbook for each in workbooks_of(cast.lead)] == [cast.workbook]
    delete(cast)
    assert workbooks_of(cast.lead) == []
    assert f"/w/{cast.workbook.pk}/" not in cast.client("lead").get("/").content.decode()


def test_its_open_pages_knock_on_the_door_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(events, "publish", lambda *given, **_more: sent.append(given))
    delete(cast)
    assert sent == [(events.workbook_channel(cast.workbook.pk), events.ACCESS_CHANGED, {})]


def test_my_work_leads_the_lead_to_what_she_can_put_back(cast: Cast) -> None:
    link = f'href="/administrations/{cast.administration.pk}/deleted/"'
    assert link not in cast.client("lead").get("/").content.decode()
    delete(cast)
    assert link in cast.client("lead").get("/").content.decode()
    assert link not in cast.client("editor").get("/").content.decode()


def test_it_is_put_back_with_everything_that_was_in_it(cast: Cast) -> None:
    write(cast, "een")
    delete(cast)
    assert "1 answer" in text_of(page(cast))
    response = page(cast, f"{cast.workbook.pk}/put-back/", method="post")
    assert response.headers["Location"] == f"/w/{cast.workbook.pk}/"
    assert cast.client("viewer").get(f"/w/{cast.workbook.pk}/s/A.3/").status_code == 200
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>een</p>"}
        assert AuditEntry.objects.filter(verb="workbook.put-back").count() == 1


def test_a_lead_whose_workbooks_are_all_deleted_sees_them_before_she_begins_anew(cast: Cast) -> None:
    delete(cast)
    address = f"/administrations/{cast.administration.pk}/workbook/"
    assert cast.client("lead").get(address).headers["Location"] == f"/administrations/{cast.administration.pk}/deleted/"
    assert cast.client("viewer").get(address).status_code == 403
    assert "Open a new workbook" in text_of(page(cast))
    response = cast.client("lead").post(address)
    with unscoped():
        present = Workbook.objects.get(administration=cast.administration, deleted_at=None)
    assert response.headers["Location"] == f"/w/{present.pk}/"
    assert present.pk != cast.workbook.pk
    assert "Open a new workbook" not in text_of(page(cast))


def test_erasing_asks_for_the_name_of_the_administration(cast: Cast) -> None:
    delete(cast)
    for typed in ("", "ja", "Gemeente Duinrode"):
        assert page(cast, f"{cast.workbook.pk}/erase/", method="post", typed=typed).status_code == 422
    with unscoped():
        assert Workbook.objects.filter(pk=cast.workbook.pk).exists()
    assert page(cast, f"{cast.workbook.pk}/erase/", method="post", typed=" gemeente  kastelbeke").status_code == 302
    with unscoped():
        assert not Workbook.objects.filter(pk=cast.workbook.pk).exists()


def test_erasing_leaves_counts_in_the_log_and_nothing_of_the_content(scoped: Cast) -> None:
    write(scoped, "geheime zin")
    write(scoped, "nog een geheime zin", minutes=30)
    keep_version(scoped.workbook, "Voor de raad", scoped.lead)
    delete(scoped)
    erase_workbook(scoped.workbook, scoped.lead)
    assert [table.objects.count() for table in (Workbook, Answer, Revision, Version)] == [0, 0, 0, 0]
    entry = AuditEntry.objects.get(verb="workbook.erase")
    assert entry.actor == scoped.lead
    assert entry.detail == {
        "workbook": str(scoped.workbook.pk), "answers": 1, "revisions": 2, "versions": 1, "comments": 0,
        "conversations": 0, "tasks": 0,
    }  # fmt: skip
    assert described(entry) == f"Erased the workbook {scoped.workbook} for good: 1 answers, 1 versions, 0 comments"
    assert not any("geheime" in str(each.detail) for each in AuditEntry.objects.all())


def test_a_workbook_that_is_not_deleted_is_not_erased(scoped: Cast) -> None:
    with pytest.raises(DeedRefused, match="Only a deleted workbook can be erased"):
        erase_workbook(scoped.workbook, scoped.lead)
    assert page(scoped, f"{scoped.workbook.pk}/erase/").status_code == 404
    assert page(scoped, f"{scoped.workbook.pk}/put-back/", method="post").status_code == 404


def test_deleting_and_putting_back_twice_is_done_once(scoped: Cast) -> None:
    delete(scoped)
    delete(scoped)
    put_back_workbook(scoped.workbook, scoped.lead)
    put_back_workbook(scoped.workbook, scoped.lead)
    verbs = AuditEntry.objects.filter(verb__startswith="workbook.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["workbook.create", "workbook.delete", "workbook.put-back"]


def test_a_deleted_workbook_of_another_administration_is_not_found(cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        delete_workbook(cast.other_workbook, cast.outsider)
    assert page(cast, f"{cast.other_workbook.pk}/put-back/", method="post").status_code == 404
    assert page(cast, f"{cast.other_workbook.pk}/erase/").status_code == 404
    typed = {"typed": "Gemeente Kastelbeke"}
    assert page(cast, f"{cast.other_workbook.pk}/erase/", method="post", **typed).status_code == 404


def test_a_hostile_title_stays_text(cast: Cast) -> None:
    with unscoped():
        Workbook.objects.filter(pk=cast.workbook.pk).update(title="<script>alert(1)</script>")
        Administration.objects.filter(pk=cast.administration.pk).update(name="<script>alert(1)</script>")
    delete(cast)
    for path in ("", f"{cast.workbook.pk}/erase/"):
        shown = page(cast, path).content.decode()
        assert "<script>alert(1)</script>" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
