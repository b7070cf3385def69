"""The radar: the picture for the meeting, not for reading figures."""

import math
from collections.abc import Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import NORMAL, SMALL, WIDTH, Drawing, Palette, Role, decimal, wrapped
from koers.analysis.scoring import Analysis

_RADIUS: Final = 92
_LEAD: Final = 16
_ROOM: Final = 112


def _labels(drawing: Drawing, x: float, y: float, angle: float, label: str, value: str) -> None:
    """A label outside its corner: above it in the upper half, under it in the lower half."""
    lines = [*wrapped(label, _ROOM if abs(math.cos(angle)) > 0.2 else WIDTH, NORMAL), value]
    across = math.cos(angle)
    if abs(across) < 0.2:
        anchor, place = "middle", x
    elif math.sin(angle) < 0.2:
        anchor, place = ("end", WIDTH) if across > 0 else ("start", 0)
    else:
        anchor, place = ("start", WIDTH / 2 + 14) if across > 0 else ("end", WIDTH / 2 - 14)
    top = y + 22 if math.sin(angle) >= 0.2 else y - 12 - (len(lines) - 1) * _LEAD
    for number, line in enumerate(lines):
        drawing.text(place, top + number * _LEAD, line, bold=number == len(lines) - 1, anchor=anchor)  # type: ignore[arg-type]


def _figure(drawing: Drawing, points: Sequence[tuple[float, float] | None], closed: Role, line: Role) -> None:
    """The points joined; a gap where one is missing leaves the figure open."""
    whole = [point for point in points if point is not None]
    if len(whole) == len(points):
        drawing.shape(whole, closed)
        return
    for here, there in zip(points, [*points[1:], points[0]], strict=True):
        if here is not None and there is not None:
            drawing.line(*here, *there, line)


def _legend(drawing: Drawing, y: float, names: tuple[str, str]) -> float:
    """Which line is which: dashed the earlier measurement, drawn the one that is shown."""
    for name, role in ((names[1], "spoke"), (names[0], "earlier")):
        drawing.line(0, y - 4, 24, y - 4, role)  # type: ignore[arg-type]
        for line in wrapped(name, WIDTH - 34, SMALL):
            drawing.text(32, y, line, "quiet", size=SMALL)
            y += _LEAD
    return y - 6


def radar(
    analysis: Analysis, palette: Palette = "page", id_: str = "radar", *,
    earlier: Sequence[float | None] = (), names: tuple[str, str] = ("", ""),
) -> SafeString:  # fmt: skip
    """One spoke a dimension, from 0 in the middle to 1 outside. A dimension without an index leaves the figure open.

    `earlier`: the indices of a measurement before, as a second, dashed line; `names` of that one and of this.
    Empty with fewer than three dimensions: then there is no figure to draw.
    """
    dimensions = analysis.dimensions
    count = len(dimensions)
    if count < 3:
        return SafeString("")
    none = _("no index yet")
    values = ["" if each.index is None else decimal(each.index) for each in dimensions]
    summary = "; ".join(
        f"{each.section.title}: {value or none}" for each, value in zip(dimensions, values, strict=True)
    )
    if any(index is not None for index in earlier):
        before = (none if index is None else decimal(index) for index in earlier)
        said = "; ".join(f"{each.section.title}: {index}" for each, index in zip(dimensions, before, strict=True))
        summary = f"{names[1]}: {summary}. {names[0]}: {said}"
    drawing = Drawing(_("Radar of the indicative indices, from 0 to 1"), summary, palette, id_)
    middle_x, middle_y = WIDTH / 2, _RADIUS + 46
    angles = [-math.pi / 2 + 2 * math.pi * number / count for number in range(count)]

    def place(angle: float, index: float) -> tuple[float, float]:
        return middle_x + math.cos(angle) * _RADIUS * index, middle_y + math.sin(angle) * _RADIUS * index

    for ring in (0.25, 0.5, 0.75, 1.0):
        drawing.shape([place(angle, ring) for angle in angles], "hairline")
    for angle in angles:
        drawing.line(middle_x, middle_y, *place(angle, 1))
    points = [
        None if each.index is None else place(angle, each.index) for each, angle in zip(dimensions, angles, strict=True)
    ]
    if any(index is not None for index in earlier):
        was = [None if index is None else place(angle, index) for index, angle in zip(earlier, angles, strict=True)]
        _figure(drawing, was, "earlier", "earlier")
    _figure(drawing, points, "area", "spoke")
    for point in points:
        if point is not None:
            drawing.circle(*point, 4, "mark")
    for each, angle, value in zip(dimensions, angles, values, strict=True):
        _labels(drawing, *place(angle, 1), angle, str(each.section.title), value or none)
    bottom: float = middle_y + _RADIUS + 56
    if any(index is not None for index in earlier):
        bottom = _legend(drawing, bottom + 16, names)
    return drawing.finish(bottom)
