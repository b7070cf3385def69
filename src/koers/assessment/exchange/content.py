"""What a file of a measurement holds, whatever its form.

Who answered in a workshop stays unknown, also to whoever may see everything: her answers are never joined. Each
question lists its own participants, numbered anew in the order of what they said; a role stands there only where that
role may be shown for that question in every ballot. A group that answered at one phone is as many participants as
there were people. A remark stands by itself, as one more participant without a role: its words might tell whose it is,
and then what she chose.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import CUSTOM, Instrument, Question
from koers.assessment.models import Consensus, Measurement, Mode, Respondent, Response, Role
from koers.assessment.queries.votes import unseen_in
from koers.assessment.suppression import shown_groups
from koers.assessment.values import read_response
from koers.workbook.values import InvalidValue, Value, as_given

FORMAT: Final = "koers-measurement/1"
COUNTS_FORMAT: Final = "koers-measurement-counts/1"


@dataclass(frozen=True)
class Person:
    """Somebody who answers an interview or by own estimate, and what she answered, by ballot and question."""

    number: int
    mode: str
    role: str
    department: str
    name: str
    email: str
    people: int
    language: str
    is_finished: bool
    questions: tuple[str, ...] | None
    ballots: tuple[Mapping[str, Value], ...]
    pk: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Participant:
    """What one person in a workshop answered to one question: a value a ballot, None where she did not vote."""

    role: str
    ballots: tuple[Value, ...]

    @property
    def order(self) -> str:
        return json.dumps([self.role, *self.ballots], sort_keys=True)


@dataclass(frozen=True)
class Agreed:
    """What was agreed on one question."""

    value: Value
    reason: str
    arguments_for: str
    arguments_against: str
    decided_at: datetime


@dataclass(frozen=True)
class Content:
    """Everything of a measurement that is taken along."""

    name: str
    round: int
    created_at: datetime
    closed_at: datetime | None
    instrument: Instrument
    dimensions: tuple[str, ...]
    custom: tuple[Question, ...]
    people: tuple[Person, ...]
    room: Mapping[str, tuple[Participant, ...]]
    agreed: Mapping[str, Agreed]

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by key, also those of its own that a file brings along."""
        return {**self.instrument.questions, **{each.key: each for each in self.custom}}

    @property
    def answers(self) -> int:
        """How many answers there are, of every person and ballot."""
        of_people = sum(len(ballot) for person in self.people for ballot in person.ballots)
        voted = (value for said in self.room.values() for each in said for value in each.ballots)
        return of_people + sum(value is not None for value in voted)


def given_form(question: Question, value: Value) -> Any:
    """A stored value in the shape that `read_response` takes."""
    return value if question.kind == "shares" else as_given(question.field, value)


def in_order(question: Question, value: Value) -> Value:
    """The value with its keys in the order of the question: a database may keep them in another."""
    try:
        return read_response(question, given_form(question, value))
    except (InvalidValue, KeyError, TypeError):
        return value


def without_remark(value: Value) -> Value:
    return {key: part for key, part in (value or {}).items() if key != "remark"} or None


def dense(ballots: Mapping[int, Value]) -> tuple[Value, ...]:
    """The values by ballot, as a row from the first ballot on."""
    return tuple(ballots.get(number) for number in range(1, max(ballots, default=0) + 1))


def gather(measurement: Measurement) -> Content:
    """Read everything of a measurement, but of whom withdrew and left no answers that count, and of votes that
    their room has not seen yet. Four queries."""
    asked = asked_by(measurement)
    respondents = list(
        Respondent.objects.filter(measurement_id=measurement.pk)
        .exclude(withdrawn_at__isnull=False, mode=Mode.WORKSHOP)
        .select_related("person")
        .order_by("pk")
    )
    said: dict[int, dict[str, dict[int, Value]]] = {}
    rows = Response.objects.filter(measurement_id=measurement.pk).exclude(unseen_in([measurement.pk]))
    for respondent, key, ballot, value in rows.values_list("respondent_id", "question", "ballot", "value"):
        if key in asked.questions:
            said.setdefault(respondent, {}).setdefault(key, {})[ballot] = in_order(asked.questions[key], value)
    apart = [
        each for each in respondents if each.mode != Mode.WORKSHOP and (each.withdrawn_at is None or each.pk in said)
    ]
    return Content(
        name=measurement.name,
        round=measurement.round,
        created_at=measurement.created_at,
        closed_at=measurement.closed_at,
        instrument=asked,
        dimensions=tuple(each.id for each in asked.dimensions if each.id != CUSTOM),
        custom=tuple(each for each in asked.questions.values() if each.is_custom),
        people=tuple(
            _person(number, each, said.get(each.pk, {}), asked.questions) for number, each in enumerate(apart, 1)
        ),
        room=_room([each for each in respondents if each.mode == Mode.WORKSHOP], said, asked.questions),
        agreed=_agreed(measurement, asked.questions),
    )


