"""The door to a measurement: within its workbook, which was opened through the door of `workbook.access`."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase

from koers.assessment.models import Measurement, Respondent, Workshop
from koers.organisations.access import Ability, View
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook


def measurement_for(workbook: Workbook, measurement_id: UUID) -> Measurement:
    """A measurement of this workbook, or 404."""
    found = Measurement.objects.filter(workbook_id=workbook.pk, pk=measurement_id).first()
    if found is None:
        raise Http404
    # The workbook as the door opened it, rather than one that is read again.
    found.workbook = workbook
    return found


def respondent_for(measurement: Measurement, respondent_id: int) -> Respondent:
    """Somebody who answers in this measurement by herself (not in a workshop), or 404."""
    found = Respondent.objects.filter(measurement_id=measurement.pk, pk=respondent_id, workshop=None).first()
    if found is None:
        raise Http404
    found.measurement = measurement
    return found


def workshop_for(workbook: Workbook, workshop_id: UUID) -> Workshop:
    """A workshop of a measurement of this workbook, with where it is now, or 404."""
    found = (
        Workshop.objects.filter(pk=workshop_id, measurement__workbook_id=workbook.pk)
        .select_related("measurement", "step")
        .first()
    )
    if found is None:
        raise Http404
    found.measurement.workbook = workbook
    return found


def opens_measurement(
    ability: Ability,
) -> Callable[[Callable[Concatenate[HttpRequest, Measurement, ...], HttpResponseBase]], View]:
    """Decorate a view with ``workbook_id`` and ``measurement_id`` in its address: it gets the measurement, whose
    `workbook` is the opened one."""

    def decorate(view: Callable[Concatenate[HttpRequest, Measurement, ...], HttpResponseBase]) -> View:
        @opens_workbook(ability)
        @functools.wraps(view)
        def opened(
            request: HttpRequest, workbook: Workbook, measurement_id: UUID, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return view(request, measurement_for(workbook, measurement_id), *args, **kwargs)

        return opened

    return decorate


def opens_workshop(
    ability: Ability,
) -> Callable[[Callable[Concatenate[HttpRequest, Workshop, ...], HttpResponseBase]], View]:
    """Decorate a view with ``workbook_id`` and ``workshop_id`` in its address: it gets the workshop."""

    def decorate(view: Callable[Concatenate[HttpRequest, Workshop, ...], HttpResponseBase]) -> View:
        @opens_workbook(ability)
        @functools.wraps(view)
        def opened(
            request: HttpRequest, workbook: Workbook, workshop_id: UUID, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            return view(request, workshop_for(workbook, workshop_id), *args, **kwargs)

        return opened

    return decorate
