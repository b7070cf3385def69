"""From the tree to Markdown that reads back as the same tree."""

import re
from collections.abc import Iterable
from typing import Final

from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table

_SPECIAL: Final = re.compile(r"[\\`*\[\]<>|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|!$")
_LINE_START: Final = re.compile(
    r"^(?:(#{1,6}(?=\s|$))|([-+](?=\s|$))|((?:[=~-][ \t]*)+$)|(~{3,})|(\d{1,9})([.)])(?=\s|$))"
)


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)


def _escape_start(line: str) -> str:
    """Escape what would begin another sort of block."""
    match = _LINE_START.match(line)
    if not match:
        return line
    if match.group(5):
        return f"{match.group(5)}\\{line[len(match.group(5)) :]}"
    return "\\" + line


def _marked(run: Run) -> str:
    text = _escape(run.text)
    fence = ("**" if run.strong else "") + ("*" if run.em else "")
    text = f"{fence}{text}{fence[::-1]}"
    return f"[{text}](<{run.href}>)" if run.href else text


def _inline(inlines: Iterable[Inline]) -> str:
    lines = [""]
    for each in inlines:
        if isinstance(each, Break):
            lines.append("")
        else:
            lines[-1] += _marked(each)
    return "\\\n".join(_escape_start(line) for line in lines)


def _indent(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)


def _items(block: Items) -> str:
    written = []
    for index, item in enumerate(block.items):
        mark = f"{index + 1}. " if block.ordered else "- "
        tight = all(isinstance(each, Items) for each in item[1:])
        written.append(mark + _indent(("\n" if tight else "\n\n").join(_block(each) for each in item), len(mark)))
    return "\n".join(written)


def _table(block: Table) -> str:
    rows = ["| " + " | ".join(_inline(cell) for cell in row) + " |" for row in block.rows]
    rows.insert(1, "|" + " --- |" * len(block.rows[0]))
    return "\n".join(rows)


def _block(block: Block) -> str:
    match block:
        case Paragraph(inlines):
            return _inline(inlines)
        case Heading(level, inlines):
            text = "".join(_marked(each) for each in inlines if isinstance(each, Run))
            # A closing run of # would be taken for the end mark of the heading.
            return f"{'#' * level} {re.sub(r'(#+)$', lambda match: chr(92) + match.group(), text)}"
        case Items():
            return _items(block)
        case Quote(blocks):
            inside = "\n\n".join(_block(each) for each in blocks)
            return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
        case Table():
            return _table(block)


def to_markdown(blocks: Iterable[Block]) -> str:
    """Markdown of a tree: `from_markdown` of it gives the tree back."""
    return "\n\n".join(_block(block) for block in blocks)
