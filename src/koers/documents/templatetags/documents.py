"""The tree of the note on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from koers.documents.composing.todos import by_section
from koers.documents.composing.tree import Figure, Todo, TodoGroup
from koers.editions.structure import Edition
from koers.kit.richtext import Block, Heading, to_html

register = template.Library()


@register.filter
def kind(element: object) -> str:
    """What sort of element it is: ``prose``, ``grid``, ``figure``, ``callout``, ``facts``."""
    return type(element).__name__.lower()


@register.filter
def rich(blocks: Iterable[Block], depth: int = 5) -> SafeString:
    """Rich text as HTML; its headings come under the heading of level `depth`."""
    placed = [Heading(min(depth + 1, 6), each.inlines) if isinstance(each, Heading) else each for each in blocks]
    return mark_safe(to_html(placed))  # noqa: S308 (canonical HTML of the closed schema, every text escaped)


@register.filter
def drawing(figure: Figure) -> SafeString:
    """A figure as inline SVG that says what it shows."""
    return named_drawing(figure.svg, figure.alt)


@register.simple_tag
def named_drawing(svg: str, alt: str) -> SafeString:
    opened = svg.replace("<svg ", '<svg role="img" ', 1)
    head, end, rest = opened.partition(">")
    return mark_safe(f"{head}{end}<title>{escape(alt)}</title>{rest}")  # noqa: S308 (drawn here, texts escaped)


@dataclass(frozen=True)
class Trace:
    """Where something came from: a section, and the first field in it that was used."""

    section: str
    anchor: str
    title: str


@register.simple_tag
def traces(edition: Edition, sources: Iterable[str]) -> list[Trace]:
    """The sections that an element came from, each once."""
    found: dict[str, Trace] = {}
    for key in sources:
        field = edition.fields.get(key)
        if field and field.section not in found:
            found[field.section] = Trace(field.section, field.anchor, edition.sections[field.section].title.say())
    return list(found.values())


@register.simple_tag
def gaps(edition: Edition, todos: Iterable[Todo], language: str) -> tuple[TodoGroup, ...]:
    """Things to do, taken together by section."""
    return by_section(edition, todos, language)


@register.filter
def deeper(depth: int) -> int:
    return min(depth + 1, 6)
