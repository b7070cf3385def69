"""Clashes that would leave a line unreadable become clashes of whole lines."""

from collections.abc import Iterable, Iterator

from koers.kit.richtext.lines import PLAIN, Token, is_cell
from koers.kit.richtext.pieces import Piece


def untangled(pieces: Iterable[Piece]) -> list[Piece]:
    """Where the two sides would be interleaved word by word, whole lines stand under each other instead."""
    joined = _run_together(pieces, clashes=True)
    if not any(piece.two_sided for piece in joined):
        return joined
    widened: list[Piece] = []
    for group in _by_line(joined):
        widened += [_whole(group)] if _is_tangled(group) else group
    return _run_together(widened, clashes=False)


def _by_line(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each line: up to the next start of a line about which there is no clash."""
    group: list[Piece] = []
    for piece in pieces:
        if piece.clash:
            group.append(piece)
            continue
        at = 0
        for place, token in enumerate(piece.stored):
            if token.line is not None:
                if place > at:
                    group.append(Piece(piece.stored[at:place], piece.incoming[at:place]))
                if group:
                    yield group
                group, at = [], place
        group.append(Piece(piece.stored[at:], piece.incoming[at:]))
    if group:
        yield group


def _is_tangled(group: list[Piece]) -> bool:
    clashes = [piece for piece in group if piece.two_sided]
    if not clashes or any(is_cell(token) for piece in group for token in (*piece.stored, *piece.incoming)):
        return False
    clashing = sum(max(count_words(piece.stored), count_words(piece.incoming)) for piece in clashes)
    calm = sum(count_words(piece.stored) for piece in group if not piece.clash)
    across = any(token.line is not None for piece in clashes for token in (*piece.stored, *piece.incoming))
    return len(clashes) > 1 or clashing > calm or across


def count_words(tokens: Iterable[Token]) -> int:
    return sum(token.line is None and token.is_word for token in tokens)


def _whole(group: list[Piece]) -> Piece:
    stored = tuple(token for piece in group for token in piece.stored)
    incoming = tuple(token for piece in group for token in piece.incoming)
    if incoming[0].line is None:
        incoming = (stored[0] if stored[0].line is not None else PLAIN, *incoming)
    return Piece(stored, incoming, clash=True)


def _run_together(pieces: Iterable[Piece], *, clashes: bool) -> list[Piece]:
    """Neighbouring pieces without a clash become one, and neighbouring clashes too when asked."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].clash == piece.clash and (clashes or not piece.clash):
            last = joined[-1]
            joined[-1] = Piece(last.stored + piece.stored, last.incoming + piece.incoming, piece.clash)
        elif piece.stored or piece.incoming:
            joined.append(piece)
    return joined
