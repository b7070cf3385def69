"""Reading answers for the note, and keeping account of which have been shown.

What has been shown in full in the body does not come back in the appendix; what was only quoted does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from koers.documents.composing import numbers
from koers.documents.composing.tree import Cell, text
from koers.editions.structure import Column, Edition, Field
from koers.kit import richtext
from koers.kit.richtext import Block
from koers.workbook.values import Value, choice_text

Values = Mapping[str, Value]
Shown = tuple[str, str]
VALUE = "value"
REMARK = "remark"


@dataclass(frozen=True)
class Item:
    """A row of a list field: its cells as words and as they were given."""

    texts: dict[str, str]
    raw: dict[str, Any]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def cell(self, column: str) -> Cell:
        return text(self[column])


class Answers:
    """The answers to an edition. Reading with a method that does not start with `peek` counts as shown."""

    def __init__(self, edition: Edition, values: Values, language: str) -> None:
        self.edition = edition
        self.language = language
        self._values = {key: value for key, value in values.items() if key in edition.fields and value}
        self._shown: set[Shown] = set()

    def _part(self, key: str, name: str) -> Any:
        return (self._values.get(key) or {}).get(name)

    def field(self, key: str) -> Field | None:
        return self.edition.fields.get(key)

    def short(self, key: str) -> str:
        """The short name of a field, as the edition gives it."""
        field = self.field(key)
        return field.short.say(self.language) if field else ""

    def group_title(self, key: str) -> str:
        """The title of the group (dimension, type, quadrant) that a field of a grid is about."""
        field = self.field(key)
        if field is None or not field.group:
            return ""
        blocks = self.edition.sections[field.section].blocks
        groups = next((block.groups for block in blocks if block.id == field.block), ())
        return next((group.title.say(self.language) for group in groups if group.id == field.group), "")

    def groups(self, section: str, block: str) -> list[str]:
        """The ids of the groups of a grid, in the edition's order; none when the edition has no such grid."""
        found = self.edition.sections.get(section)
        return [group.id for each in (found.blocks if found else ()) if each.id == block for group in each.groups]

    def mark(self, *keys: str, part: str = VALUE) -> None:
        self._shown.update((key, part) for key in keys)

    def is_shown(self, key: str, part: str = VALUE) -> bool:
        return (key, part) in self._shown

    def rich(self, key: str) -> tuple[Block, ...]:
        """A text with its form; nothing when it is empty."""
        self.mark(key)
        return self.peek_rich(key)

    def peek_rich(self, key: str) -> tuple[Block, ...]:
        html = self._part(key, "html")
        return tuple(richtext.parse(html)) if html else ()

    def line(self, key: str) -> str:
        self.mark(key)
        return self.peek_line(key)

    def peek_line(self, key: str) -> str:
        return str(self._part(key, "text") or "")

    def percent(self, key: str) -> float | None:
        self.mark(key)
        value: float | None = self._part(key, "percent")
        return value

    def number(self, key: str) -> int | None:
        """Which option was chosen, 1-based; none when it was an answer outside the options. Does not count as shown."""
        choice = self._part(key, "choice")
        return choice if isinstance(choice, int) else None

    def choice(self, key: str) -> str:
        self.mark(key)
        return self.peek_choice(key)

    def peek_choice(self, key: str) -> str:
        field, choice = self.field(key), self._part(key, "choice")
        return "" if field is None or choice is None else choice_text(field, choice, self.language)

    def choices(self, key: str) -> list[str]:
        self.mark(key)
        field = self.field(key)
        chosen = self._part(key, "choices") or []
        return [choice_text(field, each, self.language) for each in chosen] if field else []

    def chosen(self, key: str) -> set[int]:
        return {each for each in self._part(key, "choices") or [] if isinstance(each, int)}

    def matrix(self, key: str) -> list[tuple[str, str]]:
        """Row and answer, of the rows that were answered."""
        self.mark(key)
        field, rows = self.field(key), self._part(key, "rows") or {}
        if field is None:
            return []
        return [
            (row.label.say(self.language), choice_text(field, rows[row.id], self.language))
            for row in field.rows
            if row.id in rows
        ]

    def remark(self, key: str) -> str:
        self.mark(key, part=REMARK)
        return self.peek_remark(key)

    def peek_remark(self, key: str) -> str:
        return str(self._part(key, "remark") or "")

    def items(self, key: str) -> list[Item]:
        self.mark(key)
        return self.peek_items(key)

    def peek_items(self, key: str) -> list[Item]:
        field = self.field(key)
        given = self._part(key, "items") or []
        if field is None:
            return []
        return [
            Item({column.id: cell_words(column, item.get(column.id), self.language) for column in field.columns}, item)
            for item in given
        ]

    def has(self, *keys: str) -> bool:
        """Whether one of these fields was answered (a remark alone does not count)."""
        return any(name != REMARK for key in keys for name in self._values.get(key) or {})

    def answered(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Those of the keys that hold something: what an element came from."""
        return tuple(key for key in keys if key in self._values)


def cell_words(column: Column, cell: Any, language: str) -> str:
    """The words of a cell of a list, with numbers as the language writes them."""
    if cell is None:
        return ""
    match column.kind:
        case "choice":
            return str(column.options[cell - 1].say(language))
        case "money":
            return numbers.money(cell, language)
        case "number":
            return numbers.number(cell, language)
        case _:
            return str(cell)
