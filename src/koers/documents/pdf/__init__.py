"""The note as tagged PDF (PDF/UA-1), set by typst."""

import json

from koers.documents.composing.tree import Note
from koers.documents.pdf.data import note_data
from koers.documents.pdf.engine import set_pdf


def write_pdf(note: Note) -> bytes:
    """The PDF. The same note always gives the same bytes."""
    return set_pdf(json.dumps(note_data(note), ensure_ascii=False), note.day)
