"""Telling people that a date of theirs has passed: once for each task or section, and each date."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from koers.workbook.actions.news import tell
from koers.workbook.models import Answer, Assignment, NewsKind, Notification, Standing, Task

# What was late for longer than this when nobody looked is on the pages, and needs no news any more.
LOOK_BACK: Final = timedelta(days=30)


def tell_who_is_late(now: datetime) -> int:
    """Tell the owners of what got late. Returns how many were told; call it within `unscoped`."""
    told = sum(_tell(Assignment, row.pk) for row in _not_agreed(_untold_sections(now)))
    return told + sum(_tell(Task, row.pk) for row in _untold_tasks(now))


def _passed(now: datetime) -> dict[str, object]:
    """Dates that passed not too long ago, of things whose owner is still there."""
    today = timezone.localtime(now).date()
    return {
        "due__lt": today, "due__gte": today - LOOK_BACK, "workbook__deleted_at": None,
        "owner__memberships__administration": F("administration"),
    }  # fmt: skip


def _untold_sections(now: datetime) -> QuerySet[Assignment]:
    told = Notification.objects.filter(
        kind=NewsKind.LATE, task=None, workbook=OuterRef("workbook"), section_id=OuterRef("section_id"),
        recipient=OuterRef("owner"), text=OuterRef("day"),
    )  # fmt: skip
    rows = Assignment.objects.filter(**_passed(now)).annotate(day=Cast("due", CharField()))
    return rows.filter(~Exists(told)).select_related("workbook", "owner")


def _untold_tasks(now: datetime) -> QuerySet[Task]:
    told = Notification.objects.filter(
        kind=NewsKind.LATE, task=OuterRef("pk"), recipient=OuterRef("owner"), text=OuterRef("day")
    )
    rows = Task.objects.filter(**_passed(now), done_at=None, deleted_at=None)
    return rows.annotate(day=Cast("due", CharField())).filter(~Exists(told)).select_related("workbook", "owner")


def _not_agreed(rows: Iterable[Assignment]) -> list[Assignment]:
    """Without the sections of which every field is agreed."""
    late = list(rows)
    books = {row.workbook_id for row in late}
    agreed = set(
        Answer.objects.filter(workbook_id__in=books, answered=True, standing=Standing.AGREED).values_list(
            "workbook_id", "field_key"
        )
    )
    return [row for row in late if not _is_agreed(row, agreed)]


def _is_agreed(row: Assignment, agreed: set[tuple[UUID, str]]) -> bool:
    section = row.workbook.edition.sections.get(row.section_id)
    return section is None or bool(
        section.fields and all((row.workbook_id, field.key) in agreed for field in section.fields)
    )


def _tell(model: type[Assignment] | type[Task], pk: int) -> int:
    """Tell one owner, unless another process did: the row is locked while it is looked at again."""
    with transaction.atomic():
        row = model._default_manager.select_for_update(of=("self",)).select_related("workbook", "owner").get(pk=pk)
        task = row if isinstance(row, Task) else None
        if row.owner is None or row.due is None:
            return 0
        text = row.due.isoformat()
        before = Notification.objects.filter(
            kind=NewsKind.LATE,
            workbook=row.workbook,
            section_id=row.section_id,
            task=task,
            recipient=row.owner,
            text=text,
        )
        if before.exists():
            return 0
        key = task.field_key if task else ""
        told = tell(
            row.workbook,
            NewsKind.LATE,
            [row.owner],
            None,
            section_id=row.section_id,
            field_key=key,
            task=task,
            text=text,
        )
    return len(told)
