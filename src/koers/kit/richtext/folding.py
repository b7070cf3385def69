"""Tokens of texts of which most is the same: a long stretch of words that none of them changed is one token.

What is left to compare is as long as the changes are, not as the texts are.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, combinations, pairwise
from typing import Final

from koers.kit.richtext.alignment import Pair, equal_stretches
from koers.kit.richtext.lines import Phrase, Token, tokens_of
from koers.kit.richtext.tree import Run

# Words of a stretch that is worth it, and of its ends that stay words: they stand next to what changed.
_WORTH: Final = 48
_EDGE: Final = 12
# Words of a stretch that is not cut in half any more to find what is marked alike.
_SHORT: Final = 4


class _Text:
    """A text as its words, each with the white space before it, and the tokens that are no words."""

    def __init__(self, spans: Iterable[Token | Phrase]) -> None:
        self.spans = list(spans)
        self.units: list[str] = []
        self._ends: list[int] = []
        self.firsts: list[int] = []
        for span in self.spans:
            self.firsts.append(len(self.units))
            own = [span.key] if isinstance(span, Token) else span.units()
            self.units += own
            self._ends += accumulate(map(len, own))
        self.firsts.append(len(self.units))
        self.plain = all(isinstance(span, Token) or span.plain for span in self.spans)

    def place(self, unit: int) -> int:
        """Of which span a unit is."""
        return bisect_right(self.firsts, unit, 0, len(self.spans)) - 1

    def _bounds(self, span: int, start: int, end: int) -> tuple[int, int]:
        """Where units of a span are in its text."""
        return self._ends[start - 1] if start > self.firsts[span] else 0, self._ends[end - 1]

    def runs(self, start: int, end: int) -> object:
        span = self.place(start)
        words = self.spans[span]
        return words.cut(*self._bounds(span, start, end)) if isinstance(words, Phrase) else None

    def tokens(self, folds: Sequence[tuple[int, int, int]]) -> Iterator[Token]:
        """The tokens, where each fold (start, end, how many words) is one."""
        fold = 0
        for span, words in enumerate(self.spans):
            if isinstance(words, Token):
                yield words
                continue
            at, last = self.firsts[span], self.firsts[span + 1]
            while fold < len(folds) and folds[fold][0] < last:
                start, end, holds = folds[fold]
                if at < start:
                    yield from words.tokens(*self._bounds(span, at, start))
                yield words.stretch(*self._bounds(span, start, end), holds)
                at = end
                fold += 1
            if at < last:
                yield from words.tokens(*self._bounds(span, at, last))


def folded(*given: Iterable[Token | Phrase]) -> list[list[Token]]:
    """The tokens of two or three texts, where long stretches of words that none of them changed are one token."""
    texts = [_Text(spans) for spans in given]
    if min(len(text.units) for text in texts) < _WORTH:
        return [tokens_of(text.spans) for text in texts]
    folds: list[list[tuple[int, int, int]]] = [[] for _text in texts]
    for at, length in _common([text.units for text in texts]):
        if length >= _WORTH:
            for start, end in _marked_alike(texts, at, _EDGE, length - _EDGE):
                units = texts[0].units[at[0] + start : at[0] + end]
                holds = max(sum(unit[-1].isalnum() for unit in units), 1)
                for places, first in zip(folds, at, strict=True):
                    places.append((first + start, first + end, holds))
    return [list(text.tokens(places)) for text, places in zip(texts, folds, strict=True)]


def shortened(token: Token) -> Token:
    """A token of many words without those in its middle, from one space to another."""
    plain = [at for at, run in enumerate(token.runs) if " " in run.text and run.marks == (False, False, "")]
    if not token.holds or not plain:
        return token
    first, last = plain[0], plain[-1]
    head, tail = token.runs[first].text.partition(" ")[0], token.runs[last].text.rpartition(" ")[2]
    return token._replace(runs=(*token.runs[:first], Run(f"{head} {tail}"), *token.runs[last + 1 :]))


def _common(texts: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, ...], int]]:
    """Stretches that all have: where each has it, and its length."""
    pairs = [equal_stretches(texts[0], side) for side in texts[1:]]
    edges = sorted({edge for each in pairs for at, _side_at, length in each for edge in (at, at + length)})
    place = [0] * len(pairs)
    for start, end in pairwise(edges):
        found: list[int] = []
        for side, each in enumerate(pairs):
            while place[side] < len(each) and _end(each[place[side]]) <= start:
                place[side] += 1
            if place[side] < len(each) and each[place[side]][0] <= start:
                at, side_at, _length = each[place[side]]
                found.append(start - at + side_at)
        if len(found) == len(pairs):
            yield (start, *found), end - start


def _end(pair: Pair) -> int:
    return pair[0] + pair[2]


def _marked_alike(texts: Sequence[_Text], at: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Of a stretch (counted from where each text has it) the parts within a phrase of which no marks clash."""
    first = texts[0]
    while start < end:
        span = first.place(at[0] + start)
        stop = min(end, first.firsts[span + 1] - at[0])
        if isinstance(first.spans[span], Phrase):
            yield from _halves(texts, at, start, stop)
        start = stop


def _halves(texts: Sequence[_Text], at: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start < _SHORT:
        return
    if all(text.plain for text in texts):
        yield start, end
        return
    runs = [text.runs(first + start, first + end) for text, first in zip(texts, at, strict=True)]
    if any(one == other for one, other in combinations(runs, 2)):
        yield start, end
        return
    half = (start + end) // 2
    yield from _halves(texts, at, start, half)
    yield from _halves(texts, at, half, end)
