"""Finding what was written, in one workbook or in all of one's own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.queries.search import Found
from koers.workbook.queries.search import search as find


def _found(request: HttpRequest, workbook: Workbook | None) -> Found:
    assert isinstance(request.user, User)
    page = request.GET.get("page", "")
    number = min(int(page), 1_000) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return find(request.user, request.GET.get("q", ""), workbook=workbook, page=max(number, 1))


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Over all of one's workbooks."""
    return render(request, "workbook/search.html", {"found": _found(request, None)})


@require_safe
@opens_workbook(Ability.READ)
def search_workbook(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Within one workbook."""
    context: dict[str, Any] = {
        "workbook": workbook,
        "edition": workbook.edition,
        "found": _found(request, workbook),
        "abilities": request.abilities,  # type: ignore[attr-defined]
    }
    return render(request, "workbook/search.html", context)
