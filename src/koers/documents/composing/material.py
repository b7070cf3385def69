"""What the chapters are made from, and the small moves by which they are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from koers.analysis.scoring import Analysis
from koers.documents.composing.answers import Answers, Item
from koers.documents.composing.tree import (
    Align,
    Callout,
    Cell,
    Element,
    Fact,
    Facts,
    Figure,
    Grid,
    Part,
    Prose,
    Todo,
    text,
)
from koers.editions.structure import Edition
from koers.kit.richtext import Block, Items, Paragraph, Run, to_plain


@dataclass(frozen=True)
class Choices:
    """What the composer of a note chose."""

    title: str = ""
    subtitle: str = ""
    day: date | None = None
    author: str = ""
    hidden: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    introduction: str = ""
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A group (a dimension, a quadrant, a step) with what was written about it."""

    title: str
    cells: tuple[Cell, ...]
    sources: tuple[str, ...]
    under: str = ""


# From so many characters on, a text is not read in a column of a table any more.
LONG_CELL = 420


@dataclass(frozen=True)
class Material:
    """The answers with their analysis, in the language of the note."""

    edition: Edition
    answers: Answers
    analysis: Analysis
    choices: Choices
    language: str

    def prose(self, key: str, lead: str = "") -> list[Element]:
        """A text field as it was written; nothing when it is empty."""
        blocks = self.answers.rich(key)
        return [Prose(blocks, (key,), lead)] if blocks else []

    def remark(self, key: str, lead: str = "") -> list[Element]:
        said = self.answers.remark(key)
        return [Prose(text(said), (key,), lead)] if said else []

    def part(
        self, title: str, elements: Iterable[Element], wanted: Sequence[str] = (), parts: Iterable[Part] = ()
    ) -> Part:
        """A section; the wanted fields that are empty become things to do."""
        return Part(
            title,
            tuple(elements),
            tuple(part for part in parts if not part.is_empty),
            tuple(self.todo(key) for key in wanted if self.answers.field(key) and not self.answers.has(key)),
        )

    def todo(self, key: str) -> Todo:
        found = self.answers.field(key)
        group = self.answers.group_title(key)
        name = self.answers.short(key)
        return Todo(f"{group}: {name}" if group else name, found.section if found else "", key)

    def grid(
        self,
        key: str,
        caption: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        weights: Sequence[float] = (),
        aligns: Sequence[Align] = (),
        totals: int = 0,
        note: str = "",
    ) -> list[Element]:
        """A table of a list field; nothing when the list is empty."""
        given = tuple(tuple(row) for row in rows)
        if not given:
            return []
        return [Grid(caption, tuple(header), given, (key,), tuple(aligns), tuple(weights), totals, note)]

    def laid_out(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence["Line"],
        *,
        weights: Sequence[float] = (),
        aligns: Sequence[Align] = (),
    ) -> tuple[list[Element], list[Part]]:
        """Groups with texts: a table while the texts are short, sections under each other once they are long."""
        filled = [row for row in rows if any(row.cells)]
        if not filled:
            return [], []
        if max(len(to_plain(cell)) for row in filled for cell in row.cells) <= LONG_CELL:
            cells = tuple((headed(row.title, row.under), *row.cells) for row in filled)
            sources = tuple(key for row in filled for key in row.sources)
            return [Grid(caption, tuple(header), cells, sources, tuple(aligns), tuple(weights))], []
        parts = []
        for row in filled:
            told = [Prose(text(row.under, em=True), row.sources[:1])] if row.under else []
            told += [Prose(cell, row.sources, lead) for lead, cell in zip(header[1:], row.cells, strict=True) if cell]
            parts.append(Part(row.title, tuple(told)))
        return [], parts

    def items(self, key: str) -> list[Item]:
        return self.answers.items(key)


def bullets(entries: Iterable[Sequence[Run]], *, ordered: bool = False) -> tuple[Block, ...]:
    """A list of one paragraph an item; nothing for nothing."""
    items = tuple((Paragraph(tuple(runs)),) for runs in entries)
    return (Items(ordered, items),) if items else ()


def named(name: str, said: str = "") -> tuple[Run, ...]:
    """A name in bold with what is said of it."""
    if not said:
        return (Run(name, strong=True),)
    joint = " " if name.endswith(("?", "!", ".")) else ": "
    return (Run(name, strong=True), Run(f"{joint}{said}"))


def plain(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def headed(name: str, *under: str) -> Cell:
    """A cell with a name in bold and lines under it."""
    return (*text(name, strong=True), *(block for said in under for block in text(said)))


def bold(words: str) -> Cell:
    return text(words, strong=True)


__all__ = [
    "Align",
    "Callout",
    "Cell",
    "Choices",
    "Element",
    "Fact",
    "Facts",
    "Figure",
    "Grid",
    "Item",
    "Line",
    "Material",
    "Part",
    "Prose",
    "Todo",
    "bold",
    "bullets",
    "headed",
    "named",
    "plain",
    "text",
]
