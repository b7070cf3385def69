"""What the templates of a workbook use: a field on a page, a role in words."""

from django import template
from django.utils.safestring import SafeString

from koers.organisations.models import Role
from koers.workbook.presentation import BlockView, FieldView, render_block, render_field

register = template.Library()


@register.simple_tag
def field(view: FieldView) -> SafeString:
    """The HTML of a field: ``{% field view %}``."""
    return render_field(view)


@register.simple_tag
def block_of(view: BlockView) -> SafeString:
    """The HTML of a block with its fields: ``{% block_of each %}``."""
    return render_block(view)


@register.filter
def role_words(role: str) -> str:
    """A role in words."""
    return str(Role(role).label)
