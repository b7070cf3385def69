"""Votes that the room has not seen yet: no page, file or report tells them before it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from koers.assessment.models import Phase, Status, Workshop


def unseen_votes(workshops: Iterable[Workshop]) -> Q:
    """Of responses: those of the present vote, and of votes that were left in the middle.

    Who watched them come in one by one could tell whose each is.
    """
    unseen = Q(pk__in=[])
    for each in workshops:
        if each.status != Status.OPEN:
            continue
        here = Q(respondent__workshop_id=each.pk)
        if each.phase == Phase.VOTING:
            unseen |= here & Q(question=each.question, ballot=each.ballot)
        if each.unshown:
            unseen |= here & Q(question__in=each.unshown)
    return unseen


def unseen_in(measurements: Collection[UUID]) -> Q:
    """The same of all workshops of these measurements. One query."""
    return unseen_votes(Workshop.objects.filter(measurement__in=measurements, status=Status.OPEN))


def kind_being_ranked(workshop: Workshop) -> str:
    """The kind of ideas that the room gives points to now; empty when it gives none."""
    is_ranking = workshop.status == Status.OPEN and workshop.phase == Phase.RANKING and workshop.step is not None
    return workshop.step.idea_kind if is_ranking and workshop.step else ""
