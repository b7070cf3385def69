"""From the tree to HTML and to plain text."""

from collections.abc import Iterable, Sequence
from html import escape

from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table


def _inline(inlines: Iterable[Inline]) -> str:
    parts = []
    for each in inlines:
        if isinstance(each, Break):
            parts.append("<br>")
            continue
        text = escape(each.text, quote=False)
        if each.em:
            text = f"<em>{text}</em>"
        if each.strong:
            text = f"<strong>{text}</strong>"
        if each.href:
            text = f'<a href="{escape(each.href)}" rel="noopener noreferrer">{text}</a>'
        parts.append(text)
    return "".join(parts)


def _block(block: Block) -> str:
    match block:
        case Paragraph(inlines):
            return f"<p>{_inline(inlines)}</p>"
        case Heading(level, inlines):
            return f"<h{level}>{_inline(inlines)}</h{level}>"
        case Items(ordered, items):
            tag = "ol" if ordered else "ul"
            inside = "".join(f"<li>{''.join(_block(each) for each in item)}</li>" for item in items)
            return f"<{tag}>{inside}</{tag}>"
        case Quote(blocks):
            return f"<blockquote>{''.join(_block(each) for each in blocks)}</blockquote>"
        case Table(rows):
            return f"<table><tbody>{''.join(_row(row, index == 0) for index, row in enumerate(rows))}</tbody></table>"


def _row(row: Sequence[tuple[Run, ...]], header: bool) -> str:
    # A header without words heads nothing.
    tags = ["th" if header and cell else "td" for cell in row]
    cells = (f"<{tag}><p>{_inline(cell)}</p></{tag}>" for tag, cell in zip(tags, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def to_html(blocks: Iterable[Block]) -> str:
    """The canonical HTML of a tree."""
    return "".join(_block(block) for block in blocks)


def _plain_inline(inlines: Iterable[Inline]) -> str:
    return "".join("\n" if isinstance(each, Break) else each.text for each in inlines)


def _plain_block(block: Block) -> list[str]:
    match block:
        case Paragraph(inlines) | Heading(_, inlines):
            return [_plain_inline(inlines)]
        case Items(_, items):
            return [line for item in items for each in item for line in _plain_block(each)]
        case Quote(blocks):
            return [line for each in blocks for line in _plain_block(each)]
        case Table(rows):
            return ["\t".join(_plain_inline(cell) for cell in row) for row in rows]


def to_plain(blocks: Iterable[Block]) -> str:
    """The words only, a line a paragraph, item or row."""
    return "\n".join(line for block in blocks for line in _plain_block(block))
