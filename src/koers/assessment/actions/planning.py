"""Planning a workshop: making one with its agenda, changing the agenda, deleting it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import announce, locked, require_open_round
from koers.assessment.actions.workshops import hosting, workshop_channel
from koers.assessment.agenda import half_day, minutes_for, suggestion, title_for
from koers.assessment.guidance import note_for
from koers.assessment.instruments.loading import asked_by
from koers.assessment.models import Measurement, Status, Step, StepKind, Workshop
from koers.kit import events
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User

MOST_STEPS: Final = 40
MOST_MINUTES: Final = 240
QUICK_MINUTES: Final = 5


def _record(workshop: Workshop, actor: User, verb: str) -> None:
    measurement = workshop.measurement
    record(
        measurement.workbook.administration, actor, f"workshop.{verb}", workshop.title,
        workbook=str(measurement.workbook_id), measurement=measurement.name,
    )  # fmt: skip


def plan_workshop(
    measurement: Measurement, title: str, planned_at: datetime | None, actor: User, *, every_question: bool = False
) -> Workshop:
    """Plan a workshop of a measurement: half a day with the questions that make a good talk, or with all of them."""
    steps = half_day(asked_by(measurement), every_question=every_question)
    with transaction.atomic():
        present = locked(measurement)
        require_open_round(measurement.workbook, present.round)
        workshop = Workshop.objects.create(
            administration_id=measurement.administration_id, measurement=measurement, title=title.strip()[:160],
            planned_at=planned_at, created_by=actor,
        )  # fmt: skip
        Step.objects.bulk_create(
            Step(
                administration_id=workshop.administration_id, workshop=workshop, position=position, kind=each.kind,
                title=each.title, note=each.note, minutes=each.minutes, questions=list(each.questions),
                idea_kind=each.idea_kind,
            )
            for position, each in enumerate(steps, 1)
        )  # fmt: skip
        _record(workshop, actor, "plan")
        announce(measurement)
    return workshop


def begun(workshop: Workshop, step: Step) -> bool:
    """Whether the room is at this step or past it."""
    if workshop.status == Status.PLANNED:
        return False
    here = workshop.step
    return workshop.status == Status.ENDED or (here is not None and step.position <= here.position)


class _Agenda:
    """The steps of a workshop, in order, while nobody else changes them."""

    def __init__(self, present: Workshop) -> None:
        self.workshop = present
        self.steps = list(Step.objects.filter(workshop_id=present.pk).order_by("position", "pk"))

    def the(self, step: Step) -> int:
        """Where this step stands, when it may still be changed."""
        found = next((index for index, each in enumerate(self.steps) if each.pk == step.pk), None)
        if found is None:
            raise DeedRefused(_("This step was removed."))
        if begun(self.workshop, self.steps[found]):
            raise DeedRefused(_("This step has begun: it stays as it is."))
        return found

    def keep(self) -> None:
        """Number the steps as they stand."""
        changed = []
        for position, each in enumerate(self.steps, 1):
            if each.position != position:
                each.position = position
                changed.append(each)
        Step.objects.bulk_update(changed, ["position"])


def _changing(workshop: Workshop, actor: User, change: Callable[[_Agenda], None]) -> None:
    with hosting(workshop, None, status=(Status.PLANNED, Status.OPEN)) as present:
        agenda = _Agenda(present)
        change(agenda)
        agenda.keep()
        _record(workshop, actor, "agenda")


def edit_workshop(workshop: Workshop, title: str, planned_at: datetime | None, actor: User) -> None:
    """Call it otherwise, or plan it for another moment."""

    def change(agenda: _Agenda) -> None:
        agenda.workshop.title, agenda.workshop.planned_at = title.strip()[:160], planned_at

    _changing(workshop, actor, change)


def add_step(workshop: Workshop, kind: str, idea_kind: str, actor: User) -> Step:
    """Add a step: before the closing one when the agenda ends with that, else at the end."""
    step = Step(
        administration_id=workshop.administration_id, workshop=workshop, position=0, kind=kind, minutes=10,
        title=title_for(kind, idea_kind), note=note_for(kind, idea_kind), idea_kind=idea_kind,
    )  # fmt: skip

    def change(agenda: _Agenda) -> None:
        if len(agenda.steps) >= MOST_STEPS:
            raise DeedRefused(_("An agenda has at most %(limit)s steps.") % {"limit": MOST_STEPS})
        last = agenda.steps[-1] if agenda.steps else None
        ends_with_closing = last is not None and last.kind == StepKind.CLOSING and not begun(agenda.workshop, last)
        at = len(agenda.steps) - (1 if ends_with_closing and kind != StepKind.CLOSING else 0)
        step.position = at + 1
        step.save()
        agenda.steps.insert(at, step)

    _changing(workshop, actor, change)
    return step


def _take_over(agenda: _Agenda, step: Step, keys: Collection[str]) -> None:
    """These questions are asked in this step and in no other."""
    for other in agenda.steps:
        both = set(other.questions) & set(keys)
        if other.pk == step.pk or not both:
            continue
        if begun(agenda.workshop, other):
            raise DeedRefused(
                _("“%(step)s” has begun, and asks one of these questions already.") % {"step": str(other)}
            )
        other.questions = [each for each in other.questions if each not in both]
        other.save(update_fields=["questions"])


def change_step(
    step: Step, actor: User, *, title: str, minutes: int, note: str, questions: Sequence[str] | None = None
) -> None:
    """Change what stands in a step. `questions`, of a step with questions, come in the order of the instrument."""

    def change(agenda: _Agenda) -> None:
        present = agenda.steps[agenda.the(step)]
        present.title, present.minutes, present.note = title.strip()[:160], minutes, note.strip()
        if present.kind == StepKind.QUESTIONS and questions is not None:
            asked = asked_by(step.workshop.measurement).questions
            present.questions = [key for key in asked if key in set(questions)]
            _take_over(agenda, present, present.questions)
        present.save(update_fields=["title", "minutes", "note", "questions"])

    _changing(step.workshop, actor, change)


def move_step(step: Step, by: int, actor: User) -> None:
    """Move a step up (-1) or down (1) by one; at the end, or at a step that has begun, it stays."""

    def change(agenda: _Agenda) -> None:
        at = agenda.the(step)
        to = at + by
        if 0 <= to < len(agenda.steps) and not begun(agenda.workshop, agenda.steps[to]):
            agenda.steps.insert(to, agenda.steps.pop(at))

    _changing(step.workshop, actor, change)


def give_minutes(step: Step, more: int, actor: User) -> None:
    """Give a step more or fewer minutes."""

    def change(agenda: _Agenda) -> None:
        present = agenda.steps[agenda.the(step)]
        present.minutes = min(max(present.minutes + more, QUICK_MINUTES), MOST_MINUTES)
        present.save(update_fields=["minutes"])

    _changing(step.workshop, actor, change)


def choose_questions(step: Step, actor: User, *, every: bool) -> None:
    """Ask, of the dimensions of which this step asks something, the questions that make a good talk, or all of them;
    and give it the minutes that these take."""

    def change(agenda: _Agenda) -> None:
        present = agenda.steps[agenda.the(step)]
        instrument = asked_by(step.workshop.measurement)
        asked, chosen = instrument.questions, suggestion(instrument)
        names = {asked[key].dimension for key in present.questions if key in asked}
        wanted = {
            key
            for name in names
            for key in ([each.key for each in instrument.by_id[name].questions] if every else chosen[name])
        }
        if not wanted:
            raise DeedRefused(_("Choose at least one question of a dimension first."))
        present.questions = [key for key in asked if key in wanted]
        present.minutes = minutes_for(asked, present.questions)
        _take_over(agenda, present, present.questions)
        present.save(update_fields=["questions", "minutes"])

    _changing(step.workshop, actor, change)


def remove_step(step: Step, actor: User) -> None:
    """Take a step out of the agenda."""

    def change(agenda: _Agenda) -> None:
        agenda.steps.pop(agenda.the(step)).delete()

    _changing(step.workshop, actor, change)


def delete_workshop(workshop: Workshop, actor: User, *, may_manage: bool) -> None:
    """Delete a workshop with what its participants answered. One that was opened only by who may manage; what was
    agreed in it stays. Raises `DeedRefused` once the measurement is closed."""
    with transaction.atomic():
        locked(workshop.measurement)
        present = Workshop.objects.select_for_update(of=("self",)).filter(pk=workshop.pk).first()
        if present is None:
            return
        if present.status != Status.PLANNED and not may_manage:
            raise DeedRefused(_("This workshop was opened: only the lead can delete it."))
        _record(workshop, actor, "delete")
        events.publish(workshop_channel(present.pk), "ended", {})
        present.delete()
        announce(workshop.measurement)
