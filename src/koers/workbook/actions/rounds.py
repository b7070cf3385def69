"""Closing a round, and starting the next one from its answers."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.kit import events
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import Membership, User
from koers.workbook.actions.history import keep_version
from koers.workbook.actions.news import tell
from koers.workbook.models import Answer, Conflict, NewsKind, Round, Standing, VersionKind, Workbook


def _locked(workbook: Workbook) -> Workbook:
    return Workbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)


def _round_of(workbook: Workbook) -> Round:
    present, _made = Round.objects.get_or_create(
        workbook_id=workbook.pk, number=workbook.round,
        defaults={"administration_id": workbook.administration_id, "started_at": workbook.created_at},
    )  # fmt: skip
    return present


def _tell_pages(workbook: Workbook, *, closed: bool) -> None:
    events.publish(events.workbook_channel(workbook.pk), "round", {"round": workbook.round, "closed": closed})


def close_round(workbook: Workbook, actor: User) -> Round:
    """Close the round: it stays readable for ever as a version, and nothing is written in it any more.

    Raises `DeedRefused` when it is closed already, or while people still have to choose between two versions.
    """
    with transaction.atomic():
        present = _locked(workbook)
        if present.closed_at is not None:
            raise DeedRefused(_("This round is closed already."))
        if Conflict.objects.filter(workbook_id=workbook.pk, settled_at=None).exists():
            raise DeedRefused(_("First choose in the fields that two people changed at the same time."))
        lap = _round_of(present)
        lap.version = keep_version(workbook, lap.name, actor, VersionKind.ROUND)
        lap.closed_at, lap.closed_by = timezone.now(), actor
        lap.save(update_fields=["version", "closed_at", "closed_by"])
        workbook.round, workbook.closed_at = present.round, lap.closed_at
        workbook.save(update_fields=["closed_at"])
        record(
            workbook.administration, actor, "round.close", lap.name,
            workbook=str(workbook.pk), round=lap.number, version=lap.version.pk,
        )  # fmt: skip
        members = Membership.objects.filter(administration_id=workbook.administration_id).select_related("user")
        tell(workbook, NewsKind.ROUND, [each.user for each in members], actor, text=f"{lap.number} {lap.name}".strip())
        _tell_pages(workbook, closed=True)
    return lap


def start_round(workbook: Workbook, name: str, actor: User) -> Round:
    """Start the next round. The answers stay, as its starting point; all of them are drafts again.

    Raises `DeedRefused` while the present round is open.
    """
    with transaction.atomic():
        present = _locked(workbook)
        if present.closed_at is None:
            raise DeedRefused(_("First close the round that is open."))
        workbook.round, workbook.closed_at = present.round + 1, None
        workbook.save(update_fields=["round", "closed_at"])
        lap = Round.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, number=workbook.round, name=name[:160],
            started_by=actor,
        )  # fmt: skip
        Answer.objects.filter(workbook=workbook).exclude(standing=Standing.DRAFT).update(
            standing=Standing.DRAFT, standing_at=None, standing_by=None
        )
        record(workbook.administration, actor, "round.start", lap.name, workbook=str(workbook.pk), round=lap.number)
        _tell_pages(workbook, closed=False)
    return lap
