"""The one door to a workbook: views, streams, saves and files all load it here."""

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponseBase

from koers.kit.tenancy import scope, unscoped
from koers.organisations.access import Ability, View, abilities, require
from koers.organisations.models import User
from koers.workbook.models import Workbook


def workbook_for(user_id: int, workbook_id: uuid.UUID, ability: Ability) -> Workbook:
    """The workbook, for a member who may, with her role as ``workbook.role``.

    One query. Raises 404 for outsiders, `PermissionDenied` (403) for members who may not.
    """
    with unscoped():
        workbook = (
            Workbook.objects.filter(
                pk=workbook_id,
                administration__memberships__user_id=user_id,
                administration__memberships__user__is_active=True,
            )
            .select_related("administration")
            .annotate(role=F("administration__memberships__role"))
            .first()
        )
    if workbook is None:
        raise Http404
    require(workbook.role, ability)
    return workbook


def opens_workbook(
    ability: Ability,
) -> Callable[[Callable[Concatenate[HttpRequest, Workbook, ...], HttpResponseBase]], View]:
    """Decorate a view: loads the workbook through the door and runs the view within its administration's scope.

    The view gets ``request.abilities``.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Workbook, ...], HttpResponseBase]) -> View:
        @login_required
        @functools.wraps(view)
        def opened(request: HttpRequest, workbook_id: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            assert isinstance(request.user, User)
            workbook = workbook_for(request.user.pk, workbook_id, ability)
            request.abilities = abilities(workbook.role)  # type: ignore[attr-defined]
            with scope(workbook.administration_id):
                return view(request, workbook, *args, **kwargs)

        return opened

    return decorate
