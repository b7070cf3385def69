"""The answer profile: a quiet strip per dimension, one cell a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.analysis.charts.draw import SMALL, WIDTH, Drawing, Palette, decimal, length, level, wrapped
from koers.analysis.scoring import Analysis, DimensionResult, QuestionResult, State

PER_LINE: Final = 13
PITCH: Final = WIDTH / PER_LINE
CELL: Final = 19
COLUMN: Final = 45
LINE: Final = 84
_TOP: Final = 16
_GAP: Final = 2


@dataclass(frozen=True)
class Cell:
    """One cell: its number above, how many steps the scale has, which step was reached, and its kind."""

    number: str
    state: State
    steps: int = 0
    step: int | None = None
    rank: float | None = None
    said: str = ""

    @property
    def below(self) -> str:
        if self.said:
            return self.said
        if self.step is not None:
            return f"{self.step}/{self.steps}"
        return {"not-applicable": "–", "dont-know": "?"}.get(self.state, "")


def _step(question: QuestionResult) -> int | None:
    """The step reached, counted from low to high."""
    if question.choice is None:
        return None
    return question.steps + 1 - question.choice if question.field.descending else question.choice


def cells_of(question: QuestionResult) -> list[Cell]:
    """The cells of one question: one, or of a matrix one a row, lettered."""
    if question.field.kind == "matrix" and question.field.scoring == "ordinal":
        return [
            Cell(
                f"{question.number}{chr(ord('a') + index)}",
                "unanswered" if row.choice is None else question.state,
                row.steps,
                row.choice,
                row.rank,
            )
            for index, row in enumerate(question.rows)
        ]
    if question.field.kind == "percent" and question.rank is not None:
        said = f"{(question.value or {}).get('percent', 0):g}%"
        return [Cell(question.number, question.state, 10, round(question.rank * 10), question.rank, said)]
    if question.state in {"scored", "doubtful", "perception"} and question.rank is not None:
        return [Cell(question.number, question.state, question.steps, _step(question), question.rank)]
    return [Cell(question.number, question.state)]


def draw_cell(drawing: Drawing, x: float, y: float, cell: Cell, *, labelled: bool = True) -> None:
    """A column of steps, filled up to the answer. What does not count has another shape, not only another colour."""
    middle = x + CELL / 2
    if labelled:
        drawing.text(middle, y - 5, cell.number, "quiet", size=SMALL, anchor="middle")
        drawing.text(middle, y + COLUMN + 14, cell.below, "ink", size=SMALL, anchor="middle")
    if cell.step is None or cell.rank is None:
        _draw_unscaled(drawing, x, y, cell.state)
        return
    height = (COLUMN - _GAP * (cell.steps - 1)) / cell.steps
    for step in range(1, cell.steps + 1):
        top = y + COLUMN - step * height - (step - 1) * _GAP
        reached = step <= cell.step
        if cell.state == "perception":
            drawing.box(x + CELL / 2 - 0.5, top, 1, height, "track", round_=0)
            if step == cell.step:
                drawing.diamond(middle, top + height / 2, min(height / 2, 6.5), "mark")
        elif cell.state == "doubtful":
            drawing.box(x + CELL / 4, top, CELL / 2, height, level(cell.rank) if reached else "outline")
        else:
            drawing.box(x, top, CELL, height, level(cell.rank) if reached else "outline")


def _draw_unscaled(drawing: Drawing, x: float, y: float, state: State) -> None:
    middle = x + CELL / 2
    if state == "unanswered":
        drawing.box(x + 0.5, y + 0.5, CELL - 1, COLUMN - 1, "dashed")
    elif state == "context":
        drawing.box(x + 0.5, y + 0.5, CELL - 1, COLUMN - 1, "track")
        drawing.circle(middle, y + COLUMN / 2, 3, "quiet")
    else:
        drawing.box(x + 0.5, y + 0.5, CELL - 1, COLUMN - 1, "track")
        drawing.line(x + 4, y + COLUMN - 6, x + CELL - 4, y + 6, "spoke")


def _draw_line_of_cells(drawing: Drawing, top: float, cells: Sequence[Cell]) -> float:
    """Cells from the left, at most thirteen on a line; returns how high they stand."""
    for index, cell in enumerate(cells):
        line, column = divmod(index, PER_LINE)
        draw_cell(drawing, column * PITCH + (PITCH - CELL) / 2, top + _TOP + line * LINE, cell)
    return ((len(cells) - 1) // PER_LINE + 1) * LINE


def _cells(dimension: DimensionResult) -> list[Cell]:
    return [cell for question in dimension.questions for cell in cells_of(question)]


def coverage_text(dimension: DimensionResult) -> str:
    """How much of a dimension the index rests on; of a matrix that is half answered also how many rows."""
    text = _("%(scored)s of %(scorable)s scored") % {"scored": dimension.scored, "scorable": dimension.scorable}
    rows = [row for each in dimension.questions if each.state == "scored" for row in each.rows]
    answered = sum(row.choice is not None for row in rows)
    if answered == len(rows):
        return text
    return _("%(coverage)s (%(answered)s of %(rows)s rows)") % {
        "coverage": text,
        "answered": answered,
        "rows": len(rows),
    }


def _summary(dimension: DimensionResult) -> str:
    answered = ngettext(
        "%(answered)s of %(count)s question answered.", "%(answered)s of %(count)s questions answered.",
        len(dimension.questions),
    ) % {"answered": dimension.answered, "count": len(dimension.questions)}  # fmt: skip
    read = "; ".join(f"{cell.number}: {cell.below}" for cell in _cells(dimension) if cell.step is not None)
    return f"{answered} {read}".strip()


def profile_strip(dimension: DimensionResult, palette: Palette = "page", id_: str = "") -> SafeString:
    """The answers to one dimension: per question a column with a step for each option, filled up to the answer."""
    name = id_ or f"profile-{dimension.section.id.replace('.', '-')}"
    title = _("Answer profile: %(dimension)s") % {"dimension": dimension.section.title}
    drawing = Drawing(title, _summary(dimension), palette, name)
    return drawing.finish(_draw_line_of_cells(drawing, 0, _cells(dimension)))


def legend_entries() -> list[tuple[str, Cell]]:
    """What each shape means, with an example to draw."""
    return [
        (_("Scored: filled up to the answer, from low to high"), Cell("", "scored", 4, 3, 2 / 3)),
        (_("Doubtful: counts in the sensitivity view only"), Cell("", "doubtful", 4, 3, 2 / 3)),
        (_("Opinion or expectation: shown beside the measurement"), Cell("", "perception", 3, 2, 0.5)),
        (_("Context: answered, not on a scale"), Cell("", "context")),
        (_("Not applicable (–) or don't know (?): left out"), Cell("", "not-applicable")),
        (_("Not answered yet"), Cell("", "unanswered")),
    ]


def legend_sample(cell: Cell, palette: Palette = "page") -> SafeString:
    """One shape for a legend in text; decoration, because the text says it."""
    drawing = Drawing("", "", palette, "")
    draw_cell(drawing, 0.5, 0.5, cell, labelled=False)
    return drawing.ornament(CELL + 1, COLUMN + 1)


def answer_profile(analysis: Analysis, palette: Palette = "page", id_: str = "profile") -> SafeString:
    """All strips under each other with their index and legend: one figure for a document."""
    title = _("Answer profile of the context analysis")
    parts = [f"{each.section.title}: {_summary(each)}" for each in analysis.dimensions]
    drawing = Drawing(title, " ".join(parts), palette, id_)
    y = 0.0
    for dimension in analysis.dimensions:
        y += 16
        name = str(dimension.section.title)
        index = "" if dimension.index is None else f"{decimal(dimension.index)} · "
        figures = index + coverage_text(dimension)
        drawing.text(0, y, name, bold=True)
        if length(name) + length(figures, SMALL) > WIDTH - 10:
            y += 16
            drawing.text(0, y, figures, "quiet", size=SMALL)
        else:
            drawing.text(WIDTH, y, figures, "quiet", size=SMALL, anchor="end")
        y += 8 + _draw_line_of_cells(drawing, y + 6, _cells(dimension)) + 6
    return drawing.finish(_draw_legend(drawing, y + 4))


def _draw_legend(drawing: Drawing, y: float) -> float:
    """The legend in two columns; returns where it ends."""
    entries = legend_entries()
    for first in range(0, len(entries), 2):
        lines = 0
        for column, (label, cell) in enumerate(entries[first : first + 2]):
            x = column * (WIDTH / 2 + 4) + 3
            draw_cell(drawing, x, y, cell, labelled=False)
            words = wrapped(label, WIDTH / 2 - CELL - 18, SMALL)
            for line, text in enumerate(words):
                drawing.text(x + CELL + 8, y + 11 + line * 15, text, "quiet", size=SMALL)
            lines = max(lines, len(words))
        y += max(COLUMN, lines * 15) + 12
    return y
