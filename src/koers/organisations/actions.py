"""What people do with administrations and memberships. Every verb takes the actor and leaves an audit row.

Call the verbs on an existing administration within its scope; `accept_invitation` opens the scope itself.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.kit import events
from koers.kit.tenancy import scope
from koers.organisations.models import (
    Administration,
    AdministrationKind,
    ApiKey,
    AuditEntry,
    Invitation,
    InvitationState,
    Membership,
    Role,
    User,
)
from koers.organisations.queries import administration_of_municipality
from koers.organisations.reference import POPULATION_YEAR, Municipality

INVITATION_LASTS: Final = timedelta(days=14)
_MUNICIPALITY_LOCK: Final = 2025


class DeedRefused(Exception):
    """What was asked cannot be done now; the message says why, in the active language."""


class MunicipalityTaken(DeedRefused):
    """The municipality has an administration here already."""

    def __init__(self, administration: Administration) -> None:
        super().__init__(_("%(name)s takes part already.") % {"name": administration.name})
        self.administration = administration


@dataclass(frozen=True)
class Invited:
    """An invitation with the secret of its link, which is nowhere kept."""

    invitation: Invitation
    token: str


def record(
    administration: Administration, actor: User | None, verb: str, subject: str = "", **detail: Any
) -> AuditEntry:
    """Write an audit row; call it inside the transaction of the deed. Without an actor it was the command line."""
    return AuditEntry.objects.create(
        administration=administration,
        actor=actor,
        actor_name=str(actor) if actor else "koers",
        verb=verb,
        subject=subject[:254],
        detail=detail,
    )


# Administrations


def create_municipality(municipality: Municipality, actor: User) -> Administration:
    """Make the administration of a municipality, with the actor as lead. Raises `MunicipalityTaken`."""
    with transaction.atomic():
        _wait_for_municipality(municipality.nis)
        present = administration_of_municipality(municipality.nis)
        if present is not None:
            raise MunicipalityTaken(present)
        return create_administration(
            Administration(
                name=municipality.name,
                kind=AdministrationKind.MUNICIPALITY,
                nis=municipality.nis,
                population=municipality.population,
                population_year=POPULATION_YEAR,
            ),
            actor,
        )


def _wait_for_municipality(nis: str) -> None:
    """Until the transaction ends, nobody else can create this municipality (SQLite has one writer anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_MUNICIPALITY_LOCK, int(nis)])


def create_administration(administration: Administration, actor: User) -> Administration:
    """Save a new administration, with the actor as its lead."""
    with transaction.atomic(), scope(administration.pk):
        administration.save(force_insert=True)
        Membership.objects.create(administration=administration, user=actor, role=Role.LEAD)
        record(administration, actor, "administration.create", administration.name, kind=administration.kind)
    return administration


def rename_administration(administration: Administration, name: str, actor: User) -> None:
    """Give the administration another name."""
    with transaction.atomic():
        before = administration.name
        if before == name:
            return
        administration.name = name
        administration.save(update_fields=["name"])
        record(administration, actor, "administration.rename", name, before=before)


# Invitations


def digest_of(token: str) -> str:
    """What is kept of the secret in a link: enough to recognise it, useless to who reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(administration: Administration, email: str, role: str, actor: User) -> Invited:
    """Invite somebody by mail address. Raises `DeedRefused` for a member, or when an invitation is open already."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _lock(administration)
        if Membership.objects.filter(user__email__iexact=email).exists():
            raise DeedRefused(_("%(email)s is a member already.") % {"email": email})
        for waiting in Invitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None):
            if waiting.state == InvitationState.OPEN:
                message = _("%(email)s was invited already. You can send that invitation again, or withdraw it.")
                raise DeedRefused(message % {"email": email})
            _withdraw(waiting)
        invitation = Invitation.objects.create(
            administration=administration,
            email=email,
            role=role,
            digest=digest_of(token),
            invited_by=actor,
            expires_at=timezone.now() + INVITATION_LASTS,
        )
        record(administration, actor, "invitation.create", email, role=role)
    return Invited(invitation, token)


