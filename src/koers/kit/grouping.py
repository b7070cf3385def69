"""Doing together what many ask at the same moment: one writer thread that commits in groups, questions read in one go.

A commit on disk, or a query, costs about the same for one as for many.
"""

import asyncio
import contextlib
import contextvars
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

logger = logging.getLogger(__name__)

MAX_TOGETHER: Final = 256

Q = TypeVar("Q")
A = TypeVar("A")


class Job(Generic[Q, A]):
    """Something that was asked in an event loop, and waits for its answer there."""

    def __init__(self, asked: Q) -> None:
        self.asked = asked
        self.loop = asyncio.get_running_loop()
        self.reply: asyncio.Future[A] = self.loop.create_future()

    def answer(self, reply: A) -> None:
        """From any thread. The client, or the whole loop, may be gone by now."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._set, reply)

    def _set(self, reply: A) -> None:
        if not self.reply.done():
            self.reply.set_result(reply)


class Commit(Generic[Q, A]):
    """A kind of work of the writer: `handle` answers every job of a group; `failed` answers those that it could not."""

    def __init__(self, handle: Callable[[list[Job[Q, A]]], None], failed: Callable[[], A], name: str) -> None:
        self.handle, self.failed, self.name = handle, failed, name

    def run(self, batch: list[Job[Q, A]]) -> None:
        try:
            connection.close_if_unusable_or_obsolete()
            self.handle(batch)
        except Exception:
            logger.exception("A group of %s failed.", self.name)
            for job in batch:
                job.answer(self.failed())


class GroupWriter:
    """One thread a process that takes the jobs that wait and lets those of a kind be committed in one transaction.

    All kinds share it: on SQLite there is one writer at a time anyway.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Commit[Any, Any], Job[Any, Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="koers-writer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Finish what was handed in, then end."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(timeout=30)
            self._thread = None

    def hand_in(self, commit: Commit[Q, A], job: Job[Q, A]) -> None:
        self.start()
        self._jobs.put((commit, job))

    async def done(self, commit: Commit[Q, A], asked: Q) -> A:
        """Hand in, and wait until it was committed."""
        job: Job[Q, A] = Job(asked)
        self.hand_in(commit, job)
        return await job.reply

    def _run(self) -> None:
        running = True
        while running:
            batch: dict[Commit[Any, Any], list[Job[Any, Any]]] = {}
            taken, given = 0, self._jobs.get()
            while True:
                if given is None:
                    running = False
                    break
                batch.setdefault(given[0], []).append(given[1])
                taken += 1
                if taken >= MAX_TOGETHER:
                    break
                try:
                    given = self._jobs.get_nowait()
                except queue.Empty:
                    break
            for commit, jobs in batch.items():
                commit.run(jobs)
        connection.close()


class Questions(Generic[Q, A]):
    """Questions to the database from an event loop: who asks while others are being answered is answered together with
    who else came. `read` runs in a thread and gives an answer to each. With `linger` it waits so long for others.
    """

    def __init__(
        self, read: Callable[[Sequence[Q]], Sequence[A]], together: int = MAX_TOGETHER, linger: float = 0.0
    ) -> None:
        self._read, self._together, self._linger = read, together, linger
        self._waiting: dict[asyncio.AbstractEventLoop, list[Job[Q, A]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Q) -> A:
        loop = asyncio.get_running_loop()
        job: Job[Q, A] = Job(asked)
        waiting = self._waiting.get(loop)
        if waiting is None:
            waiting = self._waiting[loop] = []
            # A fresh context: it answers more than the request that began it.
            task = loop.create_task(self._answer(loop), context=contextvars.Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        waiting.append(job)
        return await job.reply

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            await asyncio.sleep(self._linger)
            while batch := self._waiting[loop][: self._together]:
                del self._waiting[loop][: self._together]
                try:
                    answers = await in_thread(self._read, [job.asked for job in batch])
                except Exception as error:
                    for job in batch:
                        if not job.reply.done():
                            job.reply.set_exception(error)
                    continue
                for job, answer in zip(batch, answers, strict=True):
                    if not job.reply.done():
                        job.reply.set_result(answer)
        finally:
            del self._waiting[loop]


async def in_thread(work: Callable[..., A], *given: object) -> A:
    """Work with the database from the event loop; a connection that broke is not used again."""

    def run() -> A:
        try:
            return work(*given)
        finally:
            connection.close_if_unusable_or_obsolete()

    return await sync_to_async(run)()
