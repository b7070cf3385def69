"""One screen that listens to a room: what waits for it, of everything only the newest."""

import asyncio
from collections.abc import Callable
from typing import Final

from koers.kit import events

# Beyond so many changes that a slow screen did not read, it gets the whole state instead.
MAX_CHANGES: Final = 40


class Line(events.Waiting):
    """What waits for one stream. `seat` is of a participant, `code` what the link of a projector was made with."""

    def __init__(self, *, seat: int | None = None, code: str = "") -> None:
        super().__init__()
        self.seat, self.code = seat, code
        self.task = asyncio.current_task()
        self.ending = ""
        self.given_up = False
        self.waiting_since: float | None = None
        self._state = self._count = b""
        self._changes: list[bytes] = []
        self._alive = b""

    # From the room

    def show(self, state: bytes) -> None:
        """The whole state: what waited is in it."""
        self._state, self._count = state, b""
        self._changes.clear()
        self.wake()

    def add(self, change: bytes, state: Callable[[], bytes]) -> None:
        if len(self._changes) >= MAX_CHANGES:
            self.show(state())
            return
        self._changes.append(change)
        self.wake()

    def count(self, counts: bytes) -> None:
        self._count = counts
        self.wake()

    def end(self, why: str) -> None:
        self.ending = self.ending or why
        self.wake()

    def beat(self, seconds: float) -> None:
        """A sign of life, and a knock on the door; who did not read the last one any more is let go."""
        since = self.waiting_since
        if since is not None and self.loop.time() - since > seconds and self.task is not None:
            self.given_up = True
            self.task.cancel()
            return
        self._alive = b": still here\n\n"
        self.knock()

    # A host's rights

    def put(self, event: events.Event) -> None:
        if event.name == events.ACCESS_CHANGED:
            self.knock()

    def missed(self) -> None:
        self.knock()

    # To the stream

    def has_more(self) -> bool:
        return bool(self._state or self._count or self._changes or self.ending)

    def take(self) -> bytes:
        """Everything that waits, as one piece."""
        parts = [part for part in (self._state, *self._changes, self._count, self._alive) if part]
        self._state = self._count = self._alive = b""
        self._changes.clear()
        return parts[0] if len(parts) == 1 else b"".join(parts)
