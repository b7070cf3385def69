"""Workbooks and their answers over the API: the same door, the same merge, the same refusals as the page."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from ninja import Field, Router, Schema

from koers.kit.api import Body, Cursor, Error, Limit, Number, Page, Refusal, paged, replies
from koers.kit.tenancy import scope
from koers.organisations.access import Ability
from koers.organisations.api import key_of, opened_administration, require_of_key
from koers.workbook.access import workbook_for
from koers.workbook.models import Workbook
from koers.workbook.queries.answers import every_answer
from koers.workbook.saving import SaveRefused, SaveRequest, perform, prepare
from koers.workbook.values import as_given

router = Router(tags=["workbooks"])


@contextmanager
def opened_workbook(request: HttpRequest, workbook_id: uuid.UUID, ability: Ability) -> Iterator[Workbook]:
    """The workbook through its door, within the scope of its administration: which must be that of the key."""
    key = key_of(request)
    workbook = workbook_for(key.person_id, workbook_id, Ability.READ)
    if workbook.administration_id != key.administration_id:
        raise Http404
    require_of_key(key, workbook.role, ability)
    with scope(workbook.administration_id):
        yield workbook


class WorkbookOut(Schema):
    id: uuid.UUID
    administration: uuid.UUID
    title: str
    edition: str
    edition_version: int
    round: int
    closed: bool = Field(description="Whether the round is closed: nothing is written until the next one starts.")
    fields: int
    created_at: datetime


class AnswerOut(Schema):
    """An answer. `value` has the shape in which it is sent: HTML for a text, bare text for a line, a number for a
    percentage, else a mapping (docs/exchange.md)."""

    field: str
    value: Any = None
    revision: int = Field(description="Counts the changes; what a later save names as its base.")
    at: datetime | None
    by: str
    standing: str
    conflicts: int


class AnswerIn(Body):
    field: str = Field(max_length=120, examples=["A.3/why"])
    base: Number = Field(description="The revision that was read; 0 when there was none.")
    value: Any = Field(None, description="Null clears the answer.")
    round: Number | None = Field(None, description="The round that was read, to be told when it is over.")


class SavedOut(Schema):
    """`merged`: somebody changed it since `base`, and both are kept; `conflicts` counts what a person must choose."""

    field: str
    value: Any = None
    revision: int
    at: datetime
    by: str
    conflicts: int
    round: int
    merged: bool


class NotSaved(Error):
    """Nothing was written; what stands there now is beside the reason."""

    value: Any = None
    revision: int | None = None
    round: int | None = None


def _workbook(workbook: Workbook) -> dict[str, Any]:
    return {
        "id": workbook.pk,
        "administration": workbook.administration_id,
        "title": str(workbook),
        "edition": workbook.edition_id,
        "edition_version": workbook.edition_version,
        "round": workbook.round,
        "closed": workbook.closed_at is not None,
        "fields": len(workbook.edition.fields),
        "created_at": workbook.created_at,
    }


@router.get("/workbooks", response=replies(Page[WorkbookOut]), summary="The workbooks I may open")
def workbooks(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    with opened_administration(request, key_of(request).administration_id, Ability.READ):
        found = [_workbook(each) for each in Workbook.objects.filter(deleted_at=None)]
    items, following = paged(found, limit, cursor)
    return {"items": items, "next": following}


@router.get("/workbooks/{workbook_id}", response=replies(WorkbookOut), summary="One workbook")
def workbook(request: HttpRequest, workbook_id: uuid.UUID) -> dict[str, Any]:
    with opened_workbook(request, workbook_id, Ability.READ) as found:
        return _workbook(found)


def _answers(found: Workbook) -> list[dict[str, Any]]:
    given = every_answer(found)
    return [
        {
            "field": key,
            "value": as_given(field, given[key].value),
            "revision": given[key].revision,
            "at": given[key].at,
            "by": given[key].by,
            "standing": given[key].standing,
            "conflicts": given[key].conflicts,
        }
        for key, field in found.edition.fields.items()
        if key in given
    ]


@router.get("/workbooks/{workbook_id}/answers", response=replies(Page[AnswerOut]), summary="The answers of a workbook")
def answers(request: HttpRequest, workbook_id: uuid.UUID, limit: Limit = 100, cursor: Cursor = "") -> dict[str, Any]:
    """In the order of the playbook; what was never answered or marked is not in it."""
    with opened_workbook(request, workbook_id, Ability.READ) as found:
        items, following = paged(_answers(found), limit, cursor)
    return {"items": items, "next": following}


@router.get("/workbooks/{workbook_id}/answer", response=replies(AnswerOut), summary="One answer")
def answer(request: HttpRequest, workbook_id: uuid.UUID, field: str = "A.3/why") -> dict[str, Any]:
    """An answer that was never given has revision 0."""
    with opened_workbook(request, workbook_id, Ability.READ) as found:
        if field not in found.edition.fields:
            raise Http404
        nothing = {"field": field, "value": None, "revision": 0, "at": None, "by": "", "standing": "draft",
                   "conflicts": 0}  # fmt: skip
        return next((each for each in _answers(found) if each["field"] == field), nothing)


@router.put(
    "/workbooks/{workbook_id}/answer",
    response={**replies(SavedOut, 403, 413), frozenset({409, 422, 423}): NotSaved},
    summary="Write one answer",
)
def write_answer(request: HttpRequest, workbook_id: uuid.UUID, body: AnswerIn) -> dict[str, Any]:
    """On an older base it is merged with what was written since; on one that is not known here nothing is written."""
    with opened_workbook(request, workbook_id, Ability.ANSWER) as found:
        given = body.dict()
        if given["round"] is None:
            given.pop("round")
        save = SaveRequest(key_of(request).person, found.pk, json.dumps(given).encode(), get_language() or "nl")
        with transaction.atomic():
            (prepared,) = prepare([save])
            if isinstance(prepared, SaveRefused):
                status, said = prepared.reply
                raise Refusal(status, said.pop("error"), **said)
            ((status, said),) = perform([prepared], [save.language])
        value = as_given(prepared.field, said["value"])
        if status != 200:
            raise Refusal(status, said["error"], value=value, revision=said["revision"], round=said["round"])
        return {**said, "field": body.field, "value": value, "merged": bool(said.get("merged"))}
