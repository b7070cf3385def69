"""The course map, the sections, saving, files and settings."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.editions.structure import Section
from koers.kit.located import Refused
from koers.organisations.access import Ability, opens_administration
from koers.organisations.models import Administration, User
from koers.organisations.queries import members_of
from koers.workbook import actions, queries
from koers.workbook.access import opens_workbook
from koers.workbook.exchange import read_exchange, to_json, to_yaml
from koers.workbook.forms.answers import posted
from koers.workbook.forms.books import ImportForm, WorkbookForm, sign_content
from koers.workbook.models import Workbook
from koers.workbook.presentation import block_views, field_view, render_field
from koers.workbook.refusals import why_refused
from koers.workbook.saving import SaveRefused, SaveRequest, perform, prepare, signed_out
from koers.workbook.values import InvalidValue, read_value
from koers.workbook.views.together import tag_of


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _abilities(request: HttpRequest) -> frozenset[Ability]:
    held: frozenset[Ability] = request.abilities  # type: ignore[attr-defined]
    return held


@require_http_methods(["GET", "HEAD", "POST"])
@opens_administration(Ability.READ)
def start_workbook(request: HttpRequest, administration: Administration) -> HttpResponse:
    """Open the administration's workbook; its lead makes the first one when there is none."""
    workbook = Workbook.objects.filter(administration=administration, deleted_at=None).first()
    if workbook is None or request.method == "POST":
        if Ability.MANAGE not in _abilities(request):
            raise PermissionDenied
        if request.method != "POST" and queries.deleted_workbooks(administration):
            # She sees what can be put back before she begins anew.
            return redirect("deleted_workbooks", administration.pk)
        workbook = actions.create_workbook(administration, _person(request))
    return redirect("course_map", workbook.pk)


