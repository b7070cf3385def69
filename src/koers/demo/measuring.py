"""The measurements of a demo administration. The answers of single people are drawn around what was agreed."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone, translation

from koers.assessment.actions.closing import close_measurement
from koers.assessment.actions.measuring import create_measurement, record_consensus
from koers.assessment.actions.planning import plan_workshop
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument, latest_version
from koers.assessment.instruments.structure import Question
from koers.assessment.models import (
    Consensus,
    Idea,
    IdeaVote,
    Measurement,
    Mode,
    OutsideResult,
    Respondent,
    Response,
    Status,
    Workshop,
)
from koers.organisations.models import User
from koers.workbook.models import Workbook
from koers.workbook.queries import values_of
from koers.workbook.values import Value

# How far each role sees things from what was agreed, in steps of a scale.
_LEAN: Final = {"management": 0.1, "college": 0.6, "head": -0.1, "it": -0.5, "staff": -0.4, "other": 0.0}
_POINTS: Final = 3


class _Measured:
    """Makes one measurement with everybody who answers in it."""

    def __init__(self, workbook: Workbook, people: Mapping[str, User], given: Mapping[str, Any], lead: User) -> None:
        self.workbook = workbook
        self.people = people
        self.given = given
        self.lead = lead
        self.draw = random.Random(given["seed"])  # noqa: S311 (a demo that is the same every time)
        self.begun = timezone.now() - timedelta(days=given["days"])
        self.standing = values_of(workbook)

    def make(self) -> Measurement:
        playbook = instrument(PLAYBOOK, latest_version(PLAYBOOK))
        usual = [each.id for each in playbook.dimensions if not each.optional]
        measurement = create_measurement(self.workbook, playbook, self.given["name"], usual, self.lead)
        Measurement.objects.filter(pk=measurement.pk).update(created_at=self.begun)
        questions = asked_by(measurement).questions
        agreed = {key: value for key in questions if (value := self._agreed(key))}
        responses: list[Response] = []
        for person in self.given["people"]:
            responses += self._person(measurement, questions, agreed, person)
        workshop = self._workshop(measurement, questions, agreed, responses) if "workshop" in self.given else None
        Response.objects.bulk_create(responses)
        self._agree(measurement, questions, agreed, workshop)
        if "closed" in self.given:
            close_measurement(measurement, self.lead)
            at = timezone.now() - timedelta(days=self.given["closed"])
            Measurement.objects.filter(pk=measurement.pk).update(closed_at=at)
        return measurement

    def _agreed(self, key: str) -> Value:
        """What the room agreed: as the data says, else as the workbook says, without its remark."""
        value = self.given.get("agreed", {}).get(key) or self.standing.get(key) or {}
        return {name: part for name, part in value.items() if name != "remark"} or None

    # ---- who answers ------------------------------------------------------------------------------------------

    def _person(
        self, measurement: Measurement, questions: Mapping[str, Question], agreed: Mapping[str, Value], given: Any
    ) -> list[Response]:
        user = self.people.get(given.get("person", ""))
        keys = list(questions)
        until = given.get("until")
        answered = keys if until is None else keys[: keys.index(until) + 1] if until else []
        at = self.begun + timedelta(days=self.draw.randint(2, 20))
        due = given.get("due")
        respondent = Respondent.objects.create(
            administration_id=measurement.administration_id, measurement=measurement, mode=given["mode"], person=user,
            name=str(user) if user else given["name"], role=given["role"], department=given["department"],
            invited_at=None if user else at, opened_at=at if answered else None,
            finished_at=at + timedelta(minutes=31) if until is None else None,
            due=timezone.localdate() + timedelta(days=due) if due else None,
        )  # fmt: skip
        return self._answers(measurement, respondent, (questions[key] for key in answered), agreed)

    def _answers(
        self, measurement: Measurement, respondent: Respondent, questions: Iterable[Question],
        agreed: Mapping[str, Value], ballot: int = 1, pull: float = 1.0,
    ) -> list[Response]:  # fmt: skip
        found = []
        for question in questions:
            value = self._value(question, agreed.get(question.key), respondent.role, pull)
            if value is not None:
                found.append(
                    Response(
                        administration_id=measurement.administration_id, measurement=measurement,
                        respondent=respondent, question=question.key, ballot=ballot, value=value,
                    )
                )  # fmt: skip
        return found

    def _value(self, question: Question, agreed: Value, role: str, pull: float) -> Value:
        """An answer near what was agreed; `pull` makes it lie nearer (below 1) or further away."""
        if agreed is None:
            return None
        field, options = question.field, len(question.field.options)

        def near(choice: int) -> int:
            lean = _LEAN[role] * (-1 if field.descending else 1)
            return min(max(round(choice + pull * self.draw.gauss(lean, 0.7)), 1), options)

        if field.extra and self.draw.random() < 0.05:
            return {"choice": field.extra} if question.kind == "single" else {"choices": [field.extra]}
        match question.kind:
            case "single" if isinstance(agreed.get("choice"), int):
                scored = field.scoring in {"ordinal", "perception", "doubtful"}
                other = self.draw.randint(1, options) if self.draw.random() < 0.35 else agreed["choice"]
                return {"choice": near(agreed["choice"]) if scored else other}
            case "multi":
                chosen = [
                    number
                    for number in range(1, options + 1)
                    if self.draw.random() < (0.8 if number in agreed.get("choices", []) else 0.15)
                ]
                return {"choices": chosen} if chosen else None
            case "matrix":
                return {"rows": {row: near(choice) for row, choice in agreed["rows"].items()}}
            case _:
                return None

    # ---- the workshop -----------------------------------------------------------------------------------------

    def _workshop(
        self, measurement: Measurement, questions: Mapping[str, Question], agreed: Mapping[str, Value],
        responses: list[Response],
    ) -> Workshop:  # fmt: skip
        given = self.given["workshop"]
        opened = (self.begun + timedelta(days=28)).replace(hour=8, minute=0, second=0, microsecond=0)
        workshop = self._held(measurement, given["title"], opened)
        asked = given.get("questions") or [key for key, each in questions.items() if each.field.scoring == "ordinal"]
        participants = [
            Respondent(
                administration_id=measurement.administration_id, measurement=measurement, workshop=workshop,
                mode=Mode.WORKSHOP, role=role,
            )
            for role, count in given["people"].items()
            for _each in range(count)
        ]  # fmt: skip
        Respondent.objects.bulk_create(participants)
        participants = list(Respondent.objects.filter(workshop=workshop).order_by("pk"))
        again = set(given.get("again", []))
        for participant in participants:
            first = [questions[key] for key in asked]
            responses += self._answers(measurement, participant, first, agreed, pull=1.4)
            second = [questions[key] for key in asked if key in again]
            responses += self._answers(measurement, participant, second, agreed, ballot=2, pull=0.4)
        self._ideas(workshop, participants, given.get("ideas", {}))
        return workshop

    def _held(self, measurement: Measurement, title: str, opened: datetime) -> Workshop:
        workshop = plan_workshop(measurement, title, opened, self.lead)
        Workshop.objects.filter(pk=workshop.pk).update(
            status=Status.ENDED, created_at=opened - timedelta(days=14), opened_at=opened,
            ended_at=opened + timedelta(hours=3, minutes=40),
        )  # fmt: skip
        return Workshop.objects.get(pk=workshop.pk)

    def _ideas(self, workshop: Workshop, participants: list[Respondent], given: Mapping[str, Any]) -> None:
        """The ideas, each with the points that the data says: given by as many participants as there are points."""
        for kind, ideas in given.items():
            for each in ideas:
                idea = Idea.objects.create(
                    administration_id=workshop.administration_id, workshop=workshop, kind=kind, text=each["text"]
                )
                voters = self.draw.sample(participants, min(each["points"], len(participants)))
                IdeaVote.objects.bulk_create(
                    IdeaVote(administration_id=workshop.administration_id, idea=idea, respondent=voter)
                    for voter in voters
                )

    # ---- what was agreed --------------------------------------------------------------------------------------

    def _agree(
        self, measurement: Measurement, questions: Mapping[str, Question], agreed: Mapping[str, Value],
        workshop: Workshop | None,
    ) -> None:  # fmt: skip
        undecided = set(self.given.get("undecided", []))
        asked = set(self.given.get("workshop", {}).get("questions") or questions)
        for key, value in agreed.items():
            if key in undecided:
                continue
            said = self.given.get("reasons", {}).get(key, {})
            record_consensus(
                measurement, questions[key], value, self.lead, reason=said.get("reason", ""),
                arguments_for=said.get("for", ""), arguments_against=said.get("against", ""),
                workshop=workshop if key in asked else None,
            )  # fmt: skip
        at = self.begun + timedelta(days=28, hours=3)
        Consensus.objects.filter(measurement=measurement).update(decided_at=at)


def measure_together(
    workbook: Workbook, people: Mapping[str, User], measurements: Iterable[Mapping[str, Any]], lead: User
) -> None:
    """Make measurements with the workshops that were held and those that are planned, and outcomes from elsewhere."""
    with translation.override("nl"):
        for given in measurements:
            _one(workbook, people, given, lead)


def _one(workbook: Workbook, people: Mapping[str, User], given: Mapping[str, Any], lead: User) -> None:
    measurement = _Measured(workbook, people, given, lead).make()
    if "planned" in given:
        day = timezone.localtime() + timedelta(days=given["planned"]["in"])
        plan_workshop(measurement, given["planned"]["title"], day.replace(hour=9, minute=0, second=0), lead)
    for each in given.get("outside", []):
        OutsideResult.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, instrument=each["instrument"],
            name=each["name"], date=timezone.localdate() - timedelta(days=each["days"]), scores=each["scores"],
            findings=each["findings"], created_by=lead,
        )  # fmt: skip
