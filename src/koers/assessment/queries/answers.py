"""What was answered in a measurement, and what was agreed."""

from dataclasses import dataclass
from uuid import UUID

from koers.assessment.models import Consensus, Measurement, Response
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
    """The final answers, to one question or to all. One query.

    Who was withdrawn from a workshop is left out; of others the answers are gone unless somebody chose to keep them.
    """
    rows = Response.objects.filter(measurement_id=measurement.pk).exclude(
        respondent__withdrawn_at__isnull=False, respondent__workshop__isnull=False
    )
    if question:
        rows = rows.filter(question=question)
    final: dict[tuple[str, int], Given] = {}
    for key, respondent, mode, role, department, name, size, value, workshop in rows.order_by(
        "respondent_id", "question", "ballot"
    ).values_list(*_OF):
        before = final.get((key, respondent))
        first = None if before is None else before.first if before.first is not None else before.value
        final[key, respondent] = Given(
            key, respondent, mode, role, department, name, size, value, first, workshop
        )  # fmt: skip
    return list(final.values())


def consensus_of(measurement: Measurement) -> dict[str, Consensus]:
    """What was agreed, by question. One query."""
    rows = Consensus.objects.filter(measurement_id=measurement.pk).select_related("decided_by")
    return {each.question: each for each in rows}
