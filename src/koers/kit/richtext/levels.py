"""A stored text cut into its blocks, and a list, quote or table into what is in it, without reading the words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from koers.kit.richtext.build import MAX_ROWS, clean, parse
from koers.kit.richtext.write import to_html

_BLOCK: Final = re.compile(r"<(?:(p|h3|h4|blockquote|table)>.*?</\1>|[uo]l>)", re.DOTALL)
_LIST: Final = re.compile(r"<(/?)[uo]l>")
_ITEM: Final = re.compile(r"<(/?)li>")
_ROW: Final = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_BODY: Final = ("<table><tbody>", "</tbody></table>")


@dataclass(frozen=True, slots=True)
class Level:
    """Where siblings stand: all the blocks of a text, the items of a list, the rows of a table after the first.

    `opening` and `closing` are the HTML of the container, `head` what all versions of it begin with.
    """

    opening: str = ""
    closing: str = ""
    head: str = ""
    cut: "Callable[[str], list[str]] | None" = None
    above: "Level | None" = None

    def around(self, siblings: str) -> str:
        """A text with only these siblings."""
        own = self.own(siblings)
        return self.above.around(own) if self.above else own

    def own(self, siblings: str) -> str:
        """The container with these siblings; nothing is in none."""
        return f"{self.opening}{self.head}{siblings}{self.closing}" if siblings or self.head else ""

    def within(self, html: str) -> list[str] | None:
        """The siblings in such a text; None when it holds more or other than that."""
        if self.above is None:
            return blocks_of(html)
        outside = self.above.within(html)
        if outside == [] and not self.head:
            return []
        if outside is None or len(outside) != 1 or self.cut is None:
            return None
        whole = outside[0]
        if not (whole.startswith(self.opening + self.head) and whole.endswith(self.closing)):
            return None
        return self.cut(whole[len(self.opening) + len(self.head) : len(whole) - len(self.closing)])

    def joined(self, parts: Sequence[str]) -> str | None:
        """Siblings behind each other; neighbouring lists of one sort and quotes are one. None when that fits not."""
        joined: list[str] = []
        for part in filter(None, parts):
            if joined and _melts(joined[-1], part):
                if self.above:
                    return None
                joined[-1] = clean(joined[-1] + part)
            else:
                joined.append(part)
        siblings = "".join(joined)
        return None if self.opening == _BODY[0] and siblings.count("<tr>") >= MAX_ROWS else siblings


TOP: Final = Level()


def inside(level: Level, blocks: Sequence[str]) -> tuple[Level, list[list[str]]] | None:
    """What is in the versions of one container, when all are of one sort."""
    opening = blocks[0][: blocks[0].find(">") + 1]
    if opening not in _INSIDE or not all(block.startswith(opening) for block in blocks):
        return None
    closing, cut, headed = _INSIDE[opening]
    if opening == "<table>":
        opening = _BODY[0]
    rows = [cut(block[len(opening) : len(block) - len(closing)]) for block in blocks]
    head = ""
    if headed:
        if not all(row and row[0] == rows[0][0] for row in rows):
            return None
        head = rows[0][0]
        rows = [row[1:] for row in rows]
    return Level(opening, closing, head, cut, level), rows


def blocks_of(html: str) -> list[str]:
    """The blocks of a text."""
    blocks = list(_cut(html, _BLOCK, _LIST))
    return blocks if sum(map(len, blocks)) == len(html) else [to_html([block]) for block in parse(html)]


def items_of(html: str) -> list[str]:
    return list(_cut(html, _ITEM, _ITEM))


def _rows_of(html: str) -> list[str]:
    return _ROW.findall(html)


def _cut(html: str, first: re.Pattern[str], nesting: re.Pattern[str]) -> Iterator[str]:
    at = 0
    while found := first.match(html, at):
        end = found.end()
        depth = 0 if found.group(1) else 1
        while depth and (tag := nesting.search(html, end)):
            depth += -1 if tag.group(1) else 1
            end = tag.end()
        yield html[at:end]
        at = end


_INSIDE: Final[dict[str, tuple[str, Callable[[str], list[str]], bool]]] = {
    "<ul>": ("</ul>", items_of, False),
    "<ol>": ("</ol>", items_of, False),
    "<li>": ("</li>", blocks_of, True),
    "<blockquote>": ("</blockquote>", blocks_of, False),
    "<table>": (_BODY[1], _rows_of, True),
}


def _melts(one: str, other: str) -> bool:
    return any(
        one.endswith(closing) and other.startswith(opening)
        for opening, closing in (("<ul>", "</ul>"), ("<ol>", "</ol>"), ("<blockquote>", "</blockquote>"))
    )
