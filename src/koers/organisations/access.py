"""What a role may do, and the one door to an administration."""

import enum
import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import digest_of
from koers.organisations.models import Administration, Invitation, Membership, Role, User


class Ability(enum.StrEnum):
    """What can be done with an administration and its workbooks."""

    READ = "read"
    COMMENT = "comment"
    ANSWER = "answer"
    COMPOSE = "compose"
    MANAGE = "manage"


_ABILITIES: dict[str, frozenset[Ability]] = {
    Role.VIEWER: frozenset({Ability.READ, Ability.COMMENT}),
    Role.CONTRIBUTOR: frozenset({Ability.READ, Ability.COMMENT, Ability.ANSWER}),
    Role.EDITOR: frozenset({Ability.READ, Ability.COMMENT, Ability.ANSWER, Ability.COMPOSE}),
    Role.LEAD: frozenset(Ability),
}


def abilities(role: str) -> frozenset[Ability]:
    """What a role may do: computed here only, for pages, streams, saves and files alike."""
    return _ABILITIES.get(role, frozenset())


def require(role: str, ability: Ability) -> None:
    """Raise `PermissionDenied` (403) for a member whose role does not allow it."""
    if ability not in abilities(role):
        raise PermissionDenied


def administration_for(user: User, administration_id: uuid.UUID, ability: Ability) -> tuple[Administration, Membership]:
    """The administration, for a member who may. Raises 404 for outsiders, 403 for members who may not."""
    with unscoped():
        membership = (
            Membership.objects.filter(administration_id=administration_id, user_id=user.pk, user__is_active=True)
            .select_related("administration")
            .first()
        )
    if membership is None:
        raise Http404
    require(membership.role, ability)
    return membership.administration, membership


def invitation_for(token: str) -> Invitation | None:
    """The invitation that a link leads to, whatever its state: who holds the secret may see what it was."""
    return invitation_by_digest(digest_of(token))


def invitation_by_digest(digest: str) -> Invitation | None:
    with unscoped():
        found = Invitation.objects.filter(digest=digest).select_related("administration", "invited_by")
        return found.first()


View = Callable[..., HttpResponseBase]


def opens_administration(
    ability: Ability,
) -> Callable[[Callable[Concatenate[HttpRequest, Administration, ...], HttpResponseBase]], View]:
    """Decorate a view: loads the administration through the door and runs the view within its scope.

    The view gets ``request.membership`` and ``request.abilities``.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, Administration, ...], HttpResponseBase]) -> View:
        @login_required
        @functools.wraps(view)
        def opened(request: HttpRequest, administration_id: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            assert isinstance(request.user, User)
            administration, membership = administration_for(request.user, administration_id, ability)
            request.membership = membership  # type: ignore[attr-defined]
            request.abilities = abilities(membership.role)  # type: ignore[attr-defined]
            with scope(administration.pk):
                return view(request, administration, *args, **kwargs)

        return opened

    return decorate
