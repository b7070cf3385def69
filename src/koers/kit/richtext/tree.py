"""The tree of a rich text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """Text with its marks; `href` is empty when it is no link."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""

    @property
    def marks(self) -> tuple[bool, bool, str]:
        return self.strong, self.em, self.href


@dataclass(frozen=True)
class Break:
    """A line break within a paragraph."""


Inline = Run | Break


@dataclass(frozen=True)
class Paragraph:
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a field: level 3 or 4 (a page has its own 1 and 2)."""

    level: int
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Items:
    """A list; each item is one or more paragraphs and lists, and starts with a paragraph."""

    ordered: bool
    items: "tuple[tuple[Paragraph | Items, ...], ...]"


@dataclass(frozen=True)
class Quote:
    blocks: tuple[Paragraph | Items, ...]


@dataclass(frozen=True)
class Table:
    """A small table; the first row is its header."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]


Block = Paragraph | Heading | Items | Quote | Table
