"""Texts as people make and change them, for tests of merging and of differences."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from hypothesis import strategies as st

from koers.kit.richtext import clean, folding, from_plain, words

DUTCH = """\
De gemeente wil tegen 2027 elke burger digitaal én menselijk helpen, zonder dat iemand uit de boot valt.
Onze ambitie: minder papier, meer tijd voor gesprekken aan het loket (en thuis, waar dat nodig is).

Het bestuur keurde op 12.05.2025 een budget van 1.250.000 euro goed; de raad vroeg om een jaarlijkse evaluatie.
De collega's van het OCMW, de bibliotheek en de technische dienst schreven mee aan deze visie.

Wat doen we eerst? We brengen alle processen in kaart, kiezen er drie uit en verbeteren die samen met inwoners."""


def html(*paragraphs: str) -> str:
    return clean("".join(f"<p>{each}</p>" for each in paragraphs))


def bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", words(text)))


_inline = st.lists(
    st.sampled_from(
        [*"ab1 ,.'_é\u00a0\u0301👍", "aa", " de ", " het ", "<b>", "</b>", "<i>", "</i>", "<br>", "&lt;", "</p><p>",
         "<a href='http://x.y/'>", "<a href='http://x.z/'>", "</a>"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
_simple = st.recursive(
    _inline.map(lambda text: f"<p>{text}</p>"),
    lambda inner: st.tuples(
        st.sampled_from(["ul", "ol"]), st.lists(inner.map(lambda x: f"<li>{x}</li>"), max_size=3)
    ).map(lambda list_: f"<{list_[0]}>{''.join(list_[1])}</{list_[0]}>"),
    max_leaves=4,
)
_tables = st.lists(st.lists(_inline.map(lambda x: f"<td>{x}</td>"), max_size=3).map("".join), max_size=3).map(
    lambda rows: "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
)
_headings = st.tuples(st.sampled_from(["h3", "h4"]), _inline).map(lambda each: f"<{each[0]}>{each[1]}</{each[0]}>")
_blocks = st.one_of(_simple, _tables, _headings, _simple.map(lambda inside: f"<blockquote>{inside}</blockquote>"))
TEXTS = st.lists(_blocks, max_size=4).map("".join).map(clean)


@st.composite
def variants(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text of blocks, and two that share many of its blocks."""
    blocks = draw(st.lists(_blocks, max_size=4))
    sides = []
    for _side in range(2):
        side = [
            piece
            for block in blocks
            for piece in draw(st.sampled_from([[block], [block], [], [draw(_blocks)], [block, draw(_blocks)]]))
        ]
        sides.append(clean("".join(side)))
    return clean("".join(blocks)), sides[0], sides[1]


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """The Dutch text, and two that were edited by a random script each."""
    sides = []
    for name in "si":
        pieces = re.findall(r"\n+|\S+", DUTCH)
        for number in range(draw(st.integers(0, 6))):
            at, width = draw(st.integers(0, len(pieces))), draw(st.integers(0, 12))
            new = draw(
                st.lists(st.sampled_from([f"{name}{number}", "de", "<b>het</b>", "\n\n", "\n", "x,"]), max_size=4)
            )
            pieces[at : at + width] = new
        text = " ".join(pieces)
        sides.append(clean("".join(f"<p>{each.replace(chr(10), '<br>')}</p>" for each in text.split("\n\n"))))
    return from_plain(DUTCH), sides[0], sides[1]


@st.composite
def worked_on(draw: st.DrawFn) -> tuple[str, str, str]:
    """Some lines in any block, and two that people worked on; the block may have become another."""
    chance = random.Random(draw(st.integers(0, 2**32)))

    def words_(most: int) -> list[str]:
        return [
            chance.choice(_SAMPLE) if chance.random() < 0.5 else f"w{chance.randrange(99)}" for _word in range(most)
        ]

    def worked_on(lines: list[list[str]]) -> list[list[str]]:
        lines = [list(line) for line in lines]
        for _edit in range(chance.randrange(5)):
            at = chance.randrange(len(lines))
            line, place = lines[at], chance.randrange(len(lines[at]) + 1)
            lines[at : at + 1] = chance.choice([
                [[*line[:place], *words_(chance.randrange(3)), *line[place + chance.randrange(3) :]]],
                [line[:place], line[place:]], [["nieuw"], line], [[*line, *(lines[at + 1] if lines[at + 1 :] else [])]],
            ])  # fmt: skip
        return lines

    base = [words_(chance.randint(1, 12)) for _line in range(chance.randint(1, 9))]
    kind = chance.choice(_KINDS)
    kinds = (kind, chance.choice([kind, kind, kind, chance.choice(_KINDS)]), kind)
    texts = (
        _in_block([" ".join(line) for line in lines], which)
        for lines, which in zip((base, worked_on(base), worked_on(base)), kinds, strict=True)
    )
    return next(texts), next(texts), next(texts)


_SAMPLE = ["de", "het", "stad", "(zo)", "x.", "<b>vet</b>", "<i>en schuin</i>", "<a href='http://x.y/'>hier</a>",
           "&amp;", "*", "_", "1.", "-", "`", "é", "\u00a0"]  # fmt: skip
_KINDS = ["p", "br", "ul", "nested", "quote", "table", "headings", "mixed"]


def _in_block(lines: list[str], kind: str) -> str:
    paragraphs = [f"<p>{line}</p>" for line in lines]
    items = ["<ul>", *(f"<li>{each}</li>" for each in paragraphs), "</ul>"]
    cells = [f"<td>{each}" for each in paragraphs]
    parts = {
        "p": paragraphs,
        "br": ["<p>", "<br>".join(lines), "</p>"],
        "ul": items,
        "nested": ["<ol><li><p>x</p>", *items, *paragraphs[:2], "</li><li>y</li></ol>"],
        "quote": ["<blockquote>", *paragraphs[:3], *items, "</blockquote>"],
        "table": ["<table><tr><td>kop", *(f"<tr>{''.join(cells[at : at + 3])}" for at in range(0, len(cells), 3))],
        "headings": [f"<h3>{line}</h3>{paragraph}" for line, paragraph in zip(lines, paragraphs[1:], strict=False)],
        "mixed": [*paragraphs[:3], *items, "<h3>kop</h3>", *paragraphs[4:]],
    }
    return clean("".join(parts[kind]))


@contextmanager
def short_stretches() -> Iterator[None]:
    """Three words that nobody touched are a long stretch."""
    with mock.patch.multiple(folding, _WORTH=3, _EDGE=1, _SHORT=2):
        yield
