"""Reading the answers of a section from its plain form: the way without JavaScript."""

import re
from typing import Any

from django.http import QueryDict

from koers.editions.structure import Column, Field

_WHOLE = re.compile(r"-?[0-9]{1,12}\Z")


def number_typed(text: str) -> Any:
    """A number as it was typed, with a comma or a point; the text itself when it is none."""
    bare = text.strip().replace("€", "").replace("%", "").replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", bare):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    if _WHOLE.match(bare):
        return int(bare)
    try:
        return float(bare)
    except ValueError:
        return text


def _choice(text: str) -> Any:
    return int(text) if _WHOLE.match(text) else text


def _cell(column: Column, text: str) -> Any:
    if not text.strip():
        return None
    if column.kind in {"line", "text"}:
        return text
    return _choice(text) if column.kind in {"choice", "year"} else number_typed(text)


def _items(field: Field, post: QueryDict) -> list[dict[str, Any]]:
    pattern = re.compile(re.escape(field.key) + r":([0-9]{1,4}):([a-z0-9-]+)\Z")
    items: dict[int, dict[str, Any]] = {}
    columns = {column.id: column for column in field.columns}
    for name in post:
        match = pattern.match(name)
        if match and match.group(2) in columns:
            cell = _cell(columns[match.group(2)], post.get(name, ""))
            if cell is not None:
                items.setdefault(int(match.group(1)), {})[match.group(2)] = cell
    return [items[index] for index in sorted(items)]


def posted(field: Field, post: QueryDict) -> tuple[bool, Any]:
    """Whether the form held the field at all, and its raw value as `read_value` takes it (texts as Markdown)."""
    if f"{field.key}:base" not in post:
        return False, None
    text = post.get(field.key, "")
    remark = {"remark": post.get(f"{field.key}:remark", "")} if field.remark else {}
    match field.kind:
        case "text" | "open" | "line":
            return True, text
        case "percent":
            return True, number_typed(text) if text.strip() else None
        case "single":
            return True, {"choice": _choice(text) if text else None, **remark}
        case "multi":
            return True, {"choices": [_choice(each) for each in post.getlist(field.key)], **remark}
        case "matrix":
            given = {row.id: post.get(f"{field.key}:{row.id}", "") for row in field.rows}
            return True, {"rows": {row: _choice(each) for row, each in given.items() if each}, **remark}
        case "list":
            return True, {"items": _items(field, post), **remark}
