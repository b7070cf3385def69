"""Deleting a workbook, putting it back, erasing it for good."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.organisations.access import Ability, opens_administration
from koers.organisations.actions import DeedRefused
from koers.organisations.models import Administration
from koers.workbook.access import opens_workbook
from koers.workbook.actions.books import delete_workbook, erase_workbook, put_back_workbook
from koers.workbook.forms.history import EraseForm
from koers.workbook.models import Workbook
from koers.workbook.queries.shelf import deleted_workbooks
from koers.workbook.views.asked import context_of, person


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.MANAGE)
def delete(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Delete the workbook: first said what follows, then done."""
    if request.method != "POST":
        return render(request, "workbook/history/delete.html", context_of(request, workbook))
    delete_workbook(workbook, person(request))
    messages.success(request, _("The workbook is deleted. You can put it back here."))
    return redirect("deleted_workbooks", workbook.administration_id)


@require_safe
@opens_administration(Ability.MANAGE)
def deleted(request: HttpRequest, administration: Administration) -> HttpResponse:
    """The deleted workbooks of an administration."""
    context = {
        "administration": administration,
        "deleted": deleted_workbooks(administration),
        "is_empty": not Workbook.objects.filter(administration=administration, deleted_at=None).exists(),
    }
    return render(request, "workbook/history/deleted.html", context)


def _deleted(administration: Administration, pk: uuid.UUID) -> Workbook:
    found = Workbook.objects.filter(administration=administration, pk=pk).exclude(deleted_at=None)
    workbook = found.select_related("administration").first()
    if workbook is None:
        raise Http404
    return workbook


@require_POST
@opens_administration(Ability.MANAGE)
def put_back(request: HttpRequest, administration: Administration, deleted_id: uuid.UUID) -> HttpResponse:
    """Put back a deleted workbook."""
    workbook = _deleted(administration, deleted_id)
    put_back_workbook(workbook, person(request))
    messages.success(request, _("The workbook is back, with everything that was in it."))
    return redirect("course_map", workbook.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_administration(Ability.MANAGE)
def erase(request: HttpRequest, administration: Administration, deleted_id: uuid.UUID) -> HttpResponse:
    """Erase a deleted workbook for good, once the name of the administration was typed."""
    workbook = _deleted(administration, deleted_id)
    form = EraseForm(administration, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_workbook(workbook, person(request))
        except DeedRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The workbook is erased."))
        return redirect("deleted_workbooks", administration.pk)
    context = {"administration": administration, "gone": workbook, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "workbook/history/erase.html", context, status=status)
