"""The rooms of a process: one a workshop that is listened to, which reads it once for all its screens.

A vote only says that something changed. Each process reads the counts and sends them at most four times a second: the
first at once, then every quarter of a second. So a burst of votes costs a process four small reads a second, however
many votes there are, and however many processes. Everything here runs in one event loop.
"""

import asyncio
import contextvars
import json
import logging
import time
import uuid
from dataclasses import dataclass, replace
from typing import Any, Final

from koers.assessment.actions.workshops import workshop_channel
from koers.assessment.live.codes import code_holds
from koers.assessment.live.counting import Counts, counts_of
from koers.assessment.live.lines import Line
from koers.assessment.live.state import public_state, visible_ideas
from koers.assessment.models import Phase, Respondent, Status, Workshop
from koers.kit import events
from koers.kit.grouping import in_thread
from koers.kit.tenancy import unscoped

logger = logging.getLogger(__name__)

SEND_SECONDS: Final = 0.25
BEAT_SECONDS: Final = 20.0
IDLE_SECONDS: Final = 40.0
RETRY_SECONDS: Final = 1.0
# A state that is larger is fetched by the pages; their answers come from the bytes that the room keeps.
MAX_STATE: Final = 7_990


@dataclass(frozen=True)
class View:
    """A workshop as it was read. `ideas` stands apart from `state`, because it may grow while the version stays."""

    version: int
    status: str
    code: str
    state: dict[str, Any]
    counts: Counts
    ideas: dict[int, dict[str, Any]]


def read_view(workshop_id: uuid.UUID, known: View | None) -> View | None:
    """In a thread: how the workshop stands. When no host did anything since, only what participants change."""
    with unscoped():
        found = Workshop.objects.select_related("measurement", "step").filter(pk=workshop_id)
        workshop = found.filter(measurement__workbook__deleted_at=None).first()
        if workshop is None:
            return None
        code = workshop.code if code_holds(workshop) else ""
        counts = counts_of(workshop)
        if known is None or known.version != workshop.version:
            state = public_state(workshop, counts)
            ideas = {each["id"]: each for each in state.pop("ideas")}
            del state["now"]
            return View(workshop.version, workshop.status, code, state, counts, ideas)
        ideas = known.ideas
        if workshop.phase == Phase.COLLECTING:
            ideas = {each["id"]: each for each in visible_ideas(workshop)}
        state = {**known.state, "joined": counts.joined, "voted": counts.voted}
        return replace(known, code=code, counts=counts, ideas=ideas, state=state)


def _seats_that_stand(pks: list[int]) -> set[int]:
    with unscoped():
        seats = Respondent.objects.filter(pk__in=pks, withdrawn_at=None).exclude(digest=None)
        return set(seats.values_list("pk", flat=True))


