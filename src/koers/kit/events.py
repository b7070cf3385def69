"""Events from a commit to the open pages: within the process, and between processes by LISTEN/NOTIFY on PostgreSQL.

A verb calls `publish` inside its transaction; after the commit everything that `hub.join`ed the channel gets it.
An event says what changed and where; who may see it is read again through the door whenever rights change.
"""

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connection, transaction

logger = logging.getLogger(__name__)

PG_CHANNEL: Final = "koers"
# PostgreSQL refuses a payload of 8,000 bytes.
MAX_NOTIFY: Final = 7_990
MAX_WAITING: Final = 100
MAX_WAITING_BYTES: Final = 1_000_000

# On the channel of a person or of a workbook: who streams it knocks on the door again before anything else is sent.
ACCESS_CHANGED: Final = "access-changed"


def workbook_channel(workbook_id: UUID) -> str:
    return f"workbook:{workbook_id}"


def person_channel(user_id: int) -> str:
    """What concerns a person wherever she is: her rights, her news."""
    return f"person:{user_id}"


def server_sent(name: str, data: object) -> bytes:
    """An event as it goes over the line."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


RESYNC: Final = server_sent("resync", {})


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a channel. `wire` is made once a process, however many streams send it."""

    channel: str
    name: str
    data: dict[str, Any]
    wire: bytes = field(repr=False)
    about: Hashable = field(repr=False)


def event(channel: str, name: str, data: dict[str, Any]) -> Event:
    """Make an event. Without a name: something was too big or lost, and the page should read everything again.

    Of events that wait for a stream and are `about` the same, the last is enough: the same name with the same keys in
    `data["fields"]`, which says how those fields stand now; or the very same event twice.
    """
    wire = server_sent(name, data) if name else RESYNC
    fields = data.get("fields")
    return Event(channel, name, data, wire, (name, frozenset(fields)) if isinstance(fields, dict) else wire)


class Subscriber(Protocol):
    """Something in an event loop that takes the events of the channels that it joined."""

    loop: asyncio.AbstractEventLoop

    def put(self, event: Event) -> None: ...

    def missed(self) -> None: ...


class _Hub:
    """Who listens in this process: by channel, and by event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[str, dict[asyncio.AbstractEventLoop, dict[Subscriber, None]]] = {}

    def join(self, subscriber: Subscriber, channel: str) -> None:
        """From any thread: events of the channel from now on."""
        with self._lock:
            self._channels.setdefault(channel, {}).setdefault(subscriber.loop, {})[subscriber] = None

    def leave(self, subscriber: Subscriber, *channels: str) -> None:
        with self._lock:
            for channel in channels:
                loops = self._channels.get(channel, {})
                loops.get(subscriber.loop, {}).pop(subscriber, None)
                if not loops.get(subscriber.loop):
                    loops.pop(subscriber.loop, None)
                if not loops:
                    self._channels.pop(channel, None)

    def hears(self, channel: str) -> bool:
        """Whether anybody listens to it now."""
        return channel in self._channels

    def deliver(self, event: Event) -> None:
        """From any thread: hand an event to who listens, with one call into each event loop."""
        with self._lock:
            loops = [(loop, tuple(members)) for loop, members in self._channels.get(event.channel, {}).items()]
        for loop, members in loops:
            # A loop that is closing no longer needs the event.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_put, members, event)

    def missed(self) -> None:
        """Events may have been lost: everybody reads everything again."""
        with self._lock:
            everybody = {
                member for loops in self._channels.values() for members in loops.values() for member in members
            }
        for member in everybody:
            with contextlib.suppress(RuntimeError):
                member.loop.call_soon_threadsafe(member.missed)


def _put(members: tuple[Subscriber, ...], event: Event) -> None:
    for member in members:
        member.put(event)


hub: Final = _Hub()


class Waiting:
    """One stream that sleeps in its event loop until something waits for it, the door is to be knocked on, or the
    client went away. Who inherits says what waits (`has_more`), and calls `wake` when it put something there."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        # Somebody's rights changed, or it is time: nothing is sent before the door was knocked on.
        self.knocking = False
        self.gone = False
        self._waiter: asyncio.Future[None] | None = None

    def has_more(self) -> bool:
        raise NotImplementedError

    def knock(self) -> None:
        self.knocking = True
        self.wake()

    def leave(self) -> None:
        """The client went away."""
        self.gone = True
        self.wake()

    async def wait(self) -> None:
        """Until there is something to do."""
        if self.knocking or self.gone or self.has_more():
            return
        self._waiter = self.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Mailbox(Waiting):
    """What waits for one stream. Bounded: who reads too slowly gets a resync instead."""

    def __init__(self) -> None:
        super().__init__()
        self._events: dict[Hashable, bytes] = {}
        self._bytes = 0
        self._state: bytes | None = None
        self._shown: bytes | None = None

    def put(self, event: Event) -> None:
        if event.name == ACCESS_CHANGED:
            self.knock()
            return
        superseded = self._events.pop(event.about, b"")
        self._events[event.about] = event.wire
        self._bytes += len(event.wire) - len(superseded)
        if len(self._events) > MAX_WAITING or self._bytes > MAX_WAITING_BYTES:
            self._resync()
        self.wake()

    def missed(self) -> None:
        self._resync()
        self.knock()

    def show(self, state: bytes) -> None:
        """An event of which only the newest counts; a resync does not drop it."""
        if state != self._shown:
            self._state = self._shown = state
            self.wake()

    def has_more(self) -> bool:
        return bool(self._events) or self._state is not None

    def take(self) -> bytes:
        """Everything that waits, as one piece."""
        parts = list(self._events.values())
        if self._state is not None:
            parts.append(self._state)
        self._events.clear()
        self._bytes, self._state = 0, None
        # One part, as nearly always, is not copied: all streams send the same bytes.
        return b"".join(parts)

    def _resync(self) -> None:
        self._events = {RESYNC: RESYNC}
        self._bytes = len(RESYNC)


