"""What a measurement says, over the API: as the page of its results, with the same small groups left out."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from koers.analysis.measured import MeasuredDimension, MeasuredQuestion
from koers.analysis.queries import read_one
from koers.assessment.api.door import opened_measurement
from koers.assessment.api.measurements import ONE
from koers.kit.api import replies
from koers.organisations.access import Ability

router = Router(tags=["results"])


class RoleOut(Schema):
    """The index of the answers of one role; left out where that role may not be shown."""

    role: str
    index: float


class QuestionResultOut(Schema):
    key: str
    agreed: bool
    answered: int
    rank: float | None = Field(description="Of the answer that was taken, from 0 to 1; null when it is not scored.")
    disagreement: float | None = Field(description="From 0 (all the same) to 1 (half at each end).")


class LevelOut(Schema):
    number: int
    title: dict[str, str]


class DimensionResultOut(Schema):
    """One dimension. `index`: the plain mean of its scored questions, from 0 to 1, indicative only; `scored` of the
    `scorable` questions count in it. `blocking`: the questions whose answers keep it from the next level."""

    id: str
    title: dict[str, str]
    index: float | None
    index_with_doubtful: float | None
    scored: int
    scorable: int
    level: LevelOut | None
    next_level: LevelOut | None
    blocking: list[str]
    roles: list[RoleOut]
    questions: list[QuestionResultOut]


class ResultsOut(Schema):
    """There is no overall index, on purpose: see /method/ and docs/method.md."""

    basis: str
    people: int
    dimensions: list[DimensionResultOut]


def _level(level: Any) -> dict[str, Any] | None:
    return {"number": level.number, "title": dict(level.title)} if level else None


def _question(each: MeasuredQuestion) -> dict[str, Any]:
    return {
        "key": each.key,
        "agreed": each.agreed,
        "answered": each.spread.answered,
        "rank": each.rank,
        "disagreement": each.disagreement if each.is_contested or each.disagreement == 0 else None,
    }


def _dimension(each: MeasuredDimension) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": dict(each.dimension.title),
        "index": each.index,
        "index_with_doubtful": each.sensitivity_index,
        "scored": each.scored,
        "scorable": each.scorable,
        "level": _level(each.level.level),
        "next_level": _level(each.level.next),
        "blocking": list(dict.fromkeys(block.question.key for block in each.level.blocking)),
        "roles": [
            {"role": role, "index": of.index}
            for role, of in each.by_role.items()
            if of.index is not None and not of.hidden
        ],
        "questions": [_question(question) for question in each.questions],
    }


@router.get(f"{ONE}/results", response=replies(ResultsOut), summary="What a measurement says")
def results(
    request: HttpRequest,
    workbook_id: uuid.UUID,
    measurement_id: uuid.UUID,
    basis: Literal["agreed", "middle"] | None = None,
) -> dict[str, Any]:
    """Of what was agreed (`agreed`) or the middle of the answers (`middle`); else of what was agreed, if anything."""
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        read = read_one(found)
        measured = read.on(basis or read.usual)
        return {
            "basis": measured.basis,
            "people": measured.people,
            "dimensions": [_dimension(each) for each in measured.dimensions],
        }
