"""The note as tagged PDF (PDF/UA-1), set by typst."""

import functools
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import typst

from koers.documents.composing.tree import Note
from koers.documents.pdf.data import note_data

HERE = Path(__file__).resolve().parent.parent
TEMPLATE = HERE / "typst" / "note.typ"
FONTS = HERE / "fonts"

# The engine keeps what it set before and is not meant to be called by two threads at once on one font book.
_setting = threading.Lock()


@functools.cache
def fonts() -> typst.Fonts:
    """The fonts of the product; the engine's own ones when they were not built."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS] if FONTS.is_dir() else []
    )


def has_own_fonts() -> bool:
    return any(FONTS.glob("*.ttf"))


def write_pdf(note: Note) -> bytes:
    """The PDF. The same note always gives the same bytes."""
    inputs = {"data": json.dumps(note_data(note), ensure_ascii=False)}
    stamp = datetime(note.day.year, note.day.month, note.day.day, 12, tzinfo=UTC)
    with _setting:
        return typst.compile(
            TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), ignore_system_fonts=True, format="pdf",
            sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=stamp,
        )  # fmt: skip


_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)
"""


@functools.lru_cache(maxsize=64)
def picture(svg: str, pixels_per_inch: int = 160) -> bytes:
    """A drawing as PNG, for Word."""
    with _setting:
        return typst.compile(
            _PICTURE, font_paths=fonts(), ignore_system_fonts=True, format="png", ppi=pixels_per_inch, sys_inputs={"svg": svg},
        )  # fmt: skip
