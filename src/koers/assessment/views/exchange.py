"""Taking a measurement along as a file, and taking one over."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koers.assessment.access import opens_measurement
from koers.assessment.actions.takeover import plan_takeover, take_over
from koers.assessment.exchange import counts, files
from koers.assessment.exchange.content import gather
from koers.assessment.exchange.reading import read_measurement
from koers.assessment.forms.exchange import TakeOverForm, sign_file
from koers.assessment.models import Measurement
from koers.kit.located import Problem, Refused
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.models import Workbook
from koers.workbook.views.asked import context_of, held_abilities, person


def written_for(measurement: Measurement, form: str, *, may_see_all: bool) -> bytes:
    """A measurement as a file: everything for who may compose, counts for who may only read."""
    content = gather(measurement)
    return files.written(content, form) if may_see_all else counts.written(content, form)


@require_safe
@opens_measurement(Ability.READ)
def export_measurement(request: HttpRequest, measurement: Measurement, file_form: str) -> HttpResponse:
    """The measurement as JSON, CSV or XLSX."""
    if file_form not in files.FORMS:
        raise Http404
    may_see_all = Ability.COMPOSE in held_abilities(request)
    try:
        data = written_for(measurement, file_form, may_see_all=may_see_all)
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("import_measurement", measurement.workbook_id)
    name = f"{slugify(measurement.name)[:60] or 'koers'}{'' if may_see_all else '-counts'}.{file_form}"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=files.FORMS[file_form], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def import_measurement(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Take over a file of a measurement: first shown, then done. Only what the file names is touched."""
    form = TakeOverForm(
        workbook, request.POST or None, request.FILES or None, initial={"into": request.GET.get("into")}
    )
    context = context_of(request, workbook, form=form)
    page = "assessment/takeaway/import.html"
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=422)
    data, into = form.cleaned_data["data"], form.cleaned_data["measurement"]
    try:
        content = read_measurement(data, workbook.edition, into)
        if not form.cleaned_data.get("confirmed"):
            plan = plan_takeover(content, into, person(request))
            return render(
                request, page, {**context, "plan": plan, "file": content, "into": into,
                                "content": sign_file(workbook, data, into)},
            )  # fmt: skip
        measurement, _done = take_over(workbook, content, person(request), into)
    except Refused as refused:
        return render(request, page, {**context, "problems": refused.problems}, status=422)
    except DeedRefused as refusal:
        return render(request, page, {**context, "problems": [Problem(str(refusal))]}, status=422)
    messages.success(request, _("“%(name)s” is taken over.") % {"name": measurement.name})
    return redirect("measurement", workbook.pk, measurement.pk)
