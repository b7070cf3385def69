"""From HTML and Markdown of any origin to the tree."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

from koers.kit.richtext.markdown import to_markdown
from koers.kit.richtext.settled import is_settled
from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table
from koers.kit.richtext.write import to_html, to_plain

MAX_DEPTH: Final = 5
MAX_COLUMNS: Final = 12
MAX_ROWS: Final = 200

_TAGS: Final = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "b", "em", "i", "a", "blockquote",
    "br", "table", "thead", "tbody", "tr", "th", "td", "pre",
}  # fmt: skip
_DROP_CONTENT: Final = {"script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math"}
_SCHEMES: Final = {"http", "https", "mailto"}
_WHITE: Final = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029\ufeff]+")
_KEEP_NBSP: Final = re.compile(r"[^\S\u00a0\u202f\u2007]+|[\x00-\x1f\x7f\x85\u2028\u2029\ufeff]+")
_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "reference"])


class _Node:
    """An element of the sanitised HTML."""

    __slots__ = ("children", "href", "tag")

    def __init__(self, tag: str, href: str = "") -> None:
        self.tag = tag
        self.href = href
        self.children: list[_Node | str] = []


class _Parser(HTMLParser):
    """HTML that nh3 already balanced, as nodes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, dict(attrs).get("href") or "")
        self.open[-1].children.append(node)
        if tag != "br" and len(self.open) < 200:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, 0, -1):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


_BLOCK_TAGS: Final = _TAGS - {"strong", "b", "em", "i", "a", "br"}


def _href(given: str) -> str:
    """A link in its canonical spelling; empty when it is not one that may be followed."""
    try:
        normal = normalizeLink(given.strip())
        parts = urlsplit(normal)
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or _WHITE.search(normal) or not (parts.netloc or parts.path):
        return ""
    return normal.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("|", "%7C")[:2000]


def _runs(nodes: Iterable[_Node | str], strong: bool = False, em: bool = False, href: str = "") -> Iterator[Inline]:
    for node in nodes:
        if isinstance(node, str):
            yield Run(node, strong, em, href)
        elif node.tag == "br":
            yield Break()
        else:
            yield from _runs(
                node.children,
                strong or node.tag in {"strong", "b"},
                em or node.tag in {"em", "i"},
                href or (_href(node.href) if node.tag == "a" else ""),
            )


def _is_word(char: str) -> bool:
    return char.isalnum()


def _tighten(runs: list[Inline]) -> list[Inline]:
    """Move white space and, next to a word, punctuation out of the edges of a mark, so that Markdown can say it."""
    loose: list[Inline] = []
    for index, run in enumerate(runs):
        if isinstance(run, Break) or not (run.strong or run.em) or not run.text:
            loose.append(run)
            continue
        before = runs[index - 1] if index else Break()
        after = runs[index + 1] if index + 1 < len(runs) else Break()
        text = run.text
        start, end = 0, len(text)
        glued = isinstance(before, Run) and before.text and _is_word(before.text[-1])
        while start < end and (text[start].isspace() or (glued and not _is_word(text[start]))):
            start += 1
        glued = isinstance(after, Run) and after.text and _is_word(after.text[0])
        while end > start and (text[end - 1].isspace() or (glued and not _is_word(text[end - 1]))):
            end -= 1
        for piece, marked in ((text[:start], False), (text[start:end], True), (text[end:], False)):
            if piece:
                loose.append(Run(piece, run.strong and marked, run.em and marked, run.href))
    return loose


def _joined(runs: Iterable[Inline]) -> list[Inline]:
    """Neighbours with the same marks become one run; white space is single, and none stands at a line's edge."""
    joined: list[Inline] = []
    for run in runs:
        if isinstance(run, Break):
            joined.append(run)
            continue
        text = _KEEP_NBSP.sub(" ", run.text)
        last = joined[-1] if joined else Break()
        if isinstance(last, Break):
            text = text.lstrip()
        elif last.text[-1:].isspace() and last.text[-1:] == " ":
            text = text.lstrip(" ")
        if not text:
            continue
        if isinstance(last, Run) and last.marks == run.marks:
            joined[-1] = Run(last.text + text, *run.marks)
        else:
            joined.append(Run(text, *run.marks))
    return joined


