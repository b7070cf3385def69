"""The figures of the note: where we stand, the timeline, the adoption matrix, the route on the cover."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from koers.documents.composing import drawing as draw
from koers.documents.composing import numbers
from koers.documents.composing.tree import Waypoint

WIDTH: Final = 640.0
MAX_BARS: Final = 24
# Councils of local governments are installed every six years; the term 2025-2030 is one of them.
TERM_START: Final = 2025
TERM_YEARS: Final = 6


@dataclass(frozen=True)
class Bar:
    """One dimension: its indicative index (0 to 1) and its coverage in words."""

    label: str
    index: float | None
    coverage: str


def index_bars(bars: Sequence[Bar], language: str) -> str:
    """Horizontal bars from 0 to 100 with the number and the coverage written out."""
    label_width, row, top = 210.0, 40.0, 22.0
    left, right = label_width + 12, WIDTH - 118
    span = right - left
    bottom = top + row * len(bars)
    parts = []
    for step in (0, 25, 50, 75, 100):
        x = left + span * step / 100
        parts.append(draw.line(x, top - 4, x, bottom, draw.LINE, "line", 0.8))
        parts.append(draw.words(x, top - 10, str(step), 11, fill=draw.MUTED, name="muted", anchor="middle"))
    for index, bar in enumerate(bars):
        middle = top + row * index + row / 2
        lines = draw.wrap(bar.label, label_width, 13)
        for number, said in enumerate(lines):
            parts.append(draw.words(0, middle + 4.5 - 8 * (len(lines) - 1) + 16 * number, said, 13))
        parts.append(draw.rect(left, middle - 8, span, 16, draw.TRACK, "track", 2))
        if bar.index is not None:
            parts.append(draw.rect(left, middle - 8, span * bar.index, 16, draw.PETROL, "accent", 2))
            shown = numbers.number(round(100 * bar.index), language)
            parts.append(draw.words(right + 12, middle + 5, shown, 15, bold=True))
        coverage_x = right + (44 if bar.index is not None else 12)
        parts.append(draw.words(coverage_x, middle + 5, bar.coverage, 11.5, fill=draw.MUTED, name="muted"))
    return draw.drawing(WIDTH, bottom + 6, parts, "note-bars")


@dataclass(frozen=True)
class Work:
    label: str
    begin: int
    end: int


def _years(works: Sequence[Work]) -> tuple[int, int]:
    return min(work.begin for work in works), max(work.end for work in works)


def timeline(works: Sequence[Work]) -> str:
    """A bar for each piece of work over the years, with the terms of office above."""
    works = works[:MAX_BARS]
    first, last = _years(works)
    label_width, row, top = 206.0, 34.0, 52.0
    left = label_width + 14
    year_width = (WIDTH - left) / (last - first + 1)
    bottom = top + row * len(works)
    parts = [*_terms(first, last, left, year_width, bottom), *_year_labels(first, last, left, year_width, top, bottom)]
    for index, work in enumerate(works):
        middle = top + row * index + row / 2
        lines = draw.wrap(work.label, label_width, 12.5)
        for number, said in enumerate(lines):
            parts.append(draw.words(0, middle + 4.5 - 7.5 * (len(lines) - 1) + 15 * number, said, 12.5))
        begin = left + (work.begin - first) * year_width
        end = left + (work.end - first + 1) * year_width
        parts.append(draw.rect(begin + 3, middle - 7, end - begin - 6, 14, draw.PETROL, "accent", 7))
        parts.append(draw.circle(end - 10, middle, 3.5, draw.YELLOW, "marker"))
        if index:
            parts.append(draw.line(0, top + row * index, WIDTH, top + row * index, draw.TRACK, "track-line", 0.8))
    return draw.drawing(WIDTH, bottom + 4, parts, "note-timeline")


def _terms(first: int, last: int, left: float, year_width: float, bottom: float) -> list[str]:
    parts = []
    start = first - (first - TERM_START) % TERM_YEARS
    while start <= last:
        end = start + TERM_YEARS - 1
        begin_x = left + (max(start, first) - first) * year_width
        end_x = left + (min(end, last) - first + 1) * year_width
        shade = (start - TERM_START) // TERM_YEARS % 2
        parts.append(draw.rect(begin_x, 0, end_x - begin_x, 22, draw.PALE if not shade else draw.TRACK, "band"))
        said = _("Term of office %(from)s–%(until)s") % {"from": start, "until": end}
        if draw.text_width(said, 11.5) > end_x - begin_x - 8:
            said = f"{start}–{end}"
        if draw.text_width(said, 11.5) <= end_x - begin_x - 4:
            middle = (begin_x + end_x) / 2
            parts.append(draw.words(middle, 15, said, 11.5, anchor="middle", bold=True, name="band-ink"))
        if begin_x > left:
            parts.append(draw.line(begin_x, 0, begin_x, bottom, draw.PETROL, "accent-line", 1.6, "1 4"))
        start += TERM_YEARS
    return parts


def _year_labels(first: int, last: int, left: float, year_width: float, top: float, bottom: float) -> list[str]:
    parts = []
    every = max(1, round(38 / year_width + 0.49))
    for year in range(first, last + 1):
        x = left + (year - first) * year_width
        parts.append(draw.line(x, top - 10, x, bottom, draw.LINE, "line", 0.8))
        if (year - first) % every == 0:
            middle = x + year_width / 2
            parts.append(draw.words(middle, top - 14, str(year), 11.5, fill=draw.MUTED, name="muted", anchor="middle"))
    return parts


@dataclass(frozen=True)
class Quadrant:
    """A group of the adoption matrix: its place by trust in learning and belief in the change."""

    label: str
    share: float | None
    believes: bool
    confident: bool


def adoption_matrix(quadrants: Sequence[Quadrant], language: str) -> str:
    """Four quadrants; the circle's area says how many."""
    width, side_width, half, gap = WIDTH, 120.0, 150.0, 8.0
    cell = (width - side_width - gap) / 2
    parts = []
    for row, believes in enumerate((True, False)):
        said = _("Believes in the change") if believes else _("Doubts the change")
        for number, line in enumerate(draw.wrap(said, side_width - 14, 12, 3)):
            parts.append(
                draw.words(0, row * (half + gap) + half / 2 + 15 * number, line, 12, fill=draw.MUTED, name="muted")
            )
        for column, confident in enumerate((False, True)):
            found = [each for each in quadrants if (each.believes, each.confident) == (believes, confident)]
            x, y = side_width + column * (cell + gap), row * (half + gap)
            inspired = believes and confident
            parts.append(
                draw.rect(x, y, cell, half, draw.PALE if inspired else draw.TRACK, "band" if inspired else "track", 4)
            )
            for each in found[:1]:
                parts.extend(_quadrant(each, x, y, cell, half, language))
    base = 2 * half + gap + 20
    for column, said in enumerate((_("Little trust in being able to learn"), _("Trust in being able to learn"))):
        x = side_width + column * (cell + gap) + cell / 2
        parts.append(draw.words(x, base, said, 12, fill=draw.MUTED, name="muted", anchor="middle"))
    return draw.drawing(width, base + 8, parts, "note-adoption")


