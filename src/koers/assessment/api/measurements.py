"""Measurements, what they ask, and what was agreed."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from koers.assessment.actions.closing import close_measurement
from koers.assessment.actions.measuring import create_measurement, record_consensus
from koers.assessment.api.door import asked, opened_measurement, require_open, require_round
from koers.assessment.exchange import counts
from koers.assessment.exchange.content import gather, given_form
from koers.assessment.exchange.files import number_of
from koers.assessment.instruments.custom import as_custom, read_custom
from koers.assessment.instruments.loading import UnknownInstrument, asked_by, instrument, latest_version
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Consensus, Measurement
from koers.assessment.queries.answers import consensus_of
from koers.assessment.values import answer_text, read_response
from koers.kit.api import Body, Cursor, Limit, Line, Number, Page, Refusal, Text, paged, replies
from koers.organisations.access import Ability
from koers.organisations.api import key_of
from koers.workbook.api import opened_workbook
from koers.workbook.values import InvalidValue

router = Router(tags=["measurements"])
Words = dict[str, str]


class MeasurementOut(Schema):
    id: uuid.UUID
    name: str
    round: int
    instrument: str
    version: int
    dimensions: list[str]
    created_at: datetime
    closed_at: datetime | None


class MeasurementIn(Body):
    name: Line = Field(min_length=1, examples=["Nulmeting"])
    instrument: str = Field("draaiboek-context", max_length=64)
    version: Number | None = Field(None, description="The newest when left out.")
    dimensions: list[str] = Field([], max_length=100, description="Those that are not optional when left out.")
    custom: list[dict[str, Any]] = Field([], max_length=40, description="Questions of its own (docs/exchange.md).")


class QuestionOut(Schema):
    """A question as it is asked. `value` of an answer counts its options from 1."""

    key: str
    number: str
    dimension: str
    kind: str
    custom: bool
    words: Words
    help: Words
    options: list[Words]
    extra: str | None
    rows: dict[str, Words]
    remark: bool
    roles: list[str]
    seconds: int


class ConsensusOut(Schema):
    question: str
    value: Any
    text: str
    reason: str
    arguments_for: str
    arguments_against: str
    decided_at: datetime
    by: str


class ConsensusIn(Body):
    question: str = Field(max_length=96, examples=["B.4.1/1"])
    value: Any = Field(examples=[{"choice": 2}])
    reason: Text = ""
    arguments_for: Text = ""
    arguments_against: Text = ""


class CountsOut(Schema):
    """How many people answered what: with their last answer. Left out (null) where fewer than five answered."""

    key: str
    dimension: str
    kind: str
    words: Words
    options: list[Words]
    answered: int | None
    counts: dict[str, dict[str, float]] | None


def measurement_json(each: Measurement) -> dict[str, Any]:
    return {
        "id": each.pk,
        "name": each.name,
        "round": each.round,
        "instrument": each.instrument_id,
        "version": each.instrument_version,
        "dimensions": each.dimensions,
        "created_at": each.created_at,
        "closed_at": each.closed_at,
    }


_ALL = "/workbooks/{workbook_id}/measurements"
ONE = f"{_ALL}/{{measurement_id}}"


@router.get(_ALL, response=replies(Page[MeasurementOut]), summary="The measurements of a workbook")
def measurements(
    request: HttpRequest, workbook_id: uuid.UUID, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """The newest first."""
    with opened_workbook(request, workbook_id, Ability.READ) as workbook:
        found = [measurement_json(each) for each in Measurement.objects.filter(workbook_id=workbook.pk)]
    items, following = paged(found, limit, cursor)
    return {"items": items, "next": following}


@router.post(_ALL, response=replies(MeasurementOut, 403, 409, 413, 423, code=201), summary="Begin a measurement")
def new_measurement(request: HttpRequest, workbook_id: uuid.UUID, body: MeasurementIn) -> Any:
    with opened_workbook(request, workbook_id, Ability.COMPOSE) as workbook:
        require_round(workbook)
        try:
            whole = instrument(body.instrument, body.version or latest_version(body.instrument))
        except (UnknownInstrument, LookupError):
            message = _("There is no instrument “%(instrument)s”.") % {"instrument": body.instrument}
            raise Refusal(422, message, ["body", "instrument"]) from None
        if whole.edition and whole.edition[0] != workbook.edition_id:
            raise Refusal(
                422, _("The instrument belongs to another playbook than this workbook."), ["body", "instrument"]
            )
        for index, each in enumerate(body.dimensions):
            if each not in whole.by_id:
                message = _("The instrument has no dimension “%(dimension)s”.") % {"dimension": each[:60]}
                raise Refusal(422, message, ["body", "dimensions", index])
        try:
            custom = as_custom(read_custom(body.custom))
        except InvalidValue as error:
            raise Refusal(422, error.message, ["body", "custom", *error.path]) from None
        chosen = body.dimensions or [each.id for each in whole.dimensions if not each.optional]
        made = create_measurement(workbook, whole, body.name, chosen, key_of(request).person, custom=custom)
        return Status(201, measurement_json(made))


@router.get(ONE, response=replies(MeasurementOut), summary="One measurement")
def measurement(request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        return measurement_json(found)


@router.post(f"{ONE}/close", response=replies(MeasurementOut, 403, 409, 423), summary="Close a measurement")
def close(request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID) -> dict[str, Any]:
    """For good: nobody answers in it any more."""
    with opened_measurement(request, workbook_id, measurement_id, Ability.MANAGE) as found:
        require_open(found)
        close_measurement(found, key_of(request).person)
        found.refresh_from_db()
        return measurement_json(found)


def question_json(question: Question) -> dict[str, Any]:
    asked_as = question.field
    return {
        "key": question.key,
        "number": number_of(question),
        "dimension": question.dimension,
        "kind": question.kind,
        "custom": question.is_custom,
        "words": dict(asked_as.label),
        "help": dict(asked_as.help),
        "options": [dict(option) for option in asked_as.options],
        "extra": asked_as.extra,
        "rows": {row.id: dict(row.label) for row in asked_as.rows},
        "remark": asked_as.remark,
        "roles": list(question.roles),
        "seconds": question.seconds,
    }


@router.get(f"{ONE}/questions", response=replies(Page[QuestionOut]), summary="What a measurement asks")
def questions(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = ""
) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        items, following = paged([question_json(each) for each in asked_by(found).questions.values()], limit, cursor)
    return {"items": items, "next": following}


@router.get(f"{ONE}/counts", response=replies(Page[CountsOut]), summary="How many answered what")
def counted(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = ""
) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        items, following = paged(counts.as_json(gather(found))["questions"], limit, cursor)
    return {"items": items, "next": following}


def _agreed(question: Question, each: Consensus) -> dict[str, Any]:
    return {
        "question": question.key,
        "value": given_form(question, each.value),
        "text": answer_text(question, each.value),
        "reason": each.reason,
        "arguments_for": each.arguments_for,
        "arguments_against": each.arguments_against,
        "decided_at": each.decided_at,
        "by": str(each.decided_by) if each.decided_by else "",
    }


@router.get(f"{ONE}/consensus", response=replies(Page[ConsensusOut]), summary="What was agreed")
def agreed(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = ""
) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        standing = consensus_of(found)
        asks = asked_by(found).questions
        items, following = paged([_agreed(asks[key], standing[key]) for key in asks if key in standing], limit, cursor)
    return {"items": items, "next": following}


@router.put(f"{ONE}/consensus", response=replies(ConsensusOut, 403, 409, 413, 423), summary="Record what was agreed")
def agree(request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, body: ConsensusIn) -> dict[str, Any]:
    """The workbook then says so too."""
    with opened_measurement(request, workbook_id, measurement_id, Ability.COMPOSE) as found:
        require_open(found)
        require_round(found.workbook)
        question = asked(found, body.question)
        try:
            value = read_response(question, body.value) if body.value is not None else None
        except InvalidValue as error:
            raise Refusal(422, error.message, ["body", "value", *error.path]) from None
        made = record_consensus(
            found, question, value, key_of(request).person, reason=body.reason, arguments_for=body.arguments_for,
            arguments_against=body.arguments_against,
        )  # fmt: skip
        return _agreed(question, made)
