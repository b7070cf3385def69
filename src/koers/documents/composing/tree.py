"""The note as a tree: chapters, sections, elements. Every writer (page, Word, PDF) walks the same tree.

Each element names the fields that it came from (`sources`), so that a sentence can be traced back to its answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from koers.kit.richtext import Block, Paragraph, Run

Align = Literal["start", "end"]
Cell = tuple[Block, ...]


@dataclass(frozen=True)
class Prose:
    """Rich text as somebody wrote it, under a small heading of its own when there is a `lead`."""

    blocks: tuple[Block, ...]
    sources: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True)
class Grid:
    """A table with a header row. `weights` are relative widths; the first column heads its row when `row_heads`."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sources: tuple[str, ...] = ()
    aligns: tuple[Align, ...] = ()
    weights: tuple[float, ...] = ()
    totals: int = 0
    note: str = ""

    def align(self, column: int) -> Align:
        return self.aligns[column] if column < len(self.aligns) else "start"


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption and the words for who cannot see it."""

    caption: str
    alt: str
    svg: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Callout:
    """A box that draws attention: what is asked, what to keep in mind."""

    title: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A label and what is said under it."""

    label: str
    blocks: tuple[Block, ...]
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Short facts under each other: the summary at a glance, the answers of the appendix."""

    facts: tuple[Fact, ...]
    sources: tuple[str, ...] = ()
    look: Literal["glance", "list"] = "list"


@dataclass(frozen=True)
class Todo:
    """Something that was not answered yet: what to do, and in which section of the workbook."""

    text: str
    section: str
    field_key: str = ""


Element = Prose | Grid | Figure | Callout | Facts


@dataclass(frozen=True)
class Part:
    """A section of a chapter (or, nested, of a section)."""

    title: str
    elements: tuple[Element, ...] = ()
    parts: "tuple[Part, ...]" = ()
    todos: tuple[Todo, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.elements and all(part.is_empty for part in self.parts)

    def walk(self) -> Iterator[Element]:
        yield from self.elements
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Chapter:
    """A chapter. `number` is empty for the summary and the appendix."""

    id: str
    title: str
    number: str = ""
    lead: str = ""
    elements: tuple[Element, ...] = ()
    parts: tuple[Part, ...] = ()
    todos: tuple[Todo, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.elements and all(part.is_empty for part in self.parts)

    @property
    def all_todos(self) -> tuple[Todo, ...]:
        return (*self.todos, *(todo for part in self.parts for todo in _todos(part)))

    def walk(self) -> Iterator[Element]:
        yield from self.elements
        for part in self.parts:
            yield from part.walk()


def _todos(part: Part) -> Iterator[Todo]:
    yield from part.todos
    for inner in part.parts:
        yield from _todos(inner)


@dataclass(frozen=True)
class Waypoint:
    """A stretch of the route on the cover: a part of the playbook and how far it is (0 to 1)."""

    id: str
    title: str
    progress: float


@dataclass(frozen=True)
class Cover:
    administration: str
    title: str
    subtitle: str
    date: str
    author: str
    purpose: str
    progress: str
    credit: str
    route: tuple[Waypoint, ...]


@dataclass(frozen=True)
class TodoGroup:
    """What is still to be done in one section of the workbook."""

    section: str
    title: str
    texts: tuple[str, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Note:
    """A composed note, in one language."""

    language: str
    day: date
    cover: Cover
    chapters: tuple[Chapter, ...]
    todos: tuple[TodoGroup, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> tuple[Chapter, ...]:
        return tuple(chapter for chapter in self.chapters if chapter.id != "appendix")

    @property
    def appendix(self) -> Chapter | None:
        return next((chapter for chapter in self.chapters if chapter.id == "appendix"), None)

    def walk(self) -> Iterator[Element]:
        for chapter in self.chapters:
            yield from chapter.walk()


def text(words: str, *, strong: bool = False, em: bool = False) -> tuple[Block, ...]:
    """Plain words as paragraphs, one a line; nothing for nothing."""
    return tuple(Paragraph((Run(line.strip(), strong, em),)) for line in words.split("\n") if line.strip())
