"""A few words of SVG. Colours are attributes, with classes beside them so that a page can recolour them in dark mode.

No style attributes and no scripts: the drawings stand in pages with a strict content policy, in PDF and in Word.
"""

from collections.abc import Iterable
from html import escape
from typing import Final

INK: Final = "#16242b"
MUTED: Final = "#54646c"
LINE: Final = "#c9d2d6"
TRACK: Final = "#e8edef"
PETROL: Final = "#0b5563"
PALE: Final = "#d5e6ea"
YELLOW: Final = "#f2b705"
WHITE: Final = "#ffffff"
FONT: Final = "Atkinson Hyperlegible Next, Atkinson Hyperlegible Next Variable, Calibri, Arial, sans-serif"

_NARROW: Final = set("iljtfrI.,:;'!|()[] ")
_WIDE: Final = set("mwMW@%")


def text_width(words: str, size: float) -> float:
    """About how wide words are set: good enough to wrap and to place."""
    return size * sum(
        0.3 if char in _NARROW else 0.86 if char in _WIDE else 0.6 if char.isupper() else 0.53 for char in words
    )


def wrap(words: str, width: float, size: float, lines: int = 2) -> list[str]:
    """Words on at most so many lines; what does not fit ends in an ellipsis."""
    wrapped: list[str] = []
    current = ""
    for word in words.split():
        longer = f"{current} {word}".strip()
        if not current or text_width(longer, size) <= width:
            current = longer
        else:
            wrapped.append(current)
            current = word
    if current:
        wrapped.append(current)
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], f"{wrapped[lines - 1]}…"]
    return [_fitted(line, width, size) for line in wrapped]


def _fitted(line: str, width: float, size: float) -> str:
    if text_width(line, size) <= width:
        return line
    while line and text_width(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def rect(x: float, y: float, width: float, height: float, fill: str, name: str, radius: float = 0) -> str:
    round_corners = f' rx="{_number(radius)}"' if radius else ""
    return (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(max(width, 0))}" height="{_number(height)}"'
        f'{round_corners} fill="{fill}" class="{name}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, name: str, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}" stroke="{stroke}"'
        f' stroke-width="{_number(width)}" stroke-linecap="round"{dashed} class="{name}"/>'
    )


def circle(x: float, y: float, radius: float, fill: str, name: str, stroke: str = "none", width: float = 0) -> str:
    return (
        f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" fill="{fill}" stroke="{stroke}"'
        f' stroke-width="{_number(width)}" class="{name}"/>'
    )


def path(d: str, stroke: str, name: str, width: float, fill: str = "none") -> str:
    return (
        f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{_number(width)}" stroke-linecap="round"'
        f' stroke-linejoin="round" class="{name}"/>'
    )


def words(
    x: float, y: float, said: str, size: float = 13, *, fill: str = INK, name: str = "ink", anchor: str = "start",
    bold: bool = False,
) -> str:  # fmt: skip
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}" font-family="{FONT}" fill="{fill}"'
        f' text-anchor="{anchor}"{weight} class="{name}">{escape(said)}</text>'
    )


def drawing(width: float, height: float, parts: Iterable[str], name: str = "") -> str:
    """A whole drawing. It has no title of its own: the writer gives its words beside it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}"'
        f' width="{_number(width)}" height="{_number(height)}" class="note-drawing {name}">{"".join(parts)}</svg>'
    )
