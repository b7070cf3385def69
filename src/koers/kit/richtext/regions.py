"""The changes of two sides to one base, grouped by where they meet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from koers.kit.richtext.alignment import Hunk, hunks


@dataclass(frozen=True, slots=True)
class Region:
    """A range of the base with what each side did there; no hunks of a side: it left the range alone."""

    start: int
    end: int
    stored_start: int
    incoming_start: int
    stored: tuple[Hunk, ...]
    incoming: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """Keys in a row that none of the three lacks: the place of the first in each."""

    base: int
    stored: int
    incoming: int
    length: int


def regions(
    base: Sequence[str],
    stored: Sequence[str],
    incoming: Sequence[str],
    heads: Callable[[str], bool] | None = None,
) -> Iterator[Region | Same]:
    """All of the three in order: what is the same, and the regions where a side changed something.

    Hunks that only touch are regions of their own, in order of place; two insertions at one point are one region.
    """
    ours = [(hunk, True) for hunk in hunks(base, stored, heads)]
    theirs = [(hunk, False) for hunk in hunks(base, incoming, heads)]
    ordered = sorted(ours + theirs, key=lambda each: (each[0].start, each[0].end))

    def continues_line(hunk: Hunk, of_stored: bool) -> bool:
        """Whether words are added at the end of a line, and to that line."""
        if heads is None or not hunk.inserts or heads((stored if of_stored else incoming)[hunk.side_start]):
            return False
        return hunk.start == len(base) or heads(base[hunk.start])

    def takes_line(hunk: Hunk) -> bool:
        return heads is not None and hunk.deletes and any(map(heads, base[hunk.start : hunk.end]))

    def meets(group: Sequence[tuple[Hunk, bool]], end: int, hunk: Hunk, of_stored: bool) -> bool:
        if hunk.start < end or (group[0][0].start == end == hunk.start == hunk.end):
            return True
        # Words added to a line that the other side took away belong to that line, not to the one before it.
        return (
            hunk.start == end
            and continues_line(hunk, of_stored)
            and any(each.end == end and takes_line(each) for each, _of_stored in group)
        )

    def same(at: int, end: int) -> Iterator[Same]:
        if at < end:
            yield Same(at, at + stored_shift, at + incoming_shift, end - at)

    at, stored_shift, incoming_shift = 0, 0, 0
    index = 0
    while index < len(ordered):
        group = [ordered[index]]
        index += 1
        end = group[0][0].end
        while index < len(ordered) and meets(group, end, *ordered[index]):
            group.append(ordered[index])
            end = max(end, ordered[index][0].end)
            index += 1
        first = group[0][0].start
        yield from same(at, first)
        mine = tuple(hunk for hunk, ours_too in group if ours_too)
        other = tuple(hunk for hunk, ours_too in group if not ours_too)
        yield Region(first, end, first + stored_shift, first + incoming_shift, mine, other)
        at = end
        stored_shift = mine[-1].side_end - mine[-1].end if mine else stored_shift
        incoming_shift = other[-1].side_end - other[-1].end if other else incoming_shift
    yield from same(at, len(base))
