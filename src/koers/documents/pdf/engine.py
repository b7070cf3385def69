"""The PDF engine, with what it needs of fonts. Characters that no font can show are said in words."""

import functools
import re
import threading
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import typst

HERE: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = HERE / "typst" / "note.typ"
FONTS = HERE / "fonts"

# The engine keeps what it set before; one at a time is the quickest way through it.
_setting: Final = threading.Lock()
_ORDINARY: Final = "\x00-\u024f\u2010-\u2027\u2030-\u203a\u20ac"
_UNUSUAL: Final = re.compile(f"[^{_ORDINARY}]")
_INVISIBLE: Final = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
_KEPT_RUNS: Final = 11
_NOT_SHOWN: Final = "could not be displayed"


@functools.cache
def fonts(*, of_the_system: bool = False) -> typst.Fonts:
    """The fonts of the product and the engine's own ones; as a last resort also those of the machine."""
    folders = [FONTS] if FONTS.is_dir() else []
    return typst.Fonts(include_system_fonts=of_the_system, include_embedded_fonts=True, font_paths=folders)


def set_pdf(data: str, day: date) -> bytes:
    """The PDF (PDF/UA-1) of the note's data as JSON."""
    stamp = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    def attempt(given: str, book: typst.Fonts) -> bytes:
        with _setting:
            return typst.compile(
                TEMPLATE,
                root=TEMPLATE.parent,
                font_paths=book,
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"data": given},
                pdf_standards=["ua-1"],
                timestamp=stamp,
            )

    try:
        return attempt(data, fonts())
    except typst.TypstError as error:
        if _NOT_SHOWN not in str(error):
            raise
    finally:
        _forget()
    book = fonts(of_the_system=True)
    return attempt(in_words(data, _is_shown), book)


def _forget() -> None:
    """Make the engine let go of a note: it keeps what it set for ten more runs, some 60 MB a note."""
    with _setting:
        for _run in range(_KEPT_RUNS):
            typst.compile(b"x", font_paths=fonts(), ignore_system_fonts=True, format="svg")


def in_words(text: str, is_shown: Callable[[str], bool]) -> str:
    """The text with what cannot be shown said in words: an emoji by its name."""
    bare = _INVISIBLE.sub("", text)
    hidden = {char for char in set(_UNUSUAL.findall(bare)) if not is_shown(char)}
    named = {char: f"[{unicodedata.name(char, hex(ord(char))).lower()}]" for char in hidden}
    return "".join(named.get(char, char) for char in bare)


_PROBE: Final = b'#set document(title: "x")\n#sys.inputs.char'


@functools.lru_cache(maxsize=4096)
def _is_shown(char: str) -> bool:
    try:
        with _setting:
            typst.compile(
                _PROBE,
                font_paths=fonts(of_the_system=True),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs={"char": char},
                pdf_standards=["ua-1"],
            )
    except typst.TypstError:
        return False
    return True


_PICTURE: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)
"""


@functools.lru_cache(maxsize=64)
def picture(svg: str, pixels_per_inch: int = 160) -> bytes:
    """A drawing as PNG, for Word."""
    with _setting:
        return typst.compile(
            _PICTURE,
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="png",
            ppi=pixels_per_inch,
            sys_inputs={"svg": svg},
        )
