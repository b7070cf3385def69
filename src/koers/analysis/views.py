"""The results page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from koers.analysis.results import Results
from koers.analysis.scoring import analyse
from koers.organisations.access import Ability
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.queries import values_of


@require_safe
@opens_workbook(Ability.READ)
def results(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """What the answers say: the profile first, the indicative indices after it."""
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "results": Results(analyse(workbook.edition, values_of(workbook))),
        "abilities": request.abilities,  # type: ignore[attr-defined]
    }
    return render(request, "analysis/results.html", context)
