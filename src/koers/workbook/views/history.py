"""The history of a field and of a section, and going back to what stood there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koers.editions.structure import Field
from koers.kit.parts import render_part
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.actions.history import NoLongerFits, restore_revision
from koers.workbook.differences import difference, marked_difference
from koers.workbook.models import Revision, Workbook
from koers.workbook.queries import answer_to
from koers.workbook.queries.history import field_history, revision_of, section_history
from koers.workbook.queries.versions import earlier_answers
from koers.workbook.reading import reading
from koers.workbook.views.asked import context_of, field_asked, held_abilities, number_asked, person, section_asked


def _address(workbook: Workbook, field: Field) -> str:
    return f"{reverse('field_history', args=[workbook.pk])}?{urlencode({'field': field.key})}"


def _may_put_back(request: HttpRequest, workbook: Workbook) -> bool:
    return Ability.ANSWER in held_abilities(request) and workbook.closed_at is None


@require_safe
@opens_workbook(Ability.READ)
def history(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Who changed what in a field, newest first; one revision whole; the revisions of one step apart."""
    field = field_asked(workbook, request.GET.get("field", ""))
    number = number_asked(request.GET.get("revision"))
    if number is not None:
        return _one_revision(request, workbook, field, _revision(workbook, field, number))
    first, last = number_asked(request.GET.get("from")), number_asked(request.GET.get("to"))
    within = (first, last) if first and last else None
    page = field_history(workbook, field, number_asked(request.GET.get("before")), within)
    context = context_of(
        request, workbook, field=field, section=workbook.edition.sections[field.section], history=page, within=within,
        is_first="before" not in request.GET, may_put_back=_may_put_back(request, workbook),
    )  # fmt: skip
    return render_part(request, "workbook/history/field.html", context)


def _revision(workbook: Workbook, field: Field, number: int | None) -> Revision:
    revision = revision_of(workbook, field, number) if number is not None else None
    if revision is None:
        raise Http404
    return revision


def _one_revision(
    request: HttpRequest, workbook: Workbook, field: Field, revision: Revision, refused: str = ""
) -> HttpResponse:
    answer = answer_to(workbook, field)
    now = answer.value if answer else None
    is_present = answer is not None and answer.revision == revision.number
    context = context_of(
        request, workbook, field=field, section=workbook.edition.sections[field.section], revision=revision,
        reading=reading(field, revision.value, revision.at), is_present=is_present, refused=refused,
        since=None if is_present else difference(field, revision.value, now),
        marked="" if is_present else marked_difference(field, revision.value, now),
        may_put_back=_may_put_back(request, workbook) and not is_present and not refused,
    )  # fmt: skip
    return render_part(request, "workbook/history/revision.html", context, status=422 if refused else 200)


@require_POST
@opens_workbook(Ability.ANSWER)
def put_back(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Put back one revision of a field."""
    field = field_asked(workbook, request.POST.get("field", ""))
    revision = _revision(workbook, field, number_asked(request.POST.get("revision")))
    try:
        restore_revision(workbook, field, revision, person(request))
    except NoLongerFits as refused:
        return _one_revision(request, workbook, field, revision, str(refused))
    except DeedRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The earlier answer is back. What stood here is in the history too."))
    return redirect(_address(workbook, field))


@require_safe
@opens_workbook(Ability.READ)
def section_changes(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """Who changed what in a section, newest first."""
    section = section_asked(workbook, section_id)
    page = section_history(workbook, section, number_asked(request.GET.get("before")))
    context = context_of(request, workbook, section=section, history=page, is_first="before" not in request.GET)
    return render_part(request, "workbook/history/section.html", context)


@require_safe
@opens_workbook(Ability.READ)
def earlier(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """What a field said at the end of each closed round."""
    field = field_asked(workbook, request.GET.get("field", ""))
    rounds = [
        (each, reading(each.field, each.value, each.lap.started_at, each.held.standing))
        for each in earlier_answers(workbook, field)
    ]
    context = context_of(
        request, workbook, field=field, section=workbook.edition.sections[field.section], rounds=rounds,
        may_put_back=_may_put_back(request, workbook),
    )  # fmt: skip
    return render_part(request, "workbook/history/earlier.html", context)
