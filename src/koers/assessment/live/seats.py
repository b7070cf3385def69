"""The seat of a participant: a secret in a cookie of her browser, of which only a digest is kept.

One browser has one seat, that of the workshop that it joined last: ``koers_seat=<workshop>.<secret>``.
"""

import functools
import secrets
import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from koers.assessment.models import Respondent
from koers.kit.tenancy import unscoped
from koers.organisations.actions import digest_of

COOKIE: Final = "koers_seat"
LASTS: Final = timedelta(hours=16)


def new_secret() -> str:
    return secrets.token_urlsafe(18)


@functools.lru_cache(maxsize=8192)
def digest(secret: str) -> str:
    return digest_of(f"seat:{secret}")


def read_cookie(value: str) -> tuple[uuid.UUID, str] | None:
    """Which workshop the cookie is of, and the secret."""
    name, _dot, secret = value.partition(".")
    if len(name) != 32 or not 8 <= len(secret) <= 64:
        return None
    try:
        return uuid.UUID(name), secret
    except ValueError:
        return None


def secret_of(request: HttpRequest, workshop_id: uuid.UUID | None = None) -> str:
    """The secret of the seat that this browser has (in this workshop, when one is named); empty without one."""
    read = read_cookie(request.COOKIES.get(COOKIE, ""))
    return read[1] if read is not None and workshop_id in {None, read[0]} else ""


def seat_for(workshop_id: uuid.UUID, secret: str) -> Respondent | None:
    """The door of the room: the participant with her workshop, whatever its state; None: she has no seat there."""
    if not secret:
        return None
    with unscoped():
        seats = Respondent.objects.select_related("workshop").filter(
            workshop_id=workshop_id, digest=digest(secret), withdrawn_at=None,
            workshop__measurement__workbook__deleted_at=None,
        )  # fmt: skip
        # Five hundred phones ask this at once: no order to think of, no table that the page may not need.
        return next(iter(seats), None)


def cookie_value(workshop_id: uuid.UUID, secret: str) -> str:
    return f"{workshop_id.hex}.{secret}"


def give_seat(response: HttpResponseBase, workshop_id: uuid.UUID, secret: str) -> None:
    """Let this browser keep its seat for the day: nothing that another site can read or send along."""
    given: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    response.set_cookie(COOKIE, cookie_value(workshop_id, secret), max_age=int(LASTS.total_seconds()), **given)
