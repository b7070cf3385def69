"""What a measurement says: per question what was taken and how the answers lie, per dimension index and level.

Pure: the same answers always give the same result, in whichever order they come (the published method: docs/method.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from statistics import fmean
from typing import Final, Literal, TypeVar
from uuid import UUID

from koers.analysis.gates import LevelResult, level_of
from koers.analysis.scoring import QuestionResult, mean_rank, question_result
from koers.assessment.instruments.structure import Dimension, Instrument, Question
from koers.assessment.models import Role
from koers.assessment.queries.answers import Given
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_roles
from koers.workbook.values import Value, is_answered

Basis = Literal["agreed", "middle"]

_G = TypeVar("_G")
_IN_WORDS: Final = frozenset({"text", "open", "line", "list"})

LEAST_TO_DISAGREE: Final = 3
"""So many people at least must have answered a question before it is called contested."""


@dataclass(frozen=True, eq=False)
class MeasuredQuestion:
    """One question. `result` is of the value that was taken: what was agreed, else (on that basis) the middle answer.

    `by_role` holds only the roles that may be shown; `ranks` is the mean rank of each of those, of a scored question.
    """

    question: Question
    result: QuestionResult
    agreed: bool
    spread: Spread
    by_mode: Mapping[str, Spread]
    by_role: Mapping[str, Spread]
    ranks: Mapping[str, float]
    roles_hidden: frozenset[str]

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def number(self) -> str:
        return self.result.number

    @property
    def rank(self) -> float | None:
        return self.result.rank

    @property
    def disagreement(self) -> float | None:
        return self.spread.disagreement

    @property
    def is_scored(self) -> bool:
        return self.result.state == "scored" and not self.question.is_custom

    @property
    def is_contested(self) -> bool:
        """Whether enough people answered to speak of disagreement, and there is some."""
        return self.spread.answered >= LEAST_TO_DISAGREE and bool(self.spread.disagreement)


@dataclass(frozen=True, eq=False)
class RoleIndex:
    """The index of one role in one dimension; hidden when it answered and may not be shown."""

    role: str
    index: float | None = None
    hidden: bool = False


@dataclass(frozen=True, eq=False)
class MeasuredDimension:
    """One dimension: the plain mean of its scored questions, with its coverage and its level by gates."""

    dimension: Dimension
    index: float | None
    sensitivity_index: float | None
    scored: int
    scorable: int
    level: LevelResult
    questions: tuple[MeasuredQuestion, ...]
    by_role: Mapping[str, RoleIndex] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.dimension.id

    @property
    def is_scored(self) -> bool:
        """Whether it asks anything that can be scored."""
        return any(each.question.field.scoring == "ordinal" for each in self.questions)

    @property
    def agreed(self) -> int:
        return sum(each.agreed for each in self.questions)

    @property
    def answered(self) -> int:
        return sum(each.spread.answered > 0 for each in self.questions)

    @property
    def doubtful(self) -> tuple[MeasuredQuestion, ...]:
        """The doubtful questions with an answer."""
        return tuple(each for each in self.questions if each.result.state == "doubtful")


@dataclass(frozen=True, eq=False)
class Measured:
    """What a measurement says. There is no overall index and no rank, on purpose."""

    instrument: Instrument
    basis: Basis
    dimensions: tuple[MeasuredDimension, ...]
    people: int

    @cached_property
    def questions(self) -> dict[str, MeasuredQuestion]:
        return {each.key: each for dimension in self.dimensions for each in dimension.questions}

    @property
    def agreed(self) -> int:
        return sum(each.agreed for each in self.dimensions)

    @property
    def scored_dimensions(self) -> tuple[MeasuredDimension, ...]:
        return tuple(each for each in self.dimensions if each.is_scored)

    @property
    def perceptions(self) -> tuple[MeasuredQuestion, ...]:
        """Opinions, impressions and expectations: shown beside the measurement, not in it."""
        return tuple(each for each in self.questions.values() if each.question.field.scoring == "perception")

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles from which anybody answered, in their usual order."""
        present = {role for each in self.dimensions for role in each.by_role}
        return tuple(role.value for role in Role if role.value in present)

    @property
    def contested(self) -> tuple[MeasuredQuestion, ...]:
        """Where the answers lie furthest apart, the most contested first; equal ones in the instrument's order."""
        found = [each for each in self.questions.values() if each.is_contested]
        return tuple(sorted(found, key=lambda each: -(each.disagreement or 0)))


def _without_remark(value: Value) -> Value:
    return {key: part for key, part in (value or {}).items() if key != "remark"} or None


@dataclass(frozen=True, slots=True)
class _Alike:
    """All who answered the same, from the same place: of a thousand answers a few dozen remain to be counted."""

    mode: str
    role: str
    workshop: UUID | None
    value: Value
    size: int


