"""What is read to make a note. Call these within the administration's scope."""

from django.utils import timezone

from koers.documents.composing import Choices, Note, compose
from koers.documents.models import NoteSettings
from koers.workbook.models import Workbook
from koers.workbook.queries import values_of


def settings_of(workbook: Workbook) -> NoteSettings:
    """The settings of a workbook's note; fresh ones, not saved, when nobody composed it yet."""
    found = NoteSettings.objects.filter(workbook=workbook).first()
    return found or NoteSettings(administration_id=workbook.administration_id, workbook=workbook)


def language_of(workbook: Workbook, settings: NoteSettings) -> str:
    languages = workbook.edition.languages
    return settings.language if settings.language in languages else languages[0]


def choices_of(settings: NoteSettings) -> Choices:
    return Choices(
        title=settings.title,
        subtitle=settings.subtitle,
        day=settings.day,
        author=settings.author,
        hidden=frozenset(settings.hidden),
        order=tuple(settings.order),
        introduction=settings.introduction,
        titles=dict(settings.titles),
    )


def note_of(
    workbook: Workbook,
    *,
    settings: NoteSettings | None = None,
    appendix: bool | None = None,
    language: str | None = None,
) -> Note:
    """The note as the answers are now. What is not given is as it was composed."""
    chosen = settings or settings_of(workbook)
    return compose(
        workbook.edition,
        values_of(workbook),
        workbook.administration.name,
        choices_of(chosen),
        language or language_of(workbook, chosen),
        today=timezone.localdate(),
        appendix=chosen.with_appendix if appendix is None else appendix,
    )
