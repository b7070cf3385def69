"""Planning workshops: the list, a new one, the plan of one and its agenda."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.assessment.access import opens_workshop
from koers.assessment.actions import planning
from koers.assessment.forms.workshops import MomentForm, NewStepForm, PlanForm, StepForm, measurement_asked
from koers.assessment.models import Status, Step, StepKind, Workshop
from koers.assessment.queries.outcome import outcome_of
from koers.assessment.queries.workshops import choices_of, open_measurements, plan_of, workshops_of
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.views.asked import context_of, held_abilities, person

_DAYTIME: Final = {"begins": "09:00"}


def _show(request: HttpRequest, workbook: Workbook, template: str, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"assessment/workshops/{template}", context_of(request, workbook, **context), status=status)


@require_safe
@opens_workbook(Ability.READ)
def workshops(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """All workshops of the workbook, and what each of them waits for."""
    listed, measurements = workshops_of(workbook), open_measurements(workbook)
    return _show(request, workbook, "list.html", workshops=listed, measurements=measurements)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def plan_workshop(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Plan a workshop: title, moment, measurement. Its agenda is made at once."""
    measurements = open_measurements(workbook)
    asked = measurement_asked(request.GET.get("measurement", ""), measurements)
    initial = {"title": _("Workshop"), "measurement": str(asked), "questions": "talk", **_DAYTIME}
    form = PlanForm(measurements, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            workshop = planning.plan_workshop(
                form.chosen, form.cleaned_data["title"], form.planned_at, person(request),
                every_question=form.every_question,
            )  # fmt: skip
        except DeedRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The workshop is planned. Look at its agenda, and change what you want."))
            return redirect("workshop", workbook.pk, workshop.pk)
    return _show(
        request, workbook, "new.html", 422 if form.is_bound else 200, form=form, measurements=measurements
    )  # fmt: skip


@require_safe
@opens_workshop(Ability.READ)
def workshop(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """The plan of a workshop; once it ended, what came out of it."""
    may_plan = Ability.COMPOSE in held_abilities(request) and workshop.measurement.is_open
    return _show(
        request, workshop.measurement.workbook, "plan.html",
        workshop=workshop, measurement=workshop.measurement, plan=plan_of(workshop),
        outcome=outcome_of(workshop) if workshop.status != Status.PLANNED else None,
        may_plan=may_plan, may_change=may_plan and workshop.status != Status.ENDED,
        may_delete=may_plan and (workshop.status == Status.PLANNED or Ability.MANAGE in held_abilities(request)),
        new_step_kinds=NewStepForm.KINDS,
    )  # fmt: skip


def _to_plan(workshop: Workshop, at: str = "") -> HttpResponse:
    address = reverse("workshop", args=[workshop.measurement.workbook_id, workshop.pk])
    return redirect(f"{address}{'#' + at if at else ''}")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workshop(Ability.COMPOSE)
def edit_workshop(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Its title and its moment."""
    initial = MomentForm.initial_of(workshop.title, workshop.planned_at)
    form = MomentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            planning.edit_workshop(workshop, form.cleaned_data["title"], form.planned_at, person(request))
        except DeedRefused as refused:
            messages.error(request, str(refused))
        return _to_plan(workshop)
    workbook = workshop.measurement.workbook
    return _show(request, workbook, "moment.html", 422 if form.is_bound else 200, form=form, workshop=workshop)


@require_POST
@opens_workshop(Ability.COMPOSE)
def add_step(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Add a step to the agenda, and go to it."""
    form = NewStepForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    kind, idea_kind = form.asked
    try:
        step = planning.add_step(workshop, kind, idea_kind, person(request))
    except DeedRefused as refused:
        messages.error(request, str(refused))
        return _to_plan(workshop, "agenda")
    return redirect("change_step", workshop.measurement.workbook_id, workshop.pk, step.pk)


def _the_step(workshop: Workshop, step_id: int) -> Step:
    found = Step.objects.filter(workshop_id=workshop.pk, pk=step_id).first()
    if found is None:
        raise Http404
    found.workshop = workshop
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workshop(Ability.COMPOSE)
def change_step(request: HttpRequest, workshop: Workshop, step_id: int) -> HttpResponse:
    """What stands in a step: title, minutes, note, questions."""
    step = _the_step(workshop, step_id)
    asks = step.kind == StepKind.QUESTIONS
    initial = {"title": str(step), "minutes": step.minutes, "note": step.note}
    form = StepForm(request.POST if request.method == "POST" else None, initial=initial)
    ticked = request.POST.getlist("questions") if request.method == "POST" else None
    if form.is_valid():
        try:
            planning.change_step(step, person(request), questions=ticked if asks else None, **form.cleaned_data)
        except DeedRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _to_plan(workshop, f"step-{step.pk}")
    return _show(
        request, workshop.measurement.workbook, "step.html", 422 if form.is_bound else 200,
        form=form, step=step, workshop=workshop, groups=choices_of(workshop, step, ticked) if asks else [],
    )  # fmt: skip


def _arrange(request: HttpRequest, step: Step) -> bool:
    """One of the small buttons at a step; false when there is no such button."""
    actor, deed = person(request), request.POST.get("do", "")
    if deed in {"up", "down"}:
        planning.move_step(step, -1 if deed == "up" else 1, actor)
    elif deed in {"shorter", "longer"}:
        planning.give_minutes(step, planning.QUICK_MINUTES * (-1 if deed == "shorter" else 1), actor)
    elif deed in {"talk", "all"}:
        planning.choose_questions(step, actor, every=deed == "all")
    elif deed == "remove":
        planning.remove_step(step, actor)
    else:
        return False
    return True


@require_POST
@opens_workshop(Ability.COMPOSE)
def arrange_step(request: HttpRequest, workshop: Workshop, step_id: int) -> HttpResponse:
    """Move a step, give it time, choose its questions at once, remove it."""
    step = _the_step(workshop, step_id)
    try:
        if not _arrange(request, step):
            return HttpResponseBadRequest()
    except DeedRefused as refused:
        messages.error(request, str(refused))
    return _to_plan(workshop, "agenda" if request.POST.get("do") == "remove" else f"step-{step_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workshop(Ability.COMPOSE)
def delete_workshop(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Delete a workshop: first said what goes, then done."""
    workbook = workshop.measurement.workbook
    may_manage = Ability.MANAGE in held_abilities(request)
    if request.method == "POST":
        try:
            planning.delete_workshop(workshop, person(request), may_manage=may_manage)
        except DeedRefused as refused:
            messages.error(request, str(refused))
            return _to_plan(workshop)
        messages.success(request, _("The workshop “%(workshop)s” is deleted.") % {"workshop": workshop.title})
        return redirect("workshops", workbook.pk)
    listed = next((each for each in workshops_of(workbook) if each.pk == workshop.pk), None)
    may = workshop.status == Status.PLANNED or may_manage
    return _show(request, workbook, "delete.html", workshop=workshop, listed=listed, may_delete=may)
