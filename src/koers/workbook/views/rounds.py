"""The rounds of a workbook: its laps, closing one, starting the next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.actions.rounds import close_round, start_round
from koers.workbook.forms.history import RoundForm
from koers.workbook.models import Workbook
from koers.workbook.queries import open_conflicts
from koers.workbook.queries.versions import rounds_of
from koers.workbook.views.asked import context_of, person


@require_safe
@opens_workbook(Ability.READ)
def rounds(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The laps of the course, with dates and who."""
    context = context_of(request, workbook, rounds=rounds_of(workbook), form=RoundForm())
    return render(request, "workbook/history/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.MANAGE)
def close(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Close the round: first said what follows, then done. Not while somebody still has to choose."""
    if request.method == "POST":
        try:
            lap = close_round(workbook, person(request))
        except DeedRefused as refused:
            messages.error(request, str(refused))
            return redirect("close_round" if workbook.closed_at is None else "rounds", workbook.pk)
        messages.success(request, _("%(round)s is closed, and kept as a version.") % {"round": lap})
        return redirect("rounds", workbook.pk)
    if workbook.closed_at is not None:
        return redirect("rounds", workbook.pk)
    fields = workbook.edition.fields
    conflicts = [fields[key] for key in open_conflicts(workbook) if key in fields]
    context = context_of(request, workbook, conflicts=conflicts, lap=next(iter(rounds_of(workbook)), None))
    return render(request, "workbook/history/close_round.html", context)


@require_POST
@opens_workbook(Ability.MANAGE)
def start(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Start the next round from the answers of the last one."""
    form = RoundForm(request.POST)
    if not form.is_valid():
        context = context_of(request, workbook, rounds=rounds_of(workbook), form=form)
        return render(request, "workbook/history/rounds.html", context, status=422)
    try:
        lap = start_round(workbook, form.cleaned_data["name"], person(request))
    except DeedRefused as refused:
        messages.error(request, str(refused))
        return redirect("rounds", workbook.pk)
    messages.success(request, _("%(round)s has started, from the answers of the round before.") % {"round": lap})
    return redirect("course_map", workbook.pk)
