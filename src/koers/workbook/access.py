"""The one door to a workbook: views, streams, saves and files all load it here."""

import functools
import uuid
from collections.abc import Callable, Collection
from typing import Any, Concatenate, Final

from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from koers.kit.tenancy import scope, unscoped
from koers.organisations.access import Ability, View, abilities, require
from koers.organisations.models import User
from koers.workbook.models import Workbook


def _through_the_door(user_ids: Collection[int], workbook_ids: Collection[uuid.UUID]) -> QuerySet[Workbook]:
    """Each of these workbooks for each of these people who may open it, with the role and who holds it."""
    with unscoped():
        return Workbook.objects.filter(
            pk__in=workbook_ids,
            deleted_at=None,
            administration__memberships__user_id__in=user_ids,
            administration__memberships__user__is_active=True,
        ).annotate(held=F("administration__memberships__role"), holder=F("administration__memberships__user_id"))


def workbook_for(user_id: int, workbook_id: uuid.UUID, ability: Ability) -> Workbook:
    """The workbook, for a member who may, with her role as ``workbook.role``.

    One query. Raises 404 for outsiders, `PermissionDenied` (403) for members who may not.
    """
    found = _through_the_door([user_id], [workbook_id]).select_related("administration")
    with unscoped():
        workbook = found.first()
    if workbook is None:
        raise Http404
    workbook.role, workbook.member_id = vars(workbook)["held"], vars(workbook)["holder"]
    require(workbook.role, ability)
    return workbook


# What a save needs of a workbook, in the order of the model; anything else is read when it is asked for.
_BOOK: Final = tuple(
    field.attname
    for field in Workbook._meta.concrete_fields
    if field.attname in {"id", "administration_id", "edition_id", "edition_version"}
)


@functools.lru_cache(maxsize=4096)
def _read(row: tuple[Any, ...]) -> Workbook:
    """A workbook as a row of the door tells it; for reading only, since it is kept."""
    workbook = Workbook.from_db(None, _BOOK, row[:-2])
    workbook.role, workbook.member_id = row[-2:]
    return workbook


def workbooks_for(asked: Collection[tuple[int, uuid.UUID]]) -> dict[tuple[int, uuid.UUID], Workbook]:
    """The same door for several people and workbooks in one query: those that each may open, with the role of each.

    A pair that is not in the answer is a 404; what the role allows is for the caller to `require`.
    """
    found = _through_the_door({user_id for user_id, _book in asked}, {workbook_id for _user, workbook_id in asked})
    with unscoped():
        opened = {(row[-1], row[_BOOK.index("id")]): row for row in found.values_list(*_BOOK, "held", "holder")}
    return {pair: _read(opened[pair]) for pair in asked if pair in opened}


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
                response = view(request, workbook, *args, **kwargs)
            # Of one person: no cache between her and us may keep it for another.
            response.headers.setdefault("Cache-Control", "private")
            return response

        return opened

    return decorate
