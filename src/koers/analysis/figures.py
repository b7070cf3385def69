"""A chart with the table that says the same, under an address from which both can be taken along."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.utils.safestring import SafeString

from koers.analysis import charts
from koers.kit.sheets import Cell, Sheet

FORMS: Final = ("svg", "png", "csv", "xlsx")
ALL: Final = "tables"
"""Stands for all figures of a page, as the sheets of one workbook."""


@dataclass(frozen=True)
class Column:
    """A column as the page shows it."""

    name: str
    is_number: bool


@dataclass(frozen=True)
class Part:
    """A cell as the page shows it; the head of a row carries the link."""

    text: str
    is_number: bool
    is_head: bool


def _said(cell: Cell, *, signed: bool) -> str:
    match cell:
        case None | "":
            return "–"
        case int() | float():
            sign = "+" if signed and cell > 0 else ""
            return sign + (charts.decimal(cell) if isinstance(cell, float) else str(cell))
        case _:
            return cell


def rounded(index: float | None) -> float | None:
    """An index for a table: more figures than four would pretend too much."""
    return None if index is None else round(index, 4)


@dataclass(frozen=True)
class Line:
    """One row of a table; `href` leads to the answers behind it."""

    cells: tuple[Cell, ...]
    href: str = ""


@dataclass(frozen=True)
class Row:
    """One row as the page shows it."""

    parts: list[Part]
    href: str


@dataclass(frozen=True)
class Figure:
    """One chart and its table. `draw` makes the picture in a palette; without it there is a table only.

    `label`: the column that names the row. `signed`: columns of changes, which say whether they go up.
    """

    id: str
    title: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    draw: Callable[[charts.Palette], SafeString] | None = None
    label: int = 0
    signed: frozenset[int] = frozenset()
    base: str = ""
    query: str = ""

    @cached_property
    def columns(self) -> list[Column]:
        """A column is one of numbers when something stands in it and all of that is."""
        found = []
        for place, name in enumerate(self.head):
            cells = [line.cells[place] for line in self.lines if line.cells[place] not in {None, ""}]
            numbers = [cell for cell in cells if isinstance(cell, int | float)]
            found.append(Column(name, bool(numbers) and len(numbers) == len(cells)))
        return found

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                [
                    Part(_said(cell, signed=place in self.signed), self.columns[place].is_number, place == self.label)
                    for place, cell in enumerate(line.cells)
                ],
                line.href,
            )
            for line in self.lines
        ]

    @property
    def is_wide(self) -> bool:
        """Too large to stand beside its chart: the table is folded under it."""
        return len(self.head) > 5 or len(self.lines) > 20

    @cached_property
    def on_page(self) -> SafeString:
        return self.draw("page") if self.draw else SafeString("")

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.title, self.head, [line.cells for line in self.lines])

    @property
    def forms(self) -> list[tuple[str, str]]:
        """What it can be taken along as, with the address of each."""
        forms = FORMS if self.draw else FORMS[2:]
        return [(form.upper(), f"{self.base}{self.id}/{form}/{self.query}") for form in forms]

    def svg(self, source: str) -> SafeString:
        """The chart as a file of its own; empty when there is nothing to draw."""
        drawn = self.draw("print") if self.draw else SafeString("")
        return charts.standalone(drawn, self.title, source) if drawn else drawn


@dataclass(frozen=True)
class Shelf:
    """The figures of one page. `source` is what each file says of where it comes from, `name` how files begin."""

    title: str
    name: str
    source: str
    base: str
    query: str = ""
    figures: dict[str, Figure] = field(default_factory=dict)

    def add(
        self, id_: str, title: str, head: Sequence[str], lines: Sequence[Line],
        draw: Callable[[charts.Palette], SafeString] | None = None, *, label: int = 0, signed: Collection[int] = (),
    ) -> Figure:  # fmt: skip
        made = Figure(id_, title, tuple(head), tuple(lines), draw, label, frozenset(signed), self.base, self.query)
        self.figures[id_] = made
        return made

    @property
    def all_tables(self) -> str:
        return f"{self.base}{ALL}/xlsx/{self.query}"


def slug_of(key: str) -> str:
    """A key of a dimension or question as a piece of an address: ``B.4.1/2`` gives ``B-4-1-2``."""
    return "".join(char if char.isalnum() else "-" for char in key)
