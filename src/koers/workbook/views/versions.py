"""Versions of a whole workbook: kept, read, compared, put back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.editions.structure import Field, Section
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.access import opens_workbook
from koers.workbook.actions.history import keep_version, restore_field, restore_version
from koers.workbook.forms.history import VersionForm
from koers.workbook.models import Version, Workbook
from koers.workbook.queries import Values
from koers.workbook.queries.versions import (
    Holding,
    compare,
    edition_of,
    held_in,
    held_now,
    restore_plan,
    rounds_of,
    values_held,
    versions_of,
)
from koers.workbook.reading import Reading, reading
from koers.workbook.views.asked import context_of, field_asked, held_abilities, number_asked, person

NOW = "now"


def _version(workbook: Workbook, pk: int) -> Version:
    version = Version.objects.filter(workbook=workbook, pk=pk).select_related("by").first()
    if version is None:
        raise Http404
    return version


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.READ)
def versions(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """The versions of the workbook; who may answer keeps one under a name."""
    may_keep = Ability.ANSWER in held_abilities(request)
    form = VersionForm(request.POST or None)
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied
        if form.is_valid():
            keep_version(workbook, form.cleaned_data["name"], person(request))
            messages.success(request, _("This version is kept."))
            return redirect("versions", workbook.pk)
    context = context_of(
        request, workbook, versions=versions_of(workbook), form=form, may_keep=may_keep,
        rounds=rounds_of(workbook),
    )  # fmt: skip
    return render(request, "workbook/history/versions.html", context, status=422 if form.errors else 200)


@require_safe
@opens_workbook(Ability.READ)
def version(request: HttpRequest, workbook: Workbook, version_id: int) -> HttpResponse:
    """A version to read, or what differs between it and now or another one."""
    found = _version(workbook, version_id)
    other = request.GET.get("with", "")
    if other:
        return _compared(request, workbook, found, other)
    edition = edition_of(workbook, found)
    held = held_in(found)
    values = values_held(workbook, held)
    context = context_of(
        request, workbook, version=found, version_edition=edition,
        parts=[(part, [_section_then(each, found, held, values) for each in part.sections if each.fields])
               for part in edition.parts],
        count=sum(value is not None for value in values.values()),
        others=[each for each in versions_of(workbook) if each.pk != found.pk],
        may_restore=Ability.COMPOSE in held_abilities(request) and workbook.closed_at is None,
        may_put_back=Ability.ANSWER in held_abilities(request) and workbook.closed_at is None,
    )  # fmt: skip
    return render(request, "workbook/history/version.html", context)


@dataclass(frozen=True)
class SectionThen:
    """A section as it stood: what was answered or marked, and what was neither."""

    section: Section
    readings: tuple[Reading, ...]
    unanswered: tuple[Field, ...]


def _section_then(section: Section, version: Version, held: Holding, values: Values) -> SectionThen:
    readings = [
        reading(field, values.get(field.key), version.at, held[field.key].standing)
        for field in section.fields
        if field.key in held
    ]
    given = tuple(each for each in readings if each.value is not None or each.is_marked)
    keys = {each.field.key for each in given}
    return SectionThen(section, given, tuple(field for field in section.fields if field.key not in keys))


def _compared(request: HttpRequest, workbook: Workbook, found: Version, other: str) -> HttpResponse:
    """The older of the two stands first: what was added since, what changed, what went."""
    old, new = found, None
    if other != NOW:
        against = _version(workbook, number_asked(other) or 0)
        old, new = sorted((found, against), key=lambda each: (each.at, each.pk))
    comparison = compare(
        workbook,
        held_in(old),
        held_in(new) if new else held_now(workbook),
        edition_of(workbook, old),
        edition_of(workbook, new) if new else workbook.edition,
    )
    context = context_of(
        request, workbook, version=found, old=old, new=new, comparison=comparison, chosen=other,
        others=[each for each in versions_of(workbook) if each.pk != found.pk],
        may_put_back=Ability.ANSWER in held_abilities(request) and workbook.closed_at is None and new is None,
    )  # fmt: skip
    return render(request, "workbook/history/comparison.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMPOSE)
def restore(request: HttpRequest, workbook: Workbook, version_id: int) -> HttpResponse:
    """Put back a whole version: first said what would change, then done."""
    found = _version(workbook, version_id)
    if request.method == "POST":
        try:
            done = restore_version(workbook, found, person(request))
        except DeedRefused as refused:
            messages.error(request, str(refused))
            return redirect("version", workbook.pk, found.pk)
        sentence = ngettext(
            "%(count)s answer is as it was then. What stood there is kept as a version too.",
            "%(count)s answers are as they were then. What stood there is kept as a version too.",
            done.changed,
        )
        same = _("Nothing had to change: everything stands as it was then.")
        messages.success(request, sentence % {"count": done.changed} if done.changed else same)
        return redirect("versions", workbook.pk)
    context = context_of(request, workbook, version=found, plan=restore_plan(workbook, found))
    return render(request, "workbook/history/restore.html", context)


@require_POST
@opens_workbook(Ability.ANSWER)
def put_back_field(request: HttpRequest, workbook: Workbook, version_id: int) -> HttpResponse:
    """Put back one field of a version."""
    found = _version(workbook, version_id)
    field = field_asked(workbook, request.POST.get("field", ""))
    try:
        restore_field(workbook, field, found, person(request))
    except DeedRefused as refused:
        # Also of one that no longer fits: the page shows its text.
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(field)s is as it was then.") % {"field": field.short or field.label})
    return redirect("version", workbook.pk, found.pk)
