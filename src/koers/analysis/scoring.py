"""What the answers say: profiles and indicative indices (the published method: docs/method.md).

Pure functions over an edition and the values of its fields. Which sections are dimensions follows from the edition:

- a dimension is a section that asks `ordinal` questions outside a grid (B.4.1 to B.4.5 of the playbook);
- the estimates are the `ordinal` fields of a grid (the six OECD dimensions of A.1);
- leadership is an `ordinal` matrix, adoption a grid of percentages that must add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any, Literal

from koers.editions.structure import Edition, Field, Group, Row, Section
from koers.workbook.values import Value, choice_text, is_answered, plain_text

State = Literal["scored", "context", "doubtful", "perception", "not-applicable", "dont-know", "unanswered"]

Values = Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class RowResult:
    """One row of a matrix: for leadership, one of the four types."""

    field: Field
    row: Row
    choice: int | None
    rank: float | None

    @property
    def steps(self) -> int:
        return len(self.field.options)

    def answer_text(self, language: str | None = None) -> str:
        return "" if self.choice is None else choice_text(self.field, self.choice, language)


@dataclass(frozen=True, eq=False)
class QuestionResult:
    """What was answered to one question, and what counts of it.

    `rank` lies within 0..1 and is there for scored, doubtful and perception questions only. `value` is what was
    stored, without the remark.
    """

    field: Field
    state: State
    rank: float | None
    value: Value
    remark: str

    @property
    def number(self) -> str:
        """The number of the question within its section."""
        return self.field.key.rsplit("/", 1)[-1]

    @property
    def steps(self) -> int:
        """How many options the scale has."""
        return len(self.field.options)

    @property
    def choice(self) -> int | None:
        """The option chosen of a question with one answer, 1-based in the playbook's order."""
        choice = (self.value or {}).get("choice")
        return choice if isinstance(choice, int) else None

    @property
    def is_answered(self) -> bool:
        return self.state != "unanswered"

    @cached_property
    def rows(self) -> tuple[RowResult, ...]:
        """Of a matrix, each row with its own rank."""
        chosen = (self.value or {}).get("rows", {})
        return tuple(
            RowResult(self.field, row, chosen.get(row.id), _rank(self.field, chosen.get(row.id)))
            for row in self.field.rows
        )

    def answer_text(self, language: str | None = None) -> str:
        """The answer in words, without its remark; of a list or matrix one line an item."""
        return plain_text(self.field, self.value, language)


@dataclass(frozen=True, eq=False)
class DimensionResult:
    """One dimension: its questions, and the plain mean of the scored ones.

    `index` is None while nothing was scored. `sensitivity_index` is the same mean with the doubtful questions in it.
    Coverage is `scored` of `scorable`; questions that do not apply are not scorable.
    """

    section: Section
    index: float | None
    sensitivity_index: float | None
    scored: int
    scorable: int
    questions: tuple[QuestionResult, ...]

    @property
    def is_complete(self) -> bool:
        return self.scored == self.scorable

    @property
    def left_out(self) -> int:
        """Questions that would be scored, had the answer not been “not applicable” or “don't know”."""
        return sum(
            each.field.scoring == "ordinal" and each.state in {"not-applicable", "dont-know"} for each in self.questions
        )

    @property
    def answered(self) -> int:
        return sum(each.is_answered for each in self.questions)

    @property
    def doubtful(self) -> tuple[QuestionResult, ...]:
        """The doubtful questions that were answered."""
        return tuple(each for each in self.questions if each.state == "doubtful")


@dataclass(frozen=True, eq=False)
class Estimate:
    """The estimate of one group of a grid: low, medium or high for one of the six OECD dimensions."""

    group: Group
    question: QuestionResult


@dataclass(frozen=True, eq=False)
class Share:
    """One quadrant of the adoption matrix and the rough share of the staff in it, in percent."""

    field: Field
    group: Group
    percent: float | None


