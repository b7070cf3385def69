"""How many joined, voted and wrote: read once for a whole room."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum

from koers.assessment.models import Idea, IdeaVote, Phase, Respondent, Response, StepKind, Workshop


@dataclass(frozen=True)
class Counts:
    """People, with the size of each group; of the present question and ballot, or of the ranking. And ideas."""

    joined: int
    voted: int
    ideas: int


def counts_of(workshop: Workshop) -> Counts:
    """Two or three queries."""
    here = Respondent.objects.filter(workshop_id=workshop.pk, withdrawn_at=None)
    joined = here.aggregate(people=Sum("size"))["people"] or 0
    step = workshop.step
    if workshop.question:
        votes = Response.objects.filter(
            respondent__workshop_id=workshop.pk, respondent__withdrawn_at=None, question=workshop.question,
            ballot=workshop.ballot,
        )  # fmt: skip
        return Counts(joined, votes.aggregate(people=Sum("respondent__size"))["people"] or 0, 0)
    if step is None or step.kind not in {StepKind.IDEAS, StepKind.RANKING}:
        return Counts(joined, 0, 0)
    ideas = Idea.objects.filter(workshop_id=workshop.pk, kind=step.idea_kind, hidden=False, merged_into=None)
    number = ideas.aggregate(number=Count("pk"))["number"]
    ranked = 0
    if step.kind == StepKind.RANKING and workshop.phase in {Phase.RANKING, Phase.SHOWN}:
        given = IdeaVote.objects.filter(idea__workshop_id=workshop.pk, idea__kind=step.idea_kind)
        ranked = here.filter(pk__in=given.values("respondent_id")).aggregate(people=Sum("size"))["people"] or 0
    return Counts(joined, ranked, number)


def points_of(workshop: Workshop) -> dict[int, int]:
    """The points of each idea, with those of what was merged into it; who answer together count each."""
    rows = (
        IdeaVote.objects.filter(idea__workshop_id=workshop.pk)
        .values_list("idea_id", "idea__merged_into_id")
        .annotate(sum=Sum(F("points") * F("respondent__size")))
    )
    points: dict[int, int] = {}
    for idea, into, total in rows:
        points[into or idea] = points.get(into or idea, 0) + total
    return points
