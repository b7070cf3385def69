"""The workshops of a workbook, and the plan of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from koers.assessment.actions.planning import begun
from koers.assessment.agenda import HALF_DAY, duration, minutes_for, minutes_of, times
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Instrument, Question
from koers.assessment.models import Consensus, Measurement, Respondent, Status, Step, StepKind, Workshop
from koers.workbook.models import Workbook


@dataclass(frozen=True)
class Listed:
    """A workshop in the list. `people` took part; on `agreed` questions there is a consensus of this workshop."""

    pk: UUID
    title: str
    status: Status
    planned_at: datetime | None
    ended_at: datetime | None
    measurement: str
    minutes: int
    people: int
    agreed: int

    @property
    def length(self) -> str:
        return duration(self.minutes)


def _sum_of(rows: QuerySet[Respondent] | QuerySet[Step], what: str) -> Coalesce:
    sums = rows.filter(workshop=OuterRef("pk")).order_by().values("workshop").annotate(sum=Sum(what)).values("sum")
    return Coalesce(Subquery(sums, output_field=IntegerField()), 0)


def workshops_of(workbook: Workbook) -> list[Listed]:
    """All of them: those under way first, then those planned by when they are, then those that ended. One query."""
    agreed = Consensus.objects.filter(workshop=OuterRef("pk")).order_by().values("workshop")
    rows = Workshop.objects.filter(measurement__workbook_id=workbook.pk).annotate(
        measured=F("measurement__name"),
        minutes=_sum_of(Step.objects.all(), "minutes"),
        people=_sum_of(Respondent.objects.filter(withdrawn_at=None), "size"),
        agreed=Coalesce(Subquery(agreed.annotate(number=Count("pk")).values("number")), 0),
    )
    order = {Status.OPEN: 0, Status.PLANNED: 1, Status.ENDED: 2}
    listed = [
        Listed(
            each.pk, each.title, Status(each.status), each.planned_at, each.ended_at, each.measured, each.minutes,
            each.people, each.agreed,
        )
        for each in rows
    ]  # fmt: skip
    listed.sort(key=lambda each: each.planned_at.timestamp() if each.planned_at else 0.0)
    ended = [each for each in listed if each.status == Status.ENDED]
    return [*sorted((each for each in listed if each not in ended), key=lambda each: order[each.status]), *ended[::-1]]


def open_measurements(workbook: Workbook) -> list[Measurement]:
    """Those that a workshop can still be planned for, newest first."""
    rows = Measurement.objects.filter(workbook_id=workbook.pk, closed_at=None)
    found = list(rows.order_by("-created_at"))
    for each in found:
        each.workbook = workbook
    return found


@dataclass(frozen=True)
class PlanStep:
    """A step of the agenda with its time of day. `needs`: the minutes that its questions take, more or less."""

    step: Step
    starts: datetime | None
    questions: tuple[Question, ...]
    begun: bool
    is_here: bool
    may_rise: bool
    may_sink: bool
    needs: int

    @property
    def kind_words(self) -> str:
        return str(StepKind(self.step.kind).label)

    @property
    def is_tight(self) -> bool:
        return self.needs > self.step.minutes + 4


@dataclass(frozen=True)
class Plan:
    """The agenda of a workshop. `needs`: the minutes that it takes when every question gets its time."""

    steps: tuple[PlanStep, ...]
    minutes: int
    needs: int
    ends: datetime | None
    asked: int
    askable: int

    @property
    def is_too_long(self) -> bool:
        return max(self.needs, self.minutes) > HALF_DAY + 15

    @property
    def is_tight(self) -> bool:
        return self.needs > self.minutes + 10

    @property
    def length(self) -> str:
        return duration(self.minutes)

    @property
    def length_needed(self) -> str:
        return duration(self.needs)


def _plan_steps(workshop: Workshop, steps: Sequence[Step], instrument: Instrument) -> list[PlanStep]:
    starts = times(workshop.planned_at, [each.minutes for each in steps])
    over = [begun(workshop, each) for each in steps]
    return [
        PlanStep(
            step=step,
            starts=starts[index],
            questions=tuple(instrument.questions[key] for key in step.questions if key in instrument.questions),
            begun=over[index],
            is_here=workshop.status == Status.OPEN and workshop.step_id == step.pk,
            may_rise=not over[index] and index > 0 and not over[index - 1],
            may_sink=not over[index] and index + 1 < len(steps),
            needs=minutes_for(instrument.questions, step.questions),
        )
        for index, step in enumerate(steps)
    ]


def plan_of(workshop: Workshop) -> Plan:
    """The agenda. One query."""
    instrument = asked_by(workshop.measurement)
    steps = list(Step.objects.filter(workshop_id=workshop.pk).order_by("position", "pk"))
    planned = _plan_steps(workshop, steps, instrument)
    return Plan(
        steps=tuple(planned),
        minutes=sum(each.step.minutes for each in planned),
        needs=sum(max(each.step.minutes, each.needs) for each in planned),
        ends=times(workshop.planned_at, [each.minutes for each in steps])[-1],
        asked=sum(len(each.questions) for each in planned),
        askable=len(instrument.questions),
    )


@dataclass(frozen=True)
class Choice:
    """A question that a step can ask. `elsewhere`: the title of another step that asks it now."""

    question: Question
    chosen: bool
    elsewhere: str
    locked: bool
    minutes: int


@dataclass(frozen=True)
class ChoiceGroup:
    title: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        return sum(each.chosen for each in self.choices)


def choices_of(workshop: Workshop, step: Step, chosen: Sequence[str] | None = None) -> list[ChoiceGroup]:
    """By dimension every question that the step can ask; `chosen` as a form says, else as the step does. One query.
    The dimensions that it asks of come first."""
    instrument = asked_by(workshop.measurement)
    ticked = set(step.questions if chosen is None else chosen)
    others = {
        key: other
        for other in Step.objects.filter(workshop_id=workshop.pk).exclude(pk=step.pk)
        for key in other.questions
    }
    groups = [
        ChoiceGroup(
            str(dimension.title),
            tuple(
                Choice(
                    question=question,
                    chosen=question.key in ticked,
                    elsewhere=str(others[question.key]) if question.key in others else "",
                    locked=question.key in others and begun(workshop, others[question.key]),
                    minutes=minutes_of(question),
                )
                for question in dimension.questions
            ),
        )
        for dimension in instrument.dimensions
    ]
    return sorted(groups, key=lambda group: group.chosen == 0)
