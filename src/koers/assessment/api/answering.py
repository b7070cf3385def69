"""Who answers a measurement, and what: for whoever may work it out only. Nobody of a workshop is known here either."""

import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from koers.assessment.access import respondent_for
from koers.assessment.actions.measuring import give_answers
from koers.assessment.actions.respondents import NewPerson, add_respondents
from koers.assessment.api.door import asked, opened_measurement, require_open
from koers.assessment.api.measurements import ONE
from koers.assessment.exchange.content import Content, gather, given_form
from koers.assessment.exchange.files import number_of
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Mode, Respondent, Role
from koers.assessment.values import answer_text, read_response
from koers.kit.api import Body, Cursor, Limit, Line, Page, Refusal, paged, replies
from koers.organisations.access import Ability
from koers.organisations.api import key_of
from koers.workbook.values import InvalidValue, Value, is_answered

router = Router(tags=["answers"])
BIGGEST = 2**31 - 1


class RespondentOut(Schema):
    """Somebody who answers by own estimate or in an interview. Participants of workshops are in no list."""

    id: int
    mode: str
    name: str
    email: str
    role: str
    department: str
    people: int
    finished_at: datetime | None
    withdrawn: bool


class RespondentIn(Body):
    name: Line = Field(min_length=1, max_length=120)
    role: Role = Field(Role.OTHER)
    department: Line = Field("", max_length=120)
    language: str = Field("nl", pattern="^(nl|en)$")


class RowOut(Schema):
    """One answer. `respondent` is the id of a respondent, or ``w3``: the third participant of a workshop **at this
    question**, who has another number at every other one. `role` of a participant is empty where it may not be shown.
    """

    question: str
    number: str
    dimension: str
    respondent: str
    mode: str
    role: str
    department: str
    name: str
    people: int
    ballot: int
    value: Any
    text: str
    counted: bool


class AnswersIn(Body):
    answers: dict[str, Any] = Field(
        max_length=200, description="By question; null takes an answer back.", examples=[{"B.4.1/1": {"choice": 2}}]
    )


def _respondent(each: Respondent) -> dict[str, Any]:
    return {
        "id": each.pk,
        "mode": each.mode,
        "name": each.name or (str(each.person) if each.person else ""),
        "email": each.email or (each.person.email if each.person else ""),
        "role": each.role,
        "department": each.department,
        "people": each.size,
        "finished_at": each.finished_at,
        "withdrawn": each.withdrawn_at is not None,
    }


@router.get(f"{ONE}/respondents", response=replies(Page[RespondentOut], 403), summary="Who answers")
def respondents(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = ""
) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.COMPOSE) as found:
        rows = Respondent.objects.filter(measurement_id=found.pk).exclude(mode=Mode.WORKSHOP)
        listed = [_respondent(each) for each in rows.select_related("person").order_by("pk")]
    items, following = paged(listed, limit, cursor)
    return {"items": items, "next": following}


@router.post(
    f"{ONE}/respondents",
    response=replies(RespondentOut, 403, 409, 413, 423, code=201),
    summary="Add somebody to interview",
)
def add_respondent(request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, body: RespondentIn) -> Any:
    """Somebody whose answers are noted: no mail is sent and no link is made."""
    with opened_measurement(request, workbook_id, measurement_id, Ability.COMPOSE) as found:
        require_open(found)
        person = NewPerson(body.name, role=body.role.value, department=body.department)
        before = set(Respondent.objects.filter(measurement_id=found.pk).values_list("pk", flat=True))
        add_respondents(
            found, [person], key_of(request).person, by_link=False, questions=None, due=None, language=body.language
        )
        made = Respondent.objects.filter(measurement_id=found.pk).exclude(pk__in=before).order_by("-pk")[0]
        return Status(201, _respondent(made))


def _row(question: Question, value: Value, **of: Any) -> dict[str, Any]:
    return {
        "question": question.key,
        "number": number_of(question),
        "dimension": question.dimension,
        "value": given_form(question, value),
        "text": answer_text(question, value),
        **of,
    }


def rows_of(content: Content) -> list[dict[str, Any]]:
    """One row an answer: all of them, of every ballot."""
    rows = []
    for person in content.people:
        of: dict[str, Any] = {
            "respondent": str(person.pk), "mode": person.mode, "role": person.role, "department": person.department,
            "name": person.name, "people": person.people,
        }  # fmt: skip
        for number, ballot in enumerate(person.ballots, 1):
            for key, value in ballot.items():
                counted = not any(key in later for later in person.ballots[number:])
                rows.append(_row(content.questions[key], value, ballot=number, counted=counted, **of))
    for key, said in content.room.items():
        for place, each in enumerate(said, 1):
            of = {
                "respondent": f"w{place}", "mode": Mode.WORKSHOP.value, "role": each.role, "department": "", "name": "",
                "people": 1,
            }  # fmt: skip
            rows += [
                _row(
                    content.questions[key],
                    value,
                    ballot=number,
                    counted=number == len(each.ballots) and is_answered(value),
                    **of,
                )
                for number, value in enumerate(each.ballots, 1)
                if value is not None
            ]
    return rows


@router.get(f"{ONE}/answers", response=replies(Page[RowOut], 403), summary="Every answer, a row each")
def answers(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = ""
) -> dict[str, Any]:
    with opened_measurement(request, workbook_id, measurement_id, Ability.COMPOSE) as found:
        items, following = paged(rows_of(gather(found)), limit, cursor)
    return {"items": items, "next": following}


@router.put(
    f"{ONE}/respondents/{{respondent_id}}/answers",
    response=replies(RespondentOut, 403, 409, 413, 423),
    summary="Note the answers of an interview",
)
def note_answers(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, respondent_id: int, body: AnswersIn
) -> dict[str, Any]:
    """What is not named is left alone. The own estimate of somebody is hers: it is not there to be written."""
    if not 0 < respondent_id <= BIGGEST:
        raise Http404
    with opened_measurement(request, workbook_id, measurement_id, Ability.COMPOSE) as found:
        respondent = respondent_for(found, respondent_id)
        if respondent.mode != Mode.INTERVIEW:
            raise Http404
        require_open(found)
        values: dict[str, Value] = {}
        for key, raw in body.answers.items():
            question = asked(found, key)
            try:
                values[key] = read_response(question, raw) if raw is not None else None
            except InvalidValue as error:
                raise Refusal(422, error.message, ["body", "answers", key, *error.path]) from None
        give_answers(respondent, values)
        return _respondent(respondent)
