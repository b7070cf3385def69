"""Three versions of a text become one: what two people changed since the same base, side by side or over each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from koers.kit.richtext.build import clean, parse
from koers.kit.richtext.lines import Token, linearise, linearise_plain, plain, rebuild
from koers.kit.richtext.pieces import Piece, pieces_of
from koers.kit.richtext.regions import Same, regions
from koers.kit.richtext.tangles import count_words, untangled
from koers.kit.richtext.tree import Block, Items, Quote
from koers.kit.richtext.write import to_html

_AROUND: Final = 6


@dataclass(frozen=True)
class Clash:
    """Where both sides changed the same words: the words of each, empty for the side that took them away.

    `before` and `after` are some words around.
    """

    stored: str
    incoming: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Merged:
    """The merged text. In a clash `result` holds both sides, stored's first; the other two hold one side only."""

    result: str
    with_stored: str
    with_incoming: str
    clashes: tuple[Clash, ...] = ()


def merge(base: str, stored: str, incoming: str) -> Merged:
    """Merge three texts of the schema in canonical HTML. No word that a side added is ever lost."""
    quick = _one_sided(base, stored, incoming)
    if quick is not None:
        return quick
    trees = [parse(html) for html in (base, stored, incoming)]
    spelled = [[to_html([block]) for block in tree] for tree in trees]
    known = {html for each in spelled for html in each}
    results: tuple[list[Block], list[Block], list[Block]] = ([], [], [])
    clashes: list[Clash] = []
    for bounds in _chunks(*spelled):
        parts = [tree[bound] for tree, bound in zip(trees, bounds, strict=True)]
        pieces = _chunk(parts[0], parts[1], parts[2])
        if isinstance(pieces, list):
            clashes += _clashes(pieces)
            for into, tokens in zip(results, _versions(pieces), strict=True):
                into += rebuild(tokens)
        else:
            for into in results:
                into += pieces
    result, with_stored, with_incoming = (_canonical(blocks, known) for blocks in results)
    return Merged(result, with_stored, with_incoming, tuple(clashes))


def merge_plain(base: str, stored: str, incoming: str) -> Merged:
    """Merge three plain texts of one or more lines."""
    quick = _one_sided(base, stored, incoming)
    if quick is not None:
        return quick
    pieces = untangled(pieces_of(linearise_plain(base), linearise_plain(stored), linearise_plain(incoming)))
    result, with_stored, with_incoming = (plain(tokens) for tokens in _versions(pieces))
    return Merged(result, with_stored, with_incoming, tuple(_clashes(pieces)))


def _one_sided(base: str, stored: str, incoming: str) -> Merged | None:
    if base == stored or stored == incoming:
        return Merged(incoming, incoming, incoming)
    return Merged(stored, stored, stored) if base == incoming else None


def _chunks(
    base: Sequence[str], stored: Sequence[str], incoming: Sequence[str]
) -> Iterator[tuple[slice, slice, slice]]:
    """The three by whole blocks: between two blocks that all have, what stands there in each."""
    at = (0, 0, 0)
    last = (len(base), len(stored), len(incoming))
    for each in regions(base, stored, incoming):
        if isinstance(each, Same):
            here = (each.base, each.stored, each.incoming)
            if here != at:
                yield slice(at[0], here[0]), slice(at[1], here[1]), slice(at[2], here[2])
            yield slice(here[0], here[0] + 1), slice(here[1], here[1] + 1), slice(here[2], here[2] + 1)
            at = (here[0] + 1, here[1] + 1, here[2] + 1)
    if at != last:
        yield slice(at[0], last[0]), slice(at[1], last[1]), slice(at[2], last[2])


def _chunk(base: list[Block], stored: list[Block], incoming: list[Block]) -> list[Piece] | tuple[Block, ...]:
    """The merged tokens of a chunk, or its blocks when one side left it alone."""
    if base == stored or stored == incoming:
        return tuple(incoming)
    if base == incoming:
        return tuple(stored)
    return untangled(pieces_of(linearise(base), linearise(stored), linearise(incoming)))


def _canonical(blocks: list[Block], known: set[str]) -> str:
    """The blocks as canonical HTML; only what no version had has to be looked at."""
    spelled = [to_html([block]) for block in blocks]
    if any(_melts(one, other) for one, other in pairwise(blocks)):
        return clean("".join(spelled))
    cleaned = [html if html in known else clean(html) for html in spelled]
    return "".join(cleaned) if cleaned == spelled else clean("".join(cleaned))


def _melts(one: Block, other: Block) -> bool:
    if isinstance(one, Items) and isinstance(other, Items):
        return one.ordered == other.ordered
    return isinstance(one, Quote) and isinstance(other, Quote)


def _versions(pieces: Sequence[Piece]) -> tuple[list[Token], list[Token], list[Token]]:
    """The tokens of the result, and of the result with one side only."""
    result = [token for piece in pieces for token in (*piece.stored, *(piece.incoming if piece.clash else ()))]
    stored = [token for piece in pieces for token in piece.stored]
    incoming = [token for piece in pieces for token in piece.incoming]
    return result, stored, incoming


def _clashes(pieces: Sequence[Piece]) -> Iterator[Clash]:
    for at, piece in enumerate(pieces):
        if piece.clash:
            before = pieces[at - 1].stored if at else ()
            after = pieces[at + 1].stored if at + 1 < len(pieces) else ()
            yield Clash(
                plain(piece.stored).strip(), plain(piece.incoming).strip(), _around(before, -1), _around(after, 1)
            )


def _around(tokens: Sequence[Token], step: int) -> str:
    """Some words before or after a clash, of the same line."""
    near: list[Token] = []
    for token in tokens[::step]:
        if token.line is not None or count_words(near) == _AROUND:
            break
        near.append(token)
    return plain(near[::step])
