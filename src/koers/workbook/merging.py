"""The values that two people gave to one field since the same base, as one value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from koers.editions.structure import Column, Field
from koers.kit.richtext import Clash, Merged, merge, merge_plain
from koers.workbook.pairing import pairs
from koers.workbook.values import Value, cell_text, choice_text

_BESIDE: Final = " / "
_Say = Callable[[Any], str]


@dataclass(frozen=True)
class MergedValue:
    """The merged value. Of a clash `value` holds both sides where both can stand (words), and else stored's."""

    value: Value
    with_stored: Value
    with_incoming: Value
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A part of a value, merged: anything that is absent when None."""

    value: Any
    with_stored: Any
    with_incoming: Any
    clashes: tuple[Clash, ...] = ()


def merge_values(field: Field, base: Value, stored: Value, incoming: Value) -> MergedValue:
    """Merge three stored values of a field: the one both began from, the one that stands there, and the new one."""
    merge_part, key = _PARTS[field.kind]
    parts = {
        key: merge_part(field, *((value or {}).get(key) for value in (base, stored, incoming))),
        "remark": _text(*((value or {}).get("remark") for value in (base, stored, incoming))),
    }
    clashes = tuple(clash for part in parts.values() for clash in part.clashes)
    values = (
        {name: getattr(part, of) for name, part in parts.items() if getattr(part, of) not in (None, "", [], {})}
        for of in ("value", "with_stored", "with_incoming")
    )
    value, with_stored, with_incoming = (each or None for each in values)
    return MergedValue(value, with_stored, with_incoming, clashes)


# Words


def _part(merged: Merged, tidy: Callable[[str], str] = str) -> _Part:
    return _Part(tidy(merged.result), tidy(merged.with_stored), tidy(merged.with_incoming), merged.clashes)


def _html(field: Field, base: str | None, stored: str | None, incoming: str | None) -> _Part:
    return _part(merge(base or "", stored or "", incoming or ""))


def _text(base: str | None, stored: str | None, incoming: str | None) -> _Part:
    return _part(merge_plain(base or "", stored or "", incoming or ""), _tidy_lines)


def _line(field: Field | None, base: str | None, stored: str | None, incoming: str | None) -> _Part:
    return _part(merge_plain(base or "", stored or "", incoming or ""), _tidy_line)


def _tidy_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _tidy_line(text: str) -> str:
    """Two versions of the line stand beside each other."""
    return " ".join(_BESIDE.join(line for line in text.split("\n") if line.strip()).split())


# What only one can stand of


def _scalar(base: Any, stored: Any, incoming: Any, say: _Say, about: str = "") -> _Part:
    if stored in (base, incoming):
        return _Part(incoming, incoming, incoming)
    if base == incoming:
        return _Part(stored, stored, stored)
    return _Part(stored, stored, incoming, (Clash(say(stored), say(incoming), before=about),))


def _percent(field: Field, base: Any, stored: Any, incoming: Any) -> _Part:
    return _scalar(base, stored, incoming, lambda number: "" if number is None else f"{number} %")


def _choice(field: Field, base: Any, stored: Any, incoming: Any) -> _Part:
    return _scalar(base, stored, incoming, lambda choice: "" if choice is None else choice_text(field, choice))


def _choices(field: Field, base: list[Any] | None, stored: list[Any] | None, incoming: list[Any] | None) -> _Part:
    """Each option on its own; an answer that cannot stand beside others is a clash with them."""
    old, ours, theirs = set(base or ()), set(stored or ()), set(incoming or ())
    merged = (old & ours & theirs) | (ours - old) | (theirs - old)
    if field.extra not in merged or len(merged) == 1:
        chosen = sorted(merged, key=str if field.extra in merged else int)
        return _Part(chosen, chosen, chosen)

    def say(choices: list[Any] | None) -> str:
        return ", ".join(choice_text(field, each) for each in choices or ())

    return _Part(stored, stored, incoming, (Clash(say(stored), say(incoming)),))


def _keyed(
    names: Sequence[str],
    base: Mapping[str, Any],
    stored: Mapping[str, Any],
    incoming: Mapping[str, Any],
    merge_one: Callable[[str, Any, Any, Any], _Part],
) -> _Part:
    """A mapping, each name on its own."""
    parts = {name: merge_one(name, base.get(name), stored.get(name), incoming.get(name)) for name in names}

    def of(version: str) -> dict[str, Any]:
        values = {name: getattr(part, version) for name, part in parts.items()}
        return {name: value for name, value in values.items() if value is not None and value != ""}

    clashes = tuple(clash for part in parts.values() for clash in part.clashes)
    return _Part(of("value"), of("with_stored"), of("with_incoming"), clashes)


def _rows(
    field: Field, base: dict[str, Any] | None, stored: dict[str, Any] | None, incoming: dict[str, Any] | None
) -> _Part:
    labels = {row.id: row.label for row in field.rows}

    def merge_row(row: str, old: Any, ours: Any, theirs: Any) -> _Part:
        def say(choice: Any) -> str:
            return "" if choice is None else choice_text(field, choice)

        return _scalar(old, ours, theirs, say, labels[row].say())

    return _keyed(list(labels), base or {}, stored or {}, incoming or {}, merge_row)


# Lists

_Item = dict[str, Any]


def _items(field: Field, base: list[_Item] | None, stored: list[_Item] | None, incoming: list[_Item] | None) -> _Part:
    """Items have no names: an item is the one of the base that it equals, or in its place resembles most."""
    old, ours, theirs = base or [], stored or [], incoming or []
    merged: list[_Part] = []
    kept = (dict(pairs(old, ours)), dict(pairs(old, theirs)))
    at = [0, 0]
    for place, item in enumerate([*old, None]):
        ends = [len(ours), len(theirs)] if item is None else [kept[side].get(place) for side in (0, 1)]
        added = [
            side[start:end] if end is not None else []
            for side, start, end in zip((ours, theirs), at, ends, strict=True)
        ]
        merged += _added(*added)
        at = [start if end is None else end + 1 for start, end in zip(at, ends, strict=True)]
        if item is not None:
            here = [None if end is None else side[end] for side, end in zip((ours, theirs), ends, strict=True)]
            merged.append(_item(field, item, *here))
    clashes = tuple(clash for part in merged for clash in part.clashes)
    value, with_stored, with_incoming = (
        [getattr(part, of) for part in merged if getattr(part, of)] for of in ("value", "with_stored", "with_incoming")
    )
    return _Part(value, with_stored, with_incoming, clashes)


def _added(ours: list[_Item], theirs: list[_Item]) -> list[_Part]:
    """New items of both at one place: all, and what both added once."""
    only_theirs = list(theirs)
    for item in ours:
        if item in only_theirs:
            only_theirs.remove(item)
    return [_Part(item, item, item) for item in [*ours, *only_theirs]]


def _item(field: Field, base: _Item, stored: _Item | None, incoming: _Item | None) -> _Part:
    if stored is None or incoming is None:
        left = incoming if stored is None else stored
        if left is None or left == base:
            return _Part(None, None, None)
        words = _say_item(field, left)
        clash = Clash("" if stored is None else words, "" if incoming is None else words)
        return _Part(left, stored, incoming, (clash,))
    columns = {column.id: column for column in field.columns}

    def merge_cell(name: str, old: Any, ours: Any, theirs: Any) -> _Part:
        return _cell(columns[name], old, ours, theirs)

    return _keyed(list(columns), base, stored, incoming, merge_cell)


def _cell(column: Column, base: Any, stored: Any, incoming: Any) -> _Part:
    if column.kind == "text":
        return _text(base, stored, incoming)
    if column.kind == "line":
        return _line(None, base, stored, incoming)
    return _scalar(base, stored, incoming, lambda cell: cell_text(column, cell), column.label.say())


def _say_item(field: Field, item: _Item) -> str:
    cells = (cell_text(column, item.get(column.id)) for column in field.columns)
    return " · ".join(cell for cell in cells if cell)


_PARTS: Final[dict[str, tuple[Callable[..., _Part], str]]] = {
    "text": (_html, "html"),
    "open": (_html, "html"),
    "line": (_line, "text"),
    "single": (_choice, "choice"),
    "multi": (_choices, "choices"),
    "matrix": (_rows, "rows"),
    "list": (_items, "items"),
    "percent": (_percent, "percent"),
}
