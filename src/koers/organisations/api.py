"""The door of the API, whose key it is, and what she may open."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.security import HttpBearer

from koers.kit.api import Cursor, Limit, Page, Refusal, paged, replies
from koers.kit.tenancy import scope
from koers.organisations import limits
from koers.organisations.access import Ability, abilities, require
from koers.organisations.keys import recognised
from koers.organisations.models import Administration, ApiKey

router = Router(tags=["who"])
WRITING = frozenset(Ability) - {Ability.READ}


class KeyAuth(HttpBearer):
    """A key of the API. Who tries too many that are none has to wait; colleagues with a good one need not."""

    openapi_description = "A key of the API, made on the page of the administration: `Authorization: Bearer koers_…`"

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = recognised(token.strip())
        if key is None and not limits.may_try_key(request):
            raise Refusal(429, _("Too many requests with a key that is none. Wait a minute."))
        return key


def key_of(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def require_of_key(key: ApiKey, role: str, ability: Ability) -> None:
    """Raise `PermissionDenied` for what the person may not do now, and for writing with a key that only reads."""
    require(role, ability)
    if ability in WRITING and not key.may_write:
        raise PermissionDenied


@contextmanager
def opened_administration(request: HttpRequest, administration_id: uuid.UUID, ability: Ability) -> Iterator[ApiKey]:
    """The administration of the key, within its scope. Raises 404 for any other."""
    key = key_of(request)
    if key.administration_id != administration_id:
        raise Http404
    require_of_key(key, key.role, ability)
    with scope(administration_id):
        yield key


class AdministrationOut(Schema):
    id: uuid.UUID
    name: str
    kind: str
    nis: str
    role: str
    abilities: list[str]


class Me(Schema):
    name: str
    email: str
    language: str
    key: str
    may_write: bool
    expires_at: datetime
    last_used_on: date | None
    administration: AdministrationOut


def _administration(key: ApiKey) -> dict[str, Any]:
    found: Administration = key.administration
    return {
        "id": found.pk,
        "name": found.name,
        "kind": found.kind,
        "nis": found.nis,
        "role": key.role,
        "abilities": sorted(abilities(key.role)),
    }


@router.get("/me", response=replies(Me), summary="Who I am")
def me(request: HttpRequest) -> dict[str, Any]:
    """The person whose key it is, the key, and the administration that it opens."""
    key = key_of(request)
    return {
        "name": key.person.name,
        "email": key.person.email,
        "language": key.person.language,
        "key": key.name,
        "may_write": key.may_write,
        "expires_at": key.expires_at,
        "last_used_on": key.last_used_on,
        "administration": _administration(key),
    }


@router.get("/administrations", response=replies(Page[AdministrationOut]), summary="The administrations I may open")
def administrations(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """A key opens one administration: the list has one row."""
    items, following = paged([_administration(key_of(request))], limit, cursor)
    return {"items": items, "next": following}


@router.get("/administrations/{administration_id}", response=replies(AdministrationOut), summary="One administration")
def administration(request: HttpRequest, administration_id: uuid.UUID) -> dict[str, Any]:
    with opened_administration(request, administration_id, Ability.READ) as key:
        return _administration(key)
