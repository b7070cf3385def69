"""What is read to make the report of a workshop. Call it within the administration's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Dimension, Question
from koers.assessment.models import Consensus, Idea, IdeaVote, Respondent, Response, Role, Step, Workshop
from koers.assessment.queries.votes import kind_being_ranked, unseen_votes
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_groups
from koers.workbook.values import Value


@dataclass(frozen=True)
class Voted:
    """One question as the room answered it. `first` is the vote before the one that counts; `people` took part."""

    question: Question
    dimension: Dimension
    spread: Spread
    first: Spread | None
    people: int
    consensus: Consensus | None


@dataclass(frozen=True)
class RankedIdea:
    """An idea with the points it got, its own and those of the ideas merged into it."""

    kind: str
    text: str
    points: int
    placed: str


@dataclass(frozen=True)
class Material:
    """Everything of a workshop that its report tells. `roles`: the people of each role that may be shown."""

    workshop: Workshop
    people: int
    roles: Mapping[str, int]
    voted: tuple[Voted, ...]
    ideas: tuple[RankedIdea, ...]
    steps: tuple[Step, ...]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that the room talked about, in the order of the instrument."""
        return tuple(dict.fromkeys(each.dimension for each in self.voted))

    def of(self, dimension: Dimension) -> tuple[Voted, ...]:
        return tuple(each for each in self.voted if each.dimension is dimension)


def material_of(workshop: Workshop) -> Material:
    """Read a workshop, in a fixed number of queries."""
    participants = list(Respondent.objects.filter(workshop=workshop).values_list("role", "size"))
    roles = {role.value: sum(size for held, size in participants if held == role.value) for role in Role}
    shown = shown_groups({role: size for role, size in roles.items() if size})
    return Material(
        workshop=workshop,
        people=sum(roles.values()),
        roles={role: size for role, size in roles.items() if role in shown},
        voted=tuple(_voted(workshop)),
        ideas=tuple(_ideas(workshop)),
        steps=tuple(Step.objects.filter(workshop=workshop)),
    )


def _voted(workshop: Workshop) -> Iterable[Voted]:
    rows = Response.objects.filter(respondent__workshop=workshop).exclude(unseen_votes([workshop]))
    rows = rows.order_by("question", "ballot")
    ballots: dict[str, dict[int, list[tuple[Value, int]]]] = {}
    for key, ballot, value, size in rows.values_list("question", "ballot", "value", "respondent__size"):
        ballots.setdefault(key, {}).setdefault(ballot, []).append((value, size))
    agreed = {each.question: each for each in Consensus.objects.filter(workshop=workshop)}
    for dimension in asked_by(workshop.measurement).dimensions:
        for question in dimension.questions:
            votes = ballots.get(question.key, {})
            if not votes and question.key not in agreed:
                continue
            numbers = sorted(votes)
            last: list[tuple[Any, int]] = votes[numbers[-1]] if numbers else []
            yield Voted(
                question=question,
                dimension=dimension,
                spread=spread_of(question, last),
                first=spread_of(question, votes[numbers[-2]]) if len(numbers) > 1 else None,
                people=sum(size for _value, size in last),
                consensus=agreed.get(question.key),
            )


def _ideas(workshop: Workshop) -> list[RankedIdea]:
    """The ideas that stand, the one with the most points first within its kind."""
    ideas = list(Idea.objects.filter(workshop=workshop))
    heads = {each.pk: each.merged_into_id or each.pk for each in ideas}
    points: dict[int, int] = {}
    shown = IdeaVote.objects.filter(idea__workshop=workshop).exclude(idea__kind=kind_being_ranked(workshop))
    for idea, given, people in shown.values_list("idea", "points", "respondent__size"):
        points[heads[idea]] = points.get(heads[idea], 0) + given * people
    standing = [each for each in ideas if each.merged_into_id is None and not each.hidden]
    ranked = [RankedIdea(each.kind, each.text, points.get(each.pk, 0), each.placed) for each in standing]
    return sorted(ranked, key=lambda idea: (idea.kind, -idea.points))
