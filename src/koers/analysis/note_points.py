"""What to look at in the ambition note: the questions and dimensions that a measurement points to, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from koers.analysis.measured import Measured, MeasuredDimension, MeasuredQuestion

Reason = Literal["low", "blocking", "contested", "perceived", "coverage"]

MOST: Final = 8
# From so much disagreement on, what is agreed is no common ground yet: a quarter of the way to two camps.
CONTESTED: Final = 0.25
APART: Final = 0.4
COVERED: Final = 0.5

# The section of the workbook that takes it up: obstacles and actions, what and why, ownership, the question itself.
_SECTIONS: Final[dict[Reason, str]] = {
    "low": "C.1.2", "blocking": "C.1.2", "contested": "C.2.3", "perceived": "C.1.1", "coverage": "",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class NotePoint:
    """One point: a question, or a dimension as a whole, with the reasons in their usual order.

    `section` is the section of the workbook that takes it up: of its first reason.
    """

    dimension: MeasuredDimension
    question: MeasuredQuestion | None
    reasons: tuple[Reason, ...]

    @property
    def section(self) -> str:
        return _SECTIONS[self.reasons[0]] or self.dimension.id


def _reasons(question: MeasuredQuestion, blocking: frozenset[str]) -> Iterable[Reason]:
    if question.is_scored and question.rank is not None and question.rank < 0.5:
        yield "low"
    if question.key in blocking:
        yield "blocking"
    if question.is_contested and (question.disagreement or 0) >= CONTESTED:
        yield "contested"


def _of(dimension: MeasuredDimension) -> Iterable[NotePoint]:
    blocking = frozenset(each.question.key for each in dimension.level.blocking if each.why == "lower")
    for question in dimension.questions:
        reasons = tuple(_reasons(question, blocking))
        if reasons:
            yield NotePoint(dimension, question, reasons)
    if dimension.scorable and dimension.scored and dimension.scored / dimension.scorable < COVERED:
        yield NotePoint(dimension, None, ("coverage",))


def _perceived(measured: Measured) -> Iterable[NotePoint]:
    """A perception that lies far from every dimension that was measured."""
    indices = [each.index for each in measured.dimensions if each.index is not None]
    if not indices:
        return
    by_key = {each.key: dimension for dimension in measured.dimensions for each in dimension.questions}
    for question in measured.perceptions:
        if question.rank is not None and min(abs(question.rank - index) for index in indices) >= APART:
            yield NotePoint(by_key[question.key], question, ("perceived",))


def note_points(measured: Measured, most: int = MOST) -> tuple[NotePoint, ...]:
    """At most so many points: those with the most reasons first, then the lowest, then in the instrument's order."""
    found = [point for each in measured.dimensions for point in _of(each)] + list(_perceived(measured))

    def weight(point: NotePoint) -> tuple[int, float]:
        rank = point.question.rank if point.question else None
        return -len(point.reasons), 1.0 if rank is None else rank

    return tuple(sorted(found, key=weight)[:most])
