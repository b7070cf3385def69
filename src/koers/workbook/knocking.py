"""Who may read a workbook now, asked by open streams: those that knock at the same time are answered together.

The same checks as the pages: Django's own of session and account, and the one door (`access.workbooks_for`).
"""

import asyncio
import contextvars
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from koers.editions.structure import Edition
from koers.organisations.access import Ability, abilities
from koers.organisations.models import User
from koers.organisations.sessions import people_of
from koers.workbook.access import workbooks_for

MAX_TOGETHER: Final = 64
SIGNED_OUT, REVOKED = "signed-out", "revoked"

T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """Who may read the workbook now, and as what."""

    user: User
    role: str
    edition: Edition


# Who reads, or why she may not (any more): the name of the event that ends a stream.
Answer = Reader | str


@dataclass(frozen=True)
class Knock:
    """Somebody at the door of a workbook, with the cookies of her browser."""

    request: HttpRequest
    workbook_id: uuid.UUID

    @property
    def session_key(self) -> str:
        return session_key(self.request)


def session_key(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")


def answers_to(knocks: Sequence[Knock]) -> list[Answer]:
    """In a thread: what each gets to hear. Three queries, however many knock."""
    people = people_of({knock.session_key for knock in knocks})
    doors = workbooks_for(
        {(people[knock.session_key].pk, knock.workbook_id) for knock in knocks if knock.session_key in people}
    )
    answers: list[Answer] = []
    for knock in knocks:
        user = people.get(knock.session_key)
        workbook = doors.get((user.pk, knock.workbook_id)) if user else None
        if user is None:
            answers.append(SIGNED_OUT)
        elif workbook is None or Ability.READ not in abilities(workbook.role):
            answers.append(REVOKED)
        else:
            answers.append(Reader(user, workbook.role, workbook.edition))
    return answers


async def in_thread(work: Callable[..., T], *given: object) -> T:
    """Work with the database from the event loop; a connection that broke is not used again."""

    def run() -> T:
        try:
            return work(*given)
        finally:
            connection.close_if_unusable_or_obsolete()

    return await sync_to_async(run)()


_waiting: Final[dict[asyncio.AbstractEventLoop, list[tuple[Knock, "asyncio.Future[Answer]"]]]] = {}
_answering: Final[set["asyncio.Task[None]"]] = set()


async def knock(request: HttpRequest, workbook_id: uuid.UUID) -> Answer:
    """Ask at the door. Who comes while others are being answered is answered together with who else came."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Answer] = loop.create_future()
    queue = _waiting.get(loop)
    if queue is None:
        queue = _waiting[loop] = []
        # A fresh context: it answers more than the request that began it.
        task = loop.create_task(_answer(loop), context=contextvars.Context())
        _answering.add(task)
        task.add_done_callback(_answering.discard)
    queue.append((Knock(request, workbook_id), answer))
    return await answer


async def _answer(loop: asyncio.AbstractEventLoop) -> None:
    try:
        while batch := _waiting[loop][:MAX_TOGETHER]:
            del _waiting[loop][:MAX_TOGETHER]
            try:
                answers = await in_thread(answers_to, [each for each, _answer in batch])
            except Exception as error:
                for _knock, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_knock, answer), found in zip(batch, answers, strict=True):
                if not answer.done():
                    answer.set_result(found)
    finally:
        del _waiting[loop]