@require_safe
@opens_workbook(Ability.READ)
def course_map(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The route: where the workbook stands, what is next, who did what last."""
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "course": queries.course_map(workbook.edition, queries.field_states(workbook), queries.beside(workbook)),
        "changes": queries.recent_changes(workbook, limit=4),
        "members": members_of(workbook.administration),
        "abilities": _abilities(request),
    }
    return render(request, "workbook/course_map.html", context)


def _section_of(workbook: Workbook, section_id: str) -> Section:
    section = workbook.edition.sections.get(section_id)
    if section is None:
        raise Http404
    return section


def _section_page(
    request: HttpRequest, workbook: Workbook, section: Section, refused: dict[str, tuple[str, object]] | None = None
) -> HttpResponse:
    part = next(part for part in workbook.edition.parts if part.id == section.part)
    answers, states = queries.section_answers(workbook, section, part)
    around = queries.beside(workbook, part)
    before, after = workbook.edition.neighbours(section.id)
    # What was refused shows what was typed, also when the round was closed meanwhile.
    can_answer = Ability.ANSWER in _abilities(request) and (workbook.closed_at is None or bool(refused))
    stretch = queries.stretch_of(part, states, around)
    context = {
        "workbook": workbook,
        "edition": workbook.edition,
        "section": section,
        "part": part,
        "stretch": stretch,
        "given": around.given.get(section.id),
        "states": tuple(state for _section, state in stretch),
        "talk": around.talk_about(section),
        "before": before,
        "after": after,
        "blocks": block_views(section, answers, can_answer=can_answer, refused=refused, round=workbook.round),
        "refused": refused or {},
        "tag": tag_of(workbook, section, answers),
        "can_answer": can_answer,
        "abilities": _abilities(request),
    }
    return render(request, "workbook/section.html", context, status=422 if refused else 200)


@require_safe
@opens_workbook(Ability.READ)
def section(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """A waypoint: guidance, fields, the first seeds."""
    return _section_page(request, workbook, _section_of(workbook, section_id))


@require_POST
@opens_workbook(Ability.ANSWER)
def save_section(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """Save a whole section from its plain form; what is refused comes back as it was typed."""
    section = _section_of(workbook, section_id)
    refused: dict[str, tuple[str, object]] = {}
    saved = 0
    with transaction.atomic():
        answers = queries.answers_of(workbook, section)
        for field in section.fields:
            there, raw = posted(field, request.POST)
            if not there:
                continue
            try:
                value = read_value(field, raw, "markdown")
            except InvalidValue as error:
                refused[field.key] = (error.message, raw)
                continue
            base = request.POST[f"{field.key}:base"]
            before = answers[field.key].value if field.key in answers else None
            if value == before:
                continue
            result = actions.save_answer(workbook, field, value, int(base) if base.isdecimal() else 0, _person(request))
            if not result.is_written:
                refused[field.key] = (why_refused(result), raw)
            else:
                saved += 1
    if refused:
        return _section_page(request, workbook, section, refused)
    messages.success(request, ngettext("%(count)s answer saved.", "%(count)s answers saved.", saved) % {"count": saved})
    return redirect("section", workbook.pk, section.id)


def section_page(request: HttpRequest, workbook_id: uuid.UUID, section_id: str) -> HttpResponse:
    """One address for reading a section and for saving its form."""
    view = save_section if request.method == "POST" else section
    response = view(request, workbook_id, section_id=section_id)
    assert isinstance(response, HttpResponse)
    return response


@require_safe
@opens_workbook(Ability.READ)
def one_field(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The HTML of one field as it is now: a page refreshes it after somebody else's save."""
    field = workbook.edition.fields.get(request.GET.get("key", ""))
    if field is None:
        raise Http404
    can_answer = Ability.ANSWER in _abilities(request) and workbook.closed_at is None
    view = field_view(field, queries.one_answer(workbook, field), can_answer=can_answer, round=workbook.round)
    return HttpResponse(render_field(view))


@csrf_exempt
@require_POST
def save(request: HttpRequest, workbook_id: uuid.UUID) -> HttpResponse:
    """Save one answer (the way without the fast path; same checks, same verb).

    Without a session there is nothing to forge: signed out is said before the token is looked at.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        status, body = signed_out().reply
        return JsonResponse(body, status=status)
    return _save(request, workbook_id)


@csrf_protect
def _save(request: HttpRequest, workbook_id: uuid.UUID) -> HttpResponse:
    if not isinstance(request.user, User):
        status, body = signed_out().reply
        return JsonResponse(body, status=status)
    language = get_language() or ""
    (prepared,) = prepare([SaveRequest(request.user, workbook_id, request.body, language)])
    if isinstance(prepared, SaveRefused):
        status, body = prepared.reply
    else:
        with transaction.atomic():
            ((status, body),) = perform([prepared], [language])
    return JsonResponse(body, status=status)


@require_safe
@opens_workbook(Ability.READ)
def export_workbook(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Download the exchange file."""
    as_json = request.GET.get("format") == "json"
    text = to_json(workbook) if as_json else to_yaml(workbook)
    name = f"koers-{slugify(workbook.administration.name) or 'workbook'}-{timezone.localdate():%Y-%m-%d}"
    kind, suffix = ("application/json", "json") if as_json else ("application/yaml", "yaml")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def import_workbook(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Take over answers from an exchange file: first shown, then done. Only what the file names is touched."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {"workbook": workbook, "edition": workbook.edition, "form": form, "abilities": _abilities(request)}
    if request.method == "GET":
        return render(request, "workbook/import.html", context)
    if not form.is_valid():
        return render(request, "workbook/import.html", context, status=422)
    data = form.cleaned_data["data"]
    try:
        file = read_exchange(data)
    except Refused as refused:
        context["problems"] = refused.problems
        return render(request, "workbook/import.html", context, status=422)
    if file.edition is not workbook.edition:
        form.add_error("file", _("The file was made in another edition, or another version of it."))
        return render(request, "workbook/import.html", context, status=422)
    if not form.cleaned_data.get("confirmed"):
        context["preview"] = queries.preview_import(workbook, file.values)
        context["content"] = sign_content(data)
        return render(request, "workbook/import.html", context)
    count = actions.import_answers(workbook, file.values, _person(request))
    messages.success(
        request, ngettext("%(count)s answer taken over.", "%(count)s answers taken over.", count) % {"count": count}
    )
    return redirect("course_map", workbook.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.MANAGE)
def workbook_settings(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Rename the workbook; take it along."""
    form = WorkbookForm(request.POST or None, instance=workbook)
    if request.method == "POST" and form.is_valid():
        actions.rename_workbook(workbook, form.cleaned_data["title"], _person(request))
        messages.success(request, _("The name is saved."))
        return redirect(reverse("workbook_settings", args=[workbook.pk]))
    context = {"workbook": workbook, "edition": workbook.edition, "form": form, "abilities": _abilities(request)}
    return render(request, "workbook/settings.html", context)
