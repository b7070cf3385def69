"""What a page's stream carries, and why it ends: who is signed out may come back, who has no right may not."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory

from conftest import Cast
from koers.kit import events
from koers.kit.asgi import Scope
from koers.kit.tenancy import scope
from koers.organisations.models import Role
from koers.workbook import streams
from koers.workbook.knocking import Answer, knock
from koers.workbook.streams import workbook_stream


def _request(cast: Cast, who: str) -> ASGIRequest:
    request = AsyncRequestFactory().get("/")
    session = cast.client(who).cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = session.value
    return request


def ending(cast: Cast, request: ASGIRequest) -> str:
    answer: Answer = async_to_sync(knock)(request, cast.workbook.pk)
    return answer if isinstance(answer, str) else ""


@pytest.mark.parametrize(("who", "reason"), [("viewer", ""), ("outsider", "revoked"), ("anonymous", "signed-out")])
def test_a_stream_goes_on_for_who_may_read_and_ends_for_others_with_the_reason(
    cast: Cast, who: str, reason: str
) -> None:
    assert ending(cast, _request(cast, who)) == reason


def _remove(cast: Cast, who: str) -> None:
    with scope(cast.administration.pk):
        cast.administration.memberships.filter(user=cast.people[who]).delete()


def test_a_member_who_was_removed_is_told_so(cast: Cast) -> None:
    request = _request(cast, "editor")
    _remove(cast, "editor")
    assert ending(cast, request) == "revoked"


# What waits for a stream


def saved(number: int, field: str = "A.3/why", text: str = "") -> events.Event:
    return events.event("workbook:x", "saved", {"fields": {field: number}, "by": text})


def test_of_events_about_the_same_field_the_newest_is_enough() -> None:
    async def act() -> bytes:
        mailbox = events.Mailbox()
        for number in range(300):
            mailbox.put(saved(number))
            mailbox.put(saved(number, "A.3/hooks"))
        return mailbox.take()

    assert asyncio.run(act()) == saved(299).wire + saved(299, "A.3/hooks").wire


def test_who_reads_too_slowly_is_told_to_read_everything_again() -> None:
    async def act() -> tuple[bytes, bytes, bytes]:
        mailbox = events.Mailbox()
        for number in range(events.MAX_WAITING + 1):
            mailbox.put(saved(number, f"field {number}"))
        mailbox.show(b"who is here")
        overflown = mailbox.take()
        for number in range(200):
            mailbox.put(saved(number, f"field {number}", "long" * 2_000))
        return overflown, mailbox.take()[: len(events.RESYNC)], mailbox.take()

    assert asyncio.run(act()) == (events.RESYNC + b"who is here", events.RESYNC, b"")


def test_an_event_that_is_too_big_goes_as_its_small_form_or_as_a_resync() -> None:
    big, small = {"fields": {"A.3/why": 1}, "value": "é" * 5_000}, {"fields": {"A.3/why": 1}}
    assert events._that_fits("c", "saved", small, None)[0].data == small
    assert events._that_fits("c", "saved", big, small)[0].data == small
    assert events._that_fits("c", "saved", big, None)[0].wire == events.RESYNC
    assert events._that_fits("c", "saved", big, big)[0].wire == events.RESYNC
    event, payload = events._that_fits("c", "saved", {"half": "\ud800", "whole": "é"}, None)
    assert len(payload.encode()) <= events.MAX_NOTIFY
    assert event.data["half"] == "\ud800"


# A whole stream: its work with the database goes as it does in the server, so nothing may be held in a transaction.

whole = pytest.mark.django_db(transaction=True)


class Page:
    """What a client gets. It can stop reading: then sending waits, as behind a full socket."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.closed = asyncio.Event()

    async def send(self, message: Scope) -> None:
        await self.reading.wait()
        self.sent.append(message.get("body", b""))

    async def receive(self) -> Scope:
        await self.closed.wait()
        return {"type": "http.disconnect"}

    @property
    def text(self) -> str:
        return b"".join(self.sent).decode()

    async def until(self, wanted: str) -> None:
        async with asyncio.timeout(5):
            while wanted not in self.text:
                await asyncio.sleep(0.005)


def watched(cast: Cast, who: str, act: Callable[[Page], Awaitable[Any]]) -> str:
    """Open the stream as somebody, let something happen, and close it; returns all that was sent."""
    session = cast.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    asked: Scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"section=A.3&tab=abcdef1",
        "headers": [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode())],
    }  # fmt: skip

    async def run() -> str:
        page = Page()
        stream = asyncio.create_task(workbook_stream(asked, page.receive, page.send, str(cast.workbook.pk)))
        await page.until("event: presence")
        await act(page)
        page.reading.set()
        page.closed.set()
        await asyncio.wait_for(stream, 5)
        return page.text

    text: str = async_to_sync(run)()
    return text