def _person(
    number: int, of: Respondent, said: Mapping[str, Mapping[int, Value]], questions: Mapping[str, Question]
) -> Person:
    last = max((ballot for ballots in said.values() for ballot in ballots), default=0)
    return Person(
        number=number,
        mode=of.mode,
        role=of.role,
        department=of.department,
        name=of.name or (str(of.person) if of.person else ""),
        email=of.email or (of.person.email if of.person else ""),
        people=of.size,
        language=of.language,
        is_finished=of.finished_at is not None,
        questions=None if of.questions is None else tuple(key for key in questions if key in of.questions),
        ballots=tuple(
            {key: said[key][ballot] for key in questions if ballot in said.get(key, {})}
            for ballot in range(1, last + 1)
        ),
        pk=of.pk,
    )


def _room(
    participants: Sequence[Respondent],
    said: Mapping[int, Mapping[str, Mapping[int, Value]]],
    questions: Mapping[str, Question],
) -> dict[str, tuple[Participant, ...]]:
    room = {}
    for key in questions:
        by_workshop: dict[UUID | None, list[Participant]] = {}
        for each in participants:
            if key in said.get(each.pk, {}):
                people = _as_people(each.role, each.size, dense(said[each.pk][key]))
                by_workshop.setdefault(each.workshop_id, []).extend(people)
        if any(by_workshop.values()):
            room[key] = _unknown(list(by_workshop.values()))
    return room


def _as_people(role: str, size: int, ballots: tuple[Value, ...]) -> Iterable[Participant]:
    yield Participant(role, ballots)
    bare = tuple(without_remark(value) for value in ballots)
    for _more in range(size - 1):
        if any(bare):
            yield Participant(role, bare)


def _unknown(workshops: Sequence[Sequence[Participant]]) -> tuple[Participant, ...]:
    """Without the roles that may not be shown, in an order that tells only what was said.

    A role may be shown when it may be in every workshop and every ballot by itself: those are shown elsewhere, and
    could be subtracted.
    """
    votes = [[each for said in workshop for each in votes_of(said)] for workshop in workshops]
    answered = [each for workshop in votes for each in workshop]
    last = max((len(each.ballots) for each in answered), default=0)
    shown = set(Role.values) - {Role.OTHER.value}
    for some in (answered, *votes):
        shown -= _hidden(some)
        for ballot in range(last):
            shown -= _hidden([each for each in some if _voted(each, ballot)])
    told = [Participant(each.role if each.role in shown else "", each.ballots) for each in answered]
    told += [remark for workshop in workshops for each in workshop for remark in remarks_of(each)]
    return tuple(sorted(told, key=lambda each: each.order))


def votes_of(participant: Participant) -> Iterable[Participant]:
    """What was voted, when anything was: a remark alone does not make a group large enough."""
    ballots = {at: without_remark(value) for at, value in enumerate(participant.ballots, 1)}
    if voted := {at: value for at, value in ballots.items() if value}:
        yield Participant(participant.role, dense(voted))


def remarks_of(participant: Participant) -> Iterable[Participant]:
    for at, value in enumerate(participant.ballots, 1):
        if value and value.get("remark"):
            yield Participant("", dense({at: {"remark": value["remark"]}}))


def _voted(participant: Participant, ballot: int) -> bool:
    return len(participant.ballots) > ballot and participant.ballots[ballot] is not None


def _hidden(voters: Sequence[Participant]) -> set[str]:
    sizes = dict(sorted(Counter(each.role for each in voters).items()))
    return sizes.keys() - shown_groups(sizes)


def _agreed(measurement: Measurement, questions: Mapping[str, Question]) -> dict[str, Agreed]:
    rows = {each.question: each for each in Consensus.objects.filter(measurement_id=measurement.pk)}
    return {
        key: Agreed(
            in_order(question, rows[key].value),
            rows[key].reason,
            rows[key].arguments_for,
            rows[key].arguments_against,
            rows[key].decided_at,
        )
        for key, question in questions.items()
        if key in rows
    }
