"""A rich or plain text as one flat row of tokens, and back.

Every line of words (paragraph, heading, paragraph of an item or a quote, cell) begins with a token that says where it
stands; then come its words. Any row of tokens, whatever was merged into it, gives a valid tree.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from koers.kit.richtext.build import MAX_COLUMNS, MAX_ROWS
from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table

_MODIFIERS: Final = "\u0300-\u036f\u200c\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff"
# A number with its points and a word with its apostrophe are one: half of one may not be merged with half of another.
_ONE: Final = rf"\w(?:[\w{_MODIFIERS}]|['’](?=\w)|(?<=\d)[.,:/-](?=\d))*|[^\w\s](?:[{_MODIFIERS}]|(?<=\u200d)[^\w\s])*"
_WORD: Final = re.compile(rf"(\s*)({_ONE})")
_UNIT: Final = re.compile(rf"\s*(?:{_ONE})")
_LINE: Final = "\n"
_BREAK: Final = "\r"
_CELL: Final = "\n|"
_ROW: Final = "\n||"


@dataclass(frozen=True, slots=True)
class Line:
    """Where a line stands: its containers from the outside in, and whether it begins the innermost anew.

    A paragraph has no container; a heading ``h3``; a paragraph in a list ``ul`` or ``ol``, once a level; in a quote
    ``quote`` first; a cell ``table`` (the first of a table), ``row`` (the first of a row) or ``cell``.
    """

    path: tuple[str, ...] = ()
    fresh: bool = False


class Token(NamedTuple):
    """The start of a line, a word, a single other character, or a line break.

    `key` is what tokens are compared by; marks, white space and the place of a line merge on their own. Of a stretch
    that was left alone, a token may hold many words at once: `holds` says how many.
    """

    key: str
    runs: tuple[Run, ...] = ()
    gap: tuple[Run, ...] = ()
    first: bool = False
    line: Line | None = None
    holds: int = 0

    @property
    def is_word(self) -> bool:
        return _joins(self.key[0])

    @property
    def words(self) -> int:
        return self.holds or int(self.line is None and self.is_word)


BREAK: Final = Token(_BREAK)
_SPACE: Final = (Run(" "),)


def start(line: Line) -> Token:
    key = {"cell": _CELL, "row": _ROW, "table": _ROW}.get(line.path[0] if line.path else "", _LINE)
    return Token(key, line=line)


PLAIN: Final = start(Line())


def is_start(key: str) -> bool:
    """Whether a key is that of the start of a line."""
    return key[0] == _LINE


def is_cell(token: Token) -> bool:
    return token.key in (_CELL, _ROW)


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"


# From the tree


def linearise(blocks: Iterable[Block]) -> list[Token]:
    """The tokens of a tree."""
    return tokens_of(spans(blocks))


def tokens_of(given: Iterable["Token | Phrase"]) -> list[Token]:
    return [token for span in given for token in ((span,) if isinstance(span, Token) else span.tokens())]


def spans(blocks: Iterable[Block]) -> Iterator["Token | Phrase"]:
    """The tokens of a tree, those of words not yet made."""
    for block in blocks:
        for line, inlines in _block_lines(block):
            yield start(line)
            for broken, group in groupby(inlines, key=lambda each: isinstance(each, Break)):
                if broken:
                    yield from (BREAK for _each in group)
                else:
                    yield Phrase([each for each in group if isinstance(each, Run)])


def spans_plain(lines: Iterable[str]) -> Iterator["Token | Phrase"]:
    """The same of lines of plain text."""
    for line in lines:
        yield PLAIN
        yield Phrase([Run(line)])


def _block_lines(block: Block, path: tuple[str, ...] = ()) -> Iterator[tuple[Line, Sequence[Inline]]]:
    match block:
        case Paragraph(inlines):
            yield Line(path), inlines
        case Heading(level, inlines):
            yield Line((f"h{level}",)), inlines
        case Quote(inside):
            for each in inside:
                yield from _block_lines(each, ("quote",))
        case Items(ordered, items):
            inner = (*path, "ol" if ordered else "ul")
            for item in items:
                for place, each in enumerate(item):
                    for line, words in _block_lines(each, inner):
                        yield (Line(inner, fresh=True) if place == 0 and line.path == inner else line), words
        case Table(rows):
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    yield Line(("cell" if place else "row" if number else "table",)), cell


class Phrase:
    """The words of a line without breaks."""

    __slots__ = ("_runs", "_starts", "text")

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self.text = "".join(run.text for run in runs)
        self._starts = [0, *accumulate(len(run.text) for run in runs)][:-1]

    @property
    def plain(self) -> bool:
        """Whether it has no marks."""
        return len(self._runs) == 1 and self._runs[0].marks == (False, False, "")

    def cut(self, begin: int, end: int) -> tuple[Run, ...]:
        if begin == end:
            return ()
        if len(self._runs) == 1:
            return (Run(self.text[begin:end], *self._runs[0].marks),)
        index = bisect_right(self._starts, begin) - 1
        pieces: list[Run] = []
        while index < len(self._runs) and self._starts[index] < end:
            run, at = self._runs[index], self._starts[index]
            piece = self.text[max(begin, at) : min(end, at + len(run.text))]
            if piece:
                pieces.append(Run(piece, *run.marks))
            index += 1
        return tuple(pieces)

    def units(self) -> list[str]:
        """Each word with the white space before it."""
        return _UNIT.findall(self.text)

    def tokens(self, begin: int = 0, end: int | None = None) -> Iterator[Token]:
        plain = self.plain
        for match in _WORD.finditer(self.text, begin, len(self.text) if end is None else end):
            gap, word = match.groups()
            first = match.start() == 0
            if plain:
                yield Token(word, (Run(word),), _SPACE if gap == " " else (Run(gap),) if gap else (), first)
            else:
                middle = match.start(2)
                yield Token(word, self.cut(middle, match.end()), self.cut(match.start(), middle), first)

    def stretch(self, begin: int, end: int, holds: int) -> Token:
        """All these words as one token."""
        text = self.text[begin:end].lstrip()
        middle = end - len(text)
        return Token(text, self.cut(middle, end), self.cut(begin, middle), first=begin == 0, holds=holds)


# Back to the tree

_Words = tuple[Line, tuple[Inline, ...]]


def split_lines(tokens: Iterable[Token]) -> list[tuple[Token, list[Token]]]:
    """The tokens by line; words before any line are a paragraph."""
    lines: list[tuple[Token, list[Token]]] = []
    for token in tokens:
        if token.line is not None:
            lines.append((token, []))
        else:
            if not lines:
                lines.append((PLAIN, []))
            lines[-1][1].append(token)
    return lines


def inlines_of(tokens: Iterable[Token], *, breaks: bool = True, plain: bool = False) -> list[Inline]:
    """The words of one line with the white space between them; words that came to stand together get a space."""
    inlines: list[Inline] = []
    same: list[Run] = []  # not yet joined: joining them one by one would take time squared
    pending = False

    def close() -> None:
        if same:
            inlines.append(Run("".join([run.text for run in same]), *same[0].marks) if same[1:] else same[0])
            same.clear()

    for token in tokens:
        if token.key == _BREAK:
            pending = not breaks and bool(inlines or same)
            if breaks:
                close()
                inlines.append(Break())
            continue
        leading = token.gap if plain and token.first else ()
        gap = _gap(token, same[-1], pending) if same else leading
        pending = False
        for run in (*gap, *token.runs):
            if same and (same[0].strong, same[0].em, same[0].href) != (run.strong, run.em, run.href):
                close()
            same.append(run)
    close()
    return inlines


def _gap(token: Token, last: Run, pending: bool) -> tuple[Run, ...]:
    if token.gap and not token.first:
        return token.gap
    if pending or token.first or (_joins(last.text[-1]) and token.is_word):
        marks = last.marks if last.marks == token.runs[0].marks else ()
        return (Run(" ", *marks),)
    return ()


def rebuild(tokens: Iterable[Token]) -> list[Block]:
    """A tree of any row of tokens."""
    words: list[_Words] = []
    for head, inside in split_lines(tokens):
        line = head.line or Line()
        single = is_cell(head) or line.path[:1] in {("h3",), ("h4",)}
        inlines = tuple(inlines_of(inside, breaks=not single))
        if inlines or is_cell(head):
            words.append((line, inlines))
    return list(_top(words))


def _top(words: Sequence[_Words]) -> Iterator[Block]:
    def sort(each: _Words) -> str:
        kind = each[0].path[0] if each[0].path else ""
        return "table" if kind in ("row", "cell") else kind

    for kind, group in groupby(words, key=sort):
        lines = list(group)
        if kind == "table":
            yield from _tables(lines)
        elif kind == "quote":
            yield Quote(tuple(_nested(lines, 1)))
        elif kind in ("h3", "h4"):
            yield from (Heading(int(kind[1]), inlines) for _line, inlines in lines)
        else:
            yield from _nested(lines, 0)


def _nested(words: Sequence[_Words], depth: int) -> Iterator[Paragraph | Items]:
    """Paragraphs and lists, of lines that all stand in the same container at this depth."""
    for kind, group in groupby(words, key=lambda each: each[0].path[depth] if len(each[0].path) > depth else ""):
        lines = list(group)
        if not kind:
            yield from (Paragraph(inlines) for _line, inlines in lines)
            continue
        items: list[list[_Words]] = []
        for each in lines:
            if not items or (each[0].fresh and len(each[0].path) == depth + 1):
                items.append([])
            items[-1].append(each)
        yield Items(kind == "ol", tuple(tuple(_nested(item, depth + 1)) for item in items))


def _tables(cells: Sequence[_Words]) -> Iterator[Table]:
    tables: list[list[list[tuple[Run, ...]]]] = []
    for line, inlines in cells:
        runs = tuple(each for each in inlines if isinstance(each, Run))
        if not tables or line.path[0] == "table" or (line.path[0] == "row" and len(tables[-1]) >= MAX_ROWS):
            tables.append([[]])
        elif line.path[0] == "row":
            tables[-1].append([])
        row = tables[-1][-1]
        if len(row) < MAX_COLUMNS:
            row.append(runs)
        elif runs:
            row[-1] = (*row[-1], Run(" "), *runs) if row[-1] else runs
    for rows in tables:
        width = max(len(row) for row in rows)
        yield Table(tuple((*row, *((),) * (width - len(row))) for row in rows))


def plain(tokens: Iterable[Token]) -> str:
    """The words of tokens as plain text, a line a line."""
    lines = (inlines_of(inside, plain=True) for _head, inside in split_lines(tokens))
    return "\n".join("".join("\n" if isinstance(each, Break) else each.text for each in line) for line in lines)
