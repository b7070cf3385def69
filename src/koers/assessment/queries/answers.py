"""What was answered in a measurement, and what was agreed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from koers.assessment.models import Consensus, Measurement, Response
from koers.assessment.queries.votes import unseen_in
from koers.workbook.values import Value


@dataclass(frozen=True)
class Given:
    """One respondent's final answer to one question.

    `first` is what she answered in the first ballot, when there were two. `workshop` is set for who took part
    in one: she has a role, and neither name nor department.
    """

    question: str
    respondent: int
    mode: str
    role: str
    department: str
    name: str
    size: int
    value: Value
    first: Value
    workshop: UUID | None


_OF: tuple[str, ...] = (
    "question", "respondent_id", "respondent__mode", "respondent__role", "respondent__department", "respondent__name",
    "respondent__size", "value", "respondent__workshop_id",
)  # fmt: skip


def given_answers(measurement: Measurement, question: str = "") -> list[Given]:
    """The final answers, to one question or to all. Two queries.

    A vote of a workshop that its room has not seen yet is left out. Who was withdrawn from a workshop is too; of others
    the answers are gone unless somebody chose to keep them.
    """
    return given_in([measurement], question)[measurement.pk]


def given_in(measurements: Collection[Measurement], question: str = "") -> dict[UUID, list[Given]]:
    """The final answers in each of several measurements. Two queries."""
    here = [each.pk for each in measurements]
    rows = Response.objects.filter(measurement__in=here).exclude(unseen_in(here))
    rows = rows.exclude(respondent__withdrawn_at__isnull=False, respondent__workshop__isnull=False)
    if question:
        rows = rows.filter(question=question)
    final: dict[UUID, dict[tuple[str, int], Given]] = {each.pk: {} for each in measurements}
    for measurement, key, respondent, mode, role, department, name, size, value, workshop in rows.order_by(
        "respondent_id", "question", "ballot"
    ).values_list("measurement_id", *_OF):
        found = final[measurement]
        before = found.get((key, respondent))
        first = None if before is None else before.first if before.first is not None else before.value
        found[key, respondent] = Given(
            key, respondent, mode, role, department, name, size, value, first, workshop
        )  # fmt: skip
    return {measurement: list(found.values()) for measurement, found in final.items()}


def consensus_of(measurement: Measurement) -> dict[str, Consensus]:
    """What was agreed, by question. One query."""
    rows = Consensus.objects.filter(measurement_id=measurement.pk).select_related("decided_by")
    return {each.question: each for each in rows}


def agreed_in(measurements: Collection[Measurement]) -> dict[UUID, dict[str, Value]]:
    """What was agreed in each of several measurements, by question. One query."""
    found: dict[UUID, dict[str, Value]] = {each.pk: {} for each in measurements}
    rows = Consensus.objects.filter(measurement__in=list(found)).values_list("measurement_id", "question", "value")
    for measurement, question, value in rows:
        found[measurement][question] = value
    return found
