"""The results page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from koers.analysis.answer_figures import workbook_shelf
from koers.analysis.method import method_in
from koers.analysis.queries import results_of
from koers.assessment.models import Measurement
from koers.organisations.access import Ability
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook


@require_safe
@opens_workbook(Ability.READ)
def analysis(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """What the answers say: the profile first, the indicative indices after it."""
    results = results_of(workbook)
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "results": results,
        "shelf": workbook_shelf(workbook, results),
        "latest": Measurement.objects.filter(workbook_id=workbook.pk).first(),
        "abilities": request.abilities,  # type: ignore[attr-defined]
    }
    return render(request, "analysis/results.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How every figure is made: for anybody, signed in or not."""
    return render(request, "analysis/method.html", {"method": method_in(get_language() or "")})
