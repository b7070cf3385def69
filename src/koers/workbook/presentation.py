"""What a page shows of a field: the field, its answer and how it came about, in the shape that the templates use."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koers.editions.structure import Block, Column, Field, Group, Row, Section, Words
from koers.kit import richtext
from koers.workbook.models import Standing
from koers.workbook.queries import Answered, Answers, OpenConflict
from koers.workbook.values import Value, choice_text, is_answered

EMPTY_ROWS = 2


@dataclass(frozen=True)
class Option:
    """One way to answer: its value in a form, its words, and whether it was chosen."""

    value: int | str
    label: Words
    chosen: bool


_SHAPES: Final = {Standing.DRAFT: "under-way", Standing.DISCUSS: "to-discuss", Standing.AGREED: "agreed"}


@dataclass(frozen=True)
class Mark:
    """A way in which a field can stand: its words, the waypoint that goes with it, and whether it stands so."""

    value: str
    label: str
    shape: str
    is_on: bool


@dataclass(frozen=True)
class RowView:
    row: Row
    options: tuple[Option, ...]
    choice: int | None

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def label(self) -> Words:
        return self.row.label


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any
    options: tuple[Option, ...]


@dataclass(frozen=True)
class ItemView:
    index: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class FieldView:
    """A field as a page shows it."""

    field: Field
    answers: Answers
    can_answer: bool
    language: str
    today: date
    error: str = ""
    rejected: Any = None
    round: int = 1

    @property
    def answer(self) -> Answered | None:
        return self.answers.get(self.field.key)

    @property
    def value(self) -> Value:
        return self.answer.value if self.answer else None

    @property
    def revision(self) -> int:
        return self.answer.revision if self.answer else 0

    @property
    def has_earlier(self) -> bool:
        """Whether a round went before in which it may have said something else."""
        return self.round > 1

    @property
    def standing(self) -> str:
        return self.answer.standing if self.answer else Standing.DRAFT

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The ways in which it can stand, one of them on."""
        return tuple(Mark(each.value, str(each.label), _SHAPES[each], each == self.standing) for each in Standing)

    @property
    def marked(self) -> str:
        """Who marked it so and when; empty when nobody did."""
        if not (self.answer and self.answer.standing_at) or self.standing == Standing.DRAFT:
            return ""
        day = formats.date_format(timezone.localtime(self.answer.standing_at), "j F")
        if not self.answer.standing_by:
            return day
        return _("%(name)s, %(date)s") % {"name": self.answer.standing_by, "date": day}

    @property
    def threads(self) -> int:
        """How many threads about it are open."""
        return self.answer.threads if self.answer else 0

    @property
    def conflicts(self) -> Sequence[OpenConflict]:
        """What two people changed at once and nobody chose between yet."""
        return self.answers.conflicts(self.field.key) if self.answer and self.answer.conflicts else ()

    @property
    def saved(self) -> str:
        """When and by whom; empty when it was never answered."""
        return saved_sentence(self.answer.at, self.answer.by, self.today) if self.answer and self.revision else ""

    @property
    def is_refused(self) -> bool:
        """Whether it shows what was typed instead of what is stored."""
        return bool(self.error) or self.rejected is not None

    @property
    def key(self) -> tuple[Any, ...]:
        """What its HTML depends on. An answer never changes under its revision; its time tells it from one that a
        restore put in its place."""
        return (
            id(self.field),
            self.answers.stamp(self.field.key),
            self.today,
            self.can_answer,
            self.language,
            self.round,
        )

    @property
    def is_answered(self) -> bool:
        return is_answered(self.value)

    @property
    def html(self) -> SafeString:
        """The rich text as it is stored: canonical HTML of the closed schema, made by `richtext.clean`."""
        return mark_safe(self.value["html"] if self.value and "html" in self.value else "")  # noqa: S308

    @property
    def markdown(self) -> str:
        if isinstance(self.rejected, str):
            return self.rejected
        return richtext.to_markdown(richtext.parse(self.html)) if self.html else ""

    def _part(self, name: str, default: Any) -> Any:
        given = self.rejected if isinstance(self.rejected, dict) else self.value
        return (given or {}).get(name, default)

    @property
    def text(self) -> str:
        return self.rejected if isinstance(self.rejected, str) else str(self._part("text", ""))

    @property
    def percent(self) -> int | float | str:
        part: int | float | str = self.rejected if self.rejected is not None else self._part("percent", "")
        return part

    @property
    def remark(self) -> str:
        return str(self._part("remark", ""))

    @property
    def choice(self) -> int | str | None:
        choice: int | str | None = self._part("choice", None)
        return choice

    @property
    def choices(self) -> list[int | str]:
        return list(self._part("choices", []))

    @property
    def chosen_texts(self) -> list[str]:
        """The words of what was chosen, for a page without inputs."""
        chosen = [self.choice] if self.choice is not None else self.choices
        return [choice_text(self.field, each) for each in chosen]

    @property
    def options(self) -> tuple[Option, ...]:
        chosen = [self.choice] if self.field.kind == "single" else self.choices
        options = [Option(number, words, number in chosen) for number, words in enumerate(self.field.options, 1)]
        if self.field.extra:
            options.append(Option(self.field.extra, self.field.extra_label, self.field.extra in chosen))
        return tuple(options)

    @property
    def rows(self) -> tuple[RowView, ...]:
        given = self._part("rows", {})
        return tuple(
            RowView(
                row,
                tuple(
                    Option(number, words, given.get(row.id) == number)
                    for number, words in enumerate(self.field.options, 1)
                ),
                given.get(row.id),
            )
            for row in self.field.rows
        )

    def _item(self, index: int, item: Mapping[str, Any]) -> ItemView:
        return ItemView(
            index,
            tuple(
                Cell(
                    column,
                    item.get(column.id, ""),
                    tuple(
                        Option(number, words, item.get(column.id) == number)
                        for number, words in enumerate(column.options, 1)
                    ),
                )
                for column in self.field.columns
            ),
        )

    @property
    def items(self) -> tuple[ItemView, ...]:
        return tuple(self._item(index, item) for index, item in enumerate(self._part("items", [])))

    @property
    def blank_items(self) -> tuple[ItemView, ...]:
        """Empty rows to fill in: the page without JavaScript has nothing to add rows with."""
        start = len(self._part("items", []))
        return tuple(self._item(start + extra, {}) for extra in range(EMPTY_ROWS))

    @property
    def template_item(self) -> ItemView:
        """The empty row that a script copies; its index is replaced."""
        return self._item(-1, {})


