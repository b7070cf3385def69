"""Making, naming, deleting and putting back workbooks."""

from django.db import transaction

from koers.editions.loading import edition as load_edition
from koers.organisations.actions import record
from koers.organisations.models import Administration, User
from koers.workbook.models import Round, Workbook


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
