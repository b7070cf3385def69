"""Who is signed in, for many sessions at once: Django's own check of session and account, with two queries.

The check decides by nothing but what stands in the two rows, so for the same rows it is done once.
"""

import functools
import json
from collections.abc import Collection
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from koers.organisations.backend import read_together
from koers.organisations.models import User

# What the check and who uses its answer need of an account, in the order of the model; more is read when asked for.
_USER: Final = tuple(
    field.attname
    for field in User._meta.concrete_fields
    if field.attname in {"id", "password", "is_active", "name", "email"}
)


class _ReadSession(SessionStore):
    """A session whose data was read already."""

    def __init__(self, session_key: str, data: dict[str, Any]) -> None:
        super().__init__(session_key)
        self._read = data

    def load(self) -> dict[str, Any]:
        return self._read


@functools.lru_cache(maxsize=4096)
def _decoded(data: str) -> dict[str, Any]:
    """The content of a session, which its signed text alone decides."""
    decoded: dict[str, Any] = SessionStore().decode(data)
    return decoded


@functools.lru_cache(maxsize=4096)
def _checked(session_key: str, data: str, row: tuple[Any, ...]) -> User | None:
    request = HttpRequest()
    request.session = _ReadSession(session_key, json.loads(data))
    user = User.from_db(None, _USER, row)
    with read_together({user.pk: user}):
        found = get_user(request)
    return found if isinstance(found, User) else None


def people_of(session_keys: Collection[str]) -> dict[str, User]:
    """The person of each session that is still valid, by its key. The accounts are for reading only: they are kept."""
    valid = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    sessions = {key: _decoded(data) for key, data in valid.values_list("session_key", "session_data")}
    ids = {key: str(data.get(SESSION_KEY, "")) for key, data in sessions.items()}
    wanted = {int(each) for each in ids.values() if each.isdecimal()}
    rows = {str(row[_USER.index("id")]): row for row in User.objects.filter(pk__in=wanted).values_list(*_USER)}
    people = {}
    for key, data in sessions.items():
        row = rows.get(ids[key])
        user = _checked(key, json.dumps(data, sort_keys=True), row) if row else None
        if user is not None:
            people[key] = user
    return people