def _alike(given: Iterable[Given]) -> list[_Alike]:
    counted: dict[tuple[str, str, UUID | None, str], int] = {}
    values: dict[str, Value] = {}
    for each in given:
        value = each.value
        if value is None or not is_answered(value):
            continue
        choice = value.get("choice")
        said = str(choice) if choice is not None else repr(_without_remark(value))
        values.setdefault(said, value)
        place = (each.mode, each.role, each.workshop, said)
        counted[place] = counted.get(place, 0) + each.size
    return [_Alike(mode, role, workshop, values[said], size) for (mode, role, workshop, said), size in counted.items()]


def _spread(question: Question, given: Iterable[_Alike]) -> Spread:
    """What people wrote stays with who prepares the measurement: here it is only counted."""
    if question.kind in _IN_WORDS:
        return Spread(answered=_people(given))
    return spread_of(question, ((each.value, each.size) for each in given))


def _mean_rank(question: Question, given: Iterable[_Alike]) -> float | None:
    """The mean rank of what these people answered; those to whom it does not apply leave the denominator."""
    results = [(question_result(question.field, each.value), each.size) for each in given]
    ranked = [(each.rank, size) for each, size in results if each.state == "scored" and each.rank is not None]
    people = sum(size for _rank, size in ranked)
    return min(fsum(rank * size for rank, size in ranked) / people, 1.0) if people else None


def _groups(given: Iterable[_G], of: str) -> dict[str, list[_G]]:
    groups: dict[str, list[_G]] = {}
    for each in given:
        groups.setdefault(getattr(each, of), []).append(each)
    return groups


def _people(given: Iterable[Given | _Alike]) -> int:
    return sum(each.size for each in given)


def _question(question: Question, answers: Sequence[Given], agreed: Value, basis: Basis) -> MeasuredQuestion:
    given = _alike(answers)
    spread = _spread(question, given)
    value = agreed if agreed is not None or basis == "agreed" else spread.middle
    roles = _groups(given, "role")
    shown = shown_roles(given)
    ranks = {role: _mean_rank(question, group) for role, group in roles.items() if role in shown}
    return MeasuredQuestion(
        question=question,
        result=question_result(question.field, value),
        agreed=agreed is not None,
        spread=spread,
        by_mode={mode: _spread(question, group) for mode, group in _groups(given, "mode").items()},
        by_role={role.value: _spread(question, roles[role.value]) for role in Role if role.value in shown},
        ranks={role: rank for role, rank in ranks.items() if rank is not None},
        roles_hidden=frozenset(roles) - shown,
    )


def _by_role(questions: Sequence[MeasuredQuestion]) -> dict[str, RoleIndex]:
    """The index of each role, made from nothing but what may be shown: so it needs no hiding of its own."""
    asked = [each for each in questions if each.question.field.scoring == "ordinal" and not each.question.is_custom]
    found: dict[str, RoleIndex] = {}
    for role in Role:
        ranks = [each.ranks[role.value] for each in asked if role.value in each.ranks]
        hidden = any(role.value in each.roles_hidden for each in asked)
        if ranks or hidden:
            found[role.value] = RoleIndex(role.value, fmean(ranks) if ranks else None, hidden and not ranks)
    return found


def _dimension(
    dimension: Dimension, given: Mapping[str, Sequence[Given]], agreed: Mapping[str, Value], basis: Basis
) -> MeasuredDimension:
    questions = tuple(
        _question(each, given.get(each.key, ()), _without_remark(agreed.get(each.key)), basis)
        for each in dimension.questions
    )
    scored = [each.rank for each in questions if each.is_scored]
    doubtful = [each.rank for each in questions if each.result.state == "doubtful"]
    scorable = sum(
        each.question.field.scoring == "ordinal"
        and not each.question.is_custom
        and each.result.state in {"scored", "unanswered"}
        for each in questions
    )
    return MeasuredDimension(
        dimension=dimension,
        index=mean_rank(scored),
        sensitivity_index=mean_rank([*scored, *doubtful]),
        scored=len(scored),
        scorable=scorable,
        level=level_of(dimension, {each.key: each.result.value for each in questions}),
        questions=questions,
        by_role=_by_role(questions),
    )


def measure(
    instrument: Instrument, given: Sequence[Given], agreed: Mapping[str, Value], basis: Basis = "agreed"
) -> Measured:
    """What the answers say. `agreed` is the consensus by question; on the basis ``middle`` a question without one takes
    the lower middle of the answers (provisional)."""
    by_question = _groups(given, "question")
    return Measured(
        instrument=instrument,
        basis=basis,
        dimensions=tuple(_dimension(each, by_question, agreed, basis) for each in instrument.dimensions),
        people=_people({each.respondent: each for each in given if is_answered(each.value)}.values()),
    )
