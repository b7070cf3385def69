"""Events from a commit to the open pages: within the process, and between processes by LISTEN/NOTIFY on PostgreSQL.

A verb calls `publish` inside its transaction; after the commit every stream that `subscribe`s to the channel gets it.
An event says that something changed and where; who may see what is read again through the door.
"""

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

logger = logging.getLogger(__name__)

PG_CHANNEL: Final = "koers"
MAX_NOTIFY: Final = 7_500
MAX_WAITING: Final = 100


@dataclass(frozen=True)
class Event:
    """What happened on a channel. `name` is empty when events were dropped: the page should read everything again."""

    channel: str
    name: str
    data: dict[str, Any]


def workbook_channel(workbook_id: UUID) -> str:
    return f"workbook:{workbook_id}"


def person_channel(user_id: int) -> str:
    """What changes the rights of a person: her streams check the door again."""
    return f"person:{user_id}"


class _Subscriber:
    def __init__(self, channels: frozenset[str]) -> None:
        self.channels = channels
        self.loop = asyncio.get_running_loop()
        self.queue: asyncio.Queue[Event] = asyncio.Queue(MAX_WAITING)

    def put(self, event: Event) -> None:
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            event = Event(event.channel, "", {})
        self.queue.put_nowait(event)


class _Hub:
    """The streams of this process, by channel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: dict[str, set[_Subscriber]] = {}

    def add(self, subscriber: _Subscriber) -> None:
        with self._lock:
            for channel in subscriber.channels:
                self._subscribers.setdefault(channel, set()).add(subscriber)

    def remove(self, subscriber: _Subscriber) -> None:
        with self._lock:
            for channel in subscriber.channels:
                others = self._subscribers.get(channel, set())
                others.discard(subscriber)
                if not others:
                    self._subscribers.pop(channel, None)

    def deliver(self, event: Event) -> None:
        """From any thread: hand an event to the streams of its channel."""
        with self._lock:
            subscribers = list(self._subscribers.get(event.channel, ()))
        for subscriber in subscribers:
            # A loop that is closing no longer needs the event.
            with contextlib.suppress(RuntimeError):
                subscriber.loop.call_soon_threadsafe(subscriber.put, event)


hub: Final = _Hub()


def publish(channel: str, name: str, data: dict[str, Any]) -> None:
    """Announce something; it goes out when the present transaction commits, and not at all when it does not."""
    event = Event(channel, name, data)
    if connection.vendor == "postgresql":
        payload = json.dumps([channel, name, data])
        if len(payload.encode()) > MAX_NOTIFY:
            payload = json.dumps([channel, "", {}])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [PG_CHANNEL, payload])
    else:
        transaction.on_commit(lambda: hub.deliver(event))


@contextlib.asynccontextmanager
async def subscribe(*channels: str) -> AsyncIterator["asyncio.Queue[Event]"]:
    """The events of some channels, as a queue, from now on."""
    subscriber = _Subscriber(frozenset(channels))
    hub.add(subscriber)
    try:
        yield subscriber.queue
    finally:
        hub.remove(subscriber)


async def listen() -> None:
    """Run for the life of a process on PostgreSQL: hands what other processes announce to this one's streams."""
    import psycopg

    parameters = connection.get_connection_params()
    parameters = {key: parameters[key] for key in ("host", "port", "dbname", "user", "password") if parameters.get(key)}
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as listening:
                await listening.execute(f"LISTEN {PG_CHANNEL}")
                async for notice in listening.notifies():
                    channel, name, data = json.loads(notice.payload)
                    hub.deliver(Event(channel, name, data))
        except psycopg.Error:
            logger.warning("The connection that listens for events broke; trying again in a second.", exc_info=True)
        await asyncio.sleep(1)
