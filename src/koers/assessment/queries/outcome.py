"""What came out of a workshop: how many took part, per question the spread and what was agreed, the ideas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Sum

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Instrument, Question
from koers.assessment.models import Consensus, Idea, IdeaKind, IdeaVote, Respondent, Response, Role, Workshop
from koers.assessment.queries.votes import kind_being_ranked, unseen_votes
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_groups
from koers.assessment.values import answer_text
from koers.workbook.values import Value


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
class RankedIdea:
    text: str
    points: int
    placed: str
    merged: int


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


def _asked(
    question: Question, ballots: Mapping[int, Sequence[tuple[Value, int]]], agreed: Consensus | None
) -> AskedQuestion:
    last = spread_of(question, list(ballots[max(ballots)]) if ballots else [])
    first = spread_of(question, list(ballots[1])) if len(ballots) > 1 and 1 in ballots else None
    return AskedQuestion(
        question=question,
        answered=last.answered,
        bars=_bars(question, last, first),
        given=_rows(question, last),
        agreed=answer_text(question, agreed.value) if agreed else "",
        reason=agreed.reason if agreed else "",
        arguments_for=agreed.arguments_for if agreed else "",
        arguments_against=agreed.arguments_against if agreed else "",
    )


def _questions(workshop: Workshop, instrument: Instrument) -> tuple[AskedQuestion, ...]:
    """Those that were voted on or agreed here, in the order of the instrument."""
    ballots: dict[str, dict[int, list[tuple[Value, int]]]] = {}
    rows = Response.objects.filter(respondent__workshop_id=workshop.pk, respondent__withdrawn_at=None)
    rows = rows.exclude(unseen_votes([workshop]))
    for key, ballot, value, size in rows.values_list("question", "ballot", "value", "respondent__size"):
        ballots.setdefault(key, {}).setdefault(ballot, []).append((value, size))
    agreed = {each.question: each for each in Consensus.objects.filter(workshop_id=workshop.pk)}
    return tuple(
        _asked(question, ballots.get(key, {}), agreed.get(key))
        for key, question in instrument.questions.items()
        if key in ballots or key in agreed
    )


def _ideas(workshop: Workshop) -> tuple[IdeasOfKind, ...]:
    rows = list(Idea.objects.filter(workshop_id=workshop.pk, hidden=False))
    shown = IdeaVote.objects.filter(idea__workshop_id=workshop.pk).exclude(idea__kind=kind_being_ranked(workshop))
    own = shown.values_list("idea_id")
    points = dict(own.annotate(sum=Sum(F("points") * F("respondent__size"))).values_list("idea_id", "sum"))
    merged: dict[int, list[int]] = {}
    for each in rows:
        if each.merged_into_id:
            merged.setdefault(each.merged_into_id, []).append(each.pk)

    def ranked(each: Idea) -> RankedIdea:
        beneath = merged.get(each.pk, [])
        total = sum(points.get(pk, 0) for pk in [each.pk, *beneath])
        return RankedIdea(each.text, total, each.placed, len(beneath))

    told = []
    for kind in IdeaKind:
        ideas = [ranked(each) for each in rows if each.kind == kind and each.merged_into_id is None]
        if ideas:
            told.append(IdeasOfKind(kind, str(kind.label), tuple(sorted(ideas, key=lambda idea: -idea.points))))
    return tuple(told)


def outcome_of(workshop: Workshop) -> Outcome:
    """Five queries, whatever the number of people, questions and ideas."""
    here = Respondent.objects.filter(workshop_id=workshop.pk, withdrawn_at=None)
    sizes: dict[str, int] = dict(here.values_list("role").annotate(people=Sum("size")))
    shown = shown_groups(sizes)
    return Outcome(
        people=sum(sizes.values()),
        roles=tuple((str(role.label), sizes[role]) for role in Role if role in shown),
        questions=_questions(workshop, asked_by(workshop.measurement)),
        ideas=_ideas(workshop),
    )
