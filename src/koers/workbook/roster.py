"""Who is in a workbook now: the streams of this process, and what other processes tell of theirs.

Nothing is kept but this memory, like the connections themselves. All of it runs in the event loop of the streams.
"""

import asyncio
import contextvars
import hmac
import json
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import Error, transaction

from koers.editions.structure import Edition
from koers.kit import events
from koers.kit.grouping import in_thread
from koers.kit.templatetags.koers import initials, tint
from koers.organisations.models import User

MAX_SHOWN: Final = 40
SHOW_SECONDS: Final = 1.0
# A page that goes from one section to another closes one stream and opens another: to others she stays.
GRACE_SECONDS: Final = 0.3
TELL_SECONDS: Final = 0.25
REFRESH_SECONDS: Final = 20.0
SILENT_SECONDS: Final = 60.0
# What one message between processes may hold, so that it fits a notification.
MAX_TOLD_BYTES: Final = 7_000

PROCESS: Final = uuid.uuid4().hex[:12]
TOLD, MOVED = "told", "moved"


def presence_channel(workbook_id: uuid.UUID) -> str:
    """Between processes; no page listens to it."""
    return f"presence:{workbook_id}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as others see her."""

    id: int
    name: str
    initials: str
    tint: str


def person_of(user: User) -> Person:
    return Person(user.pk, str(user), initials(user), tint(user))


@dataclass(frozen=True, slots=True)
class Seat:
    """One page: whose it is, where it stands, and since when its caret is where it is."""

    person: Person
    section: str
    field: str
    at: float

    def told(self) -> list[Any]:
        who = self.person
        return [who.id, who.name, who.initials, who.tint, self.section, self.field, self.at]


def _seat(told: list[Any]) -> Seat:
    number, name, letters, colour, section, field, at = told
    return Seat(Person(number, name, letters, colour), section, field, at)


@dataclass(eq=False, slots=True)
class Tab:
    """A page with a stream in this process."""

    id: str
    session: str
    edition: Edition
    mailbox: events.Mailbox
    seat: Seat


def people_of(seats: Iterable[Seat]) -> dict[str, Any]:
    """One entry a person: where her caret was last, of all her pages."""
    pages: dict[int, list[Seat]] = {}
    for seat in seats:
        pages.setdefault(seat.person.id, []).append(seat)
    everybody = sorted(pages.values(), key=lambda held: (held[0].person.name.casefold(), held[0].person.id))
    return {"people": [_entry(held) for held in everybody[:MAX_SHOWN]], "more": max(0, len(everybody) - MAX_SHOWN)}


def _entry(held: list[Seat]) -> dict[str, Any]:
    last = max(held, key=lambda seat: (bool(seat.field), seat.at))
    who = last.person
    entry = {
        "id": who.id, "name": who.name, "initials": who.initials, "tint": who.tint,
        "section": last.section, "field": last.field,
    }  # fmt: skip
    if len(held) > 1:
        entry["fields"] = sorted({seat.field for seat in held if seat.field})
    return entry