@dataclass(frozen=True)
class GroupColumn:
    group: Group
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class BlockView:
    """A block of a section with its fields as the page shows them."""

    block: Block
    fields: tuple[FieldView, ...]

    @property
    def columns(self) -> tuple[GroupColumn, ...]:
        return tuple(
            GroupColumn(group, tuple(view for view in self.fields if view.field.group == group.id))
            for group in self.block.groups
        )

    @property
    def total(self) -> float:
        """The sum of the percentages, of a block that must add up."""
        total = 0.0
        for view in self.fields:
            if view.field.kind == "percent" and view.value:
                total += view.value["percent"]
        return int(total) if total.is_integer() else total


def saved_sentence(at: datetime, by: str, today: date) -> str:
    """When and by whom an answer was last changed, in the active language."""
    return said_in(get_language() or "", at, by, today)


def said_in(language: str, at: datetime, by: str, today: date) -> str:
    """The same in a language."""
    return _sentence(language, at.replace(second=0, microsecond=0), by, today)


@functools.lru_cache(maxsize=2048)
def _sentence(language: str, minute: datetime, by: str, today: date) -> str:
    local = timezone.localtime(minute)
    with translation.override(language or None):
        time = formats.date_format(local, "H:i" if local.date() == today else "j F Y")
        if not by:
            return _("Saved %(time)s") % {"time": time}
        return _("Saved %(time)s by %(name)s") % {"time": time, "name": by}


def field_view(field: Field, answers: Answers, *, can_answer: bool, round: int = 1) -> FieldView:  # noqa: A002
    """A field with its answer, in the active language."""
    return FieldView(field, answers, can_answer, get_language() or "", timezone.localdate(), round=round)


def block_views(
    section: Section,
    answers: Answers,
    *,
    can_answer: bool,
    refused: Mapping[str, tuple[str, Any]] | None = None,
    round: int = 1,  # noqa: A002
) -> list[BlockView]:
    """The blocks of a section; what was refused shows what was typed and why."""
    refusals = refused or {}
    language, today = get_language() or "", timezone.localdate()

    def view(field: Field) -> FieldView:
        refusal = refusals.get(field.key, ("", None))
        return FieldView(field, answers, can_answer, language, today, *refusal, round=round)

    return [BlockView(block, tuple(view(field) for field in block.fields)) for block in section.blocks]


class _Kept:
    """A view that compares by what the page shows of it, so that its HTML can be kept."""

    __slots__ = ("key", "view")

    def __init__(self, view: FieldView | BlockView, key: tuple[Any, ...]) -> None:
        self.view: FieldView | BlockView | None = view
        self.key = key

    def draw(self, template: str, name: str) -> SafeString:
        """The HTML; lets go of the view, which would keep the answers of a whole section in memory."""
        html = render_to_string(template, {name: self.view})
        self.view = None
        return html

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


@functools.lru_cache(maxsize=4096)
def _kept_field(kept: _Kept) -> SafeString:
    return kept.draw("workbook/field.html", "view")


@functools.lru_cache(maxsize=512)
def _kept_block(kept: _Kept) -> SafeString:
    return kept.draw("workbook/block.html", "each")


def render_field(view: FieldView) -> SafeString:
    """The HTML of a field. The same answer in the same language is rendered once a process."""
    if view.is_refused:
        return render_to_string("workbook/field.html", {"view": view})
    return _kept_field(_Kept(view, view.key))


def render_block(view: BlockView) -> SafeString:
    """The HTML of a block with its fields; kept like that of a field, as long as none of them changes."""
    if any(each.is_refused for each in view.fields):
        return render_to_string("workbook/block.html", {"each": view})
    return _kept_block(_Kept(view, (id(view.block), *(each.key for each in view.fields))))
