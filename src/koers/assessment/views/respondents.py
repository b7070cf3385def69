"""Who answers: adding people, their personal links, reminders, withdrawing."""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.assessment.access import opens_measurement, respondent_for
from koers.assessment.actions import respondents as deeds
from koers.assessment.actions.respondents import Linked, NewPerson
from koers.assessment.forms.respondents import PersonRow, RespondentsForm
from koers.assessment.instruments.loading import asked_by
from koers.assessment.links import known_secret
from koers.assessment.mailing import mail_link, mail_reminder
from koers.assessment.models import Measurement, Respondent, Role
from koers.assessment.queries.respondents import answers_by, for_role, minutes_for, pages_of, questions_of
from koers.assessment.views.measuring import measuring_context, to_measurement
from koers.organisations import limits
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.organisations.language import active_language
from koers.workbook.views.asked import number_asked, person

ROWS = 3
MORE_ROWS = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.COMPOSE)
def add_respondents(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """Add one or several people; their links are shown this once, and mailed where there is an address."""
    instrument = asked_by(measurement)
    form = RespondentsForm(instrument, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["way"] == "link" and not _may_send(request, len(form.people)):
            return respond_429(request)
        try:
            links = _add(request, measurement, form)
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if links:
                return _show_links(request, measurement, links)
            messages.success(request, _added(len(form.people)))
            return to_measurement(measurement, "people")
    rows = form.rows or [PersonRow(index) for index in range(min(number_asked(request.GET.get("rows")) or ROWS, 25))]
    minutes = {each.id: minutes_for(each.questions) for each in instrument.dimensions}
    by_role = [
        (label, minutes_for([instrument.questions[key] for key in for_role(instrument, role)]))
        for role, label in Role.choices
    ]
    context = measuring_context(
        request, measurement, form=form, rows=rows, roles=Role.choices, more=MORE_ROWS,
        dimensions=[(each, minutes[each.id]) for each in instrument.dimensions],
        minutes=minutes_for(instrument.questions.values()), by_role=by_role,
        ticked=set(form["dimensions"].value() or []), picked=set(form["questions"].value() or []),
    )  # fmt: skip
    return render(request, "assessment/measuring/add_respondents.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, measurement: Measurement, form: RespondentsForm) -> list[Linked]:
    """Add them, those with the same questions together."""
    by_link = form.cleaned_data["way"] == "link"
    together: dict[tuple[str, ...] | None, list[NewPerson]] = {}
    for each in form.people:
        keys = form.asked(each.role)
        together.setdefault(None if keys is None else tuple(keys), []).append(each)
    links: list[Linked] = []
    for chosen, people in together.items():
        links += deeds.add_respondents(
            measurement, people, person(request), by_link=by_link, questions=None if chosen is None else list(chosen),
            due=form.cleaned_data["due"], language=active_language(),
        )  # fmt: skip
    return links


def _added(count: int) -> str:
    return ngettext("One person is added.", "%(count)s people are added.", count) % {"count": count}


def _may_send(request: HttpRequest, count: int) -> bool:
    return all(limits.may_invite(request) for _each in range(count))


def _show_links(request: HttpRequest, measurement: Measurement, links: list[Linked]) -> HttpResponse:
    """Mail the links and show them, this once: in the answer to the post itself, because they are kept nowhere."""
    shown: list[tuple[Respondent, str, str]] = []
    for each in links:
        mailed = "" if not each.respondent.email else "sent"
        if mailed and not mail_link(each.respondent, each.secret, person(request)):
            mailed = "failed"
        address = request.build_absolute_uri(reverse("answer_link", args=[each.secret]))
        shown.append((each.respondent, address, mailed))
    return render(request, "assessment/measuring/links.html", measuring_context(request, measurement, links=shown))


@require_safe
@opens_measurement(Ability.COMPOSE)
def respondent(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    """One person: which questions, how far, and what can be done about the link."""
    return _respondent_page(request, respondent_for(measurement, respondent_id))


def _respondent_page(request: HttpRequest, who: Respondent, **more: Any) -> HttpResponse:
    pages = pages_of(who, asked_by(who.measurement), answers_by(who))
    context = measuring_context(
        request, who.measurement, who=who, pages=pages, minutes=minutes_for(questions_of(who)),
        asked=sum(len(each.questions) for each in pages), answered=sum(each.answered for each in pages),
        may_remind=bool(who.email) and known_secret(who) is not None and who.finished_at is None
        and (who.reminded_at is None or timezone.now() - who.reminded_at >= deeds.REMIND_AT_MOST_EVERY),
        **more,
    )  # fmt: skip
    return render(request, "assessment/measuring/respondent.html", context)


@never_cache
@require_POST
@opens_measurement(Ability.COMPOSE)
def new_link(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    """Another link; the one that was given before is dead at once."""
    who = respondent_for(measurement, respondent_id)
    if not _may_send(request, 1):
        return respond_429(request)
    try:
        linked = deeds.new_link(who, person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return to_measurement(measurement, "people")
    return _show_links(request, measurement, [linked])


@require_POST
@opens_measurement(Ability.COMPOSE)
def remind(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    """Send a reminder now; at most one a day."""
    who = respondent_for(measurement, respondent_id)
    if not _may_send(request, 1):
        return respond_429(request)
    outcome = mail_reminder(who, person(request))
    if outcome:
        deeds.record_reminder(who, person(request))
        messages.success(request, _("The reminder is on its way to %(name)s.") % {"name": who.name})
    elif outcome is None:
        messages.info(request, _("No reminder was sent: one a day at most, and only to who has an open link by mail."))
    else:
        messages.error(request, _("The reminder could not be mailed. Try again later."))
    return to_measurement(measurement, "people")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_measurement(Ability.COMPOSE)
def withdraw(request: HttpRequest, measurement: Measurement, respondent_id: int) -> HttpResponse:
    """Stop asking somebody: keep the answers, or remove them."""
    who = respondent_for(measurement, respondent_id)
    answered = len(answers_by(who))
    if request.method != "POST":
        context = measuring_context(request, measurement, who=who, answered=answered)
        return render(request, "assessment/measuring/withdraw.html", context)
    try:
        deeds.withdraw_respondent(who, person(request), keep_answers=request.POST.get("answers") == "keep")
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is no longer asked.") % {"name": who.name})
    return to_measurement(measurement, "people")
