"""What changed from one version of a text to the next, for a reader."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from koers.kit.richtext.alignment import Hunk, hunks
from koers.kit.richtext.folding import folded
from koers.kit.richtext.levels import TOP, Level, blocks_of, inside
from koers.kit.richtext.lines import PLAIN, Token, is_start, rebuild, spans, split_lines
from koers.kit.richtext.reading import read
from koers.kit.richtext.tree import Block
from koers.kit.richtext.write import to_html

Kind = Literal["same", "added", "removed"]

# Places in the text where a tag will stand, until all else is escaped. Characters that no text may hold itself.
_OPEN: Final = {"added": "\ue000", "removed": "\ue001"}
_CLOSE: Final = {"added": "\ue002", "removed": "\ue003"}
_TAGS: Final = {"\ue000": "<ins>", "\ue001": "<del>", "\ue002": "</ins>", "\ue003": "</del>"}
_PRIVATE: Final = str.maketrans(dict.fromkeys(_TAGS, "\ufffd"))
# Neighbouring words share one tag, with the space between them.
_BETWEEN: Final = re.compile("(?:(\ue002)|\ue003)(\\s*)(?(1)\ue000|\ue001)")
_PIECE: Final = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


def plain_differences(before: str, after: str) -> list[tuple[Kind, str]]:
    """Plain text in pieces: what is the same and removed makes up `before`, what is the same and added `after`."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    pieces: list[tuple[Kind, str]] = []
    at = 0
    for hunk in _readable(hunks(old, new, _is_line), old):
        pieces.append(("same", "".join(old[at : hunk.start])))
        pieces.append(("removed", "".join(old[hunk.start : hunk.end])))
        pieces.append(("added", "".join(new[hunk.side_start : hunk.side_end])))
        at = hunk.end
    pieces.append(("same", "".join(old[at:])))
    return [(kind, text) for kind, text in pieces if text]


def _is_line(key: str) -> bool:
    return key[0] == "\n"


def marked_differences(before: str, after: str) -> str:
    """The text after as safe HTML of the schema, with `<ins>` around new words and `<del>` around those that went."""
    old, new = (blocks_of(html.translate(_PRIVATE)) for html in (before, after))
    html = _BETWEEN.sub(lambda match: match.group(2), _siblings(TOP, old, new) or "")
    return "".join(_TAGS.get(char, char) for char in html)


def _siblings(level: Level, old: Sequence[str], new: Sequence[str]) -> str | None:
    """Both versions of the siblings of a level in one; None when what comes of it would not fit there."""
    parts: list[str] = []
    at = 0
    for hunk in hunks(old, new):
        parts += new[at : hunk.side_start]
        told = _told(level, old[hunk.start : hunk.end], new[hunk.side_start : hunk.side_end])
        if told is None:
            return None
        parts.append(told)
        at = hunk.side_end
    return "".join([*parts, *new[at:]])


def _told(level: Level, old: Sequence[str], new: Sequence[str]) -> str | None:
    opened = inside(level, [old[0], new[0]]) if len(old) == len(new) == 1 else None
    siblings = _siblings(opened[0], *opened[1]) if opened else None
    if opened and siblings is not None:
        return opened[0].own(siblings)
    blocks = _marked(*folded(*(spans(read(level.around("".join(each)))) for each in (old, new))))
    if level is TOP:
        return to_html(blocks)
    inner = level.within(to_html(blocks))
    return None if inner is None else "".join(inner)


def _marked(old: Sequence[Token], new: Sequence[Token]) -> list[Block]:
    """The tree of both, with signs around what changed."""
    keys, new_keys = [_key(token) for token in old], [_key(token) for token in new]
    tokens: list[Token] = []
    at = 0
    for hunk in _readable(hunks(keys, new_keys, is_start), keys):
        tokens += new[at : hunk.side_start]
        at_line_end = hunk.end == len(old) or is_start(keys[hunk.end])
        tokens += _changed(old[hunk.start : hunk.end], new[hunk.side_start : hunk.side_end], at_line_end)
        at = hunk.side_end
    tokens += new[at:]
    return rebuild(tokens)


def _key(token: Token) -> str:
    """A word with other marks is another word here."""
    if all(run.marks == (False, False, "") for run in token.runs):
        return token.key
    return token.key + "\0" + repr([(run.text, run.marks) for run in token.runs])


def _readable(found: Sequence[Hunk], base: Sequence[str]) -> list[Hunk]:
    """Hunks with next to nothing between them are one: white space, signs, a short word."""
    joined: list[Hunk] = []
    for hunk in found:
        if joined and _is_little(base[joined[-1].end : hunk.start]):
            last = joined.pop()
            hunk = Hunk(last.start, hunk.end, last.side_start, hunk.side_end)
        joined.append(hunk)
    return joined


def _is_little(keys: Sequence[str]) -> bool:
    if any(key[0] in "\n\r" for key in keys):
        return False
    words = [key for key in keys if key[0].isalnum()]
    return len(keys) <= 4 and (not words or (len(words) == 1 and len(words[0]) <= 3))


def _changed(removed: Sequence[Token], added: Sequence[Token], at_line_end: bool) -> Iterator[Token]:
    """What went and what came: within the line first, then the lines that went whole, then those that are new."""
    gone, come = split_lines([PLAIN, *removed]), split_lines([PLAIN, *added])
    if not at_line_end and len(come) == 1:
        # What is left of the last line joined the first: it stays one line.
        gone = [(PLAIN, [token for _head, inside in gone for token in inside])]
    yield from (_signed(token, "removed") for token in gone[0][1])
    yield from (_signed(token, "added") for token in come[0][1])
    for head, words in gone[1:]:
        yield head
        yield from (_signed(token, "removed") for token in words)
    for head, words in come[1:]:
        yield head
        yield from (_signed(token, "added") for token in words)


def _signed(token: Token, kind: Kind) -> Token:
    """The word with a sign before and after it, within its marks."""
    runs = (replace(run, text=f"{_OPEN[kind]}{run.text}{_CLOSE[kind]}") for run in token.runs)
    return token._replace(runs=tuple(runs))
