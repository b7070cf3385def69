"""The pages of a live workshop: to join, the participant's own, the same without scripts, and the projector."""

import functools
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.assessment.actions.rooms import POINTS, Deed
from koers.assessment.forms.answers import posted_answer
from koers.assessment.forms.rooms import JoinForm, read_join_form
from koers.assessment.instruments.structure import Question
from koers.assessment.live import participating
from koers.assessment.live.codes import read_code, workshop_of_token
from koers.assessment.live.seats import COOKIE, digest, give_seat, read_cookie, seat_for, secret_of
from koers.assessment.live.state import question_of
from koers.assessment.live.words import words_json
from koers.assessment.models import Respondent, Role, Status, Workshop
from koers.assessment.queries.rooms import has_ended, plain_room
from koers.kit import richtext
from koers.kit.tenancy import scope
from koers.organisations.language import keep_language

# Joining

# Which part of the form an answer of the door is about.
_ABOUT: Final = {HTTPStatus.NOT_FOUND: "code", HTTPStatus.UNPROCESSABLE_ENTITY: "role"}


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Come in by a code. No cookie is needed before: other sites are kept out by the Origin."""
    if request.method != "POST":
        return _join_page(request, JoinForm(code=_tidy(request.GET.get("code", ""))))
    asked = read_join_form(request.POST)
    if not participating.is_ours(request):
        asked.errors["whole"] = _("This did not come from a page of Koers.")
        return _join_page(request, asked, HTTPStatus.FORBIDDEN)
    if not asked.check():
        return _join_page(request, asked, HTTPStatus.UNPROCESSABLE_ENTITY)
    joined = participating.join(request, asked.code, asked.role, asked.people)
    if joined.workshop_id is None:
        about = {HTTPStatus.NOT_FOUND: "code", HTTPStatus.UNPROCESSABLE_ENTITY: "role"}.get(
            HTTPStatus(joined.status), ""
        )
        asked.errors[about or "whole"] = joined.error
        status = HTTPStatus.UNPROCESSABLE_ENTITY if about else HTTPStatus(joined.status)
        return _join_page(request, asked, status)
    plain = request.POST.get("plain")
    response = redirect("room_plain" if plain else "room", joined.workshop_id)
    give_seat(response, joined.workshop_id, joined.secret)
    return response


@csrf_exempt
@require_POST
def room_language(request: HttpRequest) -> HttpResponse:
    """The language of a phone that takes part: kept in the browser alone, so the Origin says enough.

    A token on these pages would cost more than the rest of them when hundreds come in at once.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("join")
    response = redirect(target)
    language = request.POST.get("language", "")
    if participating.is_ours(request) and language in dict(settings.LANGUAGES):
        keep_language(response, language)
    return response


def _tidy(code: str) -> str:
    return read_code(code) or code[:12].upper()


def _join_page(request: HttpRequest, form: JoinForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "seated": _seated(request)}
    return render(request, "assessment/room/join.html", context, status=status)


def _seated(request: HttpRequest) -> Workshop | None:
    """The workshop that goes on, in which this browser has a seat."""
    read = read_cookie(request.COOKIES.get(COOKIE, ""))
    seat = seat_for(*read) if read else None
    return seat.workshop if seat and seat.workshop and seat.workshop.status == Status.OPEN else None


# The participant


