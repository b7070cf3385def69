"""The results of a measurement, and comparing it with an earlier one."""

from collections.abc import Mapping
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from koers.analysis.compared_results import ComparePage, compare_page
from koers.analysis.measured import Basis
from koers.analysis.measured_results import MeasuredPage, measured_page, name_of
from koers.analysis.queries import Read, baseline_line, chosen_of, earlier_of, read_all, read_one
from koers.assessment.access import opens_measurement
from koers.assessment.models import Measurement
from koers.organisations.access import Ability
from koers.workbook.views.asked import context_of

MAX_WEIGHT = 10.0


def basis_asked(request: HttpRequest, read: Read) -> Basis:
    """The basis in the address, else the usual one; 404 for anything else."""
    asked = request.GET.get("basis") or read.usual
    if asked not in {"agreed", "middle"}:
        raise Http404
    return cast(Basis, asked)


def _weights(request: HttpRequest, read: Read) -> Mapping[str, float]:
    """How heavily the reader lets each dimension weigh, from the form on the page."""
    found = {}
    for dimension in read.instrument.dimensions:
        try:
            weight = float(request.GET.get(f"weight-{dimension.id}", ""))
        except ValueError:
            continue
        if 0 <= weight <= MAX_WEIGHT and weight != 1:
            found[dimension.id] = weight
    return found


def read_measured_page(request: HttpRequest, measurement: Measurement) -> MeasuredPage:
    """The results page as it is asked for; downloads read the same. A fixed number of queries."""
    earlier = earlier_of(measurement)
    reads = {each.measurement.pk: each for each in read_all([measurement, *earlier[:1]])}
    if measurement.pk not in reads:
        raise Http404
    read = reads[measurement.pk]
    basis = basis_asked(request, read)
    measured = read.on(basis)
    baseline = reads.get(earlier[0].pk) if earlier else None
    line = baseline_line(baseline, (name_of(earlier[0]), name_of(measurement)), measured) if baseline else None
    other = read.on("middle" if basis == "agreed" else "agreed")
    return measured_page(
        measurement, read.instrument, measured, read.given, other=other, earlier=line, weights=_weights(request, read)
    )


@require_safe
@opens_measurement(Ability.READ)
def measured_results(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """What a measurement says: the profile first, and every figure opens down to the answers."""
    page = read_measured_page(request, measurement)
    context = context_of(
        request, measurement.workbook, measurement=measurement, page=page, results=page.results, shelf=page.shelf
    )
    return render(request, "analysis/measured.html", context)


def read_compare_page(request: HttpRequest, measurement: Measurement) -> ComparePage:
    """The compare page as it is asked for; downloads read the same. A fixed number of queries."""
    earlier = earlier_of(measurement)
    chosen = chosen_of(earlier, request.GET.get("with", ""))
    if chosen is None:
        read_one(measurement)
        return ComparePage(measurement, None)
    reads = read_all([*earlier, measurement])
    by_id = {each.measurement.pk: each for each in reads}
    if measurement.pk not in by_id or chosen.pk not in by_id:
        raise Http404
    later = by_id[measurement.pk]
    return compare_page(later, [each for each in reads if each is not later], chosen, basis_asked(request, later))


@require_safe
@opens_measurement(Ability.READ)
def compare_measurements(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """A measurement beside the baseline, or any earlier one."""
    page = read_compare_page(request, measurement)
    context = context_of(request, measurement.workbook, measurement=measurement, page=page, shelf=page.shelf)
    return render(request, "analysis/compare.html", context)
