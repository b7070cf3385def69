"""Clashes that would leave a line unreadable become clashes of whole lines."""

from collections.abc import Iterable, Iterator

from koers.kit.richtext.lines import PLAIN, Token, is_cell
from koers.kit.richtext.pieces import Piece


def untangled(pieces: Iterable[Piece]) -> list[Piece]:
    """Where the two sides would be interleaved word by word, whole lines stand under each other instead."""
    tidy: list[Piece] = []
    for group in _by_line(_together(pieces, clash=True)):
        tidy += [_whole(group)] if _is_tangled(group) else group
    return _together((piece for piece in tidy if piece.stored or piece.incoming), clash=False)


def _by_line(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each line: up to the next start of a line about which there is no clash."""
    group: list[Piece] = []
    for piece in pieces:
        for part in _at_starts(piece):
            if group and not part.clash and part.stored and part.stored[0].line is not None:
                yield group
                group = []
            group.append(part)
    if group:
        yield group


def _at_starts(piece: Piece) -> Iterator[Piece]:
    """The piece, cut before each start of a line. What a side has otherwise than the result stays whole, in front."""
    starts = [at for at, token in enumerate(piece.stored) if at and token.line is not None]
    if piece.clash or not starts:
        yield piece
        return
    bounds = [slice(at, end) for at, end in zip([0, *starts], [*starts, len(piece.stored)], strict=True)]
    for bound in bounds:
        own, others = (
            side[bound] if len(side) == len(piece.stored) else side if bound.start == 0 else () for side in piece.own
        )
        yield Piece(piece.stored[bound], piece.incoming[bound], own=(own, others))


def _is_tangled(group: list[Piece]) -> bool:
    clashes = [piece for piece in group if piece.two_sided]
    if not clashes or any(is_cell(token) for piece in group for token in (*piece.stored, *piece.incoming)):
        return False
    clashing = sum(max(count_words(piece.stored), count_words(piece.incoming)) for piece in clashes)
    calm = sum(count_words(piece.stored) for piece in group if not piece.clash)
    across = any(token.line is not None for piece in clashes for token in (*piece.stored, *piece.incoming))
    return len(clashes) > 1 or clashing > calm or across


def count_words(tokens: Iterable[Token]) -> int:
    return sum(token.words for token in tokens)


def _whole(group: list[Piece]) -> Piece:
    """The line as it stands in each side itself."""
    stored = tuple(token for piece in group for token in piece.own[0])
    incoming = tuple(token for piece in group for token in piece.own[1])
    if incoming[0].line is None:
        incoming = (stored[0] if stored[0].line is not None else PLAIN, *incoming)
    return Piece(stored, incoming, clash=True, own=(stored, incoming))


def _together(pieces: Iterable[Piece], *, clash: bool) -> list[Piece]:
    """Neighbours become one, of the pieces that are a clash or of those that are none."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].clash == piece.clash == clash:
            last = joined.pop()
            own = last.own[0] + piece.own[0], last.own[1] + piece.own[1]
            piece = Piece(last.stored + piece.stored, last.incoming + piece.incoming, clash, own)
        joined.append(piece)
    return joined
