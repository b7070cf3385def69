"""The pages of the note: to read, to compose, to download."""

import uuid

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koers.assessment.models import Workshop
from koers.documents import actions
from koers.documents.composing import figures
from koers.documents.forms import chapter_rows, composition_of, note_form
from koers.documents.queries import note_of, settings_of
from koers.documents.rendering import CONTENT_TYPES, file_name, render_report, write_note
from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook


def _abilities(request: HttpRequest) -> frozenset[Ability]:
    held: frozenset[Ability] = request.abilities  # type: ignore[attr-defined]
    return held


@require_safe
@opens_workbook(Ability.READ)
def note(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The note as a report to read, each piece with where it came from."""
    composed = note_of(workbook)
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "note": composed,
        "route": figures.route(composed.cover.route),
        "abilities": _abilities(request),
    }
    return render(request, "documents/note.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def compose_note(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Choose what the note looks like. A press on up or down saves everything and moves the chapter."""
    assert isinstance(request.user, User)
    settings = settings_of(workbook)
    names = {code: translation.gettext(str(name)) for code, name in django_settings.LANGUAGES}
    form = note_form(workbook, settings, request.POST if request.method == "POST" else None, names)
    if request.method == "POST" and form.is_valid():
        composition = composition_of(form, request.POST)
        actions.compose_note(workbook, composition, request.user)
        moved = request.POST.get("move", "").partition(":")[0]
        if moved in composition.order:
            return redirect(f"{reverse('compose_note', args=[workbook.pk])}#chapter-{moved}")
        messages.success(request, _("The note is composed as you chose."))
        return redirect("note", workbook.pk)
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "form": form,
        "chapters": chapter_rows(settings),
        "abilities": _abilities(request),
    }
    return render(request, "documents/compose.html", context, status=422 if form.errors else 200)


@require_safe
@opens_workbook(Ability.READ)
def download_note(request: HttpRequest, workbook: Workbook, form: str) -> HttpResponse:
    """The note as Word or PDF; ``?appendix=0`` leaves the appendix out, ``?appendix=1`` puts it in."""
    if form not in CONTENT_TYPES:
        raise Http404
    appendix = {"0": False, "1": True}.get(request.GET.get("appendix", ""))
    return _attached(write_note(note_of(workbook, appendix=appendix), form), form, file_name(workbook, form))


def _attached(data: bytes, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=CONTENT_TYPES[form], headers=headers)


@require_safe
@opens_workbook(Ability.READ)
def workshop_report(request: HttpRequest, workbook: Workbook, workshop_id: uuid.UUID, form: str) -> HttpResponse:
    """The report of a workshop as Word or PDF, in the language of the page."""
    found = Workshop.objects.filter(pk=workshop_id, measurement__workbook=workbook, opened_at__isnull=False)
    workshop = found.select_related("measurement__workbook__administration").first()
    if workshop is None or form not in CONTENT_TYPES:
        raise Http404
    language = (translation.get_language() or "nl")[:2]
    name = file_name(workbook, form, "workshop", timezone.localdate(workshop.opened_at))
    return _attached(render_report(workshop, form, language), form, name)
