"""What the pages about a place in a workbook share: who asks, about what, and where she goes back to."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from koers.kit.parts import render_part
from koers.organisations.access import Ability
from koers.workbook.models import Workbook
from koers.workbook.queries.talk import Place, Reader, place_at
from koers.workbook.views.asked import context_of, held_abilities, person


def reader(request: HttpRequest) -> Reader:
    return Reader(person(request), Ability.MANAGE in held_abilities(request))


def the_place(workbook: Workbook, section_id: str, field_key: str = "") -> Place:
    """The place; 404 when the edition has no such place."""
    place = place_at(workbook, section_id, field_key)
    if place is None:
        raise Http404
    return place


def asked_place(request: HttpRequest, workbook: Workbook) -> Place:
    """The place that the address names: ``?field=A.3/why`` or ``?section=A.3``."""
    return the_place(workbook, request.GET.get("section", ""), request.GET.get("field", ""))


def talk_address(workbook: Workbook, place: Place) -> str:
    return f"{reverse('talk', args=[workbook.pk])}?{place.query}"


def back_to_talk(workbook: Workbook, place: Place, at: str = "") -> HttpResponse:
    """To the talk about a place, at an element of it."""
    return redirect(f"{talk_address(workbook, place)}{'#' + at if at else ''}")


def show(
    request: HttpRequest, workbook: Workbook, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the workbook, or its content alone for the panel."""
    return render_part(request, f"workbook/talk/{template}", context_of(request, workbook, **context), status)
