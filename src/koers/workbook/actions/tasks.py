"""Tasks that come out of a talk: who does what by when."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from koers.organisations.actions import record
from koers.organisations.models import User
from koers.workbook.actions.news import tell
from koers.workbook.actions.talk import announce_talk
from koers.workbook.models import Comment, NewsKind, Task, Workbook
from koers.workbook.queries.talk import Place


def add_task(
    workbook: Workbook,
    place: Place,
    actor: User,
    *,
    title: str,
    owner: User,
    due: date | None,
    comment: Comment | None = None,
) -> Task:
    """Give somebody something to do; she hears it."""
    with transaction.atomic():
        task = Task.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, section_id=place.section.id,
            field_key=place.field_key, comment=comment, title=title, owner=owner, due=due, created_by=actor,
        )  # fmt: skip
        record(workbook.administration, actor, "task.add", title, workbook=str(workbook.pk))
        _tell_owner(workbook, task, actor)
        announce_talk(workbook, task.section_id, task.field_key, actor)
    return task


def edit_task(workbook: Workbook, task: Task, actor: User, *, title: str, owner: User, due: date | None) -> None:
    """Change what, who or by when; a new owner hears it."""
    with transaction.atomic():
        passed_on = task.owner_id != owner.pk
        task.title, task.owner, task.due = title, owner, due
        task.save(update_fields=["title", "owner", "due"])
        record(workbook.administration, actor, "task.edit", title, workbook=str(workbook.pk))
        if passed_on:
            _tell_owner(workbook, task, actor)
        announce_talk(workbook, task.section_id, task.field_key, actor)


def finish_task(workbook: Workbook, task: Task, actor: User) -> None:
    with transaction.atomic():
        undone = Task.objects.filter(pk=task.pk, done_at=None)
        if undone.update(done_at=timezone.now(), done_by=actor):
            record(workbook.administration, actor, "task.done", task.title, workbook=str(workbook.pk))
            announce_talk(workbook, task.section_id, task.field_key, actor)


def reopen_task(workbook: Workbook, task: Task, actor: User) -> None:
    with transaction.atomic():
        done = Task.objects.filter(pk=task.pk).exclude(done_at=None)
        if done.update(done_at=None, done_by=None):
            record(workbook.administration, actor, "task.reopen", task.title, workbook=str(workbook.pk))
            announce_talk(workbook, task.section_id, task.field_key, actor)


def delete_task(workbook: Workbook, task: Task, actor: User) -> None:
    """Take a task away; it can be put back."""
    with transaction.atomic():
        there = Task.objects.filter(pk=task.pk, deleted_at=None)
        if there.update(deleted_at=timezone.now()):
            record(workbook.administration, actor, "task.delete", task.title, workbook=str(workbook.pk))
            announce_talk(workbook, task.section_id, task.field_key, actor)


def restore_task(workbook: Workbook, task: Task, actor: User) -> None:
    with transaction.atomic():
        gone = Task.objects.filter(pk=task.pk).exclude(deleted_at=None)
        if gone.update(deleted_at=None):
            record(workbook.administration, actor, "task.restore", task.title, workbook=str(workbook.pk))
            announce_talk(workbook, task.section_id, task.field_key, actor)


def _tell_owner(workbook: Workbook, task: Task, actor: User) -> None:
    tell(
        workbook, NewsKind.TASK, [task.owner] if task.owner else [], actor,
        section_id=task.section_id, field_key=task.field_key, task=task,
        thread=task.comment.thread if task.comment else None, text=task.title,
    )  # fmt: skip
