"""The value of an answer: what each kind of field accepts, stores, and says.

Stored values are JSON objects, null when empty:

====================  =============================================================
text, open            ``{"html": "<p>…</p>"}``
line                  ``{"text": "…"}``
single                ``{"choice": 2, "remark": "…"}``, choice 1-based or ``"not-applicable"``
multi                 ``{"choices": [1, 3], "remark": "…"}``, or ``["dont-know"]``
matrix                ``{"rows": {"vigilant": 2}, "remark": "…"}``
list                  ``{"items": [{"name": "…"}], "remark": "…"}``
percent               ``{"percent": 15}``
====================  =============================================================

The exchange file and the page say the same, but for a text (Markdown there, HTML here), a line and a percentage (bare).
"""

import re
from collections.abc import Callable
from typing import Any, Literal

from django.utils.translation import gettext as _

from koers.editions.structure import Column, Field
from koers.kit import richtext
from koers.kit.located import Path

Value = dict[str, Any] | None
Markup = Literal["html", "markdown"]

MAX_TEXT = 60_000
MAX_REMARK = 6_000
MAX_LINE = 500
MAX_CELL = 4_000
MAX_ITEMS = 300

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


class InvalidValue(ValueError):
    """What was given does not fit the field; `path` says where inside the value."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def _mapping(raw: Any, *known: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise InvalidValue(_("This field expects: %(known)s.") % {"known": ", ".join(known)})
    for key in raw:
        if key not in known:
            raise InvalidValue(_("Unknown key “%(key)s”.") % {"key": str(key)[:80]}, (str(key),))
    return raw


def read_plain(raw: Any, limit: int, path: Path = (), *, lines: bool = True) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise InvalidValue(_("This must be text."), path)
    text = _CONTROL.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip() if lines else " ".join(text.split())
    if len(text) > limit:
        message = _("This text is too long: %(length)s characters, at most %(limit)s fit.")
        raise InvalidValue(message % {"length": len(text), "limit": limit}, path)
    return text


def _whole(raw: Any, low: int, high: int, path: Path = ()) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise InvalidValue(_("This must be a whole number."), path)
    if not low <= raw <= high:
        message = _("%(number)s is out of range: choose from %(low)s to %(high)s.")
        raise InvalidValue(message % {"number": raw, "low": low, "high": high}, path)
    return raw


def _number(raw: Any, low: float, high: float, path: Path = ()) -> int | float:
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        raise InvalidValue(_("This must be a number."), path)
    if not low <= raw <= high:
        message = _("%(number)s is out of range: from %(low)s to %(high)s.")
        raise InvalidValue(message % {"number": raw, "low": low, "high": high}, path)
    number = round(float(raw), 2)
    return int(number) if number.is_integer() else number


def _choice(field: Field, raw: Any, path: Path) -> int | str:
    if field.extra and raw == field.extra:
        return field.extra
    if isinstance(raw, str):
        message = _("“%(choice)s” is not an answer to this question.")
        raise InvalidValue(message % {"choice": raw[:60]}, path)
    return _whole(raw, 1, len(field.options), path)


def _with_remark(field: Field, value: dict[str, Any], raw: dict[str, Any]) -> Value:
    """Add the remark; nothing at all when nothing was said."""
    remark = read_plain(raw.get("remark"), MAX_REMARK, ("remark",))
    if remark and not field.remark:
        raise InvalidValue(_("This field has no room for a remark."), ("remark",))
    if remark:
        value["remark"] = remark
    return value or None


def _read_text(field: Field, raw: Any, markup: Markup) -> Value:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise InvalidValue(_("This must be text."))
    # The raw length bounds the work, the cleaned length is what counts.
    if len(raw) > 4 * MAX_TEXT:
        message = _("This text is too long: %(length)s characters, at most %(limit)s fit.")
        raise InvalidValue(message % {"length": len(raw), "limit": MAX_TEXT})
    raw = _CONTROL.sub("", raw)
    html = richtext.from_markdown(raw) if markup == "markdown" else richtext.clean(raw)
    if len(html) > MAX_TEXT:
        message = _("This text is too long: %(length)s characters, at most %(limit)s fit.")
        raise InvalidValue(message % {"length": len(html), "limit": MAX_TEXT})
    return {"html": html} if html else None


def _read_line(field: Field, raw: Any, markup: Markup) -> Value:
    text = read_plain(raw, MAX_LINE, lines=False)
    return {"text": text} if text else None


def _read_single(field: Field, raw: Any, markup: Markup) -> Value:
    given = _mapping(raw, "choice", "remark")
    value: dict[str, Any] = {}
    if given.get("choice") is not None:
        value["choice"] = _choice(field, given["choice"], ("choice",))
    return _with_remark(field, value, given)


def _read_multi(field: Field, raw: Any, markup: Markup) -> Value:
    given = _mapping(raw, "choices", "remark")
    choices = given.get("choices") or []
    if not isinstance(choices, list):
        raise InvalidValue(_("“choices” must be a list."), ("choices",))
    read = [_choice(field, each, ("choices", index)) for index, each in enumerate(choices)]
    if len(set(read)) != len(read):
        raise InvalidValue(_("The same choice stands here twice."), ("choices",))
    if field.extra in read and len(read) > 1:
        message = _("“%(extra)s” cannot stand beside another choice.")
        raise InvalidValue(message % {"extra": field.extra}, ("choices",))
    value: dict[str, Any] = {"choices": sorted(read, key=str if field.extra in read else int)} if read else {}
    return _with_remark(field, value, given)


def _read_matrix(field: Field, raw: Any, markup: Markup) -> Value:
    given = _mapping(raw, "rows", "remark")
    rows = given.get("rows") or {}
    if not isinstance(rows, dict):
        raise InvalidValue(_("“rows” must be a mapping of row to choice."), ("rows",))
    known = [row.id for row in field.rows]
    for row in rows:
        if row not in known:
            raise InvalidValue(_("Unknown row “%(row)s”.") % {"row": str(row)[:60]}, ("rows", str(row)))
    read = {row: _whole(rows[row], 1, len(field.options), ("rows", row)) for row in known if rows.get(row) is not None}
    return _with_remark(field, {"rows": read} if read else {}, given)


def _cell(column: Column, raw: Any, path: Path) -> Any:
    if raw is None or raw == "":
        return None
    match column.kind:
        case "line":
            return read_plain(raw, MAX_LINE, path, lines=False) or None
        case "text":
            return read_plain(raw, MAX_CELL, path) or None
        case "choice":
            return _whole(raw, 1, len(column.options), path)
        case "year":
            return _whole(raw, 1950, 2150, path)
        case "money":
            return _number(raw, 0, 1e12, path)
        case "number":
            return _number(raw, 0, 1e6, path)


def _read_list(field: Field, raw: Any, markup: Markup) -> Value:
    given = _mapping(raw, "items", "remark")
    items = given.get("items") or []
    if not isinstance(items, list):
        raise InvalidValue(_("“items” must be a list."), ("items",))
    if len(items) > MAX_ITEMS:
        raise InvalidValue(_("The list is too long: at most %(limit)s fit.") % {"limit": MAX_ITEMS}, ("items",))
    columns = {column.id: column for column in field.columns}
    read = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise InvalidValue(_("Each item must be a mapping of column to value."), ("items", index))
        for key in item:
            if key not in columns:
                message = _("Unknown column “%(column)s”.") % {"column": str(key)[:60]}
                raise InvalidValue(message, ("items", index, str(key)))
        cells = {key: _cell(column, item.get(key), ("items", index, key)) for key, column in columns.items()}
        kept = {key: cell for key, cell in cells.items() if cell is not None}
        if kept:
            read.append(kept)
    return _with_remark(field, {"items": read} if read else {}, given)


def _read_percent(field: Field, raw: Any, markup: Markup) -> Value:
    return None if raw is None else {"percent": _number(raw, 0, 100)}


_READERS: dict[str, Callable[[Field, Any, Markup], Value]] = {
    "text": _read_text,
    "open": _read_text,
    "line": _read_line,
    "single": _read_single,
    "multi": _read_multi,
    "matrix": _read_matrix,
    "list": _read_list,
    "percent": _read_percent,
}


def read_value(field: Field, raw: Any, markup: Markup) -> Value:
    """What the field stores for something from outside. Raises `InvalidValue`, and never stores half."""
    return _READERS[field.kind](field, raw, markup)


def as_given(field: Field, value: Value) -> Any:
    """A stored value as a page would send it: what `read_value` takes with ``"html"``."""
    if value is None:
        return None
    bare = {"text": "html", "open": "html", "line": "text", "percent": "percent"}.get(field.kind)
    return value[bare] if bare else value


def fits(field: Field, value: Value) -> bool:
    """Whether a field takes a value that was put together from several: not longer than it may be."""
    if value is None:
        return True
    try:
        read_value(field, as_given(field, value), "html")
    except InvalidValue:
        return False
    return True


def to_exchange(field: Field, value: dict[str, Any]) -> Any:
    """A stored value as the exchange file writes it."""
    match field.kind:
        case "text" | "open":
            return richtext.to_markdown(richtext.parse(value["html"]))
        case "line":
            return value["text"]
        case "percent":
            return value["percent"]
        case _:
            return _in_order(field, value)


def _in_order(field: Field, value: dict[str, Any]) -> dict[str, Any]:
    """The value with its keys in the order of the field: a database may keep them in another."""
    ordered = dict(sorted(value.items(), key=lambda part: part[0] == "remark"))
    if "rows" in ordered:
        ordered["rows"] = {row.id: value["rows"][row.id] for row in field.rows if row.id in value["rows"]}
    if "items" in ordered:
        columns = [column.id for column in field.columns]
        ordered["items"] = [{key: item[key] for key in columns if key in item} for item in value["items"]]
    return ordered


def is_answered(value: Value) -> bool:
    """Whether a value answers its field: a remark alone does not."""
    return value is not None and any(key != "remark" for key in value)


def plain_text(field: Field, value: Value, language: str | None = None) -> str:
    """The answer in words on one or more lines: for search, previews and mail."""
    if value is None:
        return ""
    words = _words(field, value, language)
    if value.get("remark"):
        words.append(value["remark"])
    return "\n".join(words)


def _words(field: Field, value: dict[str, Any], language: str | None) -> list[str]:
    match field.kind:
        case "text" | "open":
            return [richtext.words(value["html"])]
        case "line":
            return [str(value["text"])]
        case "percent":
            return [f"{value['percent']} %"]
        case "single":
            return [choice_text(field, value["choice"], language)] if "choice" in value else []
        case "multi":
            return [choice_text(field, each, language) for each in value.get("choices", [])]
        case "matrix":
            rows = value.get("rows", {})
            return [
                f"{row.label.say(language)}: {choice_text(field, rows[row.id], language)}"
                for row in field.rows
                if row.id in rows
            ]
        case "list":
            items = [
                [cell_text(column, item.get(column.id), language) for column in field.columns]
                for item in value.get("items", [])
            ]
            return [" · ".join(cell for cell in cells if cell) for cells in items]


def choice_text(field: Field, choice: int | str, language: str | None = None) -> str:
    """The words of a choice."""
    if isinstance(choice, str):
        return field.extra_label.say(language)
    return field.options[choice - 1].say(language)


def cell_text(column: Column, cell: Any, language: str | None = None) -> str:
    """The words of a cell of a list."""
    if cell is None:
        return ""
    if column.kind == "choice":
        return column.options[int(cell) - 1].say(language)
    return str(cell)