def _trimmed(runs: list[Inline]) -> list[Inline]:
    kept: list[Inline] = []
    for run in reversed(runs):
        at_edge = not kept or isinstance(kept[-1], Break)
        if isinstance(run, Run) and at_edge:
            run = Run(run.text.rstrip(), *run.marks)
            if not run.text:
                continue
        if isinstance(run, Break) and not kept:
            continue
        kept.append(run)
    kept.reverse()
    while kept and isinstance(kept[0], Break):
        kept.pop(0)
    return kept


def _inlines(nodes: Iterable[_Node | str]) -> tuple[Inline, ...]:
    return _settled(_runs(nodes))


def _settled(runs: Iterable[Inline]) -> tuple[Inline, ...]:
    """Inlines in canonical form: applied until nothing changes."""
    current = _trimmed(_joined(runs))
    for _round in range(4):
        following = _trimmed(_joined(_tighten(current)))
        if following == current:
            break
        current = following
    return tuple(current)


def _blocks(nodes: Iterable[_Node | str], depth: int = 0) -> Iterator[Block]:
    """Block elements as they come; inline content between them becomes paragraphs."""
    loose: list[_Node | str] = []

    def flush() -> Iterator[Block]:
        inlines = _inlines(loose)
        loose.clear()
        if inlines:
            yield Paragraph(inlines)

    for node in nodes:
        if isinstance(node, str) or node.tag not in _BLOCK_TAGS:
            if isinstance(node, _Node) and _holds_blocks(node):
                yield from flush()
                yield from _blocks(node.children, depth)
            else:
                loose.append(node)
            continue
        yield from flush()
        yield from _one(node, depth)
    yield from flush()


def _holds_blocks(node: _Node) -> bool:
    return any(
        isinstance(child, _Node) and (child.tag in _BLOCK_TAGS or _holds_blocks(child)) for child in node.children
    )


def _one(node: _Node, depth: int) -> Iterator[Block]:
    tag = node.tag
    if tag in {"h1", "h2", "h3", "h4", "h5", "h6"} and depth == 0 and not _holds_blocks(node):
        inlines = tuple(each for each in _inlines(node.children) if isinstance(each, Run))
        plain = _settled(Run(run.text, False, run.em, run.href) for run in inlines)
        if plain:
            yield Heading(3 if tag in {"h1", "h2", "h3"} else 4, plain)
    elif tag in {"ul", "ol"} and depth < MAX_DEPTH:
        yield from _list(node, depth)
    elif tag == "blockquote" and depth == 0:
        inside = tuple(_simple(_merged(_simple(_blocks(node.children, depth + 1)))))
        if inside:
            yield Quote(inside)
    elif tag == "table" and depth == 0:
        yield from _table(node)
    else:
        yield from _blocks(node.children, depth)


def _simple(blocks: Iterable[Block]) -> Iterator[Paragraph | Items]:
    """Paragraphs and lists only; whatever else gives up its words as paragraphs."""
    for block in blocks:
        match block:
            case Paragraph() | Items():
                yield block
            case Heading(_, inlines):
                yield Paragraph(inlines)
            case Quote(inside):
                yield from inside
            case Table(rows):
                for row in rows:
                    inlines = _settled(Run(" ", False, False, "") if run is None else run for run in _flat(row))
                    if inlines:
                        yield Paragraph(inlines)


def _flat(row: tuple[tuple[Run, ...], ...]) -> Iterator[Run | None]:
    for cell in row:
        yield from cell
        yield None