def _quadrant(quadrant: Quadrant, x: float, y: float, width: float, height: float, language: str) -> list[str]:
    parts = [draw.words(x + 14, y + 26, quadrant.label, 14, bold=True)]
    if quadrant.share is None:
        return [*parts, draw.words(x + 14, y + 50, _("no estimate yet"), 12, fill=draw.MUTED, name="muted")]
    shown = numbers.percent(quadrant.share, language)
    radius = (height / 2 - 14) * (min(quadrant.share, 100) / 100) ** 0.5
    parts.append(draw.circle(x + width - height / 2, y + height / 2, radius, draw.PETROL, "accent"))
    parts.append(draw.words(x + 14, y + height - 18, shown, 24, bold=True, fill=draw.PETROL, name="accent-ink"))
    return parts


def route(waypoints: Sequence[Waypoint]) -> str:
    """The route: a stretch for each part, done as far as it was filled in, with the finish at the end."""
    width, height = 640.0, 120.0
    count = max(len(waypoints), 1)
    left, right = 16.0, width - 24
    step = (right - left) / count
    parts = []
    for index, waypoint in enumerate(waypoints):
        begin, end = left + step * index, left + step * (index + 1)
        high, low = (64.0, 34.0) if index % 2 == 0 else (34.0, 64.0)
        parts.append(draw.path(_wave(begin, high, end, low), draw.LINE, "line", 5))
        if waypoint.progress > 0:
            done = _partial(begin, high, end, low, min(waypoint.progress, 1))
            parts.append(draw.path(done, draw.PETROL, "accent-line", 5))
        filled = waypoint.progress > 0
        parts.append(
            draw.circle(
                begin, high, 10, draw.PETROL if filled else draw.WHITE, "accent" if filled else "paper", draw.PETROL, 3
            )
        )
        label_y = 96 if high > 50 else 14
        parts.append(draw.words(begin - 10, label_y, f"{waypoint.id}  {waypoint.title}".strip(), 13, bold=True))
    finish_y = 64.0 if count % 2 == 0 else 34.0
    parts.append(draw.circle(right, finish_y, 14, draw.YELLOW, "marker", draw.PETROL, 3))
    parts.append(draw.circle(right, finish_y, 4.5, draw.PETROL, "accent"))
    return draw.drawing(width, height, parts, "note-route")


def _wave(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + x2) / 2
    return f"M {x1:.1f} {y1:.1f} C {middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _partial(x1: float, y1: float, x2: float, y2: float, share: float) -> str:
    """The first stretch of the wave, up to a share of it (the curve of Bézier cut in two)."""
    middle = (x1 + x2) / 2
    points = [(x1, y1), (middle, y1), (middle, y2), (x2, y2)]
    kept = [points[0]]
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in itertools.pairwise(points)]
        kept.append(points[0])
    return "M {:.1f} {:.1f} C {:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}".format(
        *(each for point in kept for each in point)
    )
