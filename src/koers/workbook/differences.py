"""What changed between two answers, in words: for histories, comparisons of versions and earlier rounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koers.editions.structure import Field
from koers.kit import richtext
from koers.kit.richtext.differences import marked_differences, plain_differences
from koers.workbook.values import Value, fits, plain_text

# How many words stand around a change, and how many of a long new passage are shown.
AROUND: Final = 8
SHOWN: Final = 60
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text: the same on both sides, added, removed, or a gap where words are left out."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed of one answer. Without pieces the words are the same."""

    pieces: tuple[Piece, ...]
    before: bool
    after: bool

    @property
    def is_shortened(self) -> bool:
        return any(piece.kind == "gap" for piece in self.pieces)


def lasting_text(field: Field, value: Value) -> str:
    """The answer in words, also of a value that the field no longer takes."""
    try:
        return plain_text(field, value)
    except (LookupError, TypeError, ValueError):
        return "\n".join(_bare(value))


def _bare(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from [richtext.words(part)] if key == "html" and isinstance(part, str) else _bare(part)
    elif isinstance(value, list):
        for part in value:
            yield from _bare(part)
    elif value is not None:
        yield str(value)


def still_fits(field: Field, value: Value) -> bool:
    """Whether the field, as the edition has it now, takes a value that was stored earlier."""
    try:
        return fits(field, value)
    except (LookupError, TypeError, ValueError):
        return False


def difference(field: Field, before: Value, after: Value, after_field: Field | None = None) -> Difference:
    """The words that changed, with some words around them. `after_field`: the field as a newer edition has it."""
    return difference_of(lasting_text(field, before), lasting_text(after_field or field, after), before, after)


def difference_of(was: str, now: str, before: Value, after: Value) -> Difference:
    """The same, of answers of which the words are known."""
    found = [Piece(kind, text) for kind, text in plain_differences(was, now) if text] if was != now else []
    return Difference(tuple(_shortened(found)), before is not None, after is not None)


def marked_difference(field: Field, before: Value, after: Value) -> SafeString:
    """A rich text with everything that changed in it marked; empty for another kind of field."""
    if not field.is_rich or not (_html(before) or _html(after)):
        return SafeString("")
    html = marked_differences(_html(before), _html(after))
    # Words for who does not see the marks. In the HTML of the schema every tag is a tag: text is escaped.
    for tag, words in (("ins", _("added:")), ("del", _("removed:"))):
        html = html.replace(f"<{tag}>", f'<{tag}><span class="visually-hidden">{escape(words)} </span>')
    return mark_safe(html)  # noqa: S308


def _html(value: Value) -> str:
    html = (value or {}).get("html", "")
    return html if isinstance(html, str) else ""


def _shortened(pieces: list[Piece]) -> Iterator[Piece]:
    last = len(pieces) - 1
    for index, piece in enumerate(pieces):
        words = list(_WORD.finditer(piece.text))
        if piece.kind != "same":
            yield from _ends(piece, words, SHOWN, 0)
            continue
        head, tail = (AROUND if index else 0), (AROUND if index != last else 0)
        yield from _ends(piece, words, head, tail)


def _ends(piece: Piece, words: list[re.Match[str]], head: int, tail: int) -> Iterator[Piece]:
    """The first and last words of a piece, with a gap between; all of it when it would save little."""
    if len(words) <= head + tail + 4:
        yield piece
        return
    if head:
        yield Piece(piece.kind, piece.text[: words[head - 1].end()])
    yield Piece("gap")
    if tail:
        yield Piece(piece.kind, piece.text[words[-tail].start() :])
