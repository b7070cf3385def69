"""Three versions of a text become one: what two people changed since the same base, side by side or over each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from koers.kit.richtext.build import clean
from koers.kit.richtext.folding import folded, shortened
from koers.kit.richtext.levels import TOP, Level, blocks_of, inside
from koers.kit.richtext.lines import Token, plain, rebuild, spans, spans_plain
from koers.kit.richtext.pieces import Piece, pieces_of
from koers.kit.richtext.reading import read
from koers.kit.richtext.regions import Same, regions
from koers.kit.richtext.tangles import count_words, untangled
from koers.kit.richtext.write import to_html

_AROUND: Final = 6
_Part = TypeVar("_Part", str, list[str])
_VERSIONS: Final = ("result", "with_stored", "with_incoming")


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
    texts = base, stored, incoming
    merged = _one_sided(*texts) or _siblings(TOP, [blocks_of(html) for html in texts])
    assert merged  # at the top everything fits
    return merged


def merge_plain(base: str, stored: str, incoming: str) -> Merged:
    """Merge three plain texts of one or more lines."""
    quick = _one_sided(base, stored, incoming)
    if quick is not None:
        return quick
    lines = [text.split("\n") if text else [] for text in (base, stored, incoming)]
    results: tuple[list[str], ...] = ([], [], [])
    clashes: list[Clash] = []
    for parts in _chunks(lines):
        agreed = _agreed(parts)
        if agreed is None:
            pieces = untangled(pieces_of(*folded(*map(spans_plain, parts))))
            clashes += _clashes(pieces)
            merged = [plain(tokens).split("\n") if tokens else [] for tokens in _versions(pieces)]
        else:
            merged = [agreed] * 3
        for into, part in zip(results, merged, strict=True):
            into += part
    result, with_stored, with_incoming = ("\n".join(each) for each in results)
    return Merged(result, with_stored, with_incoming, tuple(clashes))


def _one_sided(base: str, stored: str, incoming: str) -> Merged | None:
    agreed = _agreed((base, stored, incoming))
    return None if agreed is None else Merged(agreed, agreed, agreed)


def _agreed(parts: Sequence[_Part]) -> _Part | None:
    """The one of the three that it becomes when a side left it alone, or both did the same."""
    base, stored, incoming = parts
    if base == stored or stored == incoming:
        return incoming
    return stored if base == incoming else None


def _chunks(rows: Sequence[list[str]]) -> list[list[list[str]]]:
    """The three in chunks: between siblings that all have, what stands there in each.

    Where one took away the first and the other the second of two that were the same, one of them stays.
    """
    chunks: list[list[list[str]]] = []
    at = [0, 0, 0]

    def until(*ends: int) -> None:
        if at != [*ends]:
            chunks.append([row[start:end] for row, start, end in zip(rows, at, ends, strict=True)])
            at[:] = ends

    for each in regions(rows[0], rows[1], rows[2]):
        if isinstance(each, Same):
            until(each.base, each.stored, each.incoming)
            until(*(place + each.length for place in at))
    until(*map(len, rows))
    taken: dict[tuple[str, ...], int] = {}
    for chunk in chunks:
        base, *sides = chunk
        if base and [] in sides and base in sides and any(base):
            key, side = tuple(base), sides.index([])
            if taken.setdefault(key, side) != side and all(rows[0].count(one) == 2 for one in base):
                chunk[1:] = base, base
    return chunks


def _siblings(level: Level, rows: Sequence[list[str]]) -> Merged | None:
    """The merged siblings of a level; None when what comes of it would not fit there."""
    parts: list[Merged] = []
    for chunk in _chunks(rows):
        part = _chunk(level, chunk)
        if part is None:
            return None
        parts.append(part)
    clashes = tuple(clash for part in parts for clash in part.clashes)
    result, with_stored, with_incoming = (level.joined([getattr(part, of) for part in parts]) for of in _VERSIONS)
    if result is None or with_stored is None or with_incoming is None:
        return None
    return Merged(result, with_stored, with_incoming, clashes)


def _chunk(level: Level, chunk: Sequence[list[str]]) -> Merged | None:
    agreed = _agreed(chunk)
    if agreed is not None:
        siblings = "".join(agreed)
        return Merged(siblings, siblings, siblings)
    opened = inside(level, [part[0] for part in chunk]) if all(len(part) == 1 for part in chunk) else None
    merged = _siblings(*opened) if opened else None
    if opened and merged:
        own = opened[0].own
        return Merged(own(merged.result), own(merged.with_stored), own(merged.with_incoming), merged.clashes)
    return _read(level, chunk)


def _read(level: Level, chunk: Sequence[list[str]]) -> Merged | None:
    """Siblings merged by their words."""
    texts = [level.around("".join(part)) for part in chunk]
    pieces = untangled(pieces_of(*folded(*(spans(read(text)) for text in texts))))
    clashes = tuple(_clashes(pieces))
    known = {*texts, *(html for part in chunk for html in part)}
    rows = _versions(pieces)
    result = _written(level, rows[0], known)
    with_stored, with_incoming = (result if row == rows[0] else _written(level, row, known) for row in rows[1:])
    if result is None or with_stored is None or with_incoming is None:
        return None
    return Merged(result, with_stored, with_incoming, clashes)


def _written(level: Level, tokens: list[Token], known: set[str]) -> str | None:
    """Tokens as siblings in canonical HTML; only what no version had has to be looked at, and no stretch in full."""
    spelled = [to_html([block]) for block in rebuild(tokens)]
    if not _is_clean(tokens, spelled):
        spelled = [html if html in known else clean(html) for html in spelled]
    html = TOP.joined(spelled)
    inner = None if html is None else level.within(html)
    return None if inner is None else "".join(inner)


def _is_clean(tokens: Sequence[Token], blocks: Sequence[str]) -> bool:
    """Whether blocks with stretches of an old text are canonical, looking at the ends of those only."""
    if not any(token.holds for token in tokens):
        return False
    if any(html.startswith("<h") and "<strong>" in html for html in blocks):
        # Words of a paragraph that came to stand in a heading, which takes no emphasis.
        return False
    html = to_html(rebuild(shortened(token) for token in tokens))
    return clean(html) == html


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
        if token.line is not None or token.holds or count_words(near) == _AROUND:
            break
        near.append(token)
    return plain(near[::step])
