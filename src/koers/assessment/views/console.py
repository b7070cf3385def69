"""The console of a host: its page, and the code of the room as a picture."""

import io
import json
from typing import Any, Final

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koers.assessment.access import opens_workshop
from koers.assessment.actions.ideas import LANDS
from koers.assessment.hosting_words import console_words
from koers.assessment.live.state import host_state
from koers.assessment.models import IdeaKind, Phase, Role, Status, StepKind, Workshop
from koers.assessment.views.live import base_of
from koers.organisations.access import Ability
from koers.workbook.views.asked import context_of

_CHOICES: Final = ("single",)


_ESCAPES: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def _in_script(words: dict[str, str]) -> SafeString:
    """JSON that may stand in a script element, as `script_words` of the kit does it."""
    return mark_safe(json.dumps(words, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def _said(words: dict[str, str]) -> str:
    return words.get((get_language() or "nl")[:2]) or next(iter(words.values()), "")


def _has_more(state: dict[str, Any]) -> bool:
    """Whether the present step has another question."""
    return state["question"] is not None and state["question"]["index"] < state["question"]["of"]


def _next_words(state: dict[str, Any]) -> str:
    """What the one obvious next thing is, for who has no JavaScript."""
    if state["status"] == Status.PLANNED:
        return _("Open the room")
    phase, has_question = state["phase"], state["question"] is not None
    if phase == Phase.WAITING and has_question:
        return _("Begin the vote")
    if phase == Phase.VOTING:
        return _("Show the spread")
    if phase == Phase.RANKING:
        return _("Show the ranking")
    if phase == Phase.SHOWN and has_question:
        return _("Go on without agreeing")
    step = state["step"]
    if step is not None and step["position"] == step["count"] and not _has_more(state):
        return ""
    return _("Go on")


def _options(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The options of the present question with how many chose each, and what a form sends for it."""
    question, spread = state["question"], state["spread"]
    if question is None or spread is None or question["kind"] not in _CHOICES:
        return []
    told = [
        {"words": _said(option), "count": spread["counts"][index], "value": json.dumps({"choice": index + 1})}
        for index, option in enumerate(question["options"])
    ]
    if question["extra"]:
        extra = question["extra"]
        told.append(
            {"words": _said(extra["label"]), "count": spread["extra"], "value": json.dumps({"choice": extra["value"]})}
        )
    return told


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    """The same console without JavaScript: what is now, and forms."""
    question, step, consensus = state["question"], state["step"], state["consensus"]
    return {
        "step": _said(step["title"]) if step else "",
        "question": _said(question["label"]) if question else "",
        "next": _next_words(state) if state["status"] != Status.ENDED else "",
        "options": _options(state),
        "agreed": _said(consensus["text"]) if consensus else "",
        "phase": str(Phase(state["phase"]).label),
    }


def _landing(workshop: Workshop) -> dict[str, dict[str, str]]:
    """Where the ideas of each kind land in the workbook: its address and its words."""
    workbook = workshop.measurement.workbook
    fields = {kind: workbook.edition.fields.get(LANDS[kind][0]) for kind in IdeaKind}
    return {
        kind.value: {
            "url": f"{reverse('section', args=[workbook.pk, field.section])}#{field.anchor}",
            "label": f"{field.section} · {field.short or field.label}",
        }
        for kind, field in fields.items()
        if field is not None
    }


@require_safe
@opens_workshop(Ability.COMPOSE)
def console(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """Where a host leads the workshop."""
    workbook = workshop.measurement.workbook
    state = host_state(workshop, base_of(request))
    setting = {
        "qr": reverse("console_qr", args=[workbook.pk, workshop.pk]),
        "plan": reverse("workshop", args=[workbook.pk, workshop.pk]),
        "lands": _landing(workshop),
        "roles": {role.value: str(role.label) for role in Role},
        "kinds": {kind.value: str(kind.label) for kind in StepKind},
        "ideas": {kind.value: str(kind.label) for kind in IdeaKind},
    }
    context = context_of(
        request,
        workbook,
        workshop=workshop,
        state=state,
        setting=setting,
        words=_in_script(console_words()),
        plain=_plain(state),
    )
    return render(request, "assessment/workshops/console.html", context)


@require_safe
@opens_workshop(Ability.COMPOSE)
def console_qr(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """The address of the room as a QR code, dark on light in any theme; 404 while nobody can join."""
    if workshop.status != Status.OPEN or not workshop.code:
        raise Http404
    drawn = io.BytesIO()
    segno.make(f"{base_of(request)}join/?code={workshop.code}", error="m").save(
        drawn, kind="svg", border=2, dark="#10181a", light="#ffffff", xmldecl=False, scale=4
    )
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-store"
    return response