def deliver(cast: Cast, number: int, field: str = "A.3/why") -> None:
    channel = events.workbook_channel(cast.workbook.pk)
    events.hub.deliver(events.event(channel, "saved", {"fields": {field: number}}))


def rights_changed(cast: Cast, who: str) -> None:
    events.hub.deliver(events.event(events.person_channel(cast.people[who].pk), events.ACCESS_CHANGED, {}))


@whole
def test_a_page_hears_at_once_who_is_here_and_what_is_saved(cast: Cast) -> None:
    async def act(page: Page) -> None:
        deliver(cast, 7)
        await page.until('"A.3/why": 7')

    text = watched(cast, "viewer", act)
    people = json.loads(text.split("event: presence\ndata: ")[1].split("\n")[0])
    viewer = cast.people["viewer"]
    entry = {"id": viewer.pk, "name": "Viewer", "initials": "V", "section": "A.3", "field": ""}
    assert people["more"] == 0
    assert [{key: value for key, value in each.items() if key != "tint"} for each in people["people"]] == [entry]


@whole
def test_three_hundred_quick_events_to_a_slow_reader_are_one_resync(cast: Cast) -> None:
    async def act(page: Page) -> None:
        page.reading.clear()
        for number in range(300):
            deliver(cast, number, f"field {number}")
            await asyncio.sleep(0)
        page.reading.set()
        await page.until('"field 299"')

    text = watched(cast, "viewer", act)
    assert text.count("event: resync") == 1
    assert text.count("event: saved") < events.MAX_WAITING


@whole
def test_what_waits_when_the_right_ends_is_not_sent(cast: Cast) -> None:
    async def act(page: Page) -> None:
        page.reading.clear()
        deliver(cast, 1)
        await asyncio.sleep(0.05)
        await sync_to_async(_remove)(cast, "editor")
        rights_changed(cast, "editor")
        await asyncio.sleep(0.05)
        page.reading.set()
        await page.until("event: revoked")
        deliver(cast, 2)
        await asyncio.sleep(0.05)

    assert "event: saved" not in watched(cast, "editor", act)


@whole
def test_while_the_door_is_knocked_on_nothing_is_sent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(page: Page) -> None:
        opened = asyncio.Event()

        async def slow(*given: Any) -> Any:
            await opened.wait()
            return await knock(*given)

        monkeypatch.setattr(streams, "knock", slow)
        rights_changed(cast, "editor")
        deliver(cast, 1)
        await asyncio.sleep(0.1)
        assert "event: saved" not in page.text
        opened.set()
        await page.until("event: saved")

    watched(cast, "editor", act)


@whole
def test_a_session_that_ended_ends_its_streams(cast: Cast) -> None:
    async def act(page: Page) -> None:
        await Session.objects.all().adelete()
        rights_changed(cast, "editor")
        await page.until("event: signed-out")

    watched(cast, "editor", act)


@whole
def test_an_account_that_was_closed_ends_its_streams(cast: Cast) -> None:
    async def act(page: Page) -> None:
        cast.people["editor"].is_active = False
        await cast.people["editor"].asave()
        rights_changed(cast, "editor")
        await page.until("event: signed-out")

    watched(cast, "editor", act)


@whole
def test_another_role_is_told_to_the_page(cast: Cast) -> None:
    def lower() -> None:
        with scope(cast.administration.pk):
            cast.administration.memberships.filter(user=cast.people["editor"]).update(role=Role.VIEWER)

    async def act(page: Page) -> None:
        await sync_to_async(lower)()
        rights_changed(cast, "editor")
        await page.until("event: rights")
        deliver(cast, 1)
        await page.until("event: saved")

    assert '"role": "viewer", "abilities": ["comment", "read"]' in watched(cast, "editor", act)


@whole
def test_events_that_may_have_been_lost_are_read_again(cast: Cast) -> None:
    async def act(page: Page) -> None:
        events.hub.missed()
        await page.until("event: resync")

    watched(cast, "editor", act)


@whole
def test_news_of_a_person_reaches_her_page(cast: Cast) -> None:
    async def act(page: Page) -> None:
        events.hub.deliver(events.event(events.person_channel(cast.people["editor"].pk), "news", {"workbook": "x"}))
        await page.until('event: news\ndata: {"workbook": "x"}')

    watched(cast, "editor", act)
