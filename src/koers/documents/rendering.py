"""The note of a workbook as a file: for the download and for the command line."""

from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.text import slugify

from koers.assessment.models import Workshop
from koers.documents.composing import Note
from koers.documents.docx import write_docx
from koers.documents.pdf import write_pdf
from koers.documents.queries import note_of
from koers.documents.report.composing import compose_report
from koers.documents.report.material import material_of
from koers.workbook.models import Workbook

CONTENT_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class UnknownFormat(ValueError):
    """There is no such format."""


def write_note(note: Note, form: str) -> bytes:
    """A composed note as ``docx`` or ``pdf``. Raises `UnknownFormat`."""
    if form == "docx":
        return write_docx(note)
    if form == "pdf":
        return write_pdf(note)
    raise UnknownFormat(form)


def render_note(workbook: Workbook, form: str, appendix: bool | None = True, language: str | None = None) -> bytes:
    """The note of a workbook as it is now, in ``docx`` or ``pdf``.

    Call it within the administration's scope. Without `language` it is in the language that was composed.
    """
    return write_note(note_of(workbook, appendix=appendix, language=language), form)


def render_report(workshop: Workshop, form: str, language: str) -> bytes:
    """The report of a workshop, in ``docx`` or ``pdf``. Call it within the administration's scope."""
    return write_note(compose_report(material_of(workshop), language), form)


def file_name(workbook: Workbook, form: str, what: str = "ambitienota", day: date | None = None) -> str:
    """A name that every system can keep: ``ambitienota-gemeente-kastelbeke-2026-11-23.docx``."""
    slug = slugify(workbook.administration.name)[:60].strip("-") or "bestuur"
    return f"{what}-{slug}-{day or timezone.localdate():%Y-%m-%d}.{form}"
