"""Measurements: making one, answering in it, agreeing on what the workbook says, closing it."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Instrument, Question
from koers.assessment.models import Consensus, Measurement, Respondent, Response, Workshop
from koers.editions.structure import Field
from koers.kit import events
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.actions import Save, save_answers
from koers.workbook.actions.answers import locked_answers, locked_rounds
from koers.workbook.models import Workbook
from koers.workbook.values import Value, choice_text, is_answered

EVENT: Final = "measurement"
"""On the channel of the workbook: something was answered or agreed in ``{"measurement": id}``."""


def announce(measurement: Measurement, **detail: Any) -> None:
    """The open pages of the measurement look again, once the transaction is committed."""
    channel = events.workbook_channel(measurement.workbook_id)
    events.publish(channel, EVENT, {"measurement": str(measurement.pk), **detail})


def require_open_round(workbook: Workbook, number: int | None = None) -> None:
    """Nobody closes the round until the transaction ends. Raises `DeedRefused` when it is closed, or is another."""
    present, is_open = locked_rounds([workbook.pk]).get(workbook.pk, (0, False))
    if number is not None and present != number:
        raise DeedRefused(_("This measurement is of an earlier round: the workbook is in round %(round)s now.") % {
            "round": present
        })  # fmt: skip
    if not is_open:
        raise DeedRefused(_("The round is closed: nothing is changed in it any more."))


def locked(measurement: Measurement) -> Measurement:
    """The measurement, which nobody closes until the transaction ends. Raises `DeedRefused` when it is closed."""
    present = Measurement.objects.select_for_update(of=("self",), no_key=True).filter(pk=measurement.pk).first()
    if present is None:
        raise DeedRefused(_("This measurement was deleted."))
    if not present.is_open:
        raise DeedRefused(_("This measurement is closed: nothing is changed in it any more."))
    return present


def create_measurement(
    workbook: Workbook,
    instrument: Instrument,
    name: str,
    dimensions: Collection[str],
    actor: User,
    *,
    custom: list[dict[str, Any]] | None = None,
) -> Measurement:
    """Begin a measurement in the present round, with these dimensions of the instrument, in its order."""
    chosen = [each.id for each in instrument.dimensions if each.id in dimensions]
    if not chosen:
        raise DeedRefused(_("Choose at least one dimension."))
    with transaction.atomic():
        require_open_round(workbook)
        measurement = Measurement.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, name=name.strip()[:160],
            round=locked_rounds([workbook.pk])[workbook.pk][0], instrument_id=instrument.id,
            instrument_version=instrument.version, dimensions=chosen, custom=custom or [], created_by=actor,
        )  # fmt: skip
        record(
            workbook.administration, actor, "measurement.create", measurement.name,
            workbook=str(workbook.pk), instrument=instrument.id, version=instrument.version,
        )  # fmt: skip
        announce(measurement)
    return measurement


def give_answers(respondent: Respondent, values: Mapping[str, Value], *, ballot: int = 1) -> None:
    """Write what a respondent answers, by question; None takes an answer back. The values were read already.

    No audit row: what somebody answers is hers. Raises `DeedRefused` once the measurement is closed, or she withdrew.
    """
    with transaction.atomic():
        measurement = locked(respondent.measurement)
        if not Respondent.objects.filter(pk=respondent.pk, withdrawn_at=None).exists():
            raise DeedRefused(_("This invitation to answer was withdrawn."))
        gone = [key for key, value in values.items() if value is None]
        if gone:
            Response.objects.filter(respondent_id=respondent.pk, ballot=ballot, question__in=gone).delete()
        Response.objects.bulk_create(
            [
                Response(
                    administration_id=measurement.administration_id, measurement_id=measurement.pk,
                    respondent_id=respondent.pk, question=key, ballot=ballot, value=value,
                )
                for key, value in values.items()
                if value is not None
            ],
            update_conflicts=True, unique_fields=["respondent", "question", "ballot"], update_fields=["value"],
        )  # fmt: skip
        announce(measurement)


def record_consensus(
    measurement: Measurement,
    question: Question,
    value: Value,
    actor: User,
    *,
    reason: str = "",
    arguments_for: str = "",
    arguments_against: str = "",
    workshop: Workshop | None = None,
) -> Consensus:
    """Write down what was agreed on a question, and why; the workbook then says so too.

    `value` was read already. Raises `DeedRefused` when the measurement or the round of the workbook is closed, or the
    workbook is in another round by now.
    """
    if not is_answered(value):
        raise DeedRefused(_("Choose what was agreed."))
    assert value is not None
    workbook = measurement.workbook
    with transaction.atomic():
        present = locked(measurement)
        require_open_round(workbook, present.round)
        before = Consensus.objects.filter(measurement_id=present.pk, question=question.key).first()
        consensus, _made = Consensus.objects.update_or_create(
            measurement_id=present.pk, question=question.key,
            defaults={
                "administration_id": present.administration_id, "value": value, "reason": reason.strip(),
                "arguments_for": arguments_for.strip(), "arguments_against": arguments_against.strip(),
                "workshop": workshop, "decided_at": timezone.now(), "decided_by": actor,
            },
        )  # fmt: skip
        _write_to_workbook(workbook, question, value, actor, reason.strip(), before.reason if before else "")
        record(
            workbook.administration, actor, "measurement.agree", question.field.short.say() or question.key,
            workbook=str(workbook.pk), measurement=present.name, question=question.key,
        )  # fmt: skip
        announce(present, question=question.key)
    return consensus


def _write_to_workbook(
    workbook: Workbook, question: Question, value: dict[str, Any], actor: User, reason: str, reason_before: str
) -> None:
    """Save what was agreed in the fields that the question writes to.

    The remark of a field stays, unless it is the reason of an earlier consensus: the reason stands there where no
    remark does.
    """
    fields = {
        row: workbook.edition.fields[key] for row, key in question.writes.items() if key in workbook.edition.fields
    }
    standing = locked_answers({(workbook.pk, each.key): workbook for each in fields.values()})
    saves = []
    for row, field in fields.items():
        stands = standing[workbook.pk, field.key].value
        piece = written_to(question, field, row, value)
        if piece is None or (field.is_rich and row and stands):
            continue
        if field.remark:
            remark = value.get("remark") or (stands or {}).get("remark", "")
            if not value.get("remark") and remark in {"", reason_before}:
                remark = reason
            piece = {**piece, "remark": remark} if remark else piece
        saves.append(Save(workbook, field, piece, None, actor))
    if saves:
        save_answers(saves)


def written_to(question: Question, field: Field, row: str, value: dict[str, Any]) -> Value:
    """What a field of the workbook says when this is the consensus; None when it says nothing about the field."""
    bare = {key: part for key, part in value.items() if key != "remark"}
    if not row:
        return bare or None
    if "shares" in bare:
        share = bare["shares"].get(row)
        return None if share is None else {"percent": share}
    choice = bare.get("rows", {}).get(row)
    if choice is None:
        return None
    if field.is_rich:
        return {"html": f"<p>{escape(choice_text(question.field, choice))}</p>"}
    return {"choice": choice}


def asked_question(measurement: Measurement, key: str) -> Question | None:
    """A question of the measurement by key."""
    return asked_by(measurement).questions.get(key)
