"""Talking about the work: threads, their comments, resolving, and all talk of a workbook."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from koers.kit import events
from koers.kit.tenancy import unscoped
from koers.organisations.models import AuditEntry, Membership, User
from koers.workbook.models import Answer, Comment, Thread
from koers.workbook.queries.talk import open_threads_by_section
from koers.workbook.tests.talking import FIELD, begin, first_of, get, post, reply, text_of, told


def counted(key: str = "A.3/why") -> tuple[int, int]:
    """Of the field's answer: its open threads, its revision."""
    with unscoped():
        answer = Answer.objects.get(field_key=key)
        return answer.threads, answer.revision


Heard = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The events of the workbook's channel."""
    found: Heard = []

    def publish(channel: str, name: str, data: dict[str, Any], small: dict[str, Any] | None = None) -> None:
        if channel.startswith("workbook:"):
            found.append((name, data))

    monkeypatch.setattr(events, "publish", publish)
    return found


# Threads


def test_a_viewer_begins_a_thread_at_a_field_that_was_never_answered(cast: Cast, heard: Heard) -> None:
    begin(cast, "Waarom eigenlijk?", "viewer")
    assert counted() == (1, 0)
    assert heard == [("talk", {"section": "A.3", "field": "A.3/why", "threads": 1, "by": "Viewer"})]
    text = text_of(get(cast, f"talk/{FIELD}"))
    assert "Waarom eigenlijk?" in text
    assert "Viewer" in text


def test_the_answer_counts_open_threads_exactly(cast: Cast) -> None:
    first, second = begin(cast, "een"), begin(cast, "twee")
    assert counted() == (2, 0)
    post(cast, f"talk/threads/{first.pk}/resolve/")
    assert counted() == (1, 0)
    post(cast, f"talk/comments/{first_of(second).pk}/delete/")
    assert counted() == (0, 0)
    post(cast, f"talk/comments/{first_of(second).pk}/restore/")
    post(cast, f"talk/threads/{first.pk}/reopen/")
    assert counted() == (2, 0)


def test_the_page_of_a_section_shows_the_count_at_its_field_as_it_changes(cast: Cast) -> None:
    def at_field() -> list[str]:
        page = get(cast, "s/A.3/").content.decode()
        (link,) = re.findall(r'<a[^>]+href="../../talk/\?field=A.3%2Fwhy".*?</a>', page)
        return re.findall(r"(\d+) open", link)

    assert at_field() == []
    thread = begin(cast)
    assert at_field() == ["1"]
    begin(cast)
    assert at_field() == ["2"]
    post(cast, f"talk/threads/{thread.pk}/resolve/")
    assert at_field() == ["1"]


def test_a_section_page_counts_its_talk_and_conversations(cast: Cast) -> None:
    begin(cast, at="?section=A.3")
    begin(cast)  # about a field: not counted here
    post(cast, "s/A.3/conversations/", with_whom="het MAT", day="2026-01-12", outcome="goed")
    text = text_of(get(cast, "s/A.3/"))
    assert "Talk about this section 1 open" in text
    assert "Conversations 1" in text


def test_a_reply_stands_below_what_it_answers(cast: Cast) -> None:
    thread = begin(cast, "Eerste")
    reply(cast, thread, "Tweede", "viewer")
    text = text_of(get(cast, f"talk/{FIELD}"))
    assert text.index("Eerste") < text.index("Tweede")
    newest = begin(cast, "Derde")
    assert newest.pk != thread.pk
    text = text_of(get(cast, f"talk/{FIELD}"))
    assert text.index("Derde") < text.index("Eerste")


def test_a_resolved_thread_is_folded_with_who_and_when_and_reopens(cast: Cast) -> None:
    thread = begin(cast)
    post(cast, f"talk/threads/{thread.pk}/resolve/", "viewer")
    text = text_of(get(cast, f"talk/{FIELD}"))
    assert "1 resolved" in text
    assert "Resolved by Viewer on" in text
    assert "Nothing is open here." in text
    post(cast, f"talk/threads/{thread.pk}/reopen/", "viewer")
    assert "Resolved by" not in text_of(get(cast, f"talk/{FIELD}"))


def test_a_reply_to_what_was_resolved_in_the_meantime_is_kept_and_reopens_it(cast: Cast) -> None:
    thread = begin(cast)
    post(cast, f"talk/threads/{thread.pk}/resolve/")
    reply(cast, thread, "Toch nog iets")
    assert counted() == (1, 0)
    assert "Toch nog iets" in text_of(get(cast, f"talk/{FIELD}"))


def test_resolving_twice_tells_once(cast: Cast) -> None:
    thread = begin(cast, who="viewer")
    post(cast, f"talk/threads/{thread.pk}/resolve/", "lead")
    post(cast, f"talk/threads/{thread.pk}/resolve/", "editor")
    assert told(cast) == [("resolved", "Viewer", "Klopt dit?")]


