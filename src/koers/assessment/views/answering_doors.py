"""Who may open a questionnaire: who holds a personal link, a member for herself, an editor who notes an interview."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate

from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from koers.assessment.access import opens_measurement, respondent_for
from koers.assessment.actions import respondents as deeds
from koers.assessment.forms.respondents import PlaceForm
from koers.assessment.links import respondent_by_secret
from koers.assessment.models import Measurement, Mode
from koers.assessment.queries.respondents import estimate_of
from koers.assessment.views.answering import (
    Sheet,
    overview_deed,
    questionnaire_page,
    save_one,
    show_overview,
)
from koers.kit.tenancy import scope
from koers.organisations import limits
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.views.asked import person

# By personal link


def _opens_link(view: Callable[Concatenate[HttpRequest, Sheet, ...], HttpResponseBase]) -> Callable[..., Any]:
    """Give the view the sheet of who holds the link, within the scope of its administration and in her language.

    Nothing of it may end up in a log: the address is the secret.
    """

    @never_cache
    @csrf_exempt
    @functools.wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not limits.may_guess(request):
            return _unlogged(respond_429(request))
        found = respondent_by_secret(token)
        if found is None:
            limits.count_guess(request)
            return _unlogged(_dead_end(request, "unknown", 404))
        measurement = found.measurement
        root = reverse("answer_link", args=[token])
        with scope(measurement.administration_id), translation.override(found.language or None):
            request.LANGUAGE_CODE = translation.get_language()
            if found.withdrawn_at is not None:
                return _unlogged(_dead_end(request, "withdrawn", 200, measurement=measurement))
            return _unlogged(view(request, Sheet(measurement, found, "link", root), *args, **kwargs))

    return opened


def _unlogged(response: HttpResponseBase) -> HttpResponseBase:
    response._has_been_logged = True  # type: ignore[attr-defined]
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _dead_end(request: HttpRequest, why: str, status: int, measurement: Measurement | None = None) -> HttpResponse:
    """A link that leads nowhere says so kindly."""
    context = {
        "why": why,
        "measurement": measurement,
        "administration": measurement.workbook.administration if measurement else None,
    }
    return render(request, "assessment/answering/dead_end.html", context, status=status)


@_opens_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What the personal link leads to."""
    if request.method == "POST":
        return overview_deed(request, sheet)
    return show_overview(request, sheet)


@_opens_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link_page(request: HttpRequest, sheet: Sheet, number: int) -> HttpResponseBase:
    return questionnaire_page(request, sheet, number)


@_opens_link
@require_POST
def answer_link_save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return save_one(request, sheet)


@_opens_link
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """No more mail to this person; the link goes on working."""
    assert sheet.respondent is not None
    done = request.method == "POST"
    if done:
        deeds.stop_reminders(sheet.respondent)
    context = {
        "sheet": sheet,
        "respondent": sheet.respondent,
        "administration": sheet.measurement.workbook.administration,
        "done": done,
    }
    return render(request, "assessment/answering/stop_reminders.html", context)


# A member for herself


def _estimate(request: HttpRequest, measurement: Measurement) -> Sheet:
    mine = estimate_of(measurement, person(request).pk)
    if mine is not None and mine.withdrawn_at is not None:
        mine = None
    root = reverse("own_estimate", args=[measurement.workbook_id, measurement.pk])
    return Sheet(measurement, mine, "estimate", root, _address(measurement))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.ANSWER)
def own_estimate(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """A member's own estimate: she says from where she answers, and begins."""
    sheet = _estimate(request, measurement)
    mine = sheet.respondent
    initial = {"role": mine.role, "department": mine.department} if mine else {}
    form = PlaceForm(request.POST if "begin" in request.POST else None, initial=initial)
    if request.method == "POST" and not form.is_bound and mine is not None:
        return overview_deed(request, sheet)
    if form.is_valid():
        try:
            deeds.begin_estimate(measurement, person(request), **form.cleaned_data)
        except DeedRefused:
            return redirect(sheet.root)
        return redirect(sheet.page(1))
    return show_overview(request, sheet, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.ANSWER)
def own_estimate_page(request: HttpRequest, measurement: Measurement, number: int) -> HttpResponseBase:
    return questionnaire_page(request, _estimate(request, measurement), number)


@require_POST
@opens_measurement(Ability.ANSWER)
def own_estimate_save(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    sheet = _estimate(request, measurement)
    # A page that another member left open in this browser must not answer in the name of who signed in since.
    if request.GET.get("by") != str(sheet.respondent.pk if sheet.respondent else ""):
        return JsonResponse({"error": _("Somebody else signed in. Open the page anew.")}, status=403)
    return save_one(request, sheet)


# An interview that is noted


def _noted(measurement: Measurement, respondent_id: int) -> Sheet:
    respondent = respondent_for(measurement, respondent_id)
    if respondent.mode != Mode.INTERVIEW:
        return Sheet(measurement, None, "note", _address(measurement), _address(measurement))
    root = reverse("note_answers", args=[measurement.workbook_id, measurement.pk, respondent.pk])
    return Sheet(measurement, respondent, "note", root, _address(measurement))


def _address(measurement: Measurement) -> str:
    return reverse("measurement", args=[measurement.workbook_id, measurement.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.COMPOSE)
def note_answers(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    """Noting what somebody says in an interview."""
    sheet = _noted(measurement, respondent_id)
    if sheet.respondent is None:
        return redirect(sheet.back)
    if request.method == "POST":
        return overview_deed(request, sheet)
    return show_overview(request, sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.COMPOSE)
def note_answers_page(
    request: HttpRequest, measurement: Measurement, respondent_id: int, number: int
) -> HttpResponseBase:
    return questionnaire_page(request, _noted(measurement, respondent_id), number)


@require_POST
@opens_measurement(Ability.COMPOSE)
def note_answers_save(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    return save_one(request, _noted(measurement, respondent_id))
