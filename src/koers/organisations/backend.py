"""Who is signed in: allauth's backend, which can be told accounts that were read together for a group of requests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from koers.organisations.models import User

_read: ContextVar[Mapping[int, User] | None] = ContextVar("koers_read_users", default=None)


@contextmanager
def read_together(users: Mapping[int, User]) -> Iterator[None]:
    """Within it, `get_user` looks among these accounts instead of asking for one at a time."""
    token = _read.set(users)
    try:
        yield
    finally:
        _read.reset(token)


class Backend(AuthenticationBackend):
    """Signs in by email and password."""

    def get_user(self, user_id: Any) -> User | None:
        users = _read.get()
        if users is None:
            found: User | None = super().get_user(user_id)
            return found
        user = users.get(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
