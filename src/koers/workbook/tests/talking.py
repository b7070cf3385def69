"""What the tests of talk, tasks and conversations share: asking and posting, and who was told."""

import html
import re
from typing import Any

from django.http import HttpResponse

from conftest import Cast
from koers.kit.tenancy import unscoped
from koers.workbook.models import Comment, Notification, Thread

FIELD = "?field=A.3/why"


def get(cast: Cast, path: str, who: str = "lead") -> HttpResponse:
    response = cast.client(who).get(f"/w/{cast.workbook.pk}/{path}")
    assert isinstance(response, HttpResponse)
    return response


def post(cast: Cast, path: str, who: str = "lead", **data: Any) -> HttpResponse:
    response = cast.client(who).post(f"/w/{cast.workbook.pk}/{path}", data)
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: HttpResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def begin(cast: Cast, body: str = "Klopt dit?", who: str = "lead", at: str = FIELD, **data: Any) -> Thread:
    assert post(cast, f"talk/{at}", who, body=body, **data).status_code == 302
    with unscoped():
        return Thread.objects.latest("pk")


def reply(cast: Cast, thread: Thread, body: str, who: str = "editor", **data: Any) -> Comment:
    assert post(cast, f"talk/threads/{thread.pk}/reply/", who, body=body, **data).status_code == 302
    with unscoped():
        return Comment.objects.latest("pk")


def first_of(thread: Thread) -> Comment:
    with unscoped():
        return Comment.objects.filter(thread=thread).earliest("pk")


def told(cast: Cast) -> list[tuple[str, str, str]]:
    """The news as (kind, to whom, text), the oldest first."""
    with unscoped():
        news = Notification.objects.select_related("recipient").order_by("pk")
        return [(each.kind, str(each.recipient), each.text) for each in news]
