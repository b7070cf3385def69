"""Two rows of tokens merged over the same base: what is agreed, and where they clash."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from koers.kit.richtext.lines import Token, is_start
from koers.kit.richtext.regions import Region, regions
from koers.kit.richtext.tree import Run


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens of the result as each side would have them; of a clash the result holds both.

    `own` is what stands there in each side itself, without the changes of the other.
    """

    stored: tuple[Token, ...]
    incoming: tuple[Token, ...]
    clash: bool = False
    own: tuple[tuple[Token, ...], tuple[Token, ...]] = ((), ())

    @property
    def two_sided(self) -> bool:
        return self.clash and bool(self.stored) and bool(self.incoming)


def pieces_of(base: list[Token], stored: list[Token], incoming: list[Token]) -> list[Piece]:
    pieces: list[Piece] = []
    same: list[tuple[Token, Token, Token, Token]] = []

    def flush() -> None:
        if same:
            one, other, own, others = zip(*same, strict=True)
            pieces.append(Piece(one, other, own=(own, others)))
            same.clear()

    keys = [[token.key for token in tokens] for tokens in (base, stored, incoming)]
    for each in regions(keys[0], keys[1], keys[2], is_start):
        if isinstance(each, Region):
            flush()
            pieces += _resolved(each, stored, incoming)
            continue
        for at in range(each.length):
            own, others = stored[each.stored + at], incoming[each.incoming + at]
            one, other, clash = _settled(base[each.base + at], own, others)
            if clash:
                flush()
                pieces.append(Piece((one,), (other,), clash=True, own=((one,), (other,))))
            else:
                same.append((one, other, own, others))
    flush()
    return pieces


def _settled(base: Token, stored: Token, incoming: Token) -> tuple[Token, Token, bool]:
    """One token that all three have, as each side would have it: its marks, white space and place may differ still."""
    if base == stored or stored == incoming:
        return incoming, incoming, False
    if base == incoming:
        return stored, stored, False
    if base.line is not None:
        one = stored if stored.line != base.line else incoming
        other = incoming if incoming.line != base.line else stored
        return one, other, False
    spaced = stored if (stored.gap, stored.first) != (base.gap, base.first) else incoming
    runs = [_marked(base, stored, incoming), _marked(base, incoming, stored)]
    one, other = (spaced._replace(runs=each) for each in runs)
    return one, other, one != other


def _marked(base: Token, stored: Token, incoming: Token) -> tuple[Run, ...]:
    """The word with the marks that either side gave or took; of two links stored's."""
    old, one, other = (
        [(char, run.marks) for run in token.runs for char in run.text] for token in (base, stored, incoming)
    )
    marked: list[Run] = []
    for (char, before), (_one, ours), (_other, theirs) in zip(old, one, other, strict=True):
        strong, em = (ours[at] if ours[at] != before[at] else theirs[at] for at in (0, 1))
        href = ours[2] if ours[2] != before[2] and (ours[2] or theirs[2] == before[2]) else theirs[2]
        marks = (bool(strong), bool(em), href)
        if marked and marked[-1].marks == marks:
            marked[-1] = Run(marked[-1].text + char, *marks)
        else:
            marked.append(Run(char, *marks))
    return tuple(marked)


@dataclass(frozen=True, slots=True)
class _Side:
    """What a side has in a region: its tokens, and of each which one of the base it was (-1: none)."""

    tokens: tuple[Token, ...]
    origins: tuple[int, ...]
    changed: bool
    only_deletes: bool

    @property
    def keys(self) -> list[str]:
        return [token.key for token in self.tokens]


def _side(region: Region, side: Sequence[Token], stored: bool) -> _Side:
    own = region.stored if stored else region.incoming
    begin = region.stored_start if stored else region.incoming_start
    origins: list[int] = []
    at = region.start
    for hunk in own:
        origins += range(at, hunk.start)
        origins += [-1] * (hunk.side_end - hunk.side_start)
        at = hunk.end
    origins += range(at, region.end)
    return _Side(
        tuple(side[begin : begin + len(origins)]),
        tuple(origins),
        bool(own),
        all(hunk.deletes for hunk in own),
    )


def _resolved(region: Region, stored: Sequence[Token], incoming: Sequence[Token]) -> Iterable[Piece]:
    ours, theirs = _side(region, stored, True), _side(region, incoming, False)
    own = ours.tokens, theirs.tokens
    if not theirs.changed or ours.keys == theirs.keys:
        return [Piece(ours.tokens, ours.tokens, own=own)]
    if not ours.changed:
        return [Piece(theirs.tokens, theirs.tokens, own=own)]
    if region.start == region.end:
        return _both(ours.tokens, theirs.tokens)
    if ours.only_deletes and theirs.only_deletes:
        kept = set(theirs.origins)
        left = tuple(token for token, at in zip(ours.tokens, ours.origins, strict=True) if at in kept)
        return [Piece(left, left, own=own)]
    return _clashing(ours, theirs)


def _both(ours: tuple[Token, ...], theirs: tuple[Token, ...]) -> list[Piece]:
    """Two insertions at one point: both, unless one is the beginning or the end of the other."""
    one, other = [token.key for token in ours], [token.key for token in theirs]
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    if long[: len(short)] == short or long[-len(short) :] == short:
        whole = ours if long is one else theirs
        return [Piece(whole, whole, own=(ours, theirs))]
    pieces = [Piece(ours, ours, own=(ours, ())), Piece(theirs, theirs, own=((), theirs))]
    return pieces[::-1] if is_start(one[0]) and not is_start(other[0]) else pieces


def _clashing(ours: _Side, theirs: _Side) -> Iterator[Piece]:
    """A clash, without what both sides begin and end with."""
    one, other = ours.keys, theirs.keys
    shortest = min(len(one), len(other))
    head = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    shortest -= head
    tail = next((at for at in range(shortest) if one[-1 - at] != other[-1 - at]), shortest)
    ends = len(one) - tail, len(other) - tail
    begin, finish = ours.tokens[:head], ours.tokens[ends[0] :]
    middle = ours.tokens[head : ends[0]], theirs.tokens[head : ends[1]]
    # Both wrote the same in place of the same, and one wrote more: no clash, but somebody who typed on.
    shared = any(
        at == -1 and token.line is None
        for token, at in [*zip(begin, ours.origins, strict=False), *zip(finish, ours.origins[ends[0] :], strict=True)]
    )
    more = theirs.origins[head : ends[1]] if not middle[0] else ours.origins[head : ends[0]]
    agreed = shared and not (middle[0] and middle[1]) and all(at == -1 for at in more)
    if begin:
        yield Piece(begin, begin, own=(begin, theirs.tokens[:head]))
    whole = middle[0] or middle[1]
    yield Piece(whole, whole, own=middle) if agreed else Piece(*middle, clash=True, own=middle)
    if finish:
        yield Piece(finish, finish, own=(finish, theirs.tokens[ends[1] :]))
