"""What an edition is: the playbook as data, immutable once loaded (see docs/editions.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import get_language

Kind = Literal["text", "open", "line", "single", "multi", "matrix", "list", "percent"]
ColumnKind = Literal["line", "text", "choice", "year", "money", "number"]
Scoring = Literal["ordinal", "context", "doubtful", "perception"]
Special = Literal["not-applicable", "dont-know"]

RICH_KINDS = frozenset({"text", "open"})
CHOICE_KINDS = frozenset({"single", "multi"})


class Words(dict[str, str]):
    """One text in several languages; ``str()`` gives it in the active one, else in the edition's first."""

    def say(self, language: str | None = None) -> str:
        code = (language or get_language() or "")[:2]
        return self.get(code) or next(iter(self.values()), "")

    def __str__(self) -> str:
        return self.say()

    def __html__(self) -> str:
        from django.utils.html import escape

        return escape(self.say())

    def __bool__(self) -> bool:
        return any(self.values())

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a list field."""

    id: str
    kind: ColumnKind
    label: Words
    help: Words
    options: tuple[Words, ...] = ()


@dataclass(frozen=True, eq=False)
class Row:
    """A row of a matrix field."""

    id: str
    label: Words


@dataclass(frozen=True, eq=False)
class Field:
    """One input. `key` is its stable name, in the playbook's own numbering where it has one."""

    key: str
    section: str
    block: str
    kind: Kind
    name: str
    group: str = ""
    own: bool = False
    options: tuple[Words, ...] = ()
    extra: Special | None = None
    extra_label: Words = field(default_factory=Words)
    scoring: Scoring | None = None
    descending: bool = False
    remark: bool = False
    remark_label: Words = field(default_factory=Words)
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()
    label: Words = field(default_factory=Words)
    short: Words = field(default_factory=Words)
    help: Words = field(default_factory=Words)
    placeholder: Words = field(default_factory=Words)

    @property
    def is_rich(self) -> bool:
        return self.kind in RICH_KINDS

    @property
    def playbook_kind(self) -> str:
        """The kind as the playbook's list of inputs writes it: ``single+na``, ``multi+dontknow``, ``matrix 4x4``."""
        if self.extra:
            return f"{self.kind}+{'na' if self.extra == 'not-applicable' else 'dontknow'}"
        if self.kind == "matrix":
            return f"matrix {len(self.rows)}x{len(self.options)}"
        return self.kind

    @cached_property
    def anchor(self) -> str:
        """The id of the field on a page."""
        return "f-" + self.key.replace("/", "-").replace(".", "-")


@dataclass(frozen=True, eq=False)
class Group:
    """What the fields of one column of a grid are about: a dimension, a leadership type, a quadrant."""

    id: str
    title: Words
    description: Words


@dataclass(frozen=True, eq=False)
class Block:
    """Fields that belong together on the page."""

    id: str
    layout: Literal["list", "grid"]
    title: Words
    intro: Words
    fields: tuple[Field, ...]
    groups: tuple[Group, ...] = ()
    total: int | None = None

    def of_group(self, group: str) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if each.group == group)


@dataclass(frozen=True, eq=False)
class Source:
    title: Words
    publisher: Words
    note: Words
    url: Words


@dataclass(frozen=True, eq=False)
class Reading:
    """A piece of background to read."""

    title: Words
    body: Words


@dataclass(frozen=True, eq=False)
class Section:
    """A waypoint: guidance and the fields that go with it."""

    id: str
    part: str
    title: Words
    summary: Words
    why: Words
    how: Words
    example: Words
    seeds: Words
    sources: tuple[Source, ...]
    reference: tuple[Reading, ...]
    blocks: tuple[Block, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for block in self.blocks for each in block.fields)

    @cached_property
    def measured(self) -> bool:
        """Whether it asks where the administration stands: questions that are scored, or shares of a whole."""
        scored = any(each.scoring not in {None, "context"} for each in self.fields)
        return scored or any(block.total for block in self.blocks)


@dataclass(frozen=True, eq=False)
class Part:
    id: str
    title: Words
    summary: Words
    arrival: Words
    sections: tuple[Section, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(each for section in self.sections for each in section.fields)


@dataclass(frozen=True, eq=False)
class Term:
    """A term of the vocabulary with its meaning; `also` are other spellings."""

    term: Words
    meaning: Words
    also: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Twin:
    title: Words
    intro: Words
    attitudes: tuple[Words, ...]


@dataclass(frozen=True, eq=False)
class Edition:
    """One version of a playbook. Answers name the version under which they were given."""

    id: str
    version: int
    languages: tuple[str, ...]
    title: Words
    subtitle: Words
    description: Words
    credit: Words
    parts: tuple[Part, ...]
    vocabulary: tuple[Term, ...]
    twin: Twin
    note: Mapping[str, Words]

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {section.id: section for part in self.parts for section in part.sections}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every input by key, in the order in which the playbook walks them."""
        return {each.key: each for section in self.sections.values() for each in section.fields}

    @cached_property
    def totals(self) -> dict[str, tuple[Block, ...]]:
        """Per section the grids whose percentages must add up."""
        return {
            section.id: tuple(block for block in section.blocks if block.total is not None)
            for section in self.sections.values()
        }

    def neighbours(self, section_id: str) -> tuple[Section | None, Section | None]:
        """The section before and after."""
        ordered = list(self.sections.values())
        index = [each.id for each in ordered].index(section_id)
        before = ordered[index - 1] if index else None
        after = ordered[index + 1] if index + 1 < len(ordered) else None
        return before, after


def as_json(edition: Edition) -> dict[str, Any]:
    """The edition for machines: `fields` are the playbook's numbered inputs, `own_fields` all others."""

    def describe(each: Field) -> dict[str, Any]:
        return {
            "ref": each.key,
            "section": each.section,
            "kind": each.playbook_kind,
            "options": len(each.options) or None,
            "scoring": each.scoring,
            "group": each.group or None,
            "remark": each.remark,
            "extra": each.extra,
            "label": dict(each.label),
            "option_texts": [dict(option) for option in each.options],
            "rows": {row.id: dict(row.label) for row in each.rows},
            "columns": {
                column.id: {
                    "kind": column.kind,
                    "label": dict(column.label),
                    "option_texts": [dict(option) for option in column.options],
                }
                for column in each.columns
            },
        }

    return {
        "format": "koers-edition/1",
        "edition": edition.id,
        "version": edition.version,
        "languages": list(edition.languages),
        "title": dict(edition.title),
        "parts": [
            {
                "part": part.id,
                "title": dict(part.title),
                "sections": [{"section": section.id, "title": dict(section.title)} for section in part.sections],
            }
            for part in edition.parts
        ],
        "fields": [describe(each) for each in edition.fields.values() if not each.own],
        "own_fields": [describe(each) for each in edition.fields.values() if each.own],
    }