def _opens_seat(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Give the view the workshop and the seat of this browser, within their scope; who has none may join."""

    @never_cache
    @csrf_exempt
    @functools.wraps(view)
    def opened(request: HttpRequest, workshop_id: uuid.UUID) -> HttpResponseBase:
        seat = seat_for(workshop_id, secret_of(request, workshop_id))
        if seat is None or seat.workshop is None:
            if secret_of(request, workshop_id) and has_ended(workshop_id):
                return render(request, "assessment/room/ended.html")
            return redirect("join")
        with scope(seat.administration_id):
            return view(request, seat.workshop, seat)

    return opened


@_opens_seat
@require_safe
def room(request: HttpRequest, workshop: Workshop, seat: Respondent) -> HttpResponse:
    """The page of a participant. What the room is at comes after it: its scripts ask for it, without Django."""
    context = {
        "workshop": workshop,
        "base": reverse("room", args=[workshop.pk]),
        "role": Role(seat.role).label,
        "size": seat.size,
        "words": words_json("room"),
    }
    return render(request, "assessment/room/room.html", context)


@_opens_seat
@require_http_methods(["GET", "HEAD", "POST"])
def room_plain(request: HttpRequest, workshop: Workshop, seat: Respondent) -> HttpResponse:
    """The same by forms, for a browser without scripts."""
    told: dict[str, Any] = {}
    status = HTTPStatus.OK
    if request.method == "POST":
        status, told = _plain_deed(request, workshop, seat)
        if status == HTTPStatus.OK:
            if "left" in told:
                return redirect("join")
            return redirect(f"{reverse('room_plain', args=[workshop.pk])}?done={request.POST.get('deed', '')}")
        workshop.refresh_from_db()
    context = {
        "room": plain_room(workshop, seat),
        "workshop": workshop,
        "error": told.get("error", ""),
        "done": request.GET.get("done", ""),
        "points": POINTS,
    }
    return render(request, "assessment/room/plain.html", context, status=status)


def _plain_deed(request: HttpRequest, workshop: Workshop, seat: Respondent) -> tuple[HTTPStatus, dict[str, Any]]:
    if not participating.is_ours(request):
        return HTTPStatus.FORBIDDEN, {"error": _("This did not come from a page of Koers.")}
    name = request.POST.get("deed", "")
    if name not in participating.DEEDS:
        return HTTPStatus.BAD_REQUEST, {"error": _("This could not be read. Reload the page.")}
    question = question_of(workshop) if workshop.question else None
    given = {"deed": name, **_plain_given(request, name, question)}
    secret = secret_of(request, workshop.pk)
    deed = Deed(workshop.pk, digest(secret), name, given, get_language() or "nl")  # type: ignore[arg-type]
    counted = participating.counted(deed)
    status, content = participating.do(counted) if isinstance(counted, Deed) else counted
    return HTTPStatus(status), content


def _plain_given(request: HttpRequest, name: str, question: Question | None) -> dict[str, Any]:
    post = request.POST
    match name:
        case "vote":
            asked = post.get("question", "")
            is_now = question is not None and question.key == asked
            value = _plain_value(request, question) if is_now and question is not None else None
            ballot = post.get("ballot", "")
            return {"question": asked, "ballot": _small(ballot) or 1, "value": value}
        case "idea":
            return {"text": post.get("text", "")}
        case "unidea":
            number = post.get("id", "")
            return {"id": int(number) if number.isdecimal() and len(number) < 16 else None}
        case "points":
            prefix = "points:"
            given = {key.removeprefix(prefix): post.get(key, "") for key in post if key.startswith(prefix)}
            return {"points": {key: _small(value) for key, value in given.items() if value.isdecimal()}}
    return {}


def _small(typed: str) -> int:
    return int(typed[:4]) if typed.isdecimal() else 0


def _plain_value(request: HttpRequest, question: Question) -> Any:
    """The answer as it was filled in; null when nothing was."""
    asked = question.field
    if question.kind == "list" and asked.columns:
        lines = request.POST.get(question.key, "").splitlines()
        items = [{asked.columns[0].id: line.strip()} for line in lines if line.strip()]
        return {"items": items, **({"remark": request.POST.get(f"{question.key}:remark", "")} if asked.remark else {})}
    _held, raw = posted_answer(question, request.POST)
    return richtext.from_plain(raw) if asked.is_rich and isinstance(raw, str) else raw


# The projector


def qr_of(address: str) -> SafeString:
    """An address as a square to scan: SVG within the page, without styles of its own."""
    code = segno.make(address, error="m")
    return mark_safe(code.svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308


@never_cache
@require_safe
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """The projector, for who has its link. The address is the secret: it goes into no log and to no other site."""
    workshop = workshop_of_token(token)
    if workshop is None:
        response = render(request, "assessment/room/dead_screen.html", status=HTTPStatus.NOT_FOUND)
    else:
        address = request.build_absolute_uri(f"{reverse('join')}?code={workshop.code}")
        context = {
            "workshop": workshop,
            "base": reverse("screen", args=[token]),
            "qr": qr_of(address),
            "address": f"{request.get_host()}{reverse('join')}".rstrip("/"),
            "code": workshop.code,
            "words": words_json("screen"),
        }
        response = render(request, "assessment/room/screen.html", context)
    response._has_been_logged = True  # type: ignore[attr-defined]
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
