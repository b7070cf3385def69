"""What comes from a participant's browser, read and checked: the same for the fast path and for the Django views."""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koers.assessment.actions.joining import Joining
from koers.assessment.actions.rooms import Deed, Reply, perform
from koers.assessment.live.flood import buckets
from koers.assessment.live.seats import digest, new_secret, secret_of

MAX_BODY: Final = 16_000
DEEDS: Final = frozenset({"vote", "idea", "unidea", "points", "leave"})


def is_ours(request: HttpRequest) -> bool:
    """Whether a request that changes something comes from a page of ours: no other site can send this Origin.

    A browser sends it with everything that changes something; what is no browser has no cookie that it could misuse.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
    if origin == f"{'https' if request.is_secure() else 'http'}://{request.get_host()}":
        return True
    return any(_matches(origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _matches(origin: str, trusted: str) -> bool:
    given, known = urlsplit(origin), urlsplit(trusted)
    if given.scheme != known.scheme:
        return False
    host = known.netloc
    return given.netloc.endswith(host[1:]) if host.startswith("*.") else given.netloc == host


def read_deed(request: HttpRequest, workshop_id: uuid.UUID, body: bytes, language: str) -> Deed | Reply:
    """What a participant asks; or why it is refused before anything is looked up."""
    if not is_ours(request):
        return int(HTTPStatus.FORBIDDEN), {"error": _("This did not come from a page of Koers.")}
    secret = secret_of(request, workshop_id)
    if not secret:
        return int(HTTPStatus.NOT_FOUND), {"error": _("You have no place in this workshop. Join it with the code.")}
    if len(body) > MAX_BODY:
        return int(HTTPStatus.REQUEST_ENTITY_TOO_LARGE), {"error": _("This is too long. Make it shorter.")}
    unreadable: Reply = int(HTTPStatus.BAD_REQUEST), {"error": _("This could not be read. Reload the page.")}
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return unreadable
    try:
        given: Any = json.loads(body)
    except (ValueError, RecursionError):
        return unreadable
    if not isinstance(given, dict) or not isinstance(given.get("deed"), str) or given["deed"] not in DEEDS:
        return unreadable
    return counted(Deed(workshop_id, digest(secret), given["deed"], given, language))


def counted(deed: Deed) -> Deed | Reply:
    """The deed, when its seat does not go too fast."""
    if buckets.take(deed.digest):
        return deed
    return int(HTTPStatus.TOO_MANY_REQUESTS), {"error": _("That went very fast. Wait a moment, then try again.")}


def do(deed: Deed) -> Reply:
    """One deed by itself: for the Django views."""
    (reply,) = perform([deed])
    return reply


# Joining


@dataclass(frozen=True)
class Joined:
    """What came of a code: 200 with the workshop and the secret of the seat, or the reason in words."""

    status: int
    error: str = ""
    workshop_id: uuid.UUID | None = None
    secret: str = ""


@dataclass(frozen=True)
class Ticket:
    """Somebody who joins, with the secret that her new seat would have, and that of the seat which she has."""

    joining: Joining
    secret: str
    known: str

    def joined(self, reply: Reply) -> Joined:
        status, content = reply
        if status != HTTPStatus.OK:
            return Joined(status, content["error"])
        return Joined(status, "", uuid.UUID(content["workshop"]), self.known if content["known"] else self.secret)


def ticket(request: HttpRequest, code: str, role: str, size: str | int, language: str) -> Ticket:
    secret, known = new_secret(), secret_of(request)
    people = int(size) if isinstance(size, int) or (size.isdecimal() and len(size) < 4) else 0
    joining = Joining(
        code, role, people if size else 1, digest(secret), digest(known) if known else "",
        request.META.get("REMOTE_ADDR", ""), language,
    )  # fmt: skip
    return Ticket(joining, secret, known)


def join(request: HttpRequest, code: str, role: str, size: str | int = 1) -> Joined:
    """Come in by a code, by way of a Django view."""
    asked = ticket(request, code, role, size, get_language() or settings.LANGUAGE_CODE)
    (reply,) = perform([asked.joining])
    return asked.joined(reply)
