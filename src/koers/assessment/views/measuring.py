"""The measurements of a workbook: the list, a new one, and what happens to one as a whole."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.assessment.access import opens_measurement
from koers.assessment.actions import closing
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.forms.measuring import MeasurementForm, NameForm, OwnQuestionForm, as_typed
from koers.assessment.instruments.loading import asked_by, instruments
from koers.assessment.instruments.structure import CUSTOM
from koers.assessment.models import Measurement, Response
from koers.assessment.queries.measuring import is_first_of, measurements_of
from koers.assessment.queries.respondents import minutes_for
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.views.asked import context_of, person


def measuring_context(request: HttpRequest, measurement: Measurement, **more: Any) -> dict[str, Any]:
    """What every page of a measurement shows."""
    return context_of(request, measurement.workbook, measurement=measurement, **more)


def to_measurement(measurement: Measurement, at: str = "") -> HttpResponse:
    address = reverse("measurement", args=[measurement.workbook_id, measurement.pk])
    return redirect(f"{address}{'#' + at if at else ''}")


@require_safe
@opens_workbook(Ability.READ)
def measurements(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """All measurements by round, and the way to a new one."""
    context = context_of(request, workbook, rounds=measurements_of(workbook))
    return render(request, "assessment/measuring/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def new_measurement(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Name, instrument, dimensions: one short form."""
    known = {each.id: each for each in instruments(workbook.edition)}
    asked = request.POST.get("instrument") or request.GET.get("instrument") or next(iter(known))
    chosen = known.get(asked)
    if chosen is None:
        raise Http404
    name = _("Baseline") if is_first_of(workbook) else _("Measurement of round %(round)s") % {"round": workbook.round}
    form = MeasurementForm(chosen, request.POST if request.method == "POST" else None, initial={"name": name})
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = create_measurement(workbook, chosen, given["name"], given["dimensions"], person(request))
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The measurement is ready. Now choose who answers."))
            return to_measurement(made)
    minutes = {each.id: minutes_for(each.questions) for each in chosen.dimensions}
    context = context_of(
        request, workbook, form=form, chosen=chosen, instruments=list(known.values()),
        dimensions=[(each, minutes[each.id], each.id in form.chosen) for each in chosen.dimensions],
    )  # fmt: skip
    return render(request, "assessment/measuring/new.html", context, status=422 if form.errors else 200)


@require_POST
@opens_measurement(Ability.COMPOSE)
def rename_measurement(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a name first."))
        return to_measurement(measurement)
    try:
        closing.rename_measurement(measurement, form.cleaned_data["name"], person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The name is saved."))
    return to_measurement(measurement)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.MANAGE)
def close_measurement(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """Say first what follows, then close it for good."""
    if request.method == "POST":
        try:
            closing.close_measurement(measurement, person(request))
        except DeedRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The measurement is closed. What it says stays as it is."))
        return to_measurement(measurement)
    instrument = asked_by(measurement)
    answered = closing.says_something(measurement)
    agreed = measurement.consensuses.count()
    context = measuring_context(
        request, measurement, answered=answered, agreed=agreed, asked=len(instrument.questions),
        open_questions=max(0, len(instrument.questions) - agreed),
    )  # fmt: skip
    return render(request, "assessment/measuring/close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.MANAGE)
def delete_measurement(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """Say what goes and what stays, then delete it."""
    if request.method == "POST":
        try:
            closing.delete_measurement(measurement, person(request))
        except DeedRefused as refusal:
            messages.error(request, str(refusal))
            return to_measurement(measurement)
        messages.success(request, _("The measurement is deleted."))
        return redirect("measurements", measurement.workbook_id)
    people = measurement.respondents.filter(responses__isnull=False).distinct().count()
    context = measuring_context(request, measurement, people=people, agreed=measurement.consensuses.count())
    return render(request, "assessment/measuring/delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.COMPOSE)
def own_questions(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """The questions that the measurement adds for itself: add one, change or remove one that nobody answered."""
    own: list[dict[str, Any]] = list(measurement.custom)
    by_id = {each["id"]: each for each in own}
    asked = request.POST.get("id") or request.GET.get("id", "")
    changing = by_id.get(asked)
    if asked and changing is None:
        raise Http404
    removing = "remove" in request.POST
    form = OwnQuestionForm(
        request.POST if request.method == "POST" and not removing else None,
        initial=as_typed(changing) if changing else {"kind": "single", "remark": True},
    )
    if removing or form.is_valid():
        kept = [each for each in own if each["id"] != asked or not removing]
        if not removing:
            made = form.question
            kept = [made if each["id"] == asked else each for each in own] if changing else [*own, made]
        if _keep(request, measurement, kept):
            return redirect("own_questions", measurement.workbook_id, measurement.pk)
    answered = set(
        Response.objects.filter(measurement_id=measurement.pk, question__startswith=f"{CUSTOM}/")
        .values_list("question", flat=True).distinct()
    )  # fmt: skip
    questions = [(each, each.key in answered) for each in asked_by(measurement).questions.values() if each.is_custom]
    context = measuring_context(request, measurement, form=form, changing=changing, questions=questions)
    return render(request, "assessment/measuring/own_questions.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, measurement: Measurement, questions: list[dict[str, Any]]) -> bool:
    try:
        closing.set_own_questions(measurement, questions, person(request))
    except (DeedRefused, ValueError) as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("The questions are saved."))
    return True
