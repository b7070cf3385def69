"""What is read of administrations and their people."""

from django.db.models import Case, QuerySet, When

from koers.kit.tenancy import unscoped
from koers.organisations.models import (
    Administration,
    AdministrationKind,
    AuditEntry,
    Invitation,
    Membership,
    Role,
    User,
)


def memberships_of(user: User) -> list[Membership]:
    """Every membership of a person, with its administration, in the order of their names. One query."""
    with unscoped():
        found = Membership.objects.filter(user=user).select_related("administration").order_by("administration__name")
        return list(found)


def members_of(administration: Administration) -> QuerySet[Membership]:
    """The members with their accounts, leads first, then by name. Call it within the administration's scope."""
    members = Membership.objects.filter(administration=administration).select_related("user")
    return members.alias(rank=_lead_first()).order_by("rank", "user__name", "user__email")


def _lead_first() -> Case:
    return Case(*(When(role=role, then=rank) for rank, role in enumerate(Role.values)), default=len(Role.values))


def invitations_of(administration: Administration) -> QuerySet[Invitation]:
    """The invitations that wait for an answer, the newest first. Call it within the administration's scope."""
    waiting = Invitation.objects.filter(administration=administration, accepted_at=None, withdrawn_at=None)
    return waiting.select_related("invited_by").order_by("-created_at", "-pk")


def audit_of(administration: Administration) -> QuerySet[AuditEntry]:
    """Who did what, the newest first. Call it within the administration's scope."""
    return AuditEntry.objects.filter(administration=administration).order_by("-at", "-pk")


def administration_of_municipality(nis: str) -> Administration | None:
    """The administration of a municipality when it takes part already."""
    return Administration.objects.filter(kind=AdministrationKind.MUNICIPALITY, nis=nis).order_by("created_at").first()
