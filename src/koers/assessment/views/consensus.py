"""The page of a measurement, and the answers to one question side by side with what is agreed on it."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koers.assessment.access import opens_measurement
from koers.assessment.actions.measuring import record_consensus
from koers.assessment.asking import question_view
from koers.assessment.forms.answers import posted_answer, read_typed
from koers.assessment.forms.measuring import NameForm
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Measurement, Status, Workshop
from koers.assessment.queries.answers import consensus_of, given_answers
from koers.assessment.queries.measuring import mode_counts, next_step
from koers.assessment.queries.respondents import minutes_for, respondents_of
from koers.assessment.queries.side_by_side import differing, question_rows, side_by_side, workbook_says
from koers.assessment.suppression import K
from koers.assessment.values import answer_text
from koers.assessment.views.measuring import measuring_context
from koers.kit.parts import render_part
from koers.organisations.access import Ability
from koers.organisations.actions import DeedRefused
from koers.workbook.models import Answer
from koers.workbook.queries import values_of
from koers.workbook.values import InvalidValue, Value
from koers.workbook.views.asked import held_abilities, person

MAX_WORDS = 6_000


@require_safe
@opens_measurement(Ability.READ)
def measurement_page(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """Who answers, how far it is, and every question with what was agreed."""
    workbook = measurement.workbook
    instrument = asked_by(measurement)
    given, agreed = given_answers(measurement), consensus_of(measurement)
    modes = mode_counts(workbook, measurement).get(measurement.pk, ())
    people = respondents_of(measurement, instrument, person(request).pk, given)
    workshops = list(Workshop.objects.filter(measurement_id=measurement.pk))
    dimensions = question_rows(workbook, instrument, given, agreed, values_of(workbook))
    asked = sum(len(each.rows) for each in dimensions)
    count = sum(each.agreed for each in dimensions)
    is_live = any(each.status == Status.OPEN for each in workshops)
    context = measuring_context(
        request, measurement, instrument=instrument, modes=modes, dimensions=dimensions, asked=asked, agreed=count,
        workshops=workshops, minutes=minutes_for(instrument.questions.values()),
        people=people if Ability.COMPOSE in held_abilities(request) else [],
        mine=next((each for each in people if each.is_self and each.state != "withdrawn"), None),
        next_step=next_step(measurement, modes, count, asked, workshop_open=is_live),
        may_agree=measurement.is_open and measurement.round == workbook.round and workbook.closed_at is None,
        form=NameForm(initial={"name": measurement.name}),
    )  # fmt: skip
    return render(request, "assessment/measuring/page.html", context)


def question_address(measurement: Measurement, question: Question) -> str:
    address = reverse("measured_question", args=[measurement.workbook_id, measurement.pk])
    return f"{address}?{urlencode({'key': question.key})}"


def _asked(measurement: Measurement, key: str) -> Question:
    question = asked_by(measurement).questions.get(key)
    if question is None:
        raise Http404
    return question


def _without_remark(question: Question) -> Question:
    """The question as one agrees on it: the reason takes the place of the remark."""
    return dataclasses.replace(question, field=dataclasses.replace(question.field, remark=False))


@require_safe
@opens_measurement(Ability.READ)
def measured_question(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """The answers to one question side by side."""
    return _question_page(request, measurement, _asked(measurement, request.GET.get("key", "")))


def _question_page(
    request: HttpRequest, measurement: Measurement, question: Question, *, error: str = "", rejected: Any = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    workbook = measurement.workbook
    ordered = list(asked_by(measurement).questions.values())
    index = [each.key for each in ordered].index(question.key)
    consensus = consensus_of(measurement).get(question.key)
    values = _workbook_values(measurement, question)
    value = consensus.value if consensus else None
    given = given_answers(measurement, question.key)
    words = {
        "reason": consensus.reason if consensus else "",
        "arguments_for": consensus.arguments_for if consensus else "",
        "arguments_against": consensus.arguments_against if consensus else "",
        **(typed or {}),
    }
    context = measuring_context(
        request, measurement, question=question, dimension=asked_by(measurement).by_id[question.dimension],
        side=side_by_side(question, given, value, by_name=Ability.COMPOSE in held_abilities(request)),
        consensus=consensus,
        agreed_text=answer_text(question, value) if value else "",
        form_view=question_view(_without_remark(question), value, error=error, rejected=rejected), words=words,
        before=ordered[index - 1] if index else None, after=ordered[index + 1] if index + 1 < len(ordered) else None,
        number=index + 1, count=len(ordered), least=K,
        differing=differing(workbook, question, consensus, values),
        may_agree=measurement.is_open and measurement.round == workbook.round and workbook.closed_at is None
        and Ability.COMPOSE in held_abilities(request),
    )  # fmt: skip
    return render_part(request, "assessment/measuring/question.html", context, 422 if error else 200)


def _workbook_values(measurement: Measurement, question: Question) -> dict[str, Value]:
    rows = Answer.objects.filter(workbook_id=measurement.workbook_id, field_key__in=question.writes.values())
    return dict(rows.values_list("field_key", "value"))


@require_POST
@opens_measurement(Ability.COMPOSE)
def agree(request: HttpRequest, measurement: Measurement) -> HttpResponse:
    """Record what was agreed: as the form says, or (``take``) what the workbook says now, or what was agreed before."""
    question = _asked(measurement, request.POST.get("key", ""))
    take = request.POST.get("take", "")
    if take:
        return _take(request, measurement, question, take)
    _there, raw = posted_answer(_without_remark(question), request.POST)
    names = ("reason", "arguments_for", "arguments_against")
    typed = {name: request.POST.get(name, "").strip()[:MAX_WORDS] for name in names}
    try:
        value = read_typed(_without_remark(question), raw)
        record_consensus(
            measurement, question, value, person(request), reason=typed["reason"],
            arguments_for=typed["arguments_for"], arguments_against=typed["arguments_against"],
        )  # fmt: skip
    except InvalidValue as error:
        return _question_page(request, measurement, question, error=error.message, rejected=raw, typed=typed)
    except DeedRefused as refusal:
        return _question_page(request, measurement, question, error=str(refusal), rejected=raw, typed=typed)
    messages.success(request, _("Recorded. The workbook says so too.") if question.writes else _("Recorded."))
    return redirect(question_address(measurement, question))


def _take(request: HttpRequest, measurement: Measurement, question: Question, take: str) -> HttpResponse:
    consensus = consensus_of(measurement).get(question.key)
    values = _workbook_values(measurement, question)
    chosen = workbook_says(measurement.workbook, question, values) if take == "workbook" else None
    if take == "consensus" and consensus:
        chosen = consensus.value
    try:
        if chosen is None:
            raise DeedRefused(_("There is nothing to take."))
        record_consensus(
            measurement, question, chosen, person(request), reason=consensus.reason if consensus else "",
            arguments_for=consensus.arguments_for if consensus else "",
            arguments_against=consensus.arguments_against if consensus else "",
        )  # fmt: skip
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Recorded. The workbook says so too."))
    return redirect(question_address(measurement, question))