@dataclass(frozen=True, eq=False)
class Adoption:
    """The adoption matrix. `expected` is what the shares should add up to."""

    shares: tuple[Share, ...]
    total: float
    expected: int

    @property
    def answered(self) -> int:
        return sum(each.percent is not None for each in self.shares)

    @property
    def is_complete(self) -> bool:
        return bool(self.shares) and self.answered == len(self.shares)

    @property
    def adds_up(self) -> bool:
        return self.is_complete and self.total == self.expected


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything that the results page and the note show. There is no overall index and no rank, on purpose."""

    dimensions: tuple[DimensionResult, ...]
    perceptions: tuple[QuestionResult, ...]
    oecd: tuple[Estimate, ...]
    leadership: tuple[RowResult, ...]
    adoption: Adoption

    @property
    def is_empty(self) -> bool:
        """Not one question was answered that the analysis shows."""
        return not (
            any(each.answered for each in self.dimensions)
            or any(each.question.is_answered for each in self.oecd)
            or self.adoption.answered
        )

    @property
    def scored(self) -> int:
        return sum(each.scored for each in self.dimensions)

    @property
    def scorable(self) -> int:
        return sum(each.scorable for each in self.dimensions)

    @property
    def questions(self) -> tuple[QuestionResult, ...]:
        return tuple(each for dimension in self.dimensions for each in dimension.questions)


def _rank(field: Field, choice: Any) -> float | None:
    """Where a choice stands among its options, from 0 (lowest) to 1 (highest)."""
    last = len(field.options) - 1
    if not isinstance(choice, int) or last < 1:
        return None
    rank = (choice - 1) / last
    return 1 - rank if field.descending else rank


def _percent_rank(field: Field, percent: Any) -> float | None:
    if percent is None:
        return None
    rank = float(percent) / 100
    return 1 - rank if field.descending else rank


def _matrix_rank(field: Field, rows: Mapping[str, int]) -> float | None:
    """The mean of the rows that were answered, in the order of the edition."""
    return mean_rank(_rank(field, rows.get(row.id)) for row in field.rows)


def mean_rank(ranks: Iterable[float | None]) -> float | None:
    """The plain mean of the ranks that are known; None without any."""
    known = [rank for rank in ranks if rank is not None]
    return fmean(known) if known else None


def _state(field: Field, value: Value) -> State:
    if not is_answered(value):
        return "unanswered"
    chosen = [(value or {}).get("choice"), *(value or {}).get("choices", [])]
    if field.extra and field.extra in chosen:
        return field.extra
    match field.scoring:
        case "ordinal":
            return "scored"
        case "doubtful" | "perception":
            return field.scoring
        case _:
            return "context"


def question_result(field: Field, value: Value) -> QuestionResult:
    """What one answer counts for."""
    state = _state(field, value)
    given = {key: part for key, part in (value or {}).items() if key != "remark"} or None
    rank = None
    if given and state in {"scored", "doubtful", "perception"}:
        match field.kind:
            case "matrix":
                rank = _matrix_rank(field, given.get("rows", {}))
            case "percent":
                rank = _percent_rank(field, given.get("percent"))
            case _:
                rank = _rank(field, given.get("choice"))
    return QuestionResult(field, state, rank, given, str((value or {}).get("remark", "")))


def _listed(section: Section) -> list[Field]:
    """The fields of a section that are questions of an instrument: scored or context, and not in a grid."""
    return [field for block in section.blocks if block.layout == "list" for field in block.fields if field.scoring]


def _dimension(section: Section, fields: Iterable[Field], values: Values) -> DimensionResult:
    questions = tuple(question_result(field, values.get(field.key)) for field in fields)
    scored = [each.rank for each in questions if each.state == "scored"]
    doubtful = [each.rank for each in questions if each.state == "doubtful"]
    return DimensionResult(
        section=section,
        index=mean_rank(scored),
        sensitivity_index=mean_rank([*scored, *doubtful]),
        scored=len(scored),
        scorable=sum(each.field.scoring == "ordinal" and each.state in {"scored", "unanswered"} for each in questions),
        questions=questions,
    )


def _estimates(edition: Edition, values: Values) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(group, question_result(field, values.get(field.key)))
        for section in edition.sections.values()
        for block in section.blocks
        for group in block.groups
        for field in block.of_group(group.id)
        if field.scoring == "ordinal"
    )


def _adoption(edition: Edition, values: Values) -> Adoption:
    blocks = [block for found in edition.totals.values() for block in found]
    shares = tuple(
        Share(field, group, (values.get(field.key) or {}).get("percent"))
        for block in blocks[:1]
        for group in block.groups
        for field in block.of_group(group.id)
        if field.kind == "percent"
    )
    total = round(sum(each.percent or 0 for each in shares), 2)
    return Adoption(shares, total, (blocks[0].total if blocks else None) or 100)


def analyse(edition: Edition, values: Values) -> Analysis:
    """The analysis of the answers to one edition. Pure: the same answers always give the same analysis."""
    asked = {section.id: _listed(section) for section in edition.sections.values()}
    dimensions = tuple(
        _dimension(edition.sections[section_id], fields, values)
        for section_id, fields in asked.items()
        if any(field.scoring == "ordinal" for field in fields)
    )
    questions = [each for dimension in dimensions for each in dimension.questions]
    return Analysis(
        dimensions=dimensions,
        perceptions=tuple(each for each in questions if each.field.scoring == "perception"),
        oecd=_estimates(edition, values),
        leadership=tuple(
            row
            for each in questions
            if each.field.kind == "matrix" and each.field.scoring == "ordinal"
            for row in each.rows
        ),
        adoption=_adoption(edition, values),
    )


def strengths(analysis: Analysis, count: int = 5) -> tuple[QuestionResult, ...]:
    """The scored questions answered highest, above the middle of their scale; ties in the playbook's order."""
    high = [each for each in analysis.questions if each.state == "scored" and each.rank is not None and each.rank > 0.5]
    return tuple(sorted(high, key=lambda each: -(each.rank or 0))[:count])


def attention_points(analysis: Analysis, count: int = 5) -> tuple[QuestionResult, ...]:
    """The scored questions answered lowest, below the middle of their scale; ties in the playbook's order."""
    low = [each for each in analysis.questions if each.state == "scored" and each.rank is not None and each.rank < 0.5]
    return tuple(sorted(low, key=lambda each: each.rank or 0)[:count])
