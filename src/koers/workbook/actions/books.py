"""Making, naming, deleting and putting back workbooks."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.editions.loading import edition as load_edition
from koers.kit import events
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import Administration, User
from koers.workbook.models import Answer, Comment, Conversation, Revision, Round, Task, Version, Workbook


def create_workbook(
    administration: Administration, actor: User | None, edition_id: str = "draaiboek", title: str = ""
) -> Workbook:
    """Open a workbook in the newest version of an edition."""
    with transaction.atomic():
        workbook = Workbook.objects.create(
            administration=administration,
            title=title,
            edition_id=edition_id,
            edition_version=load_edition(edition_id).version,
        )
        Round.objects.create(administration=administration, workbook=workbook, started_by=actor)
        record(administration, actor, "workbook.create", str(workbook), workbook=str(workbook.pk))
    return workbook


def rename_workbook(workbook: Workbook, title: str, actor: User) -> None:
    """Give the workbook another name; without one it carries the edition's."""
    with transaction.atomic():
        workbook.title = title
        workbook.save(update_fields=["title"])
        record(workbook.administration, actor, "workbook.rename", str(workbook), workbook=str(workbook.pk))


def delete_workbook(workbook: Workbook, actor: User) -> None:
    """Put a workbook away: it opens for nobody, until its lead puts it back or erases it."""
    with transaction.atomic():
        present = Workbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)
        if present.deleted_at is not None:
            return
        workbook.deleted_at = timezone.now()
        workbook.save(update_fields=["deleted_at"])
        record(workbook.administration, actor, "workbook.delete", str(workbook), workbook=str(workbook.pk))
        # Every open page of it knocks on the door again, and finds it closed.
        events.publish(events.workbook_channel(workbook.pk), events.ACCESS_CHANGED, {})


def put_back_workbook(workbook: Workbook, actor: User) -> None:
    """Bring back a deleted workbook, with everything that was in it."""
    with transaction.atomic():
        present = Workbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)
        if present.deleted_at is None:
            return
        workbook.deleted_at = None
        workbook.save(update_fields=["deleted_at"])
        record(workbook.administration, actor, "workbook.put-back", str(workbook), workbook=str(workbook.pk))


def erase_workbook(workbook: Workbook, actor: User) -> None:
    """Erase a deleted workbook for good, with its answers, versions and talks: the one thing that cannot be undone.

    The audit row keeps its name and how much there was, nothing of what was in it. Raises `DeedRefused` for a workbook
    that is not deleted.
    """
    with transaction.atomic():
        present = Workbook.objects.select_for_update(of=("self",)).filter(pk=workbook.pk).first()
        if present is None or present.deleted_at is None:
            raise DeedRefused(_("Only a deleted workbook can be erased."))
        counts = {
            "answers": Answer.objects.filter(workbook=present, answered=True).count(),
            **{
                name: table.objects.filter(workbook=present).count()
                for name, table in (
                    ("revisions", Revision), ("versions", Version), ("comments", Comment),
                    ("conversations", Conversation), ("tasks", Task),
                )
            },
        }  # fmt: skip
        record(workbook.administration, actor, "workbook.erase", str(workbook), workbook=str(workbook.pk), **counts)
        present.delete()
