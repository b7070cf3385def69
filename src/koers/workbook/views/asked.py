"""What a request asks for, and who asks it."""

from typing import Any

from django.http import Http404, HttpRequest

from koers.editions.structure import Field, Section
from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.models import Workbook

_DIGITS = 10
_LARGEST = 2**31 - 1


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def held_abilities(request: HttpRequest) -> frozenset[Ability]:
    held: frozenset[Ability] = request.abilities  # type: ignore[attr-defined]
    return held


def context_of(request: HttpRequest, workbook: Workbook, **more: Any) -> dict[str, Any]:
    """What every page of a workbook shows."""
    return {"workbook": workbook, "edition": workbook.edition, "abilities": held_abilities(request), **more}


def field_asked(workbook: Workbook, key: str) -> Field:
    """The field of the workbook with this key, or 404."""
    field = workbook.edition.fields.get(key)
    if field is None:
        raise Http404
    return field


def section_asked(workbook: Workbook, section_id: str) -> Section:
    """The section of the workbook with this number, or 404."""
    section = workbook.edition.sections.get(section_id)
    if section is None:
        raise Http404
    return section


def number_asked(given: str | None) -> int | None:
    """A number in an address; None when none was given, 404 for anything else."""
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= _DIGITS) or int(given) > _LARGEST:
        raise Http404
    return int(given)
