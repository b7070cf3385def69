"""Who may read a workbook now, asked by open streams: those that knock at the same time are answered together.

The same checks as the pages: Django's own of session and account, and the one door (`access.workbooks_for`).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from koers.editions.structure import Edition
from koers.kit.grouping import Questions
from koers.organisations.access import Ability, abilities
from koers.organisations.models import User
from koers.organisations.sessions import people_of
from koers.workbook.access import workbooks_for

MAX_TOGETHER: Final = 64
SIGNED_OUT, REVOKED = "signed-out", "revoked"


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


_door: Final = Questions(answers_to, MAX_TOGETHER)


async def knock(request: HttpRequest, workbook_id: uuid.UUID) -> Answer:
    """Ask at the door. Who comes while others are being answered is answered together with who else came."""
    return await _door.ask(Knock(request, workbook_id))
