"""Outcomes of instruments that were used elsewhere."""

import uuid
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Field, Router, Schema, Status

from koers.assessment.actions.outside import add_outcome
from koers.assessment.api.door import require_round
from koers.assessment.forms.outside import MAX_ROWS, Figures, OutcomeForm
from koers.assessment.models import OutsideResult
from koers.kit.api import Body, Cursor, Limit, Line, Page, Refusal, Text, paged, replies
from koers.organisations.access import Ability
from koers.organisations.api import key_of
from koers.workbook.api import opened_workbook

router = Router(tags=["outcomes from elsewhere"])
_ALL = "/workbooks/{workbook_id}/outcomes"


class Score(Body):
    """One figure, as the report writes it. `low` and `high`: both ends of its scale, or neither."""

    dimension: Line
    score: Line = Field(max_length=40)
    low: Line = Field("", max_length=12)
    high: Line = Field("", max_length=12)
    covers: list[str] = Field([], max_length=40, description="Themes of B.2.")


class OutcomeOut(Schema):
    id: int
    round: int
    instrument: str
    name: str
    date: date
    url: str
    findings: str
    scores: list[dict[str, Any]]


class OutcomeIn(Body):
    instrument: str = Field(max_length=32, examples=["lordimas"], description="lordimas, quickscan, audit or other")
    name: Line = ""
    date: date
    url: str = Field("", max_length=200)
    findings: Text = ""
    scores: list[Score] = Field([], max_length=MAX_ROWS)


def _outcome(each: OutsideResult) -> dict[str, Any]:
    return {
        "id": each.pk,
        "round": each.round,
        "instrument": each.instrument,
        "name": each.name,
        "date": each.date,
        "url": each.url,
        "findings": each.findings,
        "scores": each.scores,
    }


@router.get(_ALL, response=replies(Page[OutcomeOut]), summary="Outcomes from elsewhere")
def outcomes(request: HttpRequest, workbook_id: uuid.UUID, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """The newest first."""
    with opened_workbook(request, workbook_id, Ability.READ) as workbook:
        found = [_outcome(each) for each in OutsideResult.objects.filter(workbook_id=workbook.pk)]
    items, following = paged(found, limit, cursor)
    return {"items": items, "next": following}


@router.post(_ALL, response=replies(OutcomeOut, 403, 409, 413, 423, code=201), summary="Record an outcome")
def add(request: HttpRequest, workbook_id: uuid.UUID, body: OutcomeIn) -> Any:
    with opened_workbook(request, workbook_id, Ability.COMPOSE) as workbook:
        require_round(workbook)
        form, figures = _forms(body)
        if not form.is_valid() or not figures.is_valid():
            raise _refused(form, figures)
        made = add_outcome(workbook, form.said(figures), key_of(request).person)
        return Status(201, _outcome(made))


def _forms(body: OutcomeIn) -> tuple[OutcomeForm, Figures]:
    """The forms of the page, so that both check the same."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name in ("instrument", "name", "url", "findings"):
        data[name] = getattr(body, name)
    data["date"], data["figures"] = body.date.isoformat(), str(MAX_ROWS)
    for index, score in enumerate(body.scores):
        for name in ("dimension", "score", "low", "high"):
            data[f"figure-{index}-{name}"] = getattr(score, name)
        data.setlist(f"figure-{index}-covers", score.covers)
    return OutcomeForm(data), Figures(data)


def _refused(form: OutcomeForm, figures: Figures) -> Refusal:
    for name, errors in form.errors.items():
        return Refusal(422, str(errors[0]), ["body", name])
    for index, row in enumerate(figures.rows):
        for name, errors in row.errors.items():
            return Refusal(422, str(errors[0]), ["body", "scores", index, name])
    return Refusal(422, "", ["body"])
