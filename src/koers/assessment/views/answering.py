"""The questionnaire: an overview, a page a dimension, each answer saved as it is given.

Three ways lead to it: a personal link, a member's own estimate, an interview that somebody notes. They differ in who
may open it (`views.answering_doors`); everything else is here.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from koers.assessment.actions import respondents as deeds
from koers.assessment.actions.measuring import give_answers
from koers.assessment.asking import question_view
from koers.assessment.forms.answers import posted_answer, read_typed
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Instrument, Question
from koers.assessment.models import Measurement, Respondent
from koers.assessment.queries.respondents import AskedPage, answers_by, minutes_for, pages_of
from koers.organisations.actions import DeedRefused
from koers.workbook.values import InvalidValue, Value

MAX_BODY: Final = 300_000


@dataclass(frozen=True)
class Sheet:
    """A questionnaire as somebody has it before her. `way`: ``link``, ``estimate`` or ``note``; `root`: its address.

    `back`: the measurement, for members. Who has a link has no account and needs no cookie: her address is the secret.
    """

    measurement: Measurement
    respondent: Respondent | None
    way: str
    root: str
    back: str = ""

    @property
    def instrument(self) -> Instrument:
        return asked_by(self.measurement)

    @property
    def may_answer(self) -> bool:
        return self.measurement.is_open and self.respondent is not None and self.respondent.withdrawn_at is None

    def page(self, number: int) -> str:
        return f"{self.root}{number}/"


def _context(sheet: Sheet, pages: list[AskedPage], **more: Any) -> dict[str, Any]:
    asked = [question for page in pages for question in page.questions]
    answered = sum(page.answered for page in pages)
    return {
        "sheet": sheet,
        "measurement": sheet.measurement,
        "workbook": sheet.measurement.workbook,
        "administration": sheet.measurement.workbook.administration,
        "edition": sheet.measurement.workbook.edition,
        "respondent": sheet.respondent,
        "pages": pages,
        "asked": len(asked),
        "answered": answered,
        "left": len(asked) - answered,
        "minutes": minutes_for(asked),
        **more,
    }


def show_overview(request: HttpRequest, sheet: Sheet, **more: Any) -> HttpResponse:
    """Before it begins: who asks, how long it takes, who sees the answers, every question. Later: how far it is."""
    pages = pages_of(sheet.respondent, sheet.instrument, answers_by(sheet.respondent))
    begin = next((page.number for page in pages if not page.is_done), 1)
    context = _context(sheet, pages, begin=begin, **more)
    return render(request, "assessment/answering/overview.html", context)


def overview_deed(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What the form on the overview does: finish, or another language."""
    assert sheet.respondent is not None
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        deeds.choose_language(sheet.respondent, language)
    elif "finish" in request.POST:
        try:
            deeds.finish(sheet.respondent)
        except DeedRefused as refusal:
            messages.error(request, str(refusal))
    return redirect(sheet.root)


def show_page(
    request: HttpRequest, sheet: Sheet, number: int, refused: dict[str, tuple[str, Any]] | None = None
) -> HttpResponse:
    """The questions of one dimension."""
    values = answers_by(sheet.respondent)
    pages = pages_of(sheet.respondent, sheet.instrument, values)
    page = _numbered(pages, number)
    refusals = refused or {}
    views = []
    for question in page.questions:
        error, rejected = refusals.get(question.key, ("", None))
        views.append(question_view(question, values.get(question.key), error=error, rejected=rejected))
    context = _context(
        sheet, pages, page=page, views=views, refused=refusals, is_last=page.number == len(pages),
        shown=_("%(number)s of %(count)s") % {"number": page.number, "count": len(pages)},
    )  # fmt: skip
    return render(request, "assessment/answering/page.html", context, status=422 if refusals else 200)


def _numbered(pages: list[AskedPage], number: int) -> AskedPage:
    if not 1 <= number <= len(pages):
        raise Http404
    return pages[number - 1]


def questionnaire_page(request: HttpRequest, sheet: Sheet, number: int) -> HttpResponseBase:
    """A page of the questionnaire, or what its form sent: saved, and on to where its button leads."""
    if not sheet.may_answer or sheet.respondent is None:
        return redirect(sheet.root)
    if request.method != "POST":
        deeds.mark_opened(sheet.respondent)
        return show_page(request, sheet, number)
    pages = pages_of(sheet.respondent, sheet.instrument, {})
    page = _numbered(pages, number)
    values, refused = _posted(request, page.questions)
    try:
        give_answers(sheet.respondent, values)
        if refused:
            return show_page(request, sheet, number, refused)
        if "finish" in request.POST:
            deeds.finish(sheet.respondent)
    except DeedRefused:
        # The overview says why.
        return redirect(sheet.root)
    return redirect(_onward(request, sheet, number, len(pages)))


def _onward(request: HttpRequest, sheet: Sheet, number: int, count: int) -> str:
    if "finish" in request.POST or "stop" in request.POST:
        return sheet.root
    if "back" in request.POST:
        return sheet.page(number - 1) if number > 1 else sheet.root
    return sheet.page(number + 1) if number < count else sheet.root


def _posted(
    request: HttpRequest, questions: tuple[Question, ...]
) -> tuple[dict[str, Value], dict[str, tuple[str, Any]]]:
    values: dict[str, Value] = {}
    refused: dict[str, tuple[str, Any]] = {}
    for question in questions:
        there, raw = posted_answer(question, request.POST)
        if there:
            try:
                values[question.key] = read_typed(question, raw)
            except InvalidValue as error:
                refused[question.key] = (error.message, raw)
    return values, refused


def save_one(request: HttpRequest, sheet: Sheet) -> JsonResponse:
    """Save one answer as the script sends it, in the way of `workbook.views.pages.save`.

    One person answers, so what comes last counts: there is nothing to merge, and `base` only counts on.
    """
    if sheet.respondent is None or not sheet.may_answer:
        return _says(423, _("Nothing can be answered here any more."), round=1, revision=0, value=None)
    try:
        given = json.loads(request.body) if len(request.body) <= MAX_BODY else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("base"), int):
        return _says(400, _("This could not be read."))
    asked = {each.key: each for page in pages_of(sheet.respondent, sheet.instrument, {}) for each in page.questions}
    question = asked.get(str(given.get("field")))
    if question is None:
        return _says(404, _("This question is no longer asked."))
    try:
        value = read_typed(question, given.get("value"))
        give_answers(sheet.respondent, {question.key: value})
    except InvalidValue as error:
        return _says(422, error.message, path=list(error.path))
    except DeedRefused as refusal:
        return _says(423, str(refusal), round=1, revision=0, value=None)
    now = timezone.localtime()
    return JsonResponse({
        "revision": given["base"] + 1, "value": value, "by": "", "at": now.isoformat(), "conflicts": 0, "round": 1,
        "state": _("Saved at %(time)s") % {"time": formats.time_format(now, "H:i")},
    })  # fmt: skip


def _says(status: int, words: str, **more: Any) -> JsonResponse:
    return JsonResponse({"error": words, **more}, status=status)
