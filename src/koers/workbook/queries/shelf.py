"""The workbooks of a person, over all her administrations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from koers.kit.tenancy import unscoped
from koers.organisations.models import Administration, Membership, Role, User
from koers.workbook.models import Answer, Workbook
from koers.workbook.queries.course import Progress


@dataclass(frozen=True)
class ListedWorkbook:
    """A workbook in a list, with the reader's role."""

    workbook: Workbook
    role: str
    progress: Progress
    changed_at: datetime


def workbooks_of(user: User) -> list[ListedWorkbook]:
    """Every workbook that a person may open, the last changed first. A fixed number of queries."""
    with unscoped():
        roles = dict(Membership.objects.filter(user=user).values_list("administration_id", "role"))
        present = Workbook.objects.filter(administration_id__in=roles, deleted_at=None)
        workbooks = list(present.select_related("administration"))
        keys: dict[UUID, set[str]] = {}
        changed: dict[UUID, datetime] = {}
        rows = Answer.objects.filter(workbook__in=workbooks).values_list(
            "workbook_id", "field_key", "updated_at", "answered"
        )
        for workbook_id, key, at, answered in rows.iterator():
            if answered:
                keys.setdefault(workbook_id, set()).add(key)
            changed[workbook_id] = max(at, changed.get(workbook_id, at))
    listed = [
        ListedWorkbook(
            workbook=workbook,
            role=roles[workbook.administration_id],
            progress=Progress(
                len(keys.get(workbook.pk, set()) & workbook.edition.fields.keys()), len(workbook.edition.fields)
            ),
            changed_at=changed.get(workbook.pk, workbook.created_at),
        )
        for workbook in workbooks
    ]
    return sorted(listed, key=lambda each: each.changed_at, reverse=True)


@dataclass(frozen=True)
class DeletedWorkbook:
    """A deleted workbook, with how many answers are in it."""

    workbook: Workbook
    answers: int


def deleted_workbooks(administration: Administration) -> list[DeletedWorkbook]:
    """The deleted workbooks of an administration, the last deleted first. One query."""
    found = (
        Workbook.objects.filter(administration=administration)
        .exclude(deleted_at=None)
        .annotate(given=Count("answers", filter=Q(answers__answered=True)))
        .order_by("-deleted_at")
    )
    return [DeletedWorkbook(workbook, workbook.given) for workbook in found]


def places_with_deleted(user: User) -> list[Administration]:
    """The administrations of which a lead has deleted workbooks to put back. One query."""
    with unscoped():
        led = Membership.objects.filter(user=user, role=Role.LEAD).values("administration_id")
        gone = Workbook.objects.filter(administration_id__in=led).exclude(deleted_at=None).values("administration_id")
        return list(Administration.objects.filter(pk__in=gone))
