"""What changed between two sequences of keys: hunks, as a reader would point at them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

# Work, in keys times keys: of one stretch that is compared key by key, and of all such stretches together.
_STRETCH: Final = 400_000
_ALL: Final = 1_000_000
_SHINGLE: Final = 5
# So many keys that came or went are a small change.
_FEW: Final = 64

Pair = tuple[int, int, int]
Bounds = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Hunk:
    """The keys `start:end` of the base became `side_start:side_end` of the side."""

    start: int
    end: int
    side_start: int
    side_end: int

    @property
    def inserts(self) -> bool:
        """Whether nothing of the base goes."""
        return self.start == self.end

    @property
    def deletes(self) -> bool:
        """Whether nothing comes in its place."""
        return self.side_start == self.side_end


def hunks(base: Sequence[str], side: Sequence[str], heads: Callable[[str], bool] | None = None) -> list[Hunk]:
    """The differences, in order; two hunks never touch.

    Where a difference may lie in more than one place, it begins at a head (the start of a line).
    """
    found: list[Hunk] = []
    at, side_at = 0, 0
    for start, side_start, length in [*_equal(base, side, heads), (len(base), len(side), 0)]:
        if at < start or side_at < side_start:
            found.append(Hunk(at, start, side_at, side_start))
        at, side_at = start + length, side_start + length
    return _slid(found, base, side, heads) if heads else found


def _equal(base: Sequence[str], side: Sequence[str], heads: Callable[[str], bool] | None) -> list[Pair]:
    """Equal stretches (base, side, length), in order: whole lines first, then what is between them."""
    whole = (0, len(base), 0, len(side))
    if not heads:
        return _joined(_between(base, side, [whole]))
    lines = _equal_lines(base, side, heads)
    ends = [(start + length, side_start + length) for start, side_start, length in lines]
    between = [
        (at, start, side_at, side_start)
        for (at, side_at), (start, side_start, _length) in zip(
            [(0, 0), *ends], [*lines, (len(base), len(side), 0)], strict=True
        )
    ]
    return _joined(sorted([*lines, *_between(base, side, between)]))


def _equal_lines(base: Sequence[str], side: Sequence[str], heads: Callable[[str], bool]) -> list[Pair]:
    starts = [[at for at, key in enumerate(keys) if at == 0 or heads(key)] for keys in (base, side)]
    lines = [
        ["\0".join(keys[at:end]) for at, end in zip(places, [*places[1:], len(keys)], strict=False)]
        for keys, places in zip((base, side), starts, strict=True)
    ]
    starts[0].append(len(base))
    return [
        (starts[0][at], starts[1][side_at], starts[0][at + count] - starts[0][at])
        for at, side_at, count in _equal(lines[0], lines[1], None)
    ]


def _between(base: Sequence[str], side: Sequence[str], bounds: Sequence[Bounds]) -> list[Pair]:
    """Equal stretches within the bounds, as far as they can be found in bounded time."""
    budget = _ALL
    pairs: list[Pair] = []
    for each in bounds:
        before, rest, after = _trimmed(base, side, each)
        pairs += before
        for found, stretch in _stretches(base, side, rest):
            if found:
                pairs.append(found)
                continue
            head, inside, tail = _trimmed(base, side, stretch)
            work = (inside[1] - inside[0]) * (inside[3] - inside[2])
            middle: list[Pair] = []
            if 0 < work <= min(_STRETCH, budget):
                budget -= work
                middle = _compared(base, side, inside)
            pairs += head + middle + tail
        pairs += after
    return pairs


def _joined(pairs: list[Pair]) -> list[Pair]:
    joined: list[Pair] = []
    for start, side_start, length in pairs:
        last = joined[-1] if joined else (-1, -1, 0)
        if last[0] + last[2] == start and last[1] + last[2] == side_start:
            joined[-1] = (last[0], last[1], last[2] + length)
        else:
            joined.append((start, side_start, length))
    return joined


def _trimmed(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> tuple[list[Pair], Bounds, list[Pair]]:
    """What both begin and end with, and the bounds of the rest."""
    start, end, side_start, side_end = bounds
    first, side_first, last = start, side_start, end
    while start < end and side_start < side_end and base[start] == side[side_start]:
        start, side_start = start + 1, side_start + 1
    while start < end and side_start < side_end and base[end - 1] == side[side_end - 1]:
        end, side_end = end - 1, side_end - 1
    before = [(first, side_first, start - first)] if start > first else []
    after = [(end, side_end, last - end)] if last > end else []
    return before, (start, end, side_start, side_end), after


def _stretches(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> Iterator[tuple[Pair | None, Bounds]]:
    """The bounds as they are; when they are too wide, cut at the equal pairs that are quickly found."""
    start, end, side_start, side_end = bounds
    if (end - start) * (side_end - side_start) > _STRETCH:
        for at, side_at, length in _quickly(base, side, bounds):
            yield None, (start, at, side_start, side_at)
            yield (at, side_at, length), bounds
            start, side_start = at + length, side_at + length
    yield None, (start, end, side_start, side_end)


def equal_stretches(base: Sequence[str], side: Sequence[str]) -> list[Pair]:
    """Equal stretches (base, side, length), in order, as far as they are quickly found."""
    before, rest, after = _trimmed(base, side, (0, len(base), 0, len(side)))
    return _joined([*before, *_quickly(base, side, rest), *after])


def _quickly(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> Iterator[Pair]:
    few = _few_changes(base, side, bounds)
    if few is not None:
        yield from (pair for pair in few if pair[2] >= _SHINGLE)
        return
    start, end, side_start, side_end = bounds
    for at, side_at in _anchors(base, side, bounds):
        if at >= start and side_at >= side_start:
            length = _alike(base, side, (at, end, side_at, side_end))
            yield at, side_at, length
            start, side_start = at + length, side_at + length


def _few_changes(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> list[Pair] | None:
    """The equal stretches of two that differ in a few keys only (Myers 1986: work with the changes, not the size)."""
    start, end, side_start, side_end = bounds
    rows, columns = end - start, side_end - side_start
    # How far each diagonal (a key of the base less, one of the side more) gets with so many changes.
    reached = {1: 0}
    rounds: list[dict[int, int]] = []
    for changes in range(min(_FEW, rows + columns) + 1):
        rounds.append(dict(reached))
        for diagonal in range(-changes, changes + 1, 2):
            row, _before = _step(reached, diagonal)
            column = row - diagonal
            if not (0 <= row <= rows and 0 <= column <= columns):
                reached.pop(diagonal, None)
                continue
            row += _alike(base, side, (start + row, end, side_start + column, side_end))
            reached[diagonal] = row
            if row == rows and row - diagonal == columns:
                return _walked_back(rounds, rows, columns, start, side_start)
    return None


def _walked_back(rounds: list[dict[int, int]], row: int, column: int, start: int, side_start: int) -> list[Pair]:
    pairs: list[Pair] = []
    for reached in reversed(rounds):
        diagonal = row - column
        began, before = _step(reached, diagonal)
        if row > began:
            pairs.append((start + began, side_start + began - diagonal, row - began))
        row = reached[before]
        column = row - before
    return pairs[::-1]


def _step(reached: Mapping[int, int], diagonal: int) -> tuple[int, int]:
    """How far one change more gets on a diagonal, and from which one it came; below zero: from none."""
    more, less = reached.get(diagonal + 1, -2), reached.get(diagonal - 1, -2) + 1
    return (more, diagonal + 1) if more >= less else (less, diagonal - 1)


def _alike(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> int:
    """How many keys are equal from here on: in leaps, and back in ever smaller ones."""
    at, end, side_at, side_end = bounds
    most = min(end - at, side_end - side_at)
    length, leap, grows = 0, 4, True
    while leap and length < most:
        leap = min(leap, most - length)
        if base[at + length : at + length + leap] == side[side_at + length : side_at + length + leap]:
            length += leap
            leap = leap * 2 if grows else leap
        else:
            grows = False
            leap //= 2
    return length


def _anchors(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> list[tuple[int, int]]:
    """Where phrases of a few keys stand that occur once in both, as far as they keep their order."""
    there = _single(side, bounds[2], bounds[3])
    here = _single(base, bounds[0], bounds[1])
    common = [(at, there[phrase]) for phrase, at in here.items() if phrase in there]
    tails: list[int] = []
    chain: list[int] = []
    previous: list[int] = []
    for index, (_at, side_at) in enumerate(common):
        place = bisect_left(tails, side_at)
        previous.append(chain[place - 1] if place else -1)
        tails[place : place + 1] = [side_at]
        chain[place : place + 1] = [index]
    kept: list[tuple[int, int]] = []
    index = chain[-1] if chain else -1
    while index >= 0:
        kept.append(common[index])
        index = previous[index]
    return kept[::-1]


def _single(keys: Sequence[str], start: int, end: int) -> dict[tuple[str, ...], int]:
    """Every phrase that stands there once, with its place."""
    phrases = list(zip(*(keys[start + shift : end] for shift in range(_SHINGLE)), strict=False))
    times = Counter(phrases)
    return {phrase: start + at for at, phrase in enumerate(phrases) if times[phrase] == 1}


def _compared(base: Sequence[str], side: Sequence[str], bounds: Bounds) -> list[Pair]:
    """Key by key. Words replaced one for one stay in their places, whatever words repeat."""
    start, end, side_start, side_end = bounds
    matcher = SequenceMatcher(None, base[start:end], side[side_start:side_end], autojunk=False)
    pairs = [
        (start + block.a, side_start + block.b, block.size) for block in matcher.get_matching_blocks() if block.size
    ]
    if end - start == side_end - side_start:
        placed = [
            (start + at, side_start + at, 1) for at in range(end - start) if base[start + at] == side[side_start + at]
        ]
        if len(placed) >= sum(length for _start, _side_start, length in pairs):
            return placed
    return pairs


def _slid(found: list[Hunk], base: Sequence[str], side: Sequence[str], heads: Callable[[str], bool]) -> list[Hunk]:
    """Insertions and deletions of whole lines begin with the start of a line, not with the end of the one before."""
    slid: list[Hunk] = []
    for hunk in found:
        floor = slid[-1].end + 1 if slid else 0
        moving = side[hunk.side_start : hunk.side_end] if hunk.inserts else base[hunk.start : hunk.end]
        slidable = (hunk.inserts or hunk.deletes) and not heads(moving[0])
        slid.append(_at_head(hunk, base, side, heads, floor) if slidable and any(map(heads, moving)) else hunk)
    return slid


def _at_head(hunk: Hunk, base: Sequence[str], side: Sequence[str], heads: Callable[[str], bool], floor: int) -> Hunk:
    by = 0
    while hunk.start - by - 1 >= floor:
        last = side[hunk.side_end - by - 1] if hunk.inserts else base[hunk.end - by - 1]
        before = base[hunk.start - by - 1]
        if last != before:
            break
        by += 1
        if heads(before):
            return Hunk(hunk.start - by, hunk.end - by, hunk.side_start - by, hunk.side_end - by)
    return hunk
