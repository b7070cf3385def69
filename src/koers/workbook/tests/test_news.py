"""The news of a person: who hears what, what she sees of it, and that rights do not outlive a membership."""

import html
import re

import pytest
from django.http import HttpResponse
from django.utils import timezone

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import Membership
from koers.workbook.actions.news import tell
from koers.workbook.models import NewsKind, Notification, Task, Thread
from koers.workbook.queries.news import PAGE

HOSTILE = '<img src=x onerror="alert(1)">'


def text_of(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def news(cast: Cast, kind: NewsKind = NewsKind.MENTION, who: str = "contributor", **more: object) -> Notification:
    with scope(cast.administration.pk):
        (told,) = tell(cast.workbook, kind, [cast.people[who]], cast.people["editor"], **more)  # type: ignore[arg-type]
        return told


def unread(cast: Cast, who: str = "contributor") -> int:
    count: int = cast.client(who).get("/news/count").json()["unread"]
    return count


def test_nobody_tells_herself_nor_who_is_no_member(scoped: Cast) -> None:
    people = [scoped.lead, scoped.people["editor"], scoped.outsider]
    told = tell(scoped.workbook, NewsKind.COMMENT, people, scoped.lead)
    assert [each.recipient for each in told] == [scoped.people["editor"]]


def test_the_page_says_who_did_what_where_by_day(cast: Cast) -> None:
    news(cast, section_id="A.3", field_key="A.3/why", text="Kan dit korter?")
    news(cast, NewsKind.ASSIGNED, section_id="A.1", text="2030-12-03")
    page = text_of(cast.client("contributor").get("/news/"))
    assert "Editor named you" in page
    assert "Kan dit korter?" in page
    assert "Editor gave you a section" in page
    assert "by 3 December 2030" in page
    assert "Gemeente Kastelbeke · A.1" in page
    today = timezone.localdate()
    assert page.count(f"{today.day} {today:%B} {today.year}") == 1


def test_without_news_the_page_says_what_will_come(cast: Cast) -> None:
    assert "No news yet" in text_of(cast.client("contributor").get("/news/"))


def test_names_and_words_of_others_are_only_text(cast: Cast) -> None:
    editor = cast.people["editor"]
    editor.name = HOSTILE
    editor.save()
    news(cast, section_id="A.3", text=HOSTILE)
    page = cast.client("contributor").get("/news/").content.decode()
    assert HOSTILE not in page
    assert page.count(html.escape(HOSTILE)) == 2


def test_opening_it_marks_it_read_and_leads_there(cast: Cast) -> None:
    field = cast.workbook.edition.fields["A.3/why"]
    told = news(cast, section_id="A.3", field_key=field.key)
    news(cast)
    assert unread(cast) == 2
    response = cast.client("contributor").get(f"/news/{told.pk}/")
    assert response["Location"] == f"/w/{cast.workbook.pk}/s/A.3/#{field.anchor}"
    assert unread(cast) == 1


def test_it_leads_to_the_talk_the_task_or_the_course(cast: Cast) -> None:
    book = f"/w/{cast.workbook.pk}"
    with scope(cast.administration.pk):
        shared = {"administration": cast.administration, "workbook": cast.workbook, "section_id": "A.3"}
        thread = Thread.objects.create(**shared, field_key="A.3/why")
        task = Task.objects.create(**shared, title="x", owner=cast.people["contributor"])
    said = news(cast, section_id="A.3", field_key="A.3/why", thread=thread)
    given = news(cast, NewsKind.TASK, section_id="A.3", task=task)
    moved = news(cast, NewsKind.ROUND)
    client = cast.client("contributor")
    assert [client.get(f"/news/{each.pk}/")["Location"] for each in (said, given, moved)] == [
        f"{book}/talk/?field=A.3/why#thread-{thread.pk}", f"{book}/talk/?section=A.3#task-{task.pk}", f"{book}/",
    ]  # fmt: skip


def test_news_of_another_is_not_found(cast: Cast) -> None:
    told = news(cast)
    for who in ("lead", "outsider"):
        assert cast.client(who).get(f"/news/{told.pk}/").status_code == 404
    assert cast.client("lead").get("/news/999999999999999999999/").status_code == 404
    assert unread(cast) == 1


def test_marking_all_as_read_is_for_oneself(cast: Cast) -> None:
    news(cast)
    news(cast, who="viewer")
    assert cast.client("contributor").post("/news/read/")["Location"] == "/news/"
    assert (unread(cast), unread(cast, "viewer")) == (0, 1)


def test_rights_do_not_outlive_a_membership(cast: Cast) -> None:
    told = news(cast, text="Geheim")
    with unscoped():
        Membership.objects.filter(user=cast.people["contributor"]).delete()
    client = cast.client("contributor")
    assert "Geheim" not in text_of(client.get("/news/"))
    assert unread(cast) == 0
    assert client.get(f"/news/{told.pk}/").status_code == 404


def test_the_news_of_a_deleted_workbook_is_gone(cast: Cast) -> None:
    news(cast, text="Geheim")
    with scope(cast.administration.pk):
        cast.workbook.deleted_at = timezone.now()
        cast.workbook.save()
    assert "Geheim" not in text_of(cast.client("contributor").get("/news/"))


def test_older_news_is_on_the_next_page(cast: Cast) -> None:
    for number in range(PAGE + 1):
        news(cast, text=f"Nummer {number}.")
    client = cast.client("contributor")
    first = client.get("/news/").content.decode()
    assert "Nummer 50." in first
    assert "Nummer 0." not in first
    link = re.search(r'href="(\?before=\d+)"', first)
    assert link
    second = client.get(f"/news/{link[1]}").content.decode()
    assert "Nummer 0." in second
    assert "Nummer 1." not in second
    assert 'href="?before=' not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1 OR 1=1"])
def test_a_page_that_does_not_exist_is_not_found(cast: Cast, before: str) -> None:
    assert cast.client("contributor").get("/news/", {"before": before}).status_code == 404


def test_the_bell_asks_nothing_of_the_database(cast: Cast) -> None:
    news(cast)
    page = cast.client("contributor").get(f"/w/{cast.workbook.pk}/").content.decode()
    assert 'href="/news/" data-news="/news/count"' in page