class Roster:
    """The people of one workbook."""

    def __init__(self, workbook_id: uuid.UUID) -> None:
        self.loop = asyncio.get_running_loop()
        self.channel = presence_channel(workbook_id)
        self.tabs: dict[Tab, None] = {}
        self.others: dict[str, tuple[float, list[Seat]]] = {}
        self.wire = b""
        self._sent_at = self._told_at = float("-inf")
        self._sending: asyncio.TimerHandle | None = None
        self._sending_at = 0.0
        self._telling: asyncio.TimerHandle | None = None
        self._refreshing: asyncio.TimerHandle | None = None
        self._ask = True
        self._task: asyncio.Task[None] | None = None
        events.hub.join(self, self.channel)
        if events.crosses_processes():
            self._refreshing = self.loop.call_later(REFRESH_SECONDS, self._refresh)

    # What happens here

    def enter(self, tab: Tab) -> None:
        for other in self.tabs:
            if (other.id, other.seat.person.id) == (tab.id, tab.seat.person.id):
                # The stream of this page broke and came back.
                tab.seat = replace(tab.seat, field=other.seat.field, at=other.seat.at)
        self.tabs[tab] = None
        self._changed()
        if self.wire:
            tab.mailbox.show(self.wire)

    def leave(self, tab: Tab, grace: float) -> None:
        self.tabs.pop(tab, None)
        self._changed(grace)

    def move(self, tab: Tab, field: str) -> None:
        if field != tab.seat.field:
            section = field.split("/")[0] if field else tab.seat.section
            tab.seat = replace(tab.seat, field=field, section=section, at=time.time())
            self._changed()

    def rename(self, tab: Tab, person: Person) -> None:
        if person != tab.seat.person:
            tab.seat = replace(tab.seat, person=person)
            self._changed()

    def _changed(self, wait: float = 0.0) -> None:
        self._show_soon(wait)
        self._tell_soon(wait)

    # To the pages of this process

    def _seats(self) -> Iterator[Seat]:
        yield from (tab.seat for tab in self.tabs)
        for _heard, seats in self.others.values():
            yield from seats

    def _show_soon(self, wait: float = 0.0) -> None:
        at = max(self.loop.time() + wait, self._sent_at + SHOW_SECONDS)
        if self._sending is not None:
            if self._sending_at <= at:
                return
            self._sending.cancel()
        self._sending, self._sending_at = self.loop.call_at(at, self._show), at

    def _show(self) -> None:
        self._sending = None
        wire = events.server_sent("presence", people_of(self._seats()))
        if wire == self.wire:
            return
        self.wire, self._sent_at = wire, self.loop.time()
        for tab in self.tabs:
            tab.mailbox.show(wire)

    # To and from other processes

    def put(self, event: events.Event) -> None:
        data = event.data
        if event.name == MOVED:
            for tab in self.tabs:
                if (tab.id, tab.seat.person.id) == (data["tab"], data["person"]):
                    self.move(tab, data["field"])
        elif event.name == TOLD and data["process"] != PROCESS:
            seats = [_seat(told) for told in data["seats"]]
            _heard, known = self.others.pop(data["process"], (0.0, []))
            seats = known + seats if data["part"] else seats
            if seats:
                self.others[data["process"]] = (self.loop.time(), seats)
            if data["last"]:
                self._show_soon()
            if data["ask"]:
                self._tell_soon()
        elif not event.name:
            self.missed()

    def missed(self) -> None:
        self._ask = True
        self._tell_soon()

    def _refresh(self) -> None:
        """Say that we are still here, and forget who was not heard."""
        silent = self.loop.time() - SILENT_SECONDS
        self.others = {process: heard for process, heard in self.others.items() if heard[0] > silent}
        self._show_soon()
        self._tell_soon()
        self._refreshing = self.loop.call_later(REFRESH_SECONDS, self._refresh)

    def _tell_soon(self, wait: float = 0.0) -> None:
        if events.crosses_processes() and self._telling is None:
            at = max(self.loop.time() + wait, self._told_at + TELL_SECONDS)
            self._telling = self.loop.call_at(at, self._tell)

    def _tell(self) -> None:
        self._telling = None
        if self._task is not None and not self._task.done():
            # One message after the other, or an older one could arrive last.
            self._told_at = self.loop.time()
            self._tell_soon()
            return
        self._told_at = self.loop.time()
        parts = list(_parts([tab.seat.told() for tab in self.tabs], ask=self._ask))
        self._ask = False
        # A fresh context: what was made within a request must not outlive it here.
        self._task = self.loop.create_task(self._publish(parts), context=contextvars.Context())

    async def _publish(self, parts: list[dict[str, Any]]) -> None:
        try:
            await in_thread(publish_all, self.channel, TOLD, parts)
        except Error:
            # The database is away; the refresh tells it again.
            return

    def close(self) -> None:
        """Nobody is left in this process: say so once, and stop listening."""
        events.hub.leave(self, self.channel)
        for timer in (self._sending, self._refreshing, self._telling):
            if timer is not None:
                timer.cancel()
        if events.crosses_processes():
            task = self.loop.create_task(self._say_goodbye(), context=contextvars.Context())
            _goodbyes.add(task)
            task.add_done_callback(_goodbyes.discard)

    async def _say_goodbye(self) -> None:
        if self._task is not None:
            await asyncio.wait([self._task])
        # Somebody may have come back meanwhile: then her roster tells how it is.
        if all(roster.channel != self.channel for roster in _rosters.values()):
            await self._publish(list(_parts([], ask=False)))


def _parts(seats: list[list[Any]], *, ask: bool) -> Iterator[dict[str, Any]]:
    """What a process tells of its pages, in messages that each fit a notification."""
    part: list[list[Any]] = []
    number = size = 0
    for seat in seats:
        length = len(json.dumps(seat))
        if part and size + length > MAX_TOLD_BYTES:
            yield {"process": PROCESS, "part": number, "last": False, "ask": False, "seats": part}
            part, size, number = [], 0, number + 1
        part.append(seat)
        size += length
    yield {"process": PROCESS, "part": number, "last": True, "ask": ask, "seats": part}


def publish_all(channel: str, name: str, parts: list[dict[str, Any]]) -> None:
    """In a thread: publish messages in one transaction, in order."""
    with transaction.atomic():
        for part in parts:
            events.publish(channel, name, part)


_rosters: Final[dict[uuid.UUID, Roster]] = {}
_goodbyes: Final[set[asyncio.Task[None]]] = set()


def enter(workbook_id: uuid.UUID, tab: Tab) -> None:
    """Somebody opened a page of the workbook."""
    roster = _rosters.get(workbook_id)
    if roster is None or roster.loop is not tab.mailbox.loop:
        roster = _rosters[workbook_id] = Roster(workbook_id)
    roster.enter(tab)


def leave(workbook_id: uuid.UUID, tab: Tab, grace: float = GRACE_SECONDS) -> None:
    """The page is gone; without grace when it may no longer be seen that it was there."""
    roster = _rosters.get(workbook_id)
    if roster is None or tab not in roster.tabs:
        return
    roster.leave(tab, grace)
    if not roster.tabs:
        roster.loop.call_later(grace, _close, workbook_id, roster)


def _close(workbook_id: uuid.UUID, roster: Roster) -> None:
    if not roster.tabs and _rosters.get(workbook_id) is roster:
        del _rosters[workbook_id]
        roster.close()


def rename(workbook_id: uuid.UUID, tab: Tab, person: Person) -> None:
    roster = _rosters.get(workbook_id)
    if roster is not None and tab in roster.tabs:
        roster.rename(tab, person)


def move(workbook_id: uuid.UUID, session: str, tab_id: str, field: str) -> bool:
    """The caret of a page went to a field. False when no stream of this process is that page in that session."""
    roster = _rosters.get(workbook_id)
    for tab in roster.tabs if roster is not None else ():
        if tab.id == tab_id and hmac.compare_digest(tab.session, session) and not tab.mailbox.knocking:
            assert roster is not None
            roster.move(tab, field if field in tab.edition.fields else "")
            return True
    return False