def resend_invitation(invitation: Invitation, actor: User) -> Invited:
    """Give the invitation a new link and fourteen new days; the former link stops working."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _lock(invitation.administration)
        invitation.refresh_from_db()
        _require_unanswered(invitation)
        invitation.digest = digest_of(token)
        invitation.expires_at = timezone.now() + INVITATION_LASTS
        invitation.invited_by = actor
        invitation.save(update_fields=["digest", "expires_at", "invited_by"])
        record(invitation.administration, actor, "invitation.resend", invitation.email, role=invitation.role)
    return Invited(invitation, token)


def withdraw_invitation(invitation: Invitation, actor: User) -> None:
    """Make the link of an invitation useless."""
    with transaction.atomic():
        _lock(invitation.administration)
        invitation.refresh_from_db()
        _require_unanswered(invitation)
        _withdraw(invitation)
        record(invitation.administration, actor, "invitation.withdraw", invitation.email, role=invitation.role)


def _require_unanswered(invitation: Invitation) -> None:
    if invitation.state not in {InvitationState.OPEN, InvitationState.EXPIRED}:
        raise DeedRefused(_("This invitation is no longer open."))


def _withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


def is_for(invitation: Invitation, person: User) -> bool:
    """Whether an invitation is addressed to this account."""
    return invitation.email.casefold() == person.email.casefold()


def accept_invitation(invitation: Invitation, actor: User) -> Membership:
    """Join the administration. Raises `DeedRefused` when the invitation is not open, or not for this account.

    The account must have the address that was invited. The secret in the link would do to keep strangers out, but a
    mail is easily forwarded: this way nobody joins whom the lead did not name, and who has several accounts sees at
    once which of them was meant.
    """
    with transaction.atomic(), scope(invitation.administration_id):
        administration = _lock(invitation.administration)
        invitation.refresh_from_db()
        if invitation.state != InvitationState.OPEN:
            raise DeedRefused(_("This invitation is no longer open."))
        if not is_for(invitation, actor):
            raise DeedRefused(_("This invitation is for %(email)s.") % {"email": invitation.email})
        if Membership.objects.filter(user=actor).exists():
            raise DeedRefused(_("You are a member already."))
        membership = Membership.objects.create(administration=administration, user=actor, role=invitation.role)
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = actor
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        record(administration, actor, "invitation.accept", str(actor), role=invitation.role, email=invitation.email)
        _announce(membership)
    return membership


# Members


def change_role(membership: Membership, role: str, actor: User) -> None:
    """Give a member another role. Raises `DeedRefused` for the last lead."""
    with transaction.atomic():
        membership = _locked(membership)
        before = membership.role
        if before == role:
            return
        if role != Role.LEAD:
            _require_another_lead(membership)
        membership.role = role
        membership.save(update_fields=["role"])
        record(membership.administration, actor, "member.role", str(membership.user), role=role, before=before)
        _announce(membership)


def remove_member(membership: Membership, actor: User) -> None:
    """End somebody's membership; what she wrote stays. Raises `DeedRefused` for the last lead."""
    _end(membership, actor, "member.remove")


def leave(membership: Membership) -> None:
    """End one's own membership. Raises `DeedRefused` for the last lead."""
    _end(membership, membership.user, "member.leave")


def _end(membership: Membership, actor: User, verb: str) -> None:
    with transaction.atomic():
        membership = _locked(membership)
        _require_another_lead(membership)
        record(membership.administration, actor, verb, str(membership.user), role=membership.role)
        _announce(membership)
        ApiKey.objects.filter(person=membership.user).delete()
        membership.delete()


def _locked(membership: Membership) -> Membership:
    """The membership as it is now; nobody else changes the members until the transaction ends."""
    _lock(membership.administration)
    present = Membership.objects.select_related("user", "administration").filter(pk=membership.pk).first()
    if present is None:
        raise DeedRefused(_("This person is no longer a member."))
    return present


def _lock(administration: Administration) -> Administration:
    """Until the transaction ends, nobody else changes its members: two leads cannot both leave at the same time."""
    return Administration.objects.select_for_update().get(pk=administration.pk)


def _require_another_lead(membership: Membership) -> None:
    if membership.role != Role.LEAD:
        return
    if not Membership.objects.filter(role=Role.LEAD).exclude(pk=membership.pk).exists():
        raise DeedRefused(_("An administration needs a lead. Make somebody else lead first."))


def _announce(membership: Membership) -> None:
    """Her open pages check the door again."""
    events.publish(
        events.person_channel(membership.user_id),
        "access-changed",
        {"administration": str(membership.administration_id)},
    )
