"""Words, runs and paragraphs as WordprocessingML."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from koers.kit.richtext import Break, Inline

_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def escaped(words: str) -> str:
    """User text for XML; what XML cannot hold is left out."""
    return escape(_ILLEGAL.sub("", words))


def run(words: str, properties: str = "") -> str:
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r>{formatted}{pieces.replace(chr(9), ' ')}</w:r>"


def runs(inlines: Iterable[Inline], link: Callable[[str], str]) -> str:
    """Inline content; `link` gives the relationship of an address."""
    parts = []
    for each in inlines:
        if isinstance(each, Break):
            parts.append("<w:r><w:br/></w:r>")
            continue
        marks = ("<w:b/><w:bCs/>" if each.strong else "") + ("<w:i/><w:iCs/>" if each.em else "")
        if each.href:
            linked = run(each.text, f'<w:rStyle w:val="Hyperlink"/>{marks}')
            parts.append(f'<w:hyperlink r:id="{link(each.href)}">{linked}</w:hyperlink>')
        else:
            parts.append(run(each.text, marks))
    return "".join(parts)


def paragraph(style: str, content: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(instruction: str, shown: str) -> str:
    """A field with the result that it has now."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)
