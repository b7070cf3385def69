"""What pages ask and say while several people write: the state of a section, the end of a conflict."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from koers.editions.structure import Section
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.actions import settle_conflict
from koers.workbook.models import Conflict, Settled, Workbook
from koers.workbook.queries import Answers, answers_of, section_answers


def tag_of(workbook: Workbook, section: Section, answers: Answers) -> str:
    """The state of a section, its round included."""
    return f"{answers.tag(section)}-{workbook.round}-{'closed' if workbook.closed_at else 'open'}"


@require_safe
@opens_workbook(Ability.READ)
def section_state(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """What stands in a section now, for a page that may have missed events: what an event tells, of every field.

    ``unless`` is the state that the page was drawn from: 204 when it is still that one.
    """
    section = workbook.edition.sections.get(section_id)
    if section is None:
        raise Http404
    part = next(part for part in workbook.edition.parts if part.id == section.part)
    if request.GET.get("unless") == tag_of(workbook, section, section_answers(workbook, section, part)[0]):
        return HttpResponse(status=204)
    fields = {
        key: {
            "revision": answer.revision, "value": answer.value, "by": answer.by, "at": answer.at.isoformat(),
            "conflicts": answer.conflicts, "standing": answer.standing, "threads": answer.threads,
        }
        for key, answer in answers_of(workbook, section).items()
    }  # fmt: skip
    return JsonResponse({"round": workbook.round, "closed": workbook.closed_at is not None, "fields": fields})


@require_POST
@opens_workbook(Ability.ANSWER)
def settle(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Choose between two versions: ``settle`` is the conflict and what is kept of it (``12:stored``)."""
    assert isinstance(request.user, User)
    number, _colon, how = request.POST.get("settle", "").partition(":")
    if not number.isdecimal() or how not in Settled.values:
        raise Http404
    conflict = Conflict.objects.filter(workbook=workbook, pk=int(number)).first()
    if conflict is None or conflict.field_key not in workbook.edition.fields:
        raise Http404
    from_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        settle_conflict(workbook, conflict, Settled(how), request.user)
    except DeedRefused as refused:
        if from_script:
            return JsonResponse({"error": str(refused)}, status=423)
        messages.error(request, str(refused))
    if from_script:
        return HttpResponse(status=204)
    field = workbook.edition.fields[conflict.field_key]
    return redirect(f"{reverse('section', args=[workbook.pk, field.section])}#{field.anchor}")
