"""What people do with the note. Call these within the administration's scope."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from koers.documents.models import NoteSettings
from koers.organisations.actions import record
from koers.organisations.models import User
from koers.workbook.models import Workbook


@dataclass(frozen=True)
class Composition:
    """Everything that can be chosen of a note."""

    title: str = ""
    subtitle: str = ""
    day: date | None = None
    author: str = ""
    language: str = ""
    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    with_appendix: bool = True
    introduction: str = ""


def compose_note(workbook: Workbook, composition: Composition, actor: User | None) -> NoteSettings:
    """Keep how the note is composed. `introduction` is clean HTML of the rich text schema."""
    with transaction.atomic():
        settings, _created = NoteSettings.objects.update_or_create(
            workbook=workbook,
            defaults={
                "administration_id": workbook.administration_id,
                "title": composition.title,
                "subtitle": composition.subtitle,
                "day": composition.day,
                "author": composition.author,
                "language": composition.language,
                "hidden": list(composition.hidden),
                "order": list(composition.order),
                "titles": dict(composition.titles),
                "with_appendix": composition.with_appendix,
                "introduction": composition.introduction,
                "updated_at": timezone.now(),
            },
        )
        record(
            workbook.administration, actor, "note.compose", str(workbook), workbook=str(workbook.pk),
            hidden=list(composition.hidden), appendix=composition.with_appendix,
        )  # fmt: skip
    return settings
