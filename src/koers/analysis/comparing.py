"""Comparing measurements: only questions that did not change, and only where both have an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from koers.analysis.gates import LevelResult
from koers.analysis.measured import Measured, MeasuredDimension, MeasuredQuestion
from koers.analysis.scoring import QuestionResult, mean_rank
from koers.assessment.instruments.structure import Dimension, Question

Why = Literal["changed", "new", "gone", "unanswered"]


@dataclass(frozen=True, eq=False)
class QuestionChange:
    """One question in two measurements, asked in the same words.

    `change` is the difference of the ranks, within -1 and 1; None for what has no order. `is_same`: the answers are.
    """

    question: Question
    earlier: QuestionResult
    later: QuestionResult

    @property
    def change(self) -> float | None:
        if self.earlier.rank is None or self.later.rank is None:
            return None
        return self.later.rank - self.earlier.rank

    @property
    def steps(self) -> int | None:
        """How many options higher (or, below 0, lower) of a question with one answer."""
        change = self.change
        if change is None or self.question.kind != "single":
            return None
        return round(change * (len(self.question.field.options) - 1))

    @property
    def is_same(self) -> bool:
        return self.earlier.value == self.later.value


@dataclass(frozen=True, eq=False)
class DimensionChange:
    """One dimension in two measurements. Both indices are over the same `common` questions, scored in both.

    Levels are there only when the gates are the same.
    """

    dimension: Dimension
    earlier: float | None
    later: float | None
    common: int
    levels: tuple[LevelResult, LevelResult] | None

    @property
    def change(self) -> float | None:
        return None if self.earlier is None or self.later is None else self.later - self.earlier


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A question that is not compared, and why: its words or answers changed, only one of the two asks it, or one of
    them has no answer to it."""

    question: Question
    why: Why


@dataclass(frozen=True, eq=False)
class Comparison:
    """An earlier measurement beside a later one, in the order of the later."""

    questions: tuple[QuestionChange, ...]
    dimensions: tuple[DimensionChange, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def higher(self) -> tuple[QuestionChange, ...]:
        """What rose, the most first."""
        return tuple(
            sorted((each for each in self.questions if (each.change or 0) > 0), key=lambda e: -(e.change or 0))
        )

    @property
    def lower(self) -> tuple[QuestionChange, ...]:
        """What fell, the most first."""
        return tuple(sorted((each for each in self.questions if (each.change or 0) < 0), key=lambda e: e.change or 0))


def _why_left_out(earlier: MeasuredQuestion | None, later: MeasuredQuestion | None) -> Why | None:
    if earlier is None:
        return "new"
    if later is None:
        return "gone"
    if earlier.question.fingerprint != later.question.fingerprint:
        return "changed"
    return None if earlier.result.is_answered and later.result.is_answered else "unanswered"


def compare(earlier: Measured, later: Measured) -> Comparison:
    """What changed between two measurements. Questions that changed themselves are left out, and named."""
    changes, left_out = [], []
    keys = [*later.questions, *(key for key in earlier.questions if key not in later.questions)]
    for key in keys:
        before, after = earlier.questions.get(key), later.questions.get(key)
        why = _why_left_out(before, after)
        if why is None:
            assert before is not None
            assert after is not None
            changes.append(QuestionChange(after.question, before.result, after.result))
        else:
            asked = after or before
            assert asked is not None
            left_out.append(LeftOut(asked.question, why))
    compared = {each.question.key for each in changes}
    before_by_id = {each.id: each for each in earlier.dimensions}
    dimensions = [
        _dimension(before_by_id[each.id], each, compared)
        for each in later.dimensions
        if each.id in before_by_id and each.is_scored
    ]
    return Comparison(tuple(changes), tuple(dimensions), tuple(left_out))


def _dimension(earlier: MeasuredDimension, later: MeasuredDimension, compared: set[str]) -> DimensionChange:
    before = {each.key: each for each in earlier.questions}
    common = [
        (before[each.key], each)
        for each in later.questions
        if each.key in compared and each.is_scored and before[each.key].is_scored
    ]
    return DimensionChange(
        dimension=later.dimension,
        earlier=mean_rank(each.rank for each, _after in common),
        later=mean_rank(each.rank for _before, each in common),
        common=len(common),
        levels=(earlier.level, later.level) if _same_gates(earlier, later) else None,
    )


def _gates(dimension: MeasuredDimension) -> list[object]:
    """What the levels ask, with the words of what they ask it of: the same exactly when levels can be compared."""
    prints = {each.key: each.question.fingerprint for each in dimension.questions}
    return [
        (level.number, [(prints.get(c.question), c.question, c.row, c.at_least) for c in level.conditions])
        for level in dimension.dimension.levels
    ]


def _same_gates(earlier: MeasuredDimension, later: MeasuredDimension) -> bool:
    return bool(later.dimension.levels) and _gates(earlier) == _gates(later)


@dataclass(frozen=True, eq=False)
class Progress:
    """One dimension over several measurements: its index in each, over the questions that are scored in all."""

    dimension: Dimension
    indices: tuple[float | None, ...]
    common: int


def progress(measurements: Sequence[Measured]) -> tuple[Progress, ...]:
    """The dimensions of the last measurement through all of them, oldest first."""
    if not measurements:
        return ()
    found = []
    for dimension in measurements[-1].scored_dimensions:
        same = [
            each.key
            for each in dimension.questions
            if each.is_scored and all(_is_scored_alike(each, other) for other in measurements)
        ]
        indices = tuple(mean_rank(each.questions[key].rank for key in same) for each in measurements)
        found.append(Progress(dimension.dimension, indices, len(same)))
    return tuple(found)


def _is_scored_alike(asked: MeasuredQuestion, measured: Measured) -> bool:
    other = measured.questions.get(asked.key)
    return other is not None and other.is_scored and other.question.fingerprint == asked.question.fingerprint
