"""Two measurements or more beside each other: dimensions, questions, and the line over time."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import LEAD, NORMAL, SMALL, WIDTH, Drawing, Palette, decimal, length, wrapped

_EDGE: Final = 7
_PLOT: Final = 62


def _figure(index: float | None) -> str:
    return "–" if index is None else decimal(index)


def _change(earlier: str, later: str) -> str:
    if earlier == "–":
        return _("%(figure)s (new)") % {"figure": later}
    if later == "–":
        return _("was %(figure)s") % {"figure": earlier}
    if earlier == later:
        return _("stays %(figure)s") % {"figure": later}
    return _("from %(earlier)s to %(later)s") % {"earlier": earlier, "later": later}


def change_text(earlier: float | None, later: float | None) -> str:
    """From which index to which."""
    return "–" if earlier is None and later is None else _change(_figure(earlier), _figure(later))


@dataclass(frozen=True)
class Pair:
    """One dimension in two measurements."""

    label: str
    earlier: float | None
    later: float | None


def _arrow(drawing: Drawing, x1: float, x2: float, y: float) -> None:
    """A line with a head, unless both ends lie on each other."""
    if abs(x2 - x1) < 16:
        return
    way = 1 if x2 > x1 else -1
    drawing.line(x1 + way * 7, y, x2 - way * 12, y, "spoke")
    drawing.shape([(x2 - way * 6, y), (x2 - way * 13, y - 4), (x2 - way * 13, y + 4)], "mark")


def _place(index: float | None) -> float | None:
    return None if index is None else _EDGE + index * (WIDTH - 2 * _EDGE)


def _ends(drawing: Drawing, y: float, before: float | None, after: float | None) -> None:
    """Hollow where it was, filled where it is; where both are the same the one lies within the other."""
    if before is not None and after is not None:
        _arrow(drawing, before, after, y)
    if before is not None:
        drawing.circle(before, y, 5.5, "hollow")
    if after is not None:
        drawing.circle(after, y, 3 if before is not None and abs(after - before) < 1 else 5, "mark")


def _legend(drawing: Drawing, y: float, earlier: str, later: str) -> float:
    drawing.circle(7, y, 5, "hollow")
    for number, line in enumerate(wrapped(earlier, WIDTH - 20, SMALL)):
        drawing.text(18, y + 4 + number * 15, line, "quiet", size=SMALL)
        y += 15 if number else 0
    y += 18
    drawing.circle(7, y, 5.5, "mark")
    for number, line in enumerate(wrapped(later, WIDTH - 20, SMALL)):
        drawing.text(18, y + 4 + number * 15, line, "quiet", size=SMALL)
        y += 15 if number else 0
    return y + 12


def dumbbells(
    title: str, names: tuple[str, str], pairs: Sequence[Pair], palette: Palette = "page", id_: str = "compared"
) -> SafeString:
    """A line from 0 to 1 a dimension: hollow is the earlier measurement, filled the later one."""
    spoken = "; ".join(f"{each.label}: {change_text(each.earlier, each.later)}" for each in pairs)
    drawing = Drawing(title, f"{names[0]}; {names[1]}. {spoken}", palette, id_)
    y = _legend(drawing, 8, *names) + 8
    for each in pairs:
        text = change_text(each.earlier, each.later)
        y = drawing.row_words(y + NORMAL, each.label, text, quiet=each.later is None) + 12
        drawing.line(0, y, WIDTH, y)
        for tick in (0, 0.5, 1):
            x = _EDGE + tick * (WIDTH - 2 * _EDGE)
            drawing.line(x, y - 3, x, y + 3)
        _ends(drawing, y, _place(each.earlier), _place(each.later))
        y += 15
    return drawing.finish(max(y, 1))


@dataclass(frozen=True)
class Move:
    """One question in two measurements. Steps count from low to high, from 1."""

    number: str
    label: str
    steps: int
    earlier: float | None
    later: float | None
    words: str = ""

    def text(self) -> str:
        """From which step to which, or the words given instead."""
        if self.words:
            return self.words

        def said(step: float | None) -> str:
            if step is None:
                return "–"
            return f"{step:g}" if step == int(step) else decimal(step)

        return "–" if self.earlier is None and self.later is None else _change(said(self.earlier), said(self.later))


def arrows(
    title: str, names: tuple[str, str], moves: Sequence[Move], palette: Palette = "page", id_: str = "moves"
) -> SafeString:
    """A row of steps a question, and an arrow from the earlier answer to the later one."""
    spoken = "; ".join(f"{each.number} {each.label}: {each.text()}" for each in moves)
    drawing = Drawing(title, f"{names[0]}; {names[1]}. {spoken}", palette, id_)
    y = _legend(drawing, 8, *names) + 8
    for each in moves:
        y = drawing.row_words(y + NORMAL, f"{each.number}  {each.label}", each.text(), quiet=each.later is None) + 12
        drawing.line(0, y, WIDTH, y)
        pitch = (WIDTH - 2 * _EDGE) / max(each.steps - 1, 1)
        for step in range(each.steps):
            drawing.circle(_EDGE + step * pitch, y, 2.5, "outline")
        before, after = (None if step is None else _EDGE + (step - 1) * pitch for step in (each.earlier, each.later))
        _ends(drawing, y, before, after)
        y += 15
    return drawing.finish(max(y, 1))


@dataclass(frozen=True)
class Course:
    """One dimension over several measurements, oldest first."""

    label: str
    indices: tuple[float | None, ...]


def _plot(drawing: Drawing, y: float, course: Course) -> None:
    """A small plot from 0 to 1: a dot a measurement with its figure, a line between neighbours that both have one."""
    for tick in (0, 0.5, 1):
        drawing.line(0, y + _PLOT * (1 - tick), WIDTH, y + _PLOT * (1 - tick))
    pitch = (WIDTH - 60) / max(len(course.indices) - 1, 1)
    points = [
        None if index is None else (30 + place * pitch, y + _PLOT * (1 - index))
        for place, index in enumerate(course.indices)
    ]
    for here, there in itertools.pairwise(points):
        if here is not None and there is not None:
            drawing.line(*here, *there, "spoke")
    labelled = length("0.00", SMALL) + 6 < pitch
    for place, (point, index) in enumerate(zip(points, course.indices, strict=True)):
        if point is None or index is None:
            continue
        x, height = point
        drawing.circle(x, height, 4, "mark")
        if labelled or place in {0, len(points) - 1}:
            drawing.text(x, height - 8 if index < 0.8 else height + 17, decimal(index), size=SMALL, anchor="middle")


def progress(
    title: str, names: Sequence[str], courses: Sequence[Course], palette: Palette = "page", id_: str = "progress"
) -> SafeString:
    """A small plot a dimension under each other, so that lines never cross; the measurements are numbered."""
    spoken = "; ".join(f"{each.label}: {', '.join(_figure(index) for index in each.indices)}" for each in courses)
    drawing = Drawing(title, spoken, palette, id_)
    y = 0.0
    for number, name in enumerate(names, 1):
        for place, line in enumerate(wrapped(f"{number}  {name}", WIDTH, SMALL)):
            y += 16
            drawing.text(0 if not place else 14, y, line, "quiet", size=SMALL)
    y += 14
    pitch = (WIDTH - 60) / max(len(names) - 1, 1)
    for each in courses:
        known = [index for index in each.indices if index is not None]
        said = change_text(known[0], known[-1]) if len(known) > 1 else _figure(known[0]) if known else _("no index yet")
        y = drawing.row_words(y + NORMAL, each.label, said, quiet=not known) + 12
        _plot(drawing, y, each)
        y += _PLOT + 15
        for number in range(len(names)):
            drawing.text(30 + number * pitch, y, str(number + 1), "quiet", size=SMALL, anchor="middle")
        y += LEAD
    return drawing.finish(max(y - 4, 1))
