"""The tree of canonical HTML, read by its own regular spelling: many times quicker than HTML of any origin."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from koers.kit.richtext.build import parse
from koers.kit.richtext.levels import blocks_of, items_of
from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table

_INLINE: Final = re.compile(r'([^<>]+)|<(strong|em)>|</(strong|em|a)>|<(br)>|<a href="([^"<>]*)"[^<>]*>')
_ROW: Final = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL: Final = re.compile(r"<t[hd]><p>(.*?)</p></t[hd]>", re.DOTALL)


class _OtherwiseSpelled(Exception):
    pass


def read(html: str) -> list[Block]:
    """`parse`, of HTML that `clean` made."""
    try:
        return [_block(block) for block in blocks_of(html)]
    except _OtherwiseSpelled:
        return parse(html)


def _block(html: str) -> Block:
    tag = html[1 : html.index(">")]
    inside = html[len(tag) + 2 : -len(tag) - 3]
    match tag:
        case "p":
            return Paragraph(_inlines(inside))
        case "h3" | "h4":
            return Heading(int(tag[1]), _runs(inside))
        case "ul" | "ol":
            return Items(tag == "ol", tuple(_simple(item[4:-5]) for item in items_of(inside)))
        case "blockquote":
            return Quote(_simple(inside))
        case _:
            return Table(tuple(tuple(_runs(cell) for cell in _CELL.findall(row)) for row in _ROW.findall(inside)))


def _simple(html: str) -> tuple[Paragraph | Items, ...]:
    blocks = tuple(block for block in map(_block, blocks_of(html)) if isinstance(block, Paragraph | Items))
    if not blocks:
        raise _OtherwiseSpelled
    return blocks


def _runs(html: str) -> tuple[Run, ...]:
    return tuple(each for each in _inlines(html) if isinstance(each, Run))


def _inlines(html: str) -> tuple[Inline, ...]:
    return tuple(_inlines_of(html)) if "<" in html else (Run(unescape(html)),) if html else ()


def _inlines_of(html: str) -> Iterator[Inline]:
    marks: dict[str, str] = {}
    at = 0
    for found in _INLINE.finditer(html):
        if found.start() != at:
            raise _OtherwiseSpelled
        at = found.end()
        text, opened, closed, broken, href = found.groups()
        if text is not None:
            yield Run(unescape(text), "strong" in marks, "em" in marks, marks.get("a", ""))
        elif broken:
            yield Break()
        elif closed:
            marks.pop(closed, None)
        else:
            marks[opened or "a"] = unescape(href or "")
    if at != len(html):
        raise _OtherwiseSpelled
