"""The addresses of live workshops by way of Django: the same as the fast path does, for page servers and tests."""

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from koers.assessment.actions.rooms import Deed
from koers.assessment.actions.workshops import OutOfStep
from koers.assessment.live import hosting, participating
from koers.assessment.live.codes import workshop_of_token
from koers.assessment.live.seats import COOKIE, seat_for, secret_of
from koers.assessment.live.state import host_state, mine_of, public_state, screen_state
from koers.assessment.models import Workshop
from koers.kit.tenancy import scope
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook


def _json(content: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(content, status=status)
    patch_cache_control(response, no_store=True)
    return response


def base_of(request: HttpRequest) -> str:
    """The address of the site as this browser knows it."""
    return request.build_absolute_uri("/")


# The room


@require_safe
def room_state(request: HttpRequest, workshop_id: uuid.UUID) -> HttpResponse:
    """The state of the room, and what this participant gave."""
    seat = seat_for(workshop_id, secret_of(request, workshop_id))
    if seat is None or seat.workshop is None:
        raise Http404
    with scope(seat.administration_id):
        (mine,) = mine_of([(seat.workshop, seat)])
        return _json({"state": public_state(seat.workshop), "mine": mine})


@csrf_exempt
@require_POST
def room_do(request: HttpRequest, workshop_id: uuid.UUID) -> HttpResponse:
    """A deed of a participant. Other sites are kept out by the cookie, the kind of content and the Origin."""
    asked = participating.read_deed(request, workshop_id, request.body, get_language() or "nl")
    status, content = participating.do(asked) if isinstance(asked, Deed) else asked
    response = _json(content, status)
    if content.get("left") and not content["kept"]:
        response.delete_cookie(COOKIE)
    return response


# The projector


@require_safe
def screen_json(request: HttpRequest, token: str) -> HttpResponse:
    """What the projector shows, for who has its link."""
    workshop = workshop_of_token(token)
    if workshop is None:
        raise Http404
    with scope(workshop.administration_id):
        return _json(screen_state(workshop, base_of(request)))


# The console


def workshop_for(workbook: Workbook, workshop_id: uuid.UUID) -> Workshop:
    """A workshop of this workbook, or 404."""
    found = Workshop.objects.select_related("measurement", "step").filter(
        pk=workshop_id, measurement__workbook_id=workbook.pk
    )
    workshop = found.first()
    if workshop is None:
        raise Http404
    workshop.measurement.workbook = workbook
    return workshop


@require_safe
@opens_workbook(Ability.COMPOSE)
def console_state(request: HttpRequest, workbook: Workbook, workshop_id: uuid.UUID) -> HttpResponse:
    return _json(host_state(workshop_for(workbook, workshop_id), base_of(request)))


@require_POST
@opens_workbook(Ability.COMPOSE)
def console_do(request: HttpRequest, workbook: Workbook, workshop_id: uuid.UUID) -> HttpResponse:
    """A deed of a host: JSON gets the new state; a form goes back to the console."""
    assert isinstance(request.user, User)
    workshop = workshop_for(workbook, workshop_id)
    is_json = request.content_type == "application/json"
    status, error = HTTPStatus.OK, ""
    try:
        hosting.do(workshop, _given(request, is_json=is_json), request.user)
    except hosting.UnreadableDeed:
        status, error = HTTPStatus.BAD_REQUEST, hosting.unreadable()
    except OutOfStep as refused:
        status, error = HTTPStatus.CONFLICT, str(refused)
    except DeedRefused as refused:
        status, error = HTTPStatus.UNPROCESSABLE_ENTITY, str(refused)
    if not is_json:
        if error:
            messages.error(request, error)
        return redirect(request.path.removesuffix("do"))
    present = host_state(workshop_for(workbook, workshop_id), base_of(request))
    return _json({"error": error, "state": present} if error else present, status)


def _given(request: HttpRequest, *, is_json: bool) -> Any:
    try:
        if is_json:
            return json.loads(request.body)
        given: dict[str, Any] = {**request.POST.dict(), "ids": request.POST.getlist("ids")}
        return {**given, "value": json.loads(given["value"])} if given.get("value") else given
    except (ValueError, RecursionError):
        raise hosting.UnreadableDeed("body") from None
