"""Outcomes of all instruments on one page, and recording those from outside with their reports."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koers.assessment.actions import outside as actions
from koers.assessment.forms.outside import Figures, OutcomeForm, file_must_be_chosen_again, initial_of
from koers.assessment.models import OutsideReport, OutsideResult
from koers.assessment.queries import outside as queries
from koers.kit.parts import render_part
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.views.asked import context_of, person


@require_safe
@opens_workbook(Ability.READ)
def instruments(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """All measurements and outcomes by what they cover (playbook B.2)."""
    context = context_of(request, workbook, page=queries.side_by_side(workbook))
    return render_part(request, "assessment/outside/instruments.html", context)


def _result(workbook: Workbook, result_id: int) -> OutsideResult:
    result = queries.results_in(workbook).filter(pk=result_id).first()
    if result is None:
        raise Http404
    result.workbook = workbook
    return result


def _to(workbook: Workbook, result: OutsideResult) -> HttpResponse:
    return redirect(f"{reverse('instruments', args=[workbook.pk])}#outcome-{result.pk}")


def _form_page(request: HttpRequest, workbook: Workbook, status: int, **context: Any) -> HttpResponse:
    return render_part(request, "assessment/outside/form.html", context_of(request, workbook, **context), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def new_outcome(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Record the outcome of an instrument that was used elsewhere."""
    if request.method != "POST":
        return _form_page(request, workbook, 200, form=OutcomeForm(), figures=Figures())
    if "more" in request.POST:
        return _more_rows(request, workbook, None)
    form, figures = OutcomeForm(request.POST, request.FILES), Figures(request.POST)
    status = 422
    if all([form.is_valid(), figures.is_valid()]):
        try:
            result = actions.add_outcome(workbook, form.said(figures), person(request), form.cleaned_data["report"])
        except DeedRefused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, _("The outcome is recorded."))
            return _to(workbook, result)
    return _form_page(request, workbook, status, form=form, figures=figures, again=file_must_be_chosen_again(form))


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def edit_outcome(request: HttpRequest, workbook: Workbook, result_id: int) -> HttpResponse:
    """Change an outcome; who changed it meanwhile is not overwritten unseen."""
    result = _result(workbook, result_id)
    outcome = queries.outcome_of(result)
    if request.method != "POST":
        form = OutcomeForm(initial=initial_of(outcome, result.instrument), outcome=outcome)
        return _form_page(request, workbook, 200, form=form, figures=Figures(outcome=outcome), outcome=outcome)
    if "more" in request.POST:
        return _more_rows(request, workbook, outcome)
    form, figures = OutcomeForm(request.POST, request.FILES, outcome=outcome), Figures(request.POST)
    status, stale = 422, None
    if all([form.is_valid(), figures.is_valid()]):
        given = form.cleaned_data
        try:
            actions.change_outcome(
                result, form.said(figures), person(request), seen=given["seen"],
                report=given["report"], without_report=given.get("without_report", False),
            )  # fmt: skip
        except DeedRefused as refused:
            form.add_error(None, str(refused))
            form.data = {**request.POST.dict(), "seen": outcome.seen}
            status, stale = 409, refused
        else:
            messages.success(request, _("The outcome is saved."))
            return _to(workbook, result)
    again = file_must_be_chosen_again(form)
    context = {
        "form": form,
        "figures": figures,
        "outcome": outcome,
        "again": again,
        "changed": isinstance(stale, actions.ChangedMeanwhile),
    }
    return _form_page(request, workbook, status, **context)


def _more_rows(request: HttpRequest, workbook: Workbook, outcome: queries.Outcome | None) -> HttpResponse:
    """The form as it was typed, unchecked, with more rows."""
    typed = OutcomeForm(request.POST, request.FILES, outcome=outcome)
    again = file_must_be_chosen_again(typed)
    form = OutcomeForm(
        initial={name: typed[name].value() for name in typed.fields if name != "report"}, outcome=outcome
    )
    figures = Figures(request.POST).unchecked_with_more()
    return _form_page(request, workbook, 200, form=form, figures=figures, outcome=outcome, again=again)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def delete_outcome(request: HttpRequest, workbook: Workbook, result_id: int) -> HttpResponse:
    """Ask first, then delete an outcome with its report."""
    result = _result(workbook, result_id)
    if request.method == "POST":
        try:
            actions.delete_outcome(result, person(request))
        except DeedRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": result.name})
        return redirect("instruments", workbook.pk)
    context = context_of(request, workbook, outcome=queries.outcome_of(result))
    return render_part(request, "assessment/outside/delete.html", context)


@require_safe
@opens_workbook(Ability.READ)
def outcome_report(request: HttpRequest, workbook: Workbook, result_id: int) -> HttpResponse:
    """The report as it was attached. It is only ever saved, never shown: nothing in it can run here."""
    report = OutsideReport.objects.filter(result__workbook=workbook, result_id=result_id).first()
    if report is None:
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(True, report.name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(report.data), content_type=report.type, headers=headers)
