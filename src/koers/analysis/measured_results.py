"""What the results page of a measurement shows. Names of who answered never come here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from koers.analysis import charts
from koers.analysis.answer_figures import Earlier, add_answer_figures, base_of, day_text
from koers.analysis.figures import Figure, Shelf, slug_of
from koers.analysis.gates import Blocking
from koers.analysis.measured import Measured, MeasuredDimension, MeasuredQuestion
from koers.analysis.measured_figures import (
    distributions,
    level_figure,
    question_figure,
    role_figure,
    sensitivity_figure,
    spread_figures,
    stairs_of,
)
from koers.analysis.note_points import NotePoint, note_points
from koers.analysis.results import Results, Ways
from koers.analysis.scoring import Adoption, Analysis, DimensionResult
from koers.analysis.sensitivity import Asking, asking, firmness
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Measurement, Mode
from koers.assessment.queries.answers import Given
from koers.assessment.spread import Spread, spread_of
from koers.assessment.values import answer_text
from koers.editions.structure import Section
from koers.workbook.models import Workbook
from koers.workbook.values import is_answered

APART: Final = 5
"""How many questions are shown on which people lie apart most."""


def ways_into(measurement: Measurement) -> Ways:
    """To the answers side by side; of a dimension to its answers on the page itself."""
    question = reverse("measured_question", args=[measurement.workbook_id, measurement.pk])
    page = reverse("measured_results", args=[measurement.workbook_id, measurement.pk])
    return Ways(
        lambda field: f"{question}?{urlencode({'key': field.key})}", lambda id_: f"{page}#answers-{slug_of(id_)}"
    )


def name_of(measurement: Measurement) -> str:
    """A measurement with the day on which it was closed, or begun."""
    if measurement.closed_at is None:
        return _("%(name)s (still open)") % {"name": measurement.name}
    day = formats.date_format(timezone.localdate(measurement.closed_at), "DATE_FORMAT")
    return f"{measurement.name} ({day})"


def analysis_of(measured: Measured) -> Analysis:
    """The measurement as the charts of answers take it: its dimensions that can have an index."""
    dimensions = tuple(
        DimensionResult(
            section=cast(Section, each.dimension),
            index=each.index,
            sensitivity_index=each.sensitivity_index,
            scored=each.scored,
            scorable=each.scorable,
            questions=tuple(asked.result for asked in each.questions),
        )
        for each in measured.scored_dimensions
    )
    perceptions = tuple(each.result for each in measured.perceptions)
    return Analysis(dimensions, perceptions, (), (), Adoption((), 0, 100))


@dataclass(frozen=True)
class Blocked:
    """An answer that holds back the next level: what was answered, and what is needed at least."""

    label: str
    answer: str
    needed: str
    href: str


@dataclass(frozen=True)
class LevelView:
    title: str
    reached: str
    description: str
    next: str
    next_description: str
    blocking: tuple[Blocked, ...]
    is_known: bool
    chart: SafeString


def _needed(question: Any, at_least: float) -> str:
    """The lowest answer that is high enough, in words."""
    asked = question.field
    if question.kind == "percent" or not asked.options:
        return f"{at_least:g} %"
    place = len(asked.options) - int(at_least) if asked.descending else int(at_least) - 1
    return str(asked.options[place]) if 0 <= place < len(asked.options) else ""


def _said(blocking: Blocking) -> str:
    """The answer in the way, of a matrix the row that is meant."""
    value, row = blocking.answer, blocking.condition.row
    if value and row:
        choice = value.get("rows", {}).get(row)
        return str(blocking.question.field.options[choice - 1]) if choice else ""
    return answer_text(blocking.question, value)


def level_view(dimension: MeasuredDimension, ways: Ways) -> LevelView:
    level = dimension.level
    blocking = []
    for each in level.blocking:
        asked = each.question.field
        row = next((row for row in asked.rows if row.id == each.condition.row), None)
        label = str(asked.short or asked.label)
        blocking.append(
            Blocked(
                f"{label}: {row.label}" if row else label,
                _said(each) or _("not answered yet"),
                _needed(each.question, each.condition.at_least),
                ways.question(asked),
            )
        )
    reached, title = level.level, str(dimension.dimension.title)
    return LevelView(
        title=title,
        reached="" if reached is None else f"{reached.number} {reached.title}",
        description="" if reached is None else str(reached.description),
        next="" if level.next is None else f"{level.next.number} {level.next.title}",
        next_description="" if level.next is None else str(level.next.description),
        blocking=tuple(blocking),
        is_known=level.is_known,
        chart=charts.staircases(title, [stairs_of(dimension)], "page", f"level-{slug_of(dimension.id)}"),
    )


@dataclass(frozen=True)
class Apart:
    """A question on which people lie apart, with its bars and, after two votes, those of both."""

    title: str
    dimension: str
    href: str
    agreed: str
    figure: Figure
    votes: Figure | None


@dataclass(frozen=True)
class Look:
    """Something to look at in the ambition note: the question, why, and where the workbook says it."""

    label: str
    why: str
    answer: str
    where: str
    href: str


def _first_votes(given: Sequence[Given]) -> tuple[list[Any], list[Any]]:
    """The first and the last votes of workshops, when somebody voted twice; as the page of the question shows them."""
    voted = [each for each in given if each.workshop is not None and is_answered(each.value)]
    if not any(each.first is not None for each in voted):
        return [], []
    return [(each.first or each.value, each.size) for each in voted], [(each.value, each.size) for each in voted]


def _votes_of(asked: MeasuredQuestion, given: Sequence[Given]) -> tuple[Spread, Spread] | None:
    first, last = _first_votes(given)
    return (spread_of(asked.question, first), spread_of(asked.question, last)) if first else None


def most_apart(shelf: Shelf, measured: Measured, by_question: Mapping[str, Sequence[Given]], ways: Ways) -> list[Apart]:
    """The questions with the strongest disagreement, strongest first."""
    made = []
    for each in [each for each in measured.contested if each.question.kind == "single"][:APART]:
        asked = each.question.field
        slug, href = f"question-{slug_of(asked.key)}", ways.question(asked)
        title = str(asked.short or asked.label)
        (bars,) = distributions(each.question, each.spread)
        votes = _votes_of(each, by_question.get(asked.key, ()))
        both = None
        if votes is not None:
            (twice,) = distributions(each.question, votes[1], votes[0])
            voted = _("First and second vote: %(question)s") % {"question": title}
            both = question_figure(shelf, twice, f"votes-{slug_of(asked.key)}", voted)
        agreed = answer_text(each.question, each.result.value) if each.agreed else ""
        figure = question_figure(shelf, bars, slug, title)
        made.append(
            Apart(title, str(measured.instrument.by_id[each.question.dimension].title), href, agreed, figure, both)
        )
    return made


@dataclass(frozen=True)
class MeasuredPage:
    """The whole page. `answered` is how many people answered in each mode."""

    measurement: Measurement
    instrument: Instrument
    measured: Measured
    results: Results
    shelf: Shelf
    modes: tuple[tuple[str, int], ...]
    levels: tuple[LevelView, ...]
    spreads: list[tuple[MeasuredDimension, Figure, int]]
    apart: list[Apart]
    looks: list[Look]
    asking: tuple[Asking, ...]
    weights: Mapping[str, float]

    @property
    def is_empty(self) -> bool:
        return not self.measured.people and not self.measured.agreed

    @property
    def asked(self) -> int:
        return len(self.measured.questions)

    @property
    def is_thin(self) -> bool:
        """Nearly nothing: fewer than half of what can be scored is scored."""
        analysis = self.results.analysis
        return analysis.scored * 2 < analysis.scorable


def _modes(given: Sequence[Given]) -> tuple[tuple[str, int], ...]:
    """How many people answered in each mode."""
    sizes: dict[str, dict[int, int]] = {}
    for each in given:
        if is_answered(each.value):
            sizes.setdefault(each.mode, {})[each.respondent] = each.size
    return tuple((str(mode.label), sum(sizes[mode].values())) for mode in Mode if mode in sizes)


def _why(point: NotePoint) -> str:
    """The reasons of a point in one line."""
    dimension = str(point.dimension.dimension.title)
    level = point.dimension.level.next
    words = {
        "low": _("low on its scale"),
        "blocking": _("holds back level %(level)s of %(dimension)s")
        % {"level": level.number if level else "", "dimension": dimension},
        "contested": _("answers lie far apart"),
        "perceived": _("what people think lies far from what was measured"),
        "coverage": _("less than half of its questions have an answer"),
    }
    return "; ".join(words[reason] for reason in point.reasons)


def _looks(measured: Measured, workbook: Workbook) -> list[Look]:
    """What to look at in the note, each with the section of the workbook that takes it up."""
    found = []
    for point in note_points(measured):
        asked = point.question.question.field if point.question else None
        label = str(asked.short or asked.label) if asked else str(point.dimension.dimension.title)
        section = workbook.edition.sections.get(point.section)
        answer = point.question.result.answer_text().replace("\n", "; ") if point.question else ""
        href = reverse("section", args=[workbook.pk, section.id]) if section else ""
        where = f"{section.id} {section.title}" if section else ""
        found.append(Look(label, _why(point), answer, where, href))
    return found


def shelf_of(measurement: Measurement, title: str, base: str, query: str = "") -> Shelf:
    """An empty shelf for figures of a measurement."""
    administration = str(measurement.workbook.administration)
    return Shelf(
        title=title,
        name=slugify(f"{administration} {measurement.name}"),
        source=_("%(administration)s, %(measurement)s. Read on %(day)s. Figures are indicative (method of Koers).")
        % {"administration": administration, "measurement": name_of(measurement), "day": day_text()},
        base=base,
        query=query,
    )


def measured_page(
    measurement: Measurement,
    instrument: Instrument,
    measured: Measured,
    given: Sequence[Given],
    *,
    other: Measured | None = None,
    earlier: Earlier | None = None,
    weights: Mapping[str, float] | None = None,
) -> MeasuredPage:
    """The page with all its figures. Pure, but for the addresses."""
    ways = ways_into(measurement)
    results = Results(analysis_of(measured), ways)
    base = base_of("measured_figure", measurement.workbook_id, measurement.pk)
    shelf = shelf_of(measurement, str(measurement.name), base, f"?basis={measured.basis}")
    by_question: dict[str, list[Given]] = {}
    for each in given:
        by_question.setdefault(each.question, []).append(each)
    add_answer_figures(shelf, results, earlier)
    level_figure(shelf, measured, ways)
    role_figure(shelf, measured, ways)
    sensitivity_figure(shelf, firmness(measured, other), ways)
    return MeasuredPage(
        measurement=measurement,
        instrument=instrument,
        measured=measured,
        results=results,
        shelf=shelf,
        modes=_modes(given),
        levels=tuple(level_view(each, ways) for each in measured.dimensions if each.dimension.levels),
        spreads=spread_figures(shelf, measured, ways),
        apart=most_apart(shelf, measured, by_question, ways),
        looks=_looks(measured, measurement.workbook),
        asking=asking(measured, weights or {}),
        weights=dict(weights or {}),
    )
