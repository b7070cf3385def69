"""What the compare page shows: two measurements beside each other, and the line through all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from koers.analysis import charts
from koers.analysis.answer_figures import base_of
from koers.analysis.charts import Course, Move, Pair
from koers.analysis.comparing import Comparison, LeftOut, QuestionChange, compare, progress
from koers.analysis.figures import Figure, Line, Shelf, rounded
from koers.analysis.gates import LevelResult
from koers.analysis.measured import Basis, Measured
from koers.analysis.measured_figures import number_of
from koers.analysis.measured_results import name_of, shelf_of, ways_into
from koers.analysis.queries import Read
from koers.analysis.results import Ways
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Measurement
from koers.assessment.values import answer_text

LEAST_FOR_PROGRESS: Final = 3


def _label(question: Question) -> str:
    return str(question.field.short or question.field.label)


def _dimension_figure(shelf: Shelf, comparison: Comparison, names: tuple[str, str], ways: Ways) -> Figure:
    pairs = [Pair(str(each.dimension.title), each.earlier, each.later) for each in comparison.dimensions]
    lines = [
        Line(
            (str(each.dimension.title), rounded(each.earlier), rounded(each.later), rounded(each.change), each.common),
            ways.dimension(each.dimension.id),
        )
        for each in comparison.dimensions
    ]
    head = (_("Dimension"), *names, _("Up or down"), _("Questions compared"))
    title = _("Index of each dimension, then and now")
    return shelf.add(
        "dimensions", title, head, lines,
        lambda palette: charts.dumbbells(title, names, pairs, palette, "dimensions"), signed={3},
    )  # fmt: skip


def _said(level: LevelResult) -> str:
    return _("no level yet") if level.level is None else f"{level.level.number} {level.level.title}"


def _level_figure(shelf: Shelf, comparison: Comparison, names: tuple[str, str], ways: Ways) -> Figure | None:
    lines = []
    for each in comparison.dimensions:
        if each.levels is None:
            continue
        before, after = (level.level.number if level.level else None for level in each.levels)
        moved = None if before is None or after is None else after - before
        words = (_said(each.levels[0]), _said(each.levels[1]))
        lines.append(Line((str(each.dimension.title), *words, moved), ways.dimension(each.dimension.id)))
    if not lines:
        return None
    head = (_("Dimension"), *names, _("Levels up or down"))
    return shelf.add("levels", _("Level of each dimension"), head, lines, signed={3})


def _step(change: QuestionChange, rank: float | None) -> float | None:
    """A step from low to high, from 1; between two steps for the mean of rows."""
    steps = len(change.question.field.options) or 5
    return None if rank is None else 1 + rank * (steps - 1)


def _move(change: QuestionChange) -> Move:
    words = ""
    if change.question.kind == "percent":
        before, after = ((each.value or {}).get("percent") for each in (change.earlier, change.later))
        words = _("from %(earlier)s to %(later)s") % {"earlier": f"{before}%", "later": f"{after}%"}
    return Move(
        number_of(change.question, whole=True), _label(change.question), len(change.question.field.options) or 5,
        _step(change, change.earlier.rank), _step(change, change.later.rank), words,
    )  # fmt: skip


def _answer(change: QuestionChange, value: Any) -> str:
    return answer_text(change.question, value)


def _question_figures(
    shelf: Shelf, comparison: Comparison, names: tuple[str, str], ways: Ways
) -> tuple[Figure | None, Figure]:
    """What rose and what fell as arrows; everything that can be compared as a table."""
    moved = [*comparison.higher, *comparison.lower]

    def line(each: QuestionChange) -> Line:
        return Line(
            (
                number_of(each.question, whole=True), _label(each.question),
                _answer(each, each.earlier.value), _answer(each, each.later.value), each.steps,
            ),
            ways.question(each.question.field),
        )  # fmt: skip

    head = (_("Number"), _("Question"), *names, _("Steps up or down"))
    arrows = None
    if moved:
        moves, title = [_move(each) for each in moved], _("Answers that rose or fell")
        arrows = shelf.add(
            "moves", title, head, [line(each) for each in moved],
            lambda palette: charts.arrows(title, names, moves, palette, "moves"), label=1, signed={4},
        )  # fmt: skip
    every = shelf.add(
        "questions", _("All questions that can be compared"), head, [*map(line, comparison.questions)],
        label=1, signed={4},
    )  # fmt: skip
    return arrows, every


def _left_out_words(each: LeftOut) -> str:
    return {
        "changed": _("The question or its answers changed between the two versions."),
        "new": _("Only the later measurement asks it."),
        "gone": _("Only the earlier measurement asks it."),
        "unanswered": _("It has no answer in one of the two."),
    }[each.why]


@dataclass(frozen=True)
class LeftOutView:
    """Questions that are not compared for the same reason."""

    why: str
    questions: tuple[str, ...]


def _left_out(shelf: Shelf, comparison: Comparison) -> tuple[LeftOutView, ...]:
    groups: dict[str, list[str]] = {}
    for each in comparison.left_out:
        said = f"{number_of(each.question, whole=True)} {_label(each.question)}".strip()
        groups.setdefault(_left_out_words(each), []).append(said)
    if groups:
        lines = [Line((question, why)) for why, questions in groups.items() for question in questions]
        shelf.add("left-out", _("Questions that are not compared"), (_("Question"), _("Why not")), lines)
    return tuple(LeftOutView(why, tuple(questions)) for why, questions in groups.items())


def _progress_figure(shelf: Shelf, reads: Sequence[Read], basis: Basis, ways: Ways) -> Figure | None:
    if len(reads) < LEAST_FOR_PROGRESS:
        return None
    names = [name_of(each.measurement) for each in reads]
    found = progress([each.on(basis) for each in reads])
    courses = [Course(str(each.dimension.title), each.indices) for each in found]
    lines = [
        Line((str(each.dimension.title), *map(rounded, each.indices), each.common), ways.dimension(each.dimension.id))
        for each in found
    ]
    title = _("Index of each dimension over all measurements")
    return shelf.add(
        "progress", title, (_("Dimension"), *names, _("Questions compared")), lines,
        lambda palette: charts.progress(title, names, courses, palette),
    )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """An earlier measurement to compare with."""

    name: str
    href: str
    is_chosen: bool
    is_baseline: bool


@dataclass(frozen=True)
class ComparePage:
    """The whole page. `chosen` is None while there is nothing to compare with."""

    measurement: Measurement
    chosen: Measurement | None
    choices: tuple[Choice, ...] = ()
    shelf: Shelf | None = None
    basis: Basis = "agreed"
    names: tuple[str, str] = ("", "")
    dimensions: Figure | None = None
    levels: Figure | None = None
    moves: Figure | None = None
    questions: Figure | None = None
    progress: Figure | None = None
    higher: int = 0
    lower: int = 0
    same: int = 0
    left_out: tuple[LeftOutView, ...] = ()


def compare_address(measurement: Measurement, other: Measurement, basis: Basis) -> str:
    address = reverse("compare_measurements", args=[measurement.workbook_id, measurement.pk])
    return f"{address}?{urlencode({'with': str(other.pk), 'basis': basis})}"


def compare_page(later: Read, reads: Sequence[Read], chosen: Measurement, basis: Basis) -> ComparePage:
    """`reads`: all that can be compared with, oldest first; `chosen` is one of them."""
    earlier = next(each for each in reads if each.measurement.pk == chosen.pk)
    measurement = later.measurement
    names = (name_of(chosen), name_of(measurement))
    now: Measured = later.on(basis)
    comparison = compare(earlier.on(basis), now)
    ways = ways_into(measurement)
    query = f"?{urlencode({'with': str(chosen.pk), 'basis': basis})}"
    base = base_of("compared_figure", measurement.workbook_id, measurement.pk)
    shelf = shelf_of(measurement, _("Compared: %(earlier)s and %(later)s") % {
        "earlier": names[0], "later": names[1],
    }, base, query)  # fmt: skip
    dimensions = _dimension_figure(shelf, comparison, names, ways) if comparison.dimensions else None
    levels = _level_figure(shelf, comparison, names, ways)
    moves, questions = _question_figures(shelf, comparison, names, ways)
    return ComparePage(
        measurement=measurement,
        chosen=chosen,
        choices=tuple(
            Choice(name_of(each.measurement), compare_address(measurement, each.measurement, basis),
                   each.measurement.pk == chosen.pk, place == 0)
            for place, each in enumerate(reads)
        ),
        shelf=shelf,
        basis=basis,
        names=names,
        dimensions=dimensions,
        levels=levels,
        moves=moves,
        questions=questions if comparison.questions else None,
        progress=_progress_figure(shelf, [*reads, later], basis, ways),
        higher=len(comparison.higher),
        lower=len(comparison.lower),
        same=len(comparison.questions) - len(comparison.higher) - len(comparison.lower),
        left_out=_left_out(shelf, comparison),
    )  # fmt: skip
