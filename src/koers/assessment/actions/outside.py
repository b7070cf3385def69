"""Outcomes of instruments that were used elsewhere: recording, changing and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import require_open_round
from koers.assessment.models import OutsideReport, OutsideResult
from koers.assessment.queries.outside import seen_of
from koers.assessment.reports import ReportFile
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.models import Workbook


@dataclass(frozen=True)
class Said:
    """What an outcome says."""

    instrument: str
    name: str
    date: date
    url: str
    findings: str
    scores: Sequence[dict[str, Any]]


class ChangedMeanwhile(DeedRefused):
    """Somebody else changed the outcome since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this outcome meanwhile. Save again to put yours in its place."))


def _write(result: OutsideResult, said: Said) -> None:
    result.instrument, result.name, result.date = said.instrument, said.name, said.date
    result.url, result.findings, result.scores = said.url, said.findings, list(said.scores)


def _attach(result: OutsideResult, report: ReportFile) -> None:
    OutsideReport.objects.update_or_create(
        result=result,
        defaults={
            "administration_id": result.administration_id,
            "name": report.name,
            "type": report.type,
            "size": len(report.data),
            "data": report.data,
        },
    )


def add_outcome(workbook: Workbook, said: Said, actor: User, report: ReportFile | None = None) -> OutsideResult:
    """Record what an instrument elsewhere said. Raises `DeedRefused` in a closed round."""
    with transaction.atomic():
        require_open_round(workbook)
        result = OutsideResult(
            administration_id=workbook.administration_id, workbook=workbook, round=workbook.round, created_by=actor
        )
        _write(result, said)
        result.save()
        if report:
            _attach(result, report)
        record(workbook.administration, actor, "outside.add", result.name)
    return result


def change_outcome(
    result: OutsideResult,
    said: Said,
    actor: User,
    *,
    seen: str,
    report: ReportFile | None = None,
    without_report: bool = False,
) -> None:
    """Change it, and attach another report or take it away.

    Raises `ChangedMeanwhile` when it says other than `seen`.
    """
    with transaction.atomic():
        require_open_round(result.workbook)
        present = OutsideResult.objects.select_for_update().filter(pk=result.pk).first()
        if present is None:
            raise DeedRefused(_("This outcome was deleted."))
        if seen_of(present) != seen:
            raise ChangedMeanwhile
        _write(present, said)
        present.save()
        if report:
            _attach(present, report)
        elif without_report:
            OutsideReport.objects.filter(result=present).delete()
        record(present.workbook.administration, actor, "outside.change", present.name)


def delete_outcome(result: OutsideResult, actor: User) -> None:
    """Delete it with its report, for good. Raises `DeedRefused` in a closed round."""
    with transaction.atomic():
        require_open_round(result.workbook)
        record(result.workbook.administration, actor, "outside.delete", result.name)
        result.delete()