class Room:
    """One workshop in one event loop: what was read last, and the lines to its screens."""

    def __init__(self, workshop_id: uuid.UUID) -> None:
        self.workshop_id = workshop_id
        self.loop = asyncio.get_running_loop()
        self.lines: set[Line] = set()
        self.view: View | None = None
        self.used = self.loop.time()
        self._tail: bytes | None = None
        self._sent_at = -SEND_SECONDS
        self._changed = self._moved = True
        self._wake = asyncio.Event()
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        events.hub.join(self, workshop_channel(workshop_id))
        for work in (self._follow(), self._beat()):
            # A fresh context: it serves more than the request that opened the room.
            self._tasks.append(self.loop.create_task(work, context=contextvars.Context()))

    def close(self) -> None:
        events.hub.leave(self, workshop_channel(self.workshop_id))
        for task in self._tasks:
            task.cancel()

    # What is announced

    def put(self, event: events.Event) -> None:
        if event.name == "gone":
            self._let_go(set(event.data["seats"]))
        elif event.name != "count":
            self._moved = True
        self._changed = True
        self._wake.set()

    def missed(self) -> None:
        self._changed = self._moved = True
        self._wake.set()

    def _let_go(self, seats: set[int]) -> None:
        for line in self.lines:
            if line.seat in seats:
                line.end("seat")

    async def ready(self) -> View | None:
        """What was read last; None: there is no such workshop."""
        self.used = self.loop.time()
        await self._ready.wait()
        return self.view

    # Reading and sending

    async def _follow(self) -> None:
        while True:
            await self._wake.wait() if not self._changed else None
            self._wake.clear()
            await self._wait_for_turn()
            moved, self._changed, self._moved = self._moved, False, False
            try:
                view = await in_thread(read_view, self.workshop_id, self.view)
            except Exception:
                logger.exception("A room could not be read.")
                self._changed, self._moved = True, moved
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._show(view)
            self._ready.set()

    async def _wait_for_turn(self) -> None:
        """Counts wait for their turn; what a host did is shown at once."""
        while not self._moved and (left := self._sent_at + SEND_SECONDS - self.loop.time()) > 0:
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                return
            self._wake.clear()

    def _show(self, view: View | None) -> None:
        before, self.view, self._tail = self.view, view, None
        if view is None:
            self._end_all("workshop")
            return
        if before is None or before.version != view.version:
            self._send(self.state_event())
        else:
            self._send_changes(before, view)
        if view.status == Status.ENDED:
            self._end_all("workshop")
        for line in self.lines:
            if line.code and line.code != view.code:
                line.end("link")

    def _send_changes(self, before: View, view: View) -> None:
        if view.ideas != before.ideas:
            added = [idea for pk, idea in view.ideas.items() if before.ideas.get(pk) != idea]
            gone = [pk for pk in before.ideas if pk not in view.ideas]
            self._sent_at = self.loop.time()
            wire = events.server_sent("ideas", {"v": view.version, "added": added, "gone": gone})
            for line in self.lines:
                line.add(wire, self.state_event)
        if view.counts != before.counts:
            self._sent_at = self.loop.time()
            counts = view.counts
            told = {"v": view.version, "joined": counts.joined, "voted": counts.voted, "ideas": counts.ideas}
            wire = events.server_sent("count", told)
            for line in self.lines:
                line.count(wire)

    def _send(self, wire: bytes) -> None:
        self._sent_at = self.loop.time()
        for line in self.lines:
            line.show(wire)

    def _end_all(self, why: str) -> None:
        for line in self.lines:
            line.end(why)

    def state_json(self) -> bytes:
        """The public state as it is now. All but the time is made once for each change."""
        assert self.view is not None
        if self._tail is None:
            whole = {**self.view.state, "ideas": list(self.view.ideas.values())}
            self._tail = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")[1:]
        return b'{"now":%d,%b' % (int(time.time() * 1000), self._tail)

    def state_event(self) -> bytes:
        assert self.view is not None
        state = self.state_json()
        if len(state) > MAX_STATE:
            return events.server_sent("state", {"v": self.view.version})
        return b"event: state\ndata: %b\n\n" % state

    # The lines

    def enter(self, line: Line) -> None:
        self.lines.add(line)

    def leave(self, line: Line) -> None:
        self.lines.discard(line)
        self.used = self.loop.time()

    async def _beat(self) -> None:
        """Now and then: a sign of life, a look at the seats, and the end of lines that nobody reads any more."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if not self.lines and self.loop.time() - self.used > IDLE_SECONDS:
                close_room(self)
                return
            try:
                await self._look()
            except Exception:
                logger.exception("The seats of a room could not be read.")

    async def _look(self) -> None:
        seats = [line.seat for line in self.lines if line.seat is not None]
        standing = await in_thread(_seats_that_stand, seats) if seats else set()
        self._let_go(set(seats) - standing)
        self._changed = True
        self._wake.set()
        for line in list(self.lines):
            line.beat(BEAT_SECONDS)


_rooms: Final[dict[tuple[asyncio.AbstractEventLoop, uuid.UUID], Room]] = {}


def room_of(workshop_id: uuid.UUID) -> Room:
    """The room of a workshop in this process, opened when nobody listened yet."""
    key = (asyncio.get_running_loop(), workshop_id)
    room = _rooms.get(key)
    if room is None:
        room = _rooms[key] = Room(workshop_id)
    return room


def close_room(room: Room) -> None:
    _rooms.pop((room.loop, room.workshop_id), None)
    room.close()


def close_rooms() -> None:
    """At the end of a process, or of a test: in the loop of the rooms."""
    loop = asyncio.get_running_loop()
    for room in [each for each in _rooms.values() if each.loop is loop]:
        close_room(room)
