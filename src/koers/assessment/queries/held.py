"""What was said in one workshop: who was there, what was voted and agreed, the ideas. For its page and its report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Sum

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Dimension, Question
from koers.assessment.live.counting import points_of
from koers.assessment.models import Consensus, Idea, Respondent, Response, Role, Workshop
from koers.assessment.queries.votes import kind_being_ranked, unseen_votes
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_groups
from koers.workbook.values import Value


@dataclass(frozen=True)
class Voted:
    """One question as the room answered it. `first` is the vote before the one that counts, when there were two."""

    question: Question
    dimension: Dimension
    spread: Spread
    first: Spread | None
    consensus: Consensus | None


@dataclass(frozen=True)
class RankedIdea:
    """An idea with the points it got, its own and those of the ideas merged into it; `merged` counts the ones shown."""

    kind: str
    text: str
    points: int
    placed: str
    merged: int


@dataclass(frozen=True)
class Held:
    """Everything of a workshop that may be told. `roles`: the people of each role that may be shown.

    `voted` is in the order of the instrument; `ideas` has the one with the most points first.
    """

    people: int
    roles: Mapping[Role, int]
    voted: tuple[Voted, ...]
    ideas: tuple[RankedIdea, ...]


def held_in(workshop: Workshop) -> Held:
    """Five queries, whatever the number of people, questions and ideas. What its room did not see yet is left out."""
    here = Respondent.objects.filter(workshop_id=workshop.pk, withdrawn_at=None)
    sizes: dict[str, int] = dict(here.values_list("role").annotate(people=Sum("size")))
    shown = shown_groups(sizes)
    return Held(
        people=sum(sizes.values()),
        roles={role: sizes[role] for role in Role if role in shown},
        voted=tuple(_voted(workshop)),
        ideas=tuple(sorted(_ideas(workshop), key=lambda idea: -idea.points)),
    )


def _voted(workshop: Workshop) -> Iterator[Voted]:
    """The questions that were voted on or agreed here."""
    ballots: dict[str, dict[int, list[tuple[Value, int]]]] = {}
    rows = Response.objects.filter(respondent__workshop_id=workshop.pk, respondent__withdrawn_at=None)
    rows = rows.exclude(unseen_votes([workshop]))
    for key, ballot, value, size in rows.values_list("question", "ballot", "value", "respondent__size"):
        ballots.setdefault(key, {}).setdefault(ballot, []).append((value, size))
    agreed = {each.question: each for each in Consensus.objects.filter(workshop_id=workshop.pk)}
    for dimension in asked_by(workshop.measurement).dimensions:
        for question in dimension.questions:
            votes = [given for _ballot, given in sorted(ballots.get(question.key, {}).items())]
            if votes or question.key in agreed:
                yield Voted(
                    question,
                    dimension,
                    spread_of(question, votes[-1] if votes else []),
                    spread_of(question, votes[-2]) if len(votes) > 1 else None,
                    agreed.get(question.key),
                )


def _ideas(workshop: Workshop) -> Iterator[RankedIdea]:
    """The ideas that stand. The points of a ranking that goes on are for nobody yet."""
    ideas = list(Idea.objects.filter(workshop_id=workshop.pk, hidden=False))
    points, ranked = points_of(workshop), kind_being_ranked(workshop)
    for idea in ideas:
        if idea.merged_into_id is None:
            merged = sum(each.merged_into_id == idea.pk for each in ideas)
            given = 0 if idea.kind == ranked else points.get(idea.pk, 0)
            yield RankedIdea(idea.kind, idea.text, given, idea.placed, merged)
