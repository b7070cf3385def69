"""The drawing of a vote: how often each answer was given, in the first and the second vote, and what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from koers.documents.composing import drawing as draw

WIDTH: Final = 640.0
_LABELS: Final = 330.0
_LINE: Final = 15.0


@dataclass(frozen=True)
class Bar:
    """One answer: how often it was given in the vote that counts, and in the vote before that when there was one."""

    label: str
    count: float
    before: float | None = None
    agreed: bool = False
    unit: str = ""


def vote_bars(bars: Sequence[Bar], agreed_word: str) -> str:
    """Horizontal bars with the number at the end; the agreed answer carries a marker and the word for it."""
    left, right = _LABELS + 16, WIDTH - 56
    span = right - left
    most = max([1.0, *(bar.count for bar in bars), *(bar.before or 0 for bar in bars)])
    parts: list[str] = []
    top = 4.0
    for bar in bars:
        lines = draw.wrap(bar.label, _LABELS - 22, 12.5, lines=4)
        height = max(len(lines) * _LINE + (_LINE if bar.agreed else 0), 26.0 if bar.before is None else 36.0) + 10
        parts += _labelled(bar, lines, top, height, agreed_word)
        middle = top + height / 2
        parts += _measured(bar, left, middle if bar.before is None else middle - 7, span / most)
        if bar.before is not None:
            parts.append(draw.rect(left, middle + 4, bar.before * span / most, 7, draw.MUTED, "soft", 2))
            x = left + bar.before * span / most + 8
            parts.append(draw.words(x, middle + 11, _said(bar.before, bar.unit), 10.5, fill=draw.MUTED, name="muted"))
        top += height
        parts.append(draw.line(0, top, WIDTH, top, draw.TRACK, "track-line", 0.8))
    return draw.drawing(WIDTH, top + 4, parts, "note-vote")


def _said(count: float, unit: str) -> str:
    return f"{count:g}{unit}"


def _labelled(bar: Bar, lines: Sequence[str], top: float, height: float, agreed_word: str) -> list[str]:
    rows = len(lines) + bar.agreed
    y = top + height / 2 - rows * _LINE / 2 + 11.5
    parts = []
    for number, said in enumerate(lines):
        parts.append(draw.words(20, y + number * _LINE, said, 12.5, bold=bar.agreed))
    if bar.agreed:
        parts.append(draw.circle(7, y - 4, 6, draw.YELLOW, "marker", draw.PETROL, 2))
        below = y + len(lines) * _LINE
        parts.append(draw.words(20, below, agreed_word, 11, fill=draw.PETROL, name="accent-ink", bold=True))
    return parts


def _measured(bar: Bar, left: float, middle: float, scale: float) -> list[str]:
    width = bar.count * scale
    parts = [draw.line(left, middle - 8, left, middle + 8, draw.LINE, "line", 1)]
    if bar.count:
        parts.append(draw.rect(left, middle - 7, width, 14, draw.PETROL, "accent", 2))
    parts.append(draw.words(left + width + 8, middle + 4.5, _said(bar.count, bar.unit), 13, bold=True))
    return parts
