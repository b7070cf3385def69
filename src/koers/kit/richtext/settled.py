"""Telling at a glance that a text is canonical already: paragraphs of plain words, as people mostly type them."""

import re
from typing import Final

_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff"
_WORD: Final = rf"[^\s<>&{_CONTROL}]+"
_PLAIN: Final = re.compile(rf"{_WORD}(?: {_WORD})*")
# Marks around whole words, with a space before and nothing that Markdown could read otherwise anywhere.
_LETTER: Final = r"[^\W_]"
_INSIDE: Final = rf"{_LETTER}+(?: {_LETTER}+)*"
_MARKED: Final = re.compile(
    rf"{_LETTER}(?:{_LETTER}|[ .,;:?()’“”%€/–]|(?<= )<strong>{_INSIDE}</strong>(?=[ .,;:?]|\Z)"
    rf"|(?<= )<em>{_INSIDE}</em>(?=[ .,;:?]|\Z))*"
)


_LISTS: Final = tuple((f"<{tag}><li><p>", "</p></li><li><p>", f"</p></li></{tag}>") for tag in ("ul", "ol"))


def is_settled(html: str) -> bool:
    """True only for HTML that `clean` would give back as it is; most of what is typed. False says nothing."""
    if html.startswith("<p>") and html.endswith("</p>"):
        return all(_is_paragraph(each) for each in html[3:-4].split("</p><p>"))
    for opening, between, closing in _LISTS:
        if html.startswith(opening) and html.endswith(closing):
            return all(map(_PLAIN.fullmatch, html[len(opening) : -len(closing)].split(between)))
    return False


def _is_paragraph(inside: str) -> bool:
    if "<" not in inside:
        return _PLAIN.fullmatch(inside) is not None
    return "  " not in inside and not inside.endswith(" ") and _MARKED.fullmatch(inside) is not None
