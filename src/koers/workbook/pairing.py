"""Which item of a list became which, when items have no names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from koers.kit.richtext.alignment import hunks

_Item = Mapping[str, Any]
_ALIKE: Final = 0.3
# What one cell must have in common when there is no other item that either could be.
_LITTLE: Final = 0.1


def pairs(base: Sequence[_Item], side: Sequence[_Item]) -> list[tuple[int, int]]:
    """The places of an item before and after: equal items first, in what is left between those similar ones."""
    found: list[tuple[int, int]] = []
    at, side_at = 0, 0
    changed = hunks([_key(item) for item in base], [_key(item) for item in side])
    for hunk in changed:
        found += zip(range(at, hunk.start), range(side_at, hunk.side_start), strict=True)
        found += _similar(base, side, range(hunk.start, hunk.end), range(hunk.side_start, hunk.side_end))
        at, side_at = hunk.end, hunk.side_end
    return [*found, *zip(range(at, len(base)), range(side_at, len(side)), strict=True)]


def _key(item: _Item) -> str:
    return repr(sorted(item.items()))


def _similar(base: Sequence[_Item], side: Sequence[_Item], old: range, new: range) -> list[tuple[int, int]]:
    """The pairs, in order, that are together most alike (the longest common subsequence, weighted)."""
    before, after = [_shape(base[at]) for at in old], [_shape(side[at]) for at in new]
    if len(old) == len(new) == 1:
        return [(old[0], new[0])] if _shares(before[0], after[0]) else []
    alike = [[_likeness(one, other) for other in after] for one in before]
    best = [[0.0] * (len(new) + 1) for _one in range(len(old) + 1)]
    for one in reversed(range(len(old))):
        for other in reversed(range(len(new))):
            paired = best[one + 1][other + 1] + alike[one][other] if alike[one][other] > _ALIKE else 0.0
            best[one][other] = max(paired, best[one + 1][other], best[one][other + 1])
    found: list[tuple[int, int]] = []
    one, other = 0, 0
    while one < len(old) and other < len(new):
        score = alike[one][other]
        if score > _ALIKE and best[one][other] == best[one + 1][other + 1] + score:
            found.append((old[one], new[other]))
            one, other = one + 1, other + 1
        elif best[one][other] == best[one + 1][other]:
            one += 1
        else:
            other += 1
    return found


def _shape(item: _Item) -> dict[str, Any]:
    return {name: frozenset(cell.casefold().split()) if isinstance(cell, str) else cell for name, cell in item.items()}


def _shares(one: _Item, other: _Item) -> bool:
    return any(_alike(one[name], other[name]) > _LITTLE for name in one.keys() & other.keys())


def _likeness(one: _Item, other: _Item) -> float:
    """How much two items are alike, from 0 to 1: equal cells count whole, cells of text by the words they share."""
    names = one.keys() | other.keys()
    return sum(_alike(one.get(name), other.get(name)) for name in names) / len(names) if names else 0.0


def _alike(one: Any, other: Any) -> float:
    if one == other:
        return 1.0
    if not isinstance(one, frozenset) or not isinstance(other, frozenset):
        return 0.0
    return len(one & other) / max(len(one | other), 1)
