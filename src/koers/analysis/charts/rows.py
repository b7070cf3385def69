"""Charts made of rows: a line of words, and under it a scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import LEAD, NORMAL, SMALL, WIDTH, Drawing, Palette, decimal, level, wrapped
from koers.analysis.charts.strips import coverage_text
from koers.analysis.scoring import Analysis, DimensionResult, Estimate, RowResult

_BAR: Final = 14
_GAP: Final = 3


@dataclass(frozen=True)
class ScaleRow:
    """One row of a scale with few steps. `step` counts from low to high."""

    label: str
    answer: str
    steps: int
    step: int | None
    rank: float | None


def scale_rows(title: str, rows: Sequence[ScaleRow], palette: Palette, id_: str) -> SafeString:
    """For each row as many boxes as there are steps, filled up to the answer, and the answer in words."""
    unanswered = _("not answered yet")
    summary = "; ".join(f"{row.label}: {row.answer or unanswered}" for row in rows)
    drawing = Drawing(title, summary, palette, id_)
    y = 0.0
    for row in rows:
        y = drawing.row_words(y + NORMAL, row.label, row.answer or unanswered, quiet=not row.answer) + 7
        width = (WIDTH - _GAP * (row.steps - 1)) / row.steps
        for step in range(row.steps):
            filled = row.step is not None and row.rank is not None and step < row.step
            role = level(row.rank or 0) if filled else "outline" if row.step else "dashed"
            x = step * (width + _GAP)
            drawing.box(x + 0.5, y + 0.5, width - 1, _BAR - 1, role)
        y += _BAR + 14
    return drawing.finish(max(y - 10, 1))


def estimate_rows(estimates: Sequence[Estimate], palette: Palette = "page", id_: str = "estimates") -> SafeString:
    """The own estimate of each dimension of the OECD model: low, medium or high."""
    rows = [
        ScaleRow(
            str(each.group.title),
            each.question.answer_text(),
            each.question.steps,
            each.question.choice,
            each.question.rank,
        )
        for each in estimates
    ]
    return scale_rows(_("Own estimate of each dimension"), rows, palette, id_)


def leadership_rows(leadership: Sequence[RowResult], palette: Palette = "page", id_: str = "leadership") -> SafeString:
    """How far each type of digital leadership is taken up."""
    rows = [
        ScaleRow(str(each.row.label), each.answer_text(), each.steps, each.choice, each.rank) for each in leadership
    ]
    return scale_rows(_("Digital leadership today"), rows, palette, id_)


def index_text(index: float | None) -> str:
    return _("no index yet") if index is None else decimal(index)


def _track(drawing: Drawing, y: float, index: float | None) -> None:
    """A track from 0 to 1 with its middle marked, filled up to the index."""
    drawing.box(0.5, y + 0.5, WIDTH - 1, _BAR - 1, "dashed" if index is None else "track")
    if index is not None:
        drawing.box(0, y, max(index * WIDTH, 2), _BAR, "mark")


def _marked_differently(dimension: DimensionResult) -> bool:
    """Whether the sensitivity view says something else than the index, as far as can be read."""
    if dimension.sensitivity_index is None or dimension.index is None:
        return False
    return decimal(dimension.sensitivity_index) != decimal(dimension.index)


def index_bars(analysis: Analysis, palette: Palette = "page", id_: str = "indices") -> SafeString:
    """The indicative index of each dimension with its coverage, one dot a question that can be scored."""
    summary = "; ".join(
        f"{each.section.title}: {index_text(each.index)}, {coverage_text(each)}" for each in analysis.dimensions
    )
    drawing = Drawing(_("Indicative index of each dimension, from 0 to 1"), summary, palette, id_)
    y = 0.0
    for dimension in analysis.dimensions:
        text = index_text(dimension.index)
        y = drawing.row_words(y + NORMAL, str(dimension.section.title), text, quiet=dimension.index is None) + 7
        _track(drawing, y, dimension.index)
        if _marked_differently(dimension):
            x = min(max((dimension.sensitivity_index or 0) * WIDTH, 6), WIDTH - 6)
            drawing.diamond(x, y + _BAR / 2, 6, "hollow")
        y += _BAR + 15
        for question in range(dimension.scorable):
            drawing.circle(4.5 + question * 12, y - 4.5, 3.5, "mark" if question < dimension.scored else "outline")
        drawing.text(dimension.scorable * 12 + 6, y, coverage_text(dimension), "quiet", size=SMALL)
        y += 14
    return drawing.finish(max(y - 8, 1))


def perceived_rows(analysis: Analysis, palette: Palette = "page", id_: str = "perceived") -> SafeString:
    """What was measured above, what people think and expect below, on lines of the same length.

    A circle is an index, a diamond the step chosen on a scale of its own.
    """
    measured = [(str(each.section.title), index_text(each.index), each.index) for each in analysis.dimensions]
    summary = "; ".join(
        [f"{label}: {text}" for label, text, _index in measured]
        + [f"{each.field.short}: {each.answer_text() or _('not answered yet')}" for each in analysis.perceptions]
    )
    drawing = Drawing(_("Perceived against measured"), summary, palette, id_)
    drawing.text(0, NORMAL, _("Measured"), "quiet", size=SMALL)
    y = NORMAL + 8
    for label, text, index in measured:
        y = drawing.row_words(y + NORMAL, label, text, quiet=index is None) + 11
        drawing.line(0, y, WIDTH, y)
        if index is not None:
            drawing.circle(6 + index * (WIDTH - 12), y, 5.5, "mark")
        y += 12
    y += 10
    drawing.line(0, y, WIDTH, y, "hairline")
    y += SMALL + 10
    drawing.text(0, y, _("Perceived"), "quiet", size=SMALL)
    y += 8
    for question in analysis.perceptions:
        y += NORMAL
        for line in wrapped(str(question.field.short), WIDTH):
            drawing.text(0, y, line)
            y += LEAD
        for line in wrapped(question.answer_text() or _("not answered yet"), WIDTH):
            drawing.text(0, y, line, "ink" if question.is_answered else "quiet", bold=question.is_answered)
            y += LEAD
        y -= LEAD - 12
        drawing.line(0, y, WIDTH, y)
        for step in range(question.steps):
            drawing.circle(6 + step / max(question.steps - 1, 1) * (WIDTH - 12), y, 3, "outline")
        if question.rank is not None:
            drawing.diamond(6 + question.rank * (WIDTH - 12), y, 6, "mark")
        y += 14
    return drawing.finish(y)
