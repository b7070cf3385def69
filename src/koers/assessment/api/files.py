"""A measurement as a file, out and in."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from koers.assessment.access import measurement_for
from koers.assessment.actions.takeover import plan_takeover, take_over
from koers.assessment.api.door import opened_measurement, require_open, require_round
from koers.assessment.api.measurements import ONE, MeasurementOut, measurement_json
from koers.assessment.exchange import counts, files
from koers.assessment.exchange.content import gather
from koers.assessment.exchange.reading import read_measurement
from koers.kit.api import FileError, Refusal, replies
from koers.kit.located import MAX_BYTES, Refused
from koers.organisations.access import Ability, abilities
from koers.organisations.api import key_of
from koers.workbook.api import opened_workbook

router = Router(tags=["files"])
_CONTENT = {
    kind.split(";")[0]: {"schema": {"type": "object"} if form == "json" else {"type": "string", "format": "binary"}}
    for form, kind in files.FORMS.items()
}


class TakenOut(Schema):
    """What a file did, or would do (`preview`). Only what it names is touched; the workbook's answers stay."""

    preview: bool
    measurement: MeasurementOut | None
    new_people: int
    new_answers: int
    workshop_answers: int
    new_questions: int
    replaced: int
    agreed: int
    same: int


@router.get(
    f"{ONE}/export/{{form}}",
    response=replies(None, 409),
    summary="Take a measurement along",
    openapi_extra={"responses": {200: {"description": "The file", "content": _CONTENT}}},
)
def export(
    request: HttpRequest, workbook_id: uuid.UUID, measurement_id: uuid.UUID, form: Literal["json", "csv", "xlsx"]
) -> HttpResponse:
    """Everything for who may work it out (editor, lead); counts only for who, or with a key that, may only read."""
    with opened_measurement(request, workbook_id, measurement_id, Ability.READ) as found:
        content = gather(found)
        may_see_all = Ability.COMPOSE in abilities(found.workbook.role) and key_of(request).may_write
        writer = files if may_see_all else counts
        return HttpResponse(writer.written(content, form), content_type=files.FORMS[form])


@router.post(
    "/workbooks/{workbook_id}/measurements/import",
    response={**replies(TakenOut, 403, 409, 423), 201: TakenOut, frozenset({413, 422}): FileError},
    summary="Take a measurement over",
    openapi_extra={"requestBody": {"required": True, "content": _CONTENT}},
)
def take(request: HttpRequest, workbook_id: uuid.UUID, into: uuid.UUID | None = None, preview: bool = False) -> Any:
    """The body is the file itself: JSON, CSV or XLSX. `into` names an open measurement; without it a new one is made.
    With `preview` nothing is written. All of it is taken over, or nothing."""
    with opened_workbook(request, workbook_id, Ability.COMPOSE) as workbook:
        require_round(workbook)
        target = measurement_for(workbook, into) if into else None
        if target is not None:
            require_open(target)
        data = request.body
        if len(data) > MAX_BYTES:
            raise Refusal(413, _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 2**20})
        try:
            content = read_measurement(data, workbook.edition, target)
        except Refused as refused:
            problems = [{"line": each.line, "message": each.message} for each in refused.problems]
            raise Refusal(422, _("The file was refused."), problems=problems) from None
        person = key_of(request).person
        if preview:
            measurement, plan = target, plan_takeover(content, target, person)
        else:
            measurement, plan = take_over(workbook, content, person, target)
        said = {
            "preview": preview,
            "measurement": measurement_json(measurement) if measurement else None,
            "new_people": len(plan.new_people),
            "new_answers": plan.new_answers,
            "workshop_answers": plan.room_answers,
            "new_questions": len(plan.new_questions),
            "replaced": len(plan.replaced) + len(plan.agreed_replaced),
            "agreed": len(plan.agreed),
            "same": plan.same,
        }
        return said if preview or target else Status(201, said)