def _list(node: _Node, depth: int) -> Iterator[Block]:
    items: list[tuple[Paragraph | Items, ...]] = []
    for child in node.children:
        nodes: list[_Node | str] = child.children if isinstance(child, _Node) and child.tag == "li" else [child]
        inside = list(_simple(_merged(_simple(_blocks(nodes, depth + 1)))))
        while inside and isinstance(inside[0], Items):
            items.extend(inside[0].items)
            inside.pop(0)
        if inside:
            items.append(tuple(inside))
    if items:
        yield Items(node.tag == "ol", tuple(items))


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Two lists of one sort, or two quotes, directly after another are one: Markdown cannot tell them apart."""
    held: Block | None = None
    for block in blocks:
        if isinstance(held, Items) and isinstance(block, Items) and held.ordered == block.ordered:
            held = Items(held.ordered, held.items + block.items)
        elif isinstance(held, Quote) and isinstance(block, Quote):
            held = Quote(tuple(_simple(_merged(held.blocks + block.blocks))))
        else:
            if held is not None:
                yield held
            held = block
    if held is not None:
        yield held


def _table(node: _Node) -> Iterator[Block]:
    rows: list[tuple[tuple[Run, ...], ...]] = []
    for row in _find(node, "tr"):
        cells = []
        for cell in _find(row, "td", "th"):
            words = [Run(" ") if isinstance(each, Break) else each for each in _cell_runs(cell)]
            cells.append(tuple(each for each in _settled(words) if isinstance(each, Run)))
        if any(cells):
            rows.append(tuple(cells[:MAX_COLUMNS]))
    if not rows:
        return
    width = max(len(row) for row in rows)
    yield Table(tuple(row + ((),) * (width - len(row)) for row in rows[:MAX_ROWS]))


def _cell_runs(cell: _Node) -> Iterator[Inline]:
    for child in cell.children:
        if isinstance(child, _Node) and (child.tag in _BLOCK_TAGS or _holds_blocks(child)):
            yield from _cell_runs(child)
            yield Run(" ")
        else:
            yield from _runs([child])


def _find(node: _Node, *tags: str) -> Iterator[_Node]:
    for child in node.children:
        if isinstance(child, _Node):
            if child.tag in tags:
                yield child
            elif child.tag != "table":
                yield from _find(child, *tags)


def _has_marks(block: Block) -> bool:
    html = to_html([block])
    return "<strong>" in html or "<em>" in html or "<a " in html


def _unmarked(block: Block, keep_links: bool) -> Block:
    """The block without emphasis (and links): what is left when Markdown cannot say it exactly."""

    def bare(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return _settled(
            each if isinstance(each, Break) else Run(each.text, False, False, each.href if keep_links else "")
            for each in inlines
        )

    def within(inside: tuple[Paragraph | Items, ...]) -> tuple[Paragraph | Items, ...]:
        return tuple(
            Paragraph(bare(each.inlines))
            if isinstance(each, Paragraph)
            else Items(each.ordered, tuple(within(item) for item in each.items))
            for each in inside
        )

    match block:
        case Paragraph(inlines):
            return Paragraph(bare(inlines))
        case Heading(level, inlines):
            return Heading(level, bare(inlines))
        case Items(ordered, items):
            return Items(ordered, tuple(within(item) for item in items))
        case Quote(blocks):
            return Quote(within(blocks))
        case Table(rows):
            return Table(
                tuple(
                    tuple(tuple(each for each in bare(cell) if isinstance(each, Run)) for cell in row) for row in rows
                )
            )


def _expressible(block: Block) -> Block:
    """The block, or the nearest to it that Markdown can say without loss."""
    if not _has_marks(block):
        return block
    for candidate in (block, _unmarked(block, keep_links=True)):
        if list(_from_html(_markdown.render(to_markdown([candidate])))) == [candidate]:
            return candidate
    return _unmarked(block, keep_links=False)


def _from_html(html: str) -> Iterator[Block]:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return _merged(_blocks(parser.root.children))


def parse(html: str) -> list[Block]:
    """The tree of a stored text (HTML that `clean` made)."""
    return list(_from_html(html))


def clean(html: str) -> str:
    """HTML of any origin as canonical HTML of the schema; empty when no words are left."""
    return html if is_settled(html) else cleaned(html)


def cleaned(html: str) -> str:
    """`clean` the long way, whatever the text looks like."""
    safe = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROP_CONTENT,
        attributes={"a": {"href"}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
    return to_html(_expressible(block) for block in _from_html(safe))


def from_markdown(markdown: str) -> str:
    """Markdown (CommonMark with tables, no raw HTML) as canonical HTML."""
    return clean(_markdown.render(markdown))


def from_plain(text: str) -> str:
    """Plain text as canonical HTML: a paragraph a block of lines."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    blocks = []
    for paragraph in paragraphs:
        inlines: list[Inline] = []
        for index, line in enumerate(paragraph.splitlines()):
            inlines.extend(([Break()] if index else []) + [Run(line)])
        settled = _settled(inlines)
        if settled:
            blocks.append(Paragraph(settled))
    return to_html(blocks)


def words(html: str) -> str:
    """The words of a stored text."""
    return to_plain(parse(html))