def crosses_processes() -> bool:
    """Whether events travel between processes; on SQLite one process serves all."""
    return connection.vendor == "postgresql"


def _payload(channel: str, name: str, data: dict[str, Any]) -> str:
    text = json.dumps([channel, name, data], ensure_ascii=False, separators=(",", ":"))
    if text.isascii() or text.isprintable():
        return text
    # Half a surrogate pair cannot be written in UTF-8.
    return json.dumps([channel, name, data], separators=(",", ":"))


def _that_fits(channel: str, name: str, data: dict[str, Any], small: dict[str, Any] | None) -> tuple[Event, str]:
    """The event with the most that fits, and its payload: the data, the small data, or only that all must be read."""
    for title, content in ((name, data), (name, small), ("", {})):
        if content is not None and len((payload := _payload(channel, title, content)).encode()) <= MAX_NOTIFY:
            return event(channel, title, content), payload
    raise ValueError(channel)


def publish(channel: str, name: str, data: dict[str, Any], small: dict[str, Any] | None = None) -> None:
    """Announce something; it goes out when the present transaction commits, and not at all when it does not.

    `small` goes instead of data that is too big for a notification (some 8,000 bytes, on every database): the page
    then fetches what it misses. Without it, or when that is too big as well, the page reads everything again.
    """
    publish_made(channel, name, lambda: (data, small))


def publish_made(channel: str, name: str, make: Callable[[], tuple[dict[str, Any], dict[str, Any] | None]]) -> None:
    """`publish` what `make` gives: within one process it is not made when nobody listens at the commit."""
    if crosses_processes():
        _announced, payload = _that_fits(channel, name, *make())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [PG_CHANNEL, payload])
    else:
        transaction.on_commit(
            lambda: hub.deliver(_that_fits(channel, name, *make())[0]) if hub.hears(channel) else None
        )


async def listen() -> None:
    """Run for the life of a process on PostgreSQL: hands what other processes announce to this one's streams."""
    import psycopg

    parameters = connection.get_connection_params()
    parameters = {key: parameters[key] for key in ("host", "port", "dbname", "user", "password") if parameters.get(key)}
    broken = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as listening:
                await listening.execute(f"LISTEN {PG_CHANNEL}")
                if broken:
                    hub.missed()
                async for notice in listening.notifies():
                    channel, name, data = json.loads(notice.payload)
                    hub.deliver(event(channel, name, data))
        except psycopg.Error:
            broken = True
            logger.warning("The connection that listens for events broke; trying again in a second.", exc_info=True)
        await asyncio.sleep(1)
