"""Outcomes of instruments side by side, by the themes they cover: measurements of ours, and those from outside."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from koers.assessment.instruments.loading import UnknownInstrument, asked_by
from koers.assessment.instruments.structure import CUSTOM
from koers.assessment.instruments.themes import THEMES, Theme, theme_titles
from koers.assessment.models import Consensus, Measurement, OutsideReport, OutsideResult
from koers.workbook.models import Workbook

KNOWN: Final = {
    "lordimas": "LORDIMAS",
    "quickscan": "BOSA Quickscan",
    "audit": _("Audit"),
    "other": _("Another instrument"),
}
"""What an outcome from outside can be of; `other` needs a name of its own."""

_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,9}(?:[.,][0-9]{1,4})?")


def number_of(text: str) -> float | None:
    """The number that a figure is, as people in Belgium write it (3,5) or as machines do (3.5); a % may follow."""
    bare = text.strip().removesuffix("%").strip()
    return float(bare.replace(",", ".")) if _NUMBER.fullmatch(bare) else None


@dataclass(frozen=True)
class Score:
    """One figure of a report, as the report writes it, on a scale of its own from `low` to `high`.

    `part` is how far along that scale it stands, from 0 to 1: for a picture only. None without a scale.
    """

    dimension: str
    figure: str
    low: str
    high: str
    covers: tuple[str, ...]

    @property
    def part(self) -> float | None:
        figure, low, high = number_of(self.figure), number_of(self.low), number_of(self.high)
        if figure is None or low is None or high is None or not low < high:
            return None
        return min(1.0, max(0.0, (figure - low) / (high - low)))

    @property
    def shows_scale(self) -> bool:
        """Whether the scale is said in words: a percentage says it by itself."""
        return bool(self.low or self.high) and not (self.figure.endswith("%") and (self.low, self.high) == ("0", "100"))

    @property
    def width(self) -> float:
        """The length of its bar, in hundredths of the scale."""
        return round(100 * (self.part or 0), 1)

    @property
    def themes(self) -> list[str]:
        return theme_titles(self.covers)


@dataclass(frozen=True)
class Agreed:
    """One dimension of a measurement of ours: of how many of its questions it was agreed what the workbook says."""

    dimension: str
    title: str
    agreed: int
    asked: int
    covers: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One outcome: a measurement of ours, or one from outside."""

    name: str
    kind: str
    day: date
    parts: tuple[Score | Agreed, ...]
    measurement: Measurement | None = None
    outcome: "Outcome | None" = None

    def of(self, theme: str) -> tuple[Score | Agreed, ...]:
        return tuple(each for each in self.parts if theme in each.covers)


@dataclass(frozen=True)
class Outcome:
    """An outcome from outside, with its report but without the bytes of it."""

    id: int
    instrument: str
    name: str
    date: date
    url: str
    findings: str
    scores: tuple[Score, ...]
    round: int
    report_name: str
    report_size: int
    seen: str


@dataclass(frozen=True)
class Row:
    """A theme, with what each outcome says about it in the order of the columns."""

    theme: Theme
    cells: tuple[tuple[Column, tuple[Score | Agreed, ...]], ...]


@dataclass(frozen=True)
class SideBySide:
    """Everything on one page. `untouched`: themes of no outcome; `loose`: figures that are about no theme."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    untouched: tuple[Theme, ...]
    loose: tuple[tuple[Column, tuple[Score | Agreed, ...]], ...]
    outcomes: tuple[Outcome, ...]


def scores_of(raw: Any) -> tuple[Score, ...]:
    """The figures as they are kept."""
    return tuple(
        Score(
            dimension=str(each.get("dimension", "")),
            figure=_written(each.get("score")),
            low=_written(each.get("low")),
            high=_written(each.get("high")),
            covers=tuple(theme for theme in each.get("covers") or [] if theme in THEMES),
        )
        for each in raw or []
        if isinstance(each, dict)
    )


def _written(value: Any) -> str:
    return number_format(value) if isinstance(value, float) else "" if value is None else str(value)


def seen_of(result: OutsideResult) -> str:
    """What an outcome says now, in a few characters: whoever changes it tells by it what she saw."""
    said = [result.instrument, result.name, result.date.isoformat(), result.url, result.findings, result.scores]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def results_in(workbook: Workbook) -> QuerySet[OutsideResult]:
    """The outcomes from outside, newest first; the bytes of their reports stay where they are."""
    return OutsideResult.objects.filter(workbook=workbook).select_related("report").defer("report__data")


def outcome_of(result: OutsideResult) -> Outcome:
    report: OutsideReport | None = getattr(result, "report", None)
    return Outcome(
        id=result.pk,
        instrument=str(KNOWN.get(result.instrument, KNOWN["other"])),
        name=result.name,
        date=result.date,
        url=result.url,
        findings=result.findings,
        scores=scores_of(result.scores),
        round=result.round,
        report_name=report.name if report else "",
        report_size=report.size if report else 0,
        seen=seen_of(result),
    )


def outcomes_in(workbook: Workbook) -> list[Outcome]:
    """The outcomes from outside, newest first. One query."""
    return [outcome_of(each) for each in results_in(workbook)]


def _measurements(workbook: Workbook) -> list[Column]:
    """Our own measurements, with how much was agreed in each dimension. Two queries."""
    agreed: dict[Any, set[str]] = {}
    consensus = Consensus.objects.filter(measurement__workbook=workbook)
    for measurement_id, question in consensus.values_list("measurement_id", "question"):
        agreed.setdefault(measurement_id, set()).add(question)
    return [
        Column(
            name=each.name,
            kind=str(_("Open measurement") if each.is_open else _("Closed measurement")),
            day=timezone.localdate(each.closed_at or each.created_at),
            parts=tuple(_agreed(each, agreed.get(each.pk, set()))),
            measurement=each,
        )
        for each in Measurement.objects.filter(workbook=workbook)
    ]


def _agreed(measurement: Measurement, keys: set[str]) -> Iterable[Agreed]:
    try:
        dimensions = asked_by(measurement).dimensions
    except UnknownInstrument:
        return
    for each in dimensions:
        if each.id == CUSTOM:
            continue
        asked = {question.key for question in each.questions}
        yield Agreed(each.id, str(each.title), len(asked & keys), len(asked), each.covers)


def side_by_side(workbook: Workbook) -> SideBySide:
    """Every outcome by what it covers, newest first. Three queries."""
    outcomes = outcomes_in(workbook)
    columns = [
        *_measurements(workbook),
        *(Column(each.name, each.instrument, each.date, each.scores, outcome=each) for each in outcomes),
    ]
    columns.sort(key=lambda column: column.day, reverse=True)
    covered = {theme for column in columns for part in column.parts for theme in part.covers}
    return SideBySide(
        columns=tuple(columns),
        rows=tuple(
            Row(theme, tuple((column, column.of(theme.id)) for column in columns))
            for theme in THEMES.values()
            if theme.id in covered
        ),
        untouched=tuple(theme for theme in THEMES.values() if theme.id not in covered),
        loose=_loose(columns),
        outcomes=tuple(outcomes),
    )


def _loose(columns: Sequence[Column]) -> tuple[tuple[Column, tuple[Score | Agreed, ...]], ...]:
    loose = [(column, tuple(part for part in column.parts if not part.covers)) for column in columns]
    return tuple((column, parts) for column, parts in loose if parts)
