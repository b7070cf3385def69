"""Who does what by when: marking fields, giving sections to colleagues, and what waits in a workbook."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.kit.parts import render_part
from koers.organisations.access import Ability, abilities
from koers.organisations.actions import DeedRefused
from koers.organisations.queries import members_of
from koers.workbook import queries
from koers.workbook.access import opens_workbook
from koers.workbook.actions import work as actions
from koers.workbook.forms.work import AssignForm
from koers.workbook.models import Assignment, Standing, Workbook
from koers.workbook.queries.waiting import places_of
from koers.workbook.views.asked import context_of, field_asked, person, section_asked


def _by_fetch(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


@require_POST
@opens_workbook(Ability.ANSWER)
def mark_field(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Mark where a field stands. A button of a plain form says both in one: ``standing=A.3/why=agreed``."""
    key, _between, standing = request.POST.get("standing", "").rpartition("=")
    field = field_asked(workbook, key or request.POST.get("field", ""))
    if standing not in Standing.values:
        return HttpResponseBadRequest()
    try:
        actions.mark_field(workbook, field, Standing(standing), person(request))
    except DeedRefused as refused:
        if _by_fetch(request):
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refused))
    if _by_fetch(request):
        return HttpResponse(status=204)
    return redirect(f"{reverse('section', args=[workbook.pk, field.section])}#{field.anchor}")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.MANAGE)
def assign_section(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """Give a section to a colleague, change that, or take it back."""
    section = section_asked(workbook, section_id)
    given = Assignment.objects.filter(workbook=workbook, section_id=section.id).select_related("owner").first()
    members = members_of(workbook.administration)
    people = [each.user for each in members if Ability.ANSWER in abilities(each.role) and each.user.is_active]
    initial = {"owner": given.owner_id, "due": given.due} if given else {}
    form = AssignForm(people, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and "withdraw" in request.POST:
        if actions.withdraw_assignment(workbook, section, person(request)):
            messages.success(request, _("Nobody has this section now."))
        return redirect("assign_section", workbook.pk, section.id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_section(workbook, section, form.chosen, form.cleaned_data["due"], person(request))
        except DeedRefused as refused:
            form.add_error("owner", str(refused))
        else:
            messages.success(request, _("%(name)s has this section now.") % {"name": form.chosen})
            return redirect("assign_section", workbook.pk, section.id)
    context = context_of(request, workbook, section=section, given=given, form=form)
    return render_part(request, "workbook/assign.html", context, 422 if form.errors else 200)


@require_safe
@opens_workbook(Ability.READ)
def waiting(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The places behind the counts of the course map: late, to discuss, contested, agreed."""
    places = places_of(workbook, queries.field_states(workbook), queries.beside(workbook))
    return render_part(request, "workbook/waiting.html", context_of(request, workbook, places=places))
