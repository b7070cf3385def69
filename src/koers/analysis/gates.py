"""Levels by gates: a level is reached when all of its conditions are met, and those of every level before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from koers.analysis.scoring import question_result
from koers.assessment.instruments.structure import Condition, Dimension, Level, Question
from koers.workbook.values import Value


@dataclass(frozen=True, eq=False)
class Blocking:
    """A condition that is not met, with the answer that is in the way: too low, or not given yet."""

    condition: Condition
    question: Question
    answer: Value
    why: Literal["lower", "unanswered"]


@dataclass(frozen=True, eq=False)
class LevelResult:
    """The level that a dimension reached, and what keeps it from the next one.

    `level` is None for a dimension without levels, and while no answer says anything about its gates ("not applicable"
    and "don't know" do not). `blocking` names each answer that blocks `next`, in the order of the gate.
    """

    level: Level | None = None
    next: Level | None = None
    blocking: tuple[Blocking, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.level is not None


def _heights(question: Question, value: Value, row: str) -> Iterator[float | None]:
    """How high the question is answered, counted from low to high; None for what has no answer yet.

    Of a matrix without a row named each row counts.
    """
    asked, given = question.field, value or {}
    if question.kind == "percent":
        yield given.get("percent")
        return
    chosen = [given.get("choice")]
    if question.kind == "matrix":
        rows = given.get("rows", {})
        chosen = [rows.get(each.id) for each in asked.rows if row in {"", each.id}]
    for choice in chosen:
        if not isinstance(choice, int):
            yield None
        else:
            yield len(asked.options) + 1 - choice if asked.descending else choice


def _blocks(condition: Condition, question: Question, value: Value) -> Blocking | None:
    """Why a condition is not met; None when it is. What does not apply never stands in the way."""
    if question_result(question.field, value).state == "not-applicable":
        return None
    heights = list(_heights(question, value, condition.row))
    if not heights or any(height is None for height in heights):
        return Blocking(condition, question, value, "unanswered")
    if any(height is not None and height < condition.at_least for height in heights):
        return Blocking(condition, question, value, "lower")
    return None


def _says_something(question: Question, value: Value) -> bool:
    return question_result(question.field, value).state not in {"unanswered", "not-applicable", "dont-know"}


def level_of(dimension: Dimension, values: Mapping[str, Value]) -> LevelResult:
    """The level of a dimension by the values of its questions.

    A level of which nothing applies stands in nobody's way, and is reached by nobody either.
    """
    questions = {each.key: each for each in dimension.questions}
    levels = sorted(dimension.levels, key=lambda level: level.number)
    asked = {each.question for level in levels for each in level.conditions if each.question in questions}
    if not any(_says_something(questions[key], values.get(key)) for key in asked):
        return LevelResult()
    reached: Level | None = None
    for level in levels:
        conditions = [
            (each, questions[each.question], values.get(each.question))
            for each in level.conditions
            if each.question in questions
        ]
        blocking = tuple(found for found in (_blocks(*each) for each in conditions) if found is not None)
        if blocking:
            return LevelResult(reached, level, blocking)
        if not level.conditions or any(_says_something(question, value) for _each, question, value in conditions):
            reached = level
    return LevelResult(reached)
