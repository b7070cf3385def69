"""Taking over a file of a measurement: what it would do, and doing it whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import announce, locked, require_open_round
from koers.assessment.exchange.content import Content, Participant, Person, gather, in_order
from koers.assessment.instruments.custom import as_custom
from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.plain import as_json
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Consensus, Measurement, Mode, Respondent, Response, Role, Status, Workshop
from koers.assessment.values import answer_text
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.models import Workbook
from koers.workbook.values import Value


@dataclass(frozen=True)
class Replaced:
    """What stands here now, and what the file says instead."""

    question: Question
    whose: str
    before: str
    after: str


@dataclass
class Plan:
    """What a file would do to a measurement. Only what the file names is in it.

    `matched`: the respondents that stand here already, by the number of the file. `writes`: the answers to write, by
    that number. `room`: the participants to add by question.
    """

    matched: dict[int, Respondent] = field(default_factory=dict)
    new_people: list[Person] = field(default_factory=list)
    writes: dict[int, list[tuple[str, int, Value]]] = field(default_factory=dict)
    room: dict[str, Sequence[Participant]] = field(default_factory=dict)
    agreed: list[str] = field(default_factory=list)
    new_questions: list[Question] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)
    agreed_replaced: list[Replaced] = field(default_factory=list)
    new_answers: int = 0
    new_agreed: int = 0
    same: int = 0

    @property
    def room_answers(self) -> int:
        return sum(value is not None for said in self.room.values() for each in said for value in each.ballots)

    @property
    def does_something(self) -> bool:
        changed = (self.new_people, self.writes, self.room, self.agreed, self.new_questions)
        return any(map(bool, changed))


def plan_takeover(content: Content, into: Measurement | None, actor: User | None) -> Plan:
    """Compare a file with the measurement it goes into; nothing is touched. A fixed number of queries.

    Raises `DeedRefused` for a closed measurement, and for a file that changes what somebody else estimated herself.
    """
    plan = Plan()
    if into is None:
        plan.new_people = list(content.people)
        plan.writes = {each.number: written for each in content.people if (written := _ballots(each))}
        plan.new_answers = sum(map(len, plan.writes.values()))
        plan.room, plan.agreed = dict(content.room), list(content.agreed)
        plan.new_agreed, plan.new_questions = len(content.agreed), list(content.custom)
        return plan
    if not into.is_open:
        raise DeedRefused(_("This measurement is closed: nothing is changed in it any more."))
    present = gather(into)
    plan.new_questions = [each for each in content.custom if each.key not in present.questions]
    _compare_people(plan, content, into, actor)
    _compare_room(plan, content, present)
    for key, agreed in content.agreed.items():
        before = present.agreed.get(key)
        if before and replace(before, decided_at=agreed.decided_at) == agreed:
            plan.same += 1
            continue
        plan.agreed.append(key)
        question = content.questions[key]
        if before is None:
            plan.new_agreed += 1
        else:
            words = (answer_text(question, before.value), answer_text(question, agreed.value))
            plan.agreed_replaced.append(Replaced(question, "", *words))
    return plan


def _ballots(person: Person) -> list[tuple[str, int, Value]]:
    return [(key, at, value) for at, ballot in enumerate(person.ballots, 1) for key, value in ballot.items()]


def _known_as(mode: str, email: str, name: str, role: str, department: str) -> tuple[str, ...] | None:
    """By what somebody is the same in a file and here: her address, else all that names her."""
    if email:
        return mode, email.casefold()
    return (mode, name, role, department) if name else None


def _compare_people(plan: Plan, content: Content, into: Measurement, actor: User | None) -> None:
    here = list(
        Respondent.objects.filter(measurement_id=into.pk)
        .exclude(mode=Mode.WORKSHOP)
        .select_related("person")
        .order_by("pk")
    )
    stands: dict[tuple[int, str, int], Value] = {
        (pk, key, ballot): value
        for pk, key, ballot, value in Response.objects.filter(
            measurement_id=into.pk, respondent__in=[each.pk for each in here]
        ).values_list("respondent_id", "question", "ballot", "value")
    }
    free: dict[tuple[str, ...] | None, Respondent] = {}
    for each in here:
        name, email = (str(each.person), each.person.email) if each.person else ("", "")
        known = _known_as(each.mode, each.email or email, each.name or name, each.role, each.department)
        free.setdefault(known, each)
    for person in content.people:
        known = _known_as(person.mode, person.email, person.name, person.role, person.department)
        found = free.pop(known, None) if known else None
        if found is None:
            plan.new_people.append(person)
            plan.writes |= {person.number: written} if (written := _ballots(person)) else {}
            plan.new_answers += len(written)
            continue
        plan.matched[person.number] = found
        _compare_answers(plan, content.questions, person, found, stands, actor)


def _compare_answers(
    plan: Plan,
    questions: Mapping[str, Question],
    person: Person,
    found: Respondent,
    stands: Mapping[tuple[int, str, int], Value],
    actor: User | None,
) -> None:
    for key, ballot, value in _ballots(person):
        before = stands.get((found.pk, key, ballot))
        before = None if before is None else in_order(questions[key], before)
        if before == value:
            plan.same += 1
            continue
        if found.person_id is not None and (actor is None or found.person_id != actor.pk):
            message = _("%(name)s estimated this herself: only she can change her answers.")
            raise DeedRefused(message % {"name": found.person})
        plan.writes.setdefault(person.number, []).append((key, ballot, value))
        if before is None:
            plan.new_answers += 1
        else:
            words = (answer_text(questions[key], before), answer_text(questions[key], value))
            plan.replaced.append(Replaced(questions[key], person.name, *words))


def _compare_room(plan: Plan, content: Content, present: Content) -> None:
    """Participants of a workshop cannot be recognised: what a question says already is not added a second time."""
    for key, said in content.room.items():
        if [each.order for each in said] == [each.order for each in present.room.get(key, ())]:
            plan.same += sum(value is not None for each in said for value in each.ballots)
        else:
            plan.room[key] = said


def take_over(
    workbook: Workbook, content: Content, actor: User | None, into: Measurement | None = None
) -> tuple[Measurement, Plan]:
    """Make a measurement of a file, or add the file to an open one; all of it or nothing.

    The answers of the workbook are left alone: what was agreed is in the measurement, and is written to the workbook
    when somebody records it. A file of a closed measurement makes a closed one. Raises `DeedRefused`.
    """
    with transaction.atomic():
        require_open_round(workbook)
        if into is not None:
            into = locked(into)
        plan = plan_takeover(content, into, actor)
        measurement = into or _made(workbook, content, actor)
        if into is not None and plan.new_questions:
            measurement.custom = as_custom(content.custom)
            measurement.save(update_fields=["custom"])
        _write_people(measurement, plan)
        _write_room(measurement, plan, actor)
        _write_agreed(measurement, content, plan, actor)
        record(
            workbook.administration, actor, "measurement.import", measurement.name, workbook=str(workbook.pk),
            answers=sum(map(len, plan.writes.values())) + plan.room_answers, agreed=len(plan.agreed),
        )  # fmt: skip
        announce(measurement)
    return measurement, plan


def _made(workbook: Workbook, content: Content, actor: User | None) -> Measurement:
    number = Workbook.objects.values_list("round", flat=True).get(pk=workbook.pk)
    made = Measurement(
        administration_id=workbook.administration_id, workbook=workbook, round=number, name=content.name,
        instrument_id=content.instrument.id, instrument_version=content.instrument.version,
        dimensions=list(content.dimensions), custom=as_custom(content.custom), created_at=content.created_at,
        created_by=actor, closed_at=content.closed_at, closed_by=actor if content.closed_at else None,
    )  # fmt: skip
    if content.closed_at is not None:
        made.frozen = {"instrument": as_json(asked_by(made))}
    made.save(force_insert=True)
    return made


def _write_people(measurement: Measurement, plan: Plan) -> None:
    now = timezone.now()
    made = Respondent.objects.bulk_create(
        Respondent(
            administration_id=measurement.administration_id, measurement=measurement, mode=each.mode, name=each.name,
            email=each.email, role=each.role, department=each.department, size=each.people, language=each.language,
            questions=None if each.questions is None else list(each.questions),
            finished_at=now if each.is_finished else None,
        )
        for each in plan.new_people
    )  # fmt: skip
    numbers = {each.number: row.pk for each, row in zip(plan.new_people, made, strict=True)}
    numbers |= {number: row.pk for number, row in plan.matched.items()}
    Response.objects.bulk_create(
        [
            _response(measurement, numbers[number], key, ballot, value)
            for number, written in plan.writes.items()
            for key, ballot, value in written
        ],
        batch_size=500, update_conflicts=True, unique_fields=["respondent", "question", "ballot"],
        update_fields=["value"],
    )  # fmt: skip


def _response(measurement: Measurement, respondent: int, key: str, ballot: int, value: Value) -> Response:
    return Response(
        administration_id=measurement.administration_id, measurement=measurement, respondent_id=respondent,
        question=key, ballot=ballot, value=value,
    )  # fmt: skip


def _write_room(measurement: Measurement, plan: Plan, actor: User | None) -> None:
    """The participants of the file as those of a workshop that has ended: as many of each role as a question needs."""
    if not plan.room:
        return
    now = timezone.now()
    workshop = Workshop.objects.create(
        administration_id=measurement.administration_id, measurement=measurement, created_by=actor,
        title=_("Workshop, taken over from a file"), status=Status.ENDED, ended_at=now, door_open=False,
    )  # fmt: skip
    needed: dict[str, int] = {}
    for said in plan.room.values():
        for role in {each.role for each in said}:
            needed[role] = max(needed.get(role, 0), sum(each.role == role for each in said))
    seats = [role for role, number in sorted(needed.items()) for _seat in range(number)]
    made = Respondent.objects.bulk_create(
        [
            Respondent(
                administration_id=measurement.administration_id, measurement=measurement, workshop=workshop,
                mode=Mode.WORKSHOP, role=role or Role.OTHER,
            )
            for role in seats
        ],
        batch_size=500,
    )  # fmt: skip
    of_role: dict[str, list[int]] = {}
    for role, row in zip(seats, made, strict=True):
        of_role.setdefault(role, []).append(row.pk)
    responses: list[Response] = []
    for key, said in plan.room.items():
        seated = {role: iter(pks) for role, pks in of_role.items()}
        for each in said:
            seat = next(seated[each.role])
            responses.extend(
                _response(measurement, seat, key, ballot, value)
                for ballot, value in enumerate(each.ballots, 1)
                if value is not None
            )
    Response.objects.bulk_create(responses, batch_size=500)


def _write_agreed(measurement: Measurement, content: Content, plan: Plan, actor: User | None) -> None:
    rows: list[dict[str, Any]] = [
        {
            "value": content.agreed[key].value, "reason": content.agreed[key].reason,
            "arguments_for": content.agreed[key].arguments_for,
            "arguments_against": content.agreed[key].arguments_against,
            "decided_at": content.agreed[key].decided_at, "decided_by": actor, "question": key,
        }
        for key in plan.agreed
    ]  # fmt: skip
    Consensus.objects.bulk_create(
        [Consensus(administration_id=measurement.administration_id, measurement=measurement, **row) for row in rows],
        update_conflicts=True, unique_fields=["measurement", "question"],
        update_fields=["value", "reason", "arguments_for", "arguments_against", "decided_at", "decided_by"],
    )  # fmt: skip