def test_selected_words_are_quoted(cast: Cast) -> None:
    page = get(cast, f"talk/{FIELD}&quote=digitale%20%3Cb%3Eshowcase%3C/b%3E").content.decode()
    assert "digitale &lt;b&gt;showcase&lt;/b&gt;</p></blockquote>" in page
    assert "<b>" not in page
    thread = begin(cast, quote="digitale showcase")
    assert thread.quote == "digitale showcase"
    assert begin(cast, quote="x" * 900).quote == "x" * 499 + "…"
    assert begin(cast, at="?section=A.3", quote="geen veld").quote == ""


def test_too_long_or_empty_comes_back_as_it_was_typed(cast: Cast) -> None:
    long = "x" * 6001
    response = post(cast, f"talk/{FIELD}", body=long)
    assert response.status_code == 422
    assert "This text is too long: 6001 characters, at most 6000 fit." in text_of(response)
    assert long in response.content.decode()
    thread = begin(cast)
    response = post(cast, f"talk/threads/{thread.pk}/reply/", body="  \n ")
    assert response.status_code == 422
    assert "Write something first." in text_of(response)
    assert post(cast, f"talk/{FIELD}", body="\r\n".join("x" * 3000)[:9000]).status_code == 302


def test_hostile_text_is_only_text(cast: Cast) -> None:
    nasty = '<script>alert(1)</script> "onmouseover=x <img src=x onerror=y> javascript:alert(2)'
    begin(cast, nasty, quote=nasty)
    for path in (f"talk/{FIELD}", "talk/all/"):
        page = get(cast, path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_lines_stay_and_links_can_be_followed_safely(cast: Cast) -> None:
    begin(cast, "Zie https://example.test/a?b=1&c=2.\r\nDan www.vlaanderen.be\x00")
    page = get(cast, f"talk/{FIELD}").content.decode()
    assert (
        'Zie <a href="https://example.test/a?b=1&amp;c=2" rel="noopener nofollow">'
        'https://example.test/a?b=1&amp;c=2</a>.<br>Dan <a href="http://www.vlaanderen.be"' in page
    )


# One's own words


def test_one_changes_only_ones_own_words(cast: Cast) -> None:
    comment = first_of(begin(cast, "Eerst", "viewer"))
    assert "Eerst" in text_of(get(cast, f"talk/comments/{comment.pk}/", "viewer"))
    assert post(cast, f"talk/comments/{comment.pk}/", "viewer", body="Daarna").status_code == 302
    text = text_of(get(cast, f"talk/{FIELD}"))
    assert "Daarna" in text
    assert "(changed)" in text
    assert post(cast, f"talk/comments/{comment.pk}/", "lead", body="x").status_code == 403
    assert post(cast, f"talk/comments/{comment.pk}/", "viewer", body="").status_code == 422


def test_a_deleted_comment_says_so_and_its_author_or_a_lead_puts_it_back(cast: Cast) -> None:
    thread = begin(cast, "Eerst", "viewer")
    second = reply(cast, thread, "Niet voor jou", "contributor")
    assert post(cast, f"talk/comments/{second.pk}/delete/", "editor").status_code == 403
    assert post(cast, f"talk/comments/{second.pk}/delete/", "contributor").status_code == 302
    for who, may in (("editor", False), ("contributor", True), ("lead", True)):
        page = get(cast, f"talk/{FIELD}", who)
        assert "Deleted by Contributor" in text_of(page)
        assert "Niet voor jou" not in text_of(page)
        assert (f"/comments/{second.pk}/restore/" in page.content.decode()) is may
    assert get(cast, f"talk/comments/{second.pk}/", "contributor").status_code == 404
    assert post(cast, f"talk/comments/{second.pk}/restore/", "editor").status_code == 403
    assert post(cast, f"talk/comments/{second.pk}/restore/", "lead").status_code == 302
    assert "Niet voor jou" in text_of(get(cast, f"talk/{FIELD}", "editor"))


def test_a_thread_of_which_nothing_is_left_shows_only_to_who_can_put_it_back(cast: Cast) -> None:
    comment = first_of(begin(cast, "Weg", "viewer"))
    post(cast, f"talk/comments/{comment.pk}/delete/", "viewer")
    assert "1 deleted" in text_of(get(cast, f"talk/{FIELD}", "viewer"))
    assert "deleted" not in text_of(get(cast, f"talk/{FIELD}", "editor"))
    assert "Weg" not in text_of(get(cast, "talk/all/?show=mine", "viewer"))


# All talk


def test_all_talk_is_filtered_and_leads_to_its_place(cast: Cast) -> None:
    begin(cast, "Over het veld")
    done = begin(cast, "Over de sectie", at="?section=A.1")
    post(cast, f"talk/threads/{done.pk}/resolve/")
    begin(cast, "Van de kijker", "viewer", "?field=B.4.1/1")

    def listed(query: str, who: str = "lead") -> list[str]:
        page = get(cast, f"talk/all/{query}", who).content.decode()
        return re.findall(r'class="thread-link"[^>]*>([^<]+)<', page)

    assert listed("") == ["Van de kijker", "Over het veld"]
    assert listed("?show=resolved") == ["Over de sectie"]
    assert listed("?show=mine") == ["Over de sectie", "Over het veld"]
    assert listed("?show=mine", "viewer") == ["Van de kijker"]
    assert listed("?section=A.3") == ["Over het veld"]
    assert get(cast, "talk/all/?section=Z.9").status_code == 404
    page = get(cast, "talk/all/").content.decode()
    assert f'href="/w/{cast.workbook.pk}/s/A.3/#f-A-3-why"' in page
    assert f'href="/w/{cast.workbook.pk}/talk/?field=A.3/why#thread-' in page


def test_open_threads_by_section(scoped: Cast) -> None:
    begin(scoped)
    begin(scoped, at="?section=A.3")
    begin(scoped, at="?section=A.1")
    gone = begin(scoped, at="?section=A.2")
    post(scoped, f"talk/threads/{gone.pk}/resolve/")
    with CaptureQueriesContext(connection) as captured:
        assert open_threads_by_section(scoped.workbook) == {"A.3": 2, "A.1": 1}
    assert len(captured) == 1


def test_the_panel_gets_the_content_alone_and_forms_that_stay_in_it(cast: Cast) -> None:
    begin(cast)
    client = cast.client("lead")
    part = client.get(f"/w/{cast.workbook.pk}/talk/{FIELD}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<h1" not in part
    assert "<h2>Talk about it</h2>" in part
    assert "csrfmiddlewaretoken" in part


# Doors


@pytest.mark.parametrize("path", ["talk/?field=Z.9/x", "talk/?section=Z.9", "talk/", "tasks/new/"])
def test_an_unknown_place_is_not_found(cast: Cast, path: str) -> None:
    assert get(cast, path).status_code == 404
    assert post(cast, path, body="x").status_code == 404


def test_ids_of_another_administration_are_not_found(cast: Cast) -> None:
    with unscoped():
        thread = Thread.objects.create(
            administration=cast.other_administration, workbook=cast.other_workbook, section_id="A.3"
        )
        comment = Comment.objects.create(
            administration=cast.other_administration, workbook=cast.other_workbook, thread=thread, body="x",
            author=cast.lead,
        )  # fmt: skip
    for path in (
        f"talk/threads/{thread.pk}/reply/", f"talk/threads/{thread.pk}/resolve/", f"talk/threads/{thread.pk}/reopen/",
        f"talk/comments/{comment.pk}/", f"talk/comments/{comment.pk}/delete/", f"talk/comments/{comment.pk}/restore/",
        f"tasks/new/?comment={comment.pk}",
    ):  # fmt: skip
        assert post(cast, path, body="x").status_code == 404, path
    with unscoped():
        comment.refresh_from_db()
        thread.refresh_from_db()
        assert (comment.deleted_at, comment.body, thread.resolved_at) == (None, "x", None)
        assert AuditEntry.objects.exclude(verb="workbook.create").count() == 0


def test_the_log_tells_in_words(cast: Cast) -> None:
    thread = begin(cast)
    post(cast, f"talk/threads/{thread.pk}/resolve/")
    with unscoped():
        rows = (
            AuditEntry.objects.filter(administration=cast.administration).order_by("pk").values_list("verb", "subject")
        )
        assert list(rows)[1:] == [("comment.begin", "A.3/why"), ("comment.resolve", "A.3/why")]
    log = text_of(cast.client("lead").get(f"/administrations/{cast.administration.pk}/log/"))  # type: ignore[arg-type]
    assert "Began to talk about A.3 Our reason" in log
    assert "A.3/why" not in log


# As many queries for one as for three


def more_members(cast: Cast) -> None:
    with unscoped():
        for number in range(3):
            user = User.objects.create_user(f"m{number}@kastelbeke.example.test", name=f"Meer {number}")
            Membership.objects.create(administration=cast.administration, user=user, role="viewer")


def a_talk(cast: Cast) -> None:
    thread = begin(cast, "Vraag @Editor", attention=[cast.people["viewer"].pk])
    reply(cast, thread, "Antwoord @Viewer")
    begin(cast, at="?section=A.3")
    resolved = begin(cast)
    post(cast, f"talk/threads/{resolved.pk}/resolve/")
    post(cast, f"tasks/new/{FIELD}", title="Doe iets", owner=cast.people["editor"].pk)
    post(cast, "s/A.3/conversations/", with_whom="het MAT", day="2026-01-12", outcome="goed")


@pytest.mark.parametrize(
    "path", [f"talk/{FIELD}", "talk/?section=A.3", "talk/all/?show=mine", "tasks/", "s/A.3/conversations/", "s/A.3/"]
)
def test_a_fixed_number_of_queries(cast: Cast, path: str) -> None:
    def queries() -> int:
        client = cast.client("lead")
        client.get(f"/w/{cast.workbook.pk}/{path}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/w/{cast.workbook.pk}/{path}").status_code == 200
        return len(captured)

    a_talk(cast)
    one = queries()
    more_members(cast)
    a_talk(cast)
    a_talk(cast)
    assert queries() == one


def test_the_count_goes_back_with_the_deed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(cast)

    def fail(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "publish", fail)
    with pytest.raises(RuntimeError):
        cast.client("lead").post(f"/w/{cast.workbook.pk}/talk/{FIELD}", {"body": "x"})
    assert counted() == (1, 0)
