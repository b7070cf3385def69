"""For the results pages: a figure of a shelf by its id."""

from django import template

from koers.analysis.figures import Figure, Shelf
from koers.analysis.figures import slug_of as _slug_of

register = template.Library()


@register.filter
def figure(shelf: Shelf, id_: str) -> Figure | None:
    return shelf.figures.get(id_)


@register.filter
def slug_of(key: str) -> str:
    return _slug_of(key)
