"""A page that is also a part of another: whole when it is visited, its content alone when a panel asks for it."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

ASKED_BY_PANEL: Final = "HX-Request"


def is_part(request: HttpRequest) -> bool:
    """Whether a panel of a page asks, rather than somebody who visits the address."""
    return ASKED_BY_PANEL in request.headers


def render_part(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A template that begins with ``{% extends page_base %}``: a whole page, or only its ``main`` block for a panel."""
    base = "part.html" if is_part(request) else "base.html"
    response = render(request, template, {**context, "page_base": base, "in_panel": base == "part.html"}, status=status)
    response.headers["Vary"] = ASKED_BY_PANEL
    return response
