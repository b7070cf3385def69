"""Tasks and conversations: making, doing, changing, deleting and putting back; who may."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from conftest import Cast
from koers.kit.tenancy import unscoped
from koers.workbook.models import Conversation, Task
from koers.workbook.tests.talking import FIELD, begin, first_of, get, post, text_of, told


def add(cast: Cast, title: str = "Cijfers opvragen", who: str = "editor", owner: str = "viewer", **data: Any) -> Task:
    at = data.pop("at", FIELD)
    response = post(cast, f"tasks/new/{at}", who, title=title, owner=cast.people[owner].pk, **data)
    assert response.status_code == 302
    with unscoped():
        return Task.objects.latest("pk")


def titles(response: HttpResponse) -> list[str]:
    return re.findall(r'<p class="task-title">([^<]+)</p>', response.content.decode())


def test_a_task_is_made_from_the_panel_and_its_owner_hears_it(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    task = add(cast, due=tomorrow.isoformat())
    assert (task.section_id, task.field_key, task.title) == ("A.3", "A.3/why", "Cijfers opvragen")
    assert (task.owner_id, task.due, task.created_by_id) == (
        cast.people["viewer"].pk, tomorrow, cast.people["editor"].pk,
    )  # fmt: skip
    assert told(cast) == [("task", "Viewer", "Cijfers opvragen")]
    assert titles(get(cast, f"talk/{FIELD}")) == ["Cijfers opvragen"]


def test_a_task_from_a_comment_begins_with_its_words(cast: Cast) -> None:
    comment = first_of(begin(cast, "Wie vraagt\nde cijfers op? " + "x" * 200))
    page = get(cast, f"tasks/new/?comment={comment.pk}").content.decode()
    (title,) = re.findall(r'name="title" value="([^"]+)"', page)
    assert title == "Wie vraagt de cijfers op? " + "x" * 133 + "…"
    response = post(cast, f"tasks/new/?comment={comment.pk}", title="Cijfers", owner=cast.people["editor"].pk)
    with unscoped():
        task = Task.objects.get()
    assert response.headers["Location"] == f"/w/{cast.workbook.pk}/talk/?field=A.3/why#task-{task.pk}"
    assert (task.comment_id, task.field_key) == (comment.pk, "A.3/why")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 301}, "This text is too long: 301 characters, at most 300 fit."),
        ({"owner": ""}, "This field is required."),
        ({"owner": "outsider"}, "Select a valid choice."),
        ({"due": "2026-01-01"}, "That day has passed: choose today or later."),
        ({"due": "3026-01-01"}, "Choose a day between 2000 and 2100."),
        ({"due": "morgen"}, "Write the day as 31/12/2026."),
    ],
)
def test_a_task_that_cannot_be_comes_back_with_the_reason(cast: Cast, change: dict[str, str], error: str) -> None:
    given = {"title": "Iets <b>", "owner": str(cast.lead.pk), "due": "", **change}
    if given["owner"] == "outsider":
        given["owner"] = str(cast.outsider.pk)
    response = post(cast, f"tasks/new/{FIELD}", **given)
    assert response.status_code == 422
    assert error in text_of(response)
    assert "<b>" not in response.content.decode()
    with unscoped():
        assert Task.objects.count() == 0


def test_owner_maker_and_leads_change_a_task_and_nobody_else(cast: Cast) -> None:
    task = add(cast, who="editor", owner="viewer")
    given = {"title": "Anders", "owner": cast.people["viewer"].pk, "due": ""}
    got = [
        post(cast, f"tasks/{task.pk}/", who, **given).status_code for who in ("viewer", "editor", "lead", "contributor")
    ]
    assert got == [302, 302, 302, 403]
    for deed in ("done", "reopen", "delete", "restore"):
        assert post(cast, f"tasks/{task.pk}/{deed}/", "contributor").status_code == 403
        assert post(cast, f"tasks/{task.pk}/{deed}/", "viewer").status_code == 302
    assert titles(get(cast, "tasks/")) == ["Anders"]
    assert told(cast) == [("task", "Viewer", "Cijfers opvragen")]


def test_a_new_owner_hears_it(cast: Cast) -> None:
    task = add(cast)
    post(cast, f"tasks/{task.pk}/", "editor", title="Cijfers", owner=cast.people["contributor"].pk)
    assert told(cast) == [("task", "Viewer", "Cijfers opvragen"), ("task", "Contributor", "Cijfers")]


def test_a_date_that_passed_stays_when_something_else_changes(cast: Cast) -> None:
    task = add(cast)
    with unscoped():
        Task.objects.update(due=date(2026, 1, 5))
    response = post(cast, f"tasks/{task.pk}/", title="x", owner=cast.people["viewer"].pk, due="2026-01-05")
    assert response.status_code == 302


def test_open_tasks_stand_by_date_late_ones_say_so_and_done_ones_are_folded(cast: Cast) -> None:
    today = timezone.localdate()
    add(cast, "zonder dag")
    add(cast, "later", due=(today + timedelta(days=9)).isoformat())
    late = add(cast, "te laat", due=today.isoformat())
    done = add(cast, "klaar")
    with unscoped():
        Task.objects.filter(pk=late.pk).update(due=date(2026, 1, 5))
    post(cast, f"tasks/{done.pk}/done/")
    page = get(cast, "tasks/")
    assert titles(page) == ["te laat", "later", "zonder dag", "klaar"]
    assert text_of(page).count("Late: by 5 January 2026") == 1
    assert "1 task done" in text_of(page)
    assert re.search(r"done on .* by Lead", text_of(page))


def test_mine_are_those_that_one_has_to_do(cast: Cast) -> None:
    add(cast, "van de kijker", owner="viewer")
    add(cast, "van de trekker", owner="lead")
    assert titles(get(cast, "tasks/?who=mine", "viewer")) == ["van de kijker"]
    assert titles(get(cast, "tasks/?who=all", "viewer")) == ["van de kijker", "van de trekker"]


def test_what_is_done_in_the_list_comes_back_to_the_list(cast: Cast) -> None:
    task = add(cast)
    response = post(cast, f"tasks/{task.pk}/done/", back="mine")
    assert response.headers["Location"] == f"/w/{cast.workbook.pk}/tasks/?who=mine#task-{task.pk}"
    response = post(cast, f"tasks/{task.pk}/reopen/", back="https://elders.test/")
    assert response.headers["Location"] == f"/w/{cast.workbook.pk}/talk/?field=A.3/why#task-{task.pk}"


def test_a_deleted_task_is_put_back_by_who_may(cast: Cast) -> None:
    task = add(cast)
    post(cast, f"tasks/{task.pk}/delete/")
    assert titles(get(cast, "tasks/", "contributor")) == []
    assert "1 task deleted" in text_of(get(cast, "tasks/", "viewer"))
    assert get(cast, f"tasks/{task.pk}/").status_code == 404
    post(cast, f"tasks/{task.pk}/restore/", "viewer")
    assert titles(get(cast, "tasks/", "contributor")) == ["Cijfers opvragen"]


# Conversations


TALKED = {"with_whom": "Team <b>burgerzaken</b>", "day": "2026-01-12", "outcome": "Ze willen\neen https://x.test <i>"}


def note(cast: Cast, who: str = "viewer", **change: str) -> Conversation:
    assert post(cast, "s/A.3/conversations/", who, **{**TALKED, **change}).status_code == 302
    with unscoped():
        return Conversation.objects.latest("pk")


def test_a_conversation_is_noted_and_shown_as_text(cast: Cast) -> None:
    note(cast)
    page = get(cast, "s/A.3/conversations/")
    assert "<strong>Team &lt;b&gt;burgerzaken&lt;/b&gt;</strong>" in page.content.decode()
    assert "Ze willen<br>een <a href=" in page.content.decode()
    assert "12 January 2026" in text_of(page)
    assert "Noted by Viewer" in text_of(page)
    assert "First seeds" in text_of(page)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"with_whom": " "}, "This field is required."),
        ({"with_whom": "x" * 301}, "This text is too long: 301 characters, at most 300 fit."),
        ({"outcome": ""}, "This field is required."),
        ({"outcome": "x" * 6001}, "This text is too long: 6001 characters, at most 6000 fit."),
        ({"day": ""}, "This field is required."),
        ({"day": "1026-01-01"}, "That is too long ago: choose a day from 2000 on."),
        ({"day": "2999-01-01"}, "That day has yet to come."),
        ({"day": "gisteren"}, "Write the day as 31/12/2026."),
    ],
)
def test_a_conversation_that_cannot_be_comes_back_as_it_was_typed(
    cast: Cast, change: dict[str, str], error: str
) -> None:
    response = post(
        cast, "s/A.3/conversations/", **{"with_whom": "Mieke", "day": "2026-01-12", "outcome": "Zo", **change}
    )
    assert response.status_code == 422
    assert error in text_of(response)
    assert "Mieke" in response.content.decode() or "with_whom" in change
    with unscoped():
        assert Conversation.objects.count() == 0


def test_the_belgian_way_of_writing_a_day_is_understood(cast: Cast) -> None:
    assert note(cast, day="12/01/2026").day == date(2026, 1, 12)


def test_one_changes_ones_own_conversation_and_a_lead_all(cast: Cast) -> None:
    conversation = note(cast, "viewer")
    where = f"conversations/{conversation.pk}/"
    got = [post(cast, where, who, **{**TALKED, "outcome": who}).status_code for who in ("viewer", "lead", "editor")]
    assert got == [302, 302, 403]
    assert get(cast, where, "editor").status_code == 403
    for deed in ("delete", "restore"):
        assert post(cast, f"{where}{deed}/", "editor").status_code == 403
        assert post(cast, f"{where}{deed}/", "viewer").status_code == 302
    assert "lead" in text_of(get(cast, "s/A.3/conversations/", "editor"))


def test_a_deleted_conversation_is_put_back(cast: Cast) -> None:
    conversation = note(cast)
    post(cast, f"conversations/{conversation.pk}/delete/", "lead")
    assert "burgerzaken" not in text_of(get(cast, "s/A.3/conversations/", "editor"))
    assert "Deleted by Lead" in text_of(get(cast, "s/A.3/conversations/", "viewer"))
    assert get(cast, f"conversations/{conversation.pk}/", "viewer").status_code == 404
    post(cast, f"conversations/{conversation.pk}/restore/", "viewer")
    assert "burgerzaken" in text_of(get(cast, "s/A.3/conversations/", "editor"))


def test_ids_of_another_administration_are_not_found(cast: Cast) -> None:
    with unscoped():
        theirs = {"administration": cast.other_administration, "workbook": cast.other_workbook, "section_id": "A.3"}
        task = Task.objects.create(title="x", owner=cast.lead, created_by=cast.lead, **theirs)
        conversation = Conversation.objects.create(with_whom="x", outcome="x", by=cast.lead, **theirs)
    paths = [f"tasks/{task.pk}/{deed}" for deed in ("", "done/", "reopen/", "delete/", "restore/")]
    paths += [f"conversations/{conversation.pk}/{deed}" for deed in ("", "delete/", "restore/")]
    assert {post(cast, path, **TALKED).status_code for path in paths} == {404}
    assert get(cast, "s/Z.9/conversations/").status_code == 404
