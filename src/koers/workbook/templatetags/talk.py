"""What the pages of a talk use: a comment with its links and its mentions."""

from collections.abc import Collection

from django import template
from django.utils.html import Urlizer, format_html
from django.utils.safestring import SafeString, mark_safe

from koers.workbook.mentions import longest_first, mention_pattern

register = template.Library()


class _Links(Urlizer):
    """Web addresses become links that tell nothing to where they lead."""

    url_template = '<a href="{href}" rel="noopener nofollow">{url}</a>'


_links = _Links()


def _linked(text: str) -> str:
    return _links(text, autoescape=True).replace("\n", "<br>")


@register.filter
def said(text: str, names: Collection[str] = ()) -> SafeString:
    """Plain text as HTML: its lines, links, and the people that it names: ``{{ comment.body|said:comment.names }}``."""
    pattern = mention_pattern(longest_first(names))
    parts: list[str] = []
    rest = 0
    for match in pattern.finditer(text) if pattern else ():
        parts.append(_linked(text[rest : match.start()]))
        parts.append(format_html('<span class="mention">{}</span>', match[0]))
        rest = match.end()
    parts.append(_linked(text[rest:]))
    return mark_safe("".join(parts))  # noqa: S308
