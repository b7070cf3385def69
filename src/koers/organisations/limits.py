"""Limits on how often somebody may try, beside those on signing in (`ACCOUNT_RATE_LIMITS`).

Counted in the cache. The client is the address that the server names (only trusted proxies may change that): no header
that a visitor can write is read here.
"""

from typing import Final

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest

LIMITS: Final = {"guess": "20/m/ip", "invite": "60/h/user", "key": "20/m/ip"}


def _count(request: HttpRequest, action: str, *, dry_run: bool = False) -> bool:
    return bool(consume(request, app="koers", action=action, config=LIMITS, limit_get=True, dry_run=dry_run))


def may_guess(request: HttpRequest) -> bool:
    """Whether this client has not opened too many links that lead to no invitation."""
    return _count(request, "guess", dry_run=True)


def count_guess(request: HttpRequest) -> None:
    _count(request, "guess")


def may_invite(request: HttpRequest) -> bool:
    """Count an invitation that is about to be mailed; False when this person sent too many."""
    return _count(request, "invite")


def may_try_key(request: HttpRequest) -> bool:
    """Count a key of the API that is none; False when this client tried too many."""
    return _count(request, "key")
