"""The heat map: dimensions down, roles across, the figure in every cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import NORMAL, SMALL, WIDTH, Drawing, Palette, decimal, length, level, wrapped

_CELL: Final = 34
_SWATCH: Final = 14
_SLANT: Final = -35
_GAP: Final = 4


@dataclass(frozen=True)
class HeatCell:
    """One cell: an index, nothing to say, or hidden because too few answered."""

    index: float | None = None
    hidden: bool = False

    @property
    def text(self) -> str:
        if self.hidden:
            return "< 5"
        return "–" if self.index is None else decimal(self.index)


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: tuple[HeatCell, ...]


def hidden_text() -> str:
    return _("fewer than 5")


def _draw_cell(drawing: Drawing, x: float, y: float, width: float, cell: HeatCell) -> None:
    """A swatch, and the figure under it; what is hidden is hatched, what was not answered is dashed."""
    if cell.hidden:
        drawing.hatch(x, y, width, _SWATCH)
    elif cell.index is None:
        drawing.box(x + 0.5, y + 0.5, width - 1, _SWATCH - 1, "dashed")
    else:
        drawing.box(x + 0.5, y + 0.5, width - 1, _SWATCH - 1, "outline")
        drawing.box(x, y, max(width * cell.index, 2), _SWATCH, level(cell.index))
    drawing.text(
        x + width / 2, y + _SWATCH + 15, cell.text, "quiet" if cell.index is None else "ink",
        size=SMALL, bold=cell.index is not None, anchor="middle",
    )  # fmt: skip


def heat_map(
    title: str, columns: Sequence[str], rows: Sequence[HeatRow], palette: Palette = "page", id_: str = "heat"
) -> SafeString:
    """The cells of each row stand under its name; the columns are named once, above."""
    spoken = "; ".join(
        f"{row.label}: "
        + ", ".join(
            f"{column} {hidden_text() if cell.hidden else cell.text}"
            for column, cell in zip(columns, row.cells, strict=True)
        )
        for row in rows
    )
    drawing = Drawing(title, spoken, palette, id_)
    longest = max((length(column, SMALL) for column in columns), default=0)
    # Each slanting name has to end within the picture, the last one above all.
    room = [(WIDTH + 4 - length(column, SMALL) * 0.82) / (place + 0.5) for place, column in enumerate(columns)]
    pitch = min([76, WIDTH / max(len(columns), 1), *room])
    top = longest * 0.58 + 8
    for number, column in enumerate(columns):
        drawing.text(number * pitch + pitch / 2 - 4, top, column, "quiet", size=SMALL, turn=_SLANT)
    y = top + 10
    for row in rows:
        drawing.line(0, y, WIDTH, y)
        y += 5
        for line in wrapped(row.label, WIDTH):
            y += NORMAL
            drawing.text(0, y, line)
        y += 8
        for number, cell in enumerate(row.cells):
            _draw_cell(drawing, number * pitch, y, pitch - _GAP, cell)
        y += _CELL + 2
    if any(cell.hidden for row in rows for cell in row.cells):
        drawing.hatch(0, y + 5, 22, 12)
        for line in wrapped(_("Not shown: fewer than 5 answered, or it could be worked out."), WIDTH - 30, SMALL):
            y += 15
            drawing.text(30, y, line, "quiet", size=SMALL)
        y += 7
    return drawing.finish(y)
