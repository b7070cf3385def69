"""What came out of a workshop: how many took part, per question the spread and what was agreed, the ideas."""

from dataclasses import dataclass

from koers.assessment.instruments.structure import Question
from koers.assessment.models import IdeaKind, Workshop
from koers.assessment.queries.held import RankedIdea, Voted, held_in
from koers.assessment.spread import Spread
from koers.assessment.values import answer_text


@dataclass(frozen=True)
class Bar:
    """One option of a question: how many chose it in the last ballot, of all who answered then; and in the first."""

    words: str
    count: int
    first: int | None
    width: float


@dataclass(frozen=True)
class AskedQuestion:
    """`given`: of a question without a choice, what was answered in words: shares, or rows."""

    question: Question
    answered: int
    bars: tuple[Bar, ...]
    given: tuple[tuple[str, str], ...]
    agreed: str
    reason: str
    arguments_for: str
    arguments_against: str

    @property
    def voted_twice(self) -> bool:
        return any(each.first is not None for each in self.bars)


@dataclass(frozen=True)
class IdeasOfKind:
    kind: str
    title: str
    ideas: tuple[RankedIdea, ...]

    @property
    def placed(self) -> int:
        return sum(bool(each.placed) for each in self.ideas)


@dataclass(frozen=True)
class Outcome:
    people: int
    roles: tuple[tuple[str, int], ...]
    questions: tuple[AskedQuestion, ...]
    ideas: tuple[IdeasOfKind, ...]

    @property
    def agreed(self) -> int:
        return sum(bool(each.agreed) for each in self.questions)


def _bars(question: Question, last: Spread, first: Spread | None) -> tuple[Bar, ...]:
    field = question.field
    words = [str(each) for each in field.options] if question.kind in {"single", "multi"} else []
    counts, before = list(last.counts), list(first.counts) if first else []
    if words and field.extra:
        words, counts = [*words, str(field.extra_label)], [*counts, last.extra]
        before = [*before, first.extra if first else 0]
    return tuple(
        Bar(text, counts[index], before[index] if first else None, 100 * counts[index] / max(1, last.answered))
        for index, text in enumerate(words)
        if index < len(counts)
    )


def _rows(question: Question, spread: Spread) -> tuple[tuple[str, str], ...]:
    """Of a matrix how many per option, of shares the mean, row by row."""
    rows = {row.id: str(row.label) for row in question.field.rows}
    options = [str(each) for each in question.field.options]
    if question.kind == "shares":
        return tuple((rows[row], f"{round(share)} %") for row, share in spread.shares.items() if row in rows)
    return tuple(
        (rows[row], " · ".join(f"{text} {count}" for text, count in zip(options, counts, strict=False) if count))
        for row, counts in spread.rows.items()
        if row in rows
    )


def _asked(voted: Voted) -> AskedQuestion:
    question, agreed = voted.question, voted.consensus
    return AskedQuestion(
        question=question,
        answered=voted.spread.answered,
        bars=_bars(question, voted.spread, voted.first),
        given=_rows(question, voted.spread),
        agreed=answer_text(question, agreed.value) if agreed else "",
        reason=agreed.reason if agreed else "",
        arguments_for=agreed.arguments_for if agreed else "",
        arguments_against=agreed.arguments_against if agreed else "",
    )


def outcome_of(workshop: Workshop) -> Outcome:
    """What the page of a workshop tells, once it was opened."""
    held = held_in(workshop)
    by_kind = {kind: tuple(each for each in held.ideas if each.kind == kind) for kind in IdeaKind}
    return Outcome(
        people=held.people,
        roles=tuple((str(role.label), size) for role, size in held.roles.items()),
        questions=tuple(_asked(each) for each in held.voted),
        ideas=tuple(IdeasOfKind(kind, str(kind.label), ideas) for kind, ideas in by_kind.items() if ideas),
    )
