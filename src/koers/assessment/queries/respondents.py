"""Who answers in a measurement, which questions, and how far each is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Dimension, Instrument, Question
from koers.assessment.models import Measurement, Mode, Respondent, Response
from koers.assessment.models import Role as Place
from koers.assessment.queries.answers import Given
from koers.workbook.values import Value, is_answered

MOST_MINUTES: Final = 45


def minutes_for(questions: Iterable[Question]) -> int:
    """How long these questions take, more or less, in whole minutes."""
    return math.ceil(sum(each.seconds for each in questions) / 60)


def asked_of(instrument: Instrument, chosen: Sequence[str] | None) -> list[Question]:
    """The questions with these keys, in the order of the instrument; all of them without a choice."""
    return [each for each in instrument.questions.values() if chosen is None or each.key in chosen]


def questions_of(respondent: Respondent) -> list[Question]:
    """The questions that a respondent is asked."""
    return asked_of(asked_by(respondent.measurement), respondent.questions)


def for_role(instrument: Instrument, role: str) -> list[str]:
    """The questions that are meant for a role, and those that are meant for everybody."""
    return [each.key for each in instrument.questions.values() if not each.roles or role in each.roles]


@dataclass(frozen=True)
class AskedPage:
    """One page of a questionnaire: a dimension with the questions of it that are asked."""

    number: int
    dimension: Dimension
    questions: tuple[Question, ...]
    answered: int

    @property
    def is_done(self) -> bool:
        return self.answered == len(self.questions)


def pages_of(respondent: Respondent | None, instrument: Instrument, values: dict[str, Value]) -> list[AskedPage]:
    """The pages of a questionnaire, with how many of their questions were answered."""
    chosen = respondent.questions if respondent else None
    asked = {each.key for each in asked_of(instrument, chosen)}
    found: list[AskedPage] = []
    for dimension in instrument.dimensions:
        questions = tuple(each for each in dimension.questions if each.key in asked)
        if questions:
            answered = sum(is_answered(values.get(each.key)) for each in questions)
            found.append(AskedPage(len(found) + 1, dimension, questions, answered))
    return found


def answers_by(respondent: Respondent | None) -> dict[str, Value]:
    """What a respondent answered, by question."""
    if respondent is None:
        return {}
    return dict(
        Response.objects.filter(respondent_id=respondent.pk).order_by("ballot").values_list("question", "value")
    )


@dataclass(frozen=True)
class Asked:
    """Somebody who answers by herself, as the page of a measurement shows it to who prepares it."""

    pk: int
    name: str
    email: str
    role: str
    department: str
    mode: str
    asked: int
    answered: int
    due: date | None
    has_link: bool
    is_self: bool
    invited_at: datetime | None
    reminded_at: datetime | None
    opened_at: datetime | None
    finished_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def role_words(self) -> str:
        return str(Place(self.role).label)

    @property
    def mode_words(self) -> str:
        return str(Mode(self.mode).label)

    @property
    def state(self) -> str:
        """``withdrawn``, ``done``, ``busy``, ``seen``, ``waiting`` (for an answer by link) or ``to-note``."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.finished_at or (self.asked and self.answered == self.asked):
            return "done"
        if self.answered:
            return "busy"
        if not self.has_link and self.mode == Mode.INTERVIEW:
            return "to-note"
        return "seen" if self.opened_at else "waiting"


def respondents_of(
    measurement: Measurement, instrument: Instrument, member: int, given: Iterable[Given]
) -> list[Asked]:
    """Who answers by herself (not in a workshop), by name. One query."""
    counts: dict[int, int] = {}
    for each in given:
        counts[each.respondent] = counts.get(each.respondent, 0) + is_answered(each.value)
    rows = Respondent.objects.filter(measurement_id=measurement.pk, workshop=None).order_by("name", "pk")
    return [
        Asked(
            each.pk, each.name, each.email, each.role, each.department, each.mode,
            len(asked_of(instrument, each.questions)), counts.get(each.pk, 0), each.due, each.digest is not None,
            each.person_id == member, each.invited_at, each.reminded_at, each.opened_at, each.finished_at,
            each.withdrawn_at,
        )
        for each in rows
    ]  # fmt: skip


def estimate_of(measurement: Measurement, member: int) -> Respondent | None:
    """The own estimate of a member, if she began one."""
    found = Respondent.objects.filter(measurement_id=measurement.pk, mode=Mode.ESTIMATE, person_id=member).first()
    if found is not None:
        found.measurement = measurement
    return found
