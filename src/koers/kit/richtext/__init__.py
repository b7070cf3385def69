"""Rich text as a small closed schema: headings, paragraphs, lists, quotes, tables; strong, emphasis, links.

Stored text is HTML of this schema and nothing else. Whatever comes in (editor, Markdown, paste) goes through `clean`;
whatever goes out (page, Markdown, Word, PDF) walks the tree that `parse` gives.
"""

from koers.kit.richtext.build import clean, from_markdown, from_plain, parse, words
from koers.kit.richtext.differences import marked_differences, plain_differences
from koers.kit.richtext.markdown import to_markdown
from koers.kit.richtext.merging import Clash, Merged, merge, merge_plain
from koers.kit.richtext.tree import Block, Break, Heading, Inline, Items, Paragraph, Quote, Run, Table
from koers.kit.richtext.write import to_html, to_plain

__all__ = [
    "Block",
    "Break",
    "Clash",
    "Heading",
    "Inline",
    "Items",
    "Merged",
    "Paragraph",
    "Quote",
    "Run",
    "Table",
    "clean",
    "from_markdown",
    "from_plain",
    "marked_differences",
    "merge",
    "merge_plain",
    "parse",
    "plain_differences",
    "to_html",
    "to_markdown",
    "to_plain",
    "words",
]
