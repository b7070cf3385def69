"""Widths of table columns: by the words that are in them, so that no word has to be broken. For Word and PDF alike."""

from collections.abc import Sequence

from koers.documents.composing.drawing import text_width
from koers.documents.composing.tree import Cell, Grid
from koers.kit.richtext import to_plain

POINT = 25.4 / 72
GREED = 1.5
LEAST = 22.0
# A row of so many characters stays on one page; a table of so few does, too.
SHORT_ROW = 60
WHOLE_ROW = 700
WHOLE_ROWS = 9
WHOLE_TABLE = 1300
WHOLE_BOX = 1500


def _longest(cells: Sequence[Cell | str], size: float) -> float:
    tokens = (word for cell in cells for word in (cell if isinstance(cell, str) else to_plain(cell)).split())
    # Bold first columns are a little wider than the estimate.
    return max((text_width(word, size) * 1.14 for word in tokens), default=0) * POINT


def column_widths(grid: Grid, total: float, size: float, padding: float) -> list[float]:
    """Widths in millimetres that add up to `total`.

    The weights of the table say what is fair; a column that is too narrow for its longest word takes from the others,
    up to a point: one endless word does not get to squeeze a whole table.
    """
    count = len(grid.header)
    weights = list(grid.weights) or [1.0] * count
    columns: list[list[Cell | str]] = [
        [grid.header[i], *(row[i] for row in grid.rows if i < len(row))] for i in range(count)
    ]
    needs = [_longest(column, size) + 2 * padding for column in columns]
    widths = [total * weight / sum(weights) for weight in weights]
    needs = [min(need, max(GREED * width, LEAST)) for need, width in zip(needs, widths, strict=True)]
    scale = min(1.0, total / sum(needs)) if sum(needs) else 1.0
    floors = [need * scale for need in needs]
    for _round in range(count):
        short = [i for i in range(count) if widths[i] < floors[i]]
        if not short:
            break
        missing = sum(floors[i] - widths[i] for i in short)
        slack = {i: widths[i] - floors[i] for i in range(count) if widths[i] > floors[i]}
        for i in short:
            widths[i] = floors[i]
        whole = sum(slack.values())
        for i, each in slack.items():
            widths[i] -= missing * each / whole if whole else 0
    return widths


def fits(cell: Cell | str, width: float, size: float, padding: float) -> bool:
    """Whether the longest word of a cell fits in its column."""
    return _longest([cell], size) + 2 * padding <= width + 0.01


def length(cell: Cell) -> int:
    return len(to_plain(cell))


def stays_whole(grid: Grid) -> bool:
    """Whether a table is so small that it stays on one page."""
    return len(grid.rows) <= WHOLE_ROWS and sum(max(map(length, row), default=0) for row in grid.rows) <= WHOLE_TABLE
