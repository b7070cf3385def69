"""Reading a file of a measurement: right in every part, or refused with what is wrong and where."""

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from koers.assessment.exchange.content import Agreed, Content, Participant, Person, remarks_of, votes_of
from koers.assessment.exchange.raw import Cells, Place, Raw, RawPerson, read_raw
from koers.assessment.instruments.custom import MOST, read_custom
from koers.assessment.instruments.loading import UnknownInstrument, asked_by, instrument
from koers.assessment.instruments.structure import CUSTOM, Instrument, Question
from koers.assessment.models import Measurement, Mode, Role
from koers.assessment.values import read_response
from koers.editions.structure import Edition
from koers.kit.located import Problem, Refused
from koers.workbook.values import InvalidValue, Value, is_answered

MOST_PEOPLE: Final = 2_000
MOST_BALLOTS: Final = 9
MOST_LETTERS: Final = 6_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_PARTICIPANT: Final = re.compile(r"w[1-9][0-9]{0,5}\Z")


def read_measurement(data: bytes, edition: Edition, into: Measurement | None = None, file: str = "") -> Content:
    """What a file says, for a workbook of this edition: a measurement of its own, or answers for the one it goes
    `into`. Raises `Refused` with every problem, each with its line."""
    return _Reading(read_raw(data, file), edition, into, file).content()


class _Reading:
    def __init__(self, raw: Raw, edition: Edition, into: Measurement | None, file: str) -> None:
        self.raw, self.edition, self.into, self.file = raw, edition, into, file
        self.questions: Mapping[str, Question] = {}

    def wrong(self, place: Place | None, message: str, *, column: str = "value", more: tuple[Any, ...] = ()) -> None:
        problem = place.problem(message, more, column) if place else Problem(message, 0, self.file)
        self.raw.wrong(problem)

    def content(self) -> Content:
        head = self.raw.head or {}
        place = self.raw.head_place
        asked = self.instrument(head, place)
        if asked is None:
            raise Refused(self.raw.problems)
        custom = self.custom()
        self.questions = {**asked.questions, **{each.key: each for each in custom}}
        self.check_prints()
        people = self.people()
        room = self.room()
        agreed = self.agreed()
        created_at = self.moment(head.get("created_at"), place) or timezone.now()
        closed_at = self.moment(head.get("closed_at"), place)
        name = self.text(head.get("name"), place, 160) or (self.into.name if self.into else _("Measurement"))
        if self.raw.problems:
            raise Refused(self.raw.problems)
        number = head.get("round")
        return Content(
            name, number if isinstance(number, int) else 1, created_at, closed_at, asked,
            tuple(each.id for each in asked.dimensions if each.id != CUSTOM), custom, people, room, agreed,
        )  # fmt: skip

    # The instrument and its questions

    def instrument(self, head: Mapping[str, Any], place: Place | None) -> Instrument | None:
        if self.into is not None:
            present = (self.into.instrument_id, self.into.instrument_version)
            if head and (head.get("instrument"), head.get("version")) != present:
                self.wrong(place, _("The file is of another instrument than this measurement, or another version."))
            return asked_by(self.into)
        if not head:
            self.wrong(None, _("The file does not say which measurement it is of. Take it over into a measurement."))
            return None
        named, version, chosen = head.get("instrument"), head.get("version"), head.get("dimensions") or []
        if not isinstance(named, str) or not isinstance(version, int) or isinstance(version, bool):
            self.wrong(place, _("The file must name its instrument and version."))
            return None
        try:
            whole = instrument(named, version)
        except (UnknownInstrument, LookupError, OverflowError):
            message = _("The instrument “%(instrument)s” (version %(version)s) is not here. Have it added first.")
            self.wrong(place, message % {"instrument": named[:60], "version": version})
            return None
        if whole.edition and whole.edition[0] != self.edition.id:
            self.wrong(place, _("The instrument belongs to another playbook than this workbook."))
        if not isinstance(chosen, list) or not all(isinstance(each, str) for each in chosen):
            self.wrong(place, _("The dimensions must be a list."))
            chosen = []
        for each in chosen:
            if each not in whole.by_id:
                self.wrong(place, _("The instrument has no dimension “%(dimension)s”.") % {"dimension": each[:60]})
        kept = [each for each in whole.dimensions if each.id in chosen or (not chosen and not each.optional)]
        return dataclasses.replace(whole, dimensions=tuple(kept))

    def custom(self) -> tuple[Question, ...]:
        standing = asked_by(self.into).questions if self.into else {}
        read: dict[str, Question] = {}
        for place, raw in self.raw.custom:
            try:
                (question,) = read_custom([raw])
            except InvalidValue as error:
                self.wrong(place, error.message, more=error.path[1:])
                continue
            present = read.get(question.key) or standing.get(question.key)
            if question.key in read or (present and present.fingerprint != question.fingerprint):
                message = _("There is another question “%(id)s” already.")
                self.wrong(place, message % {"id": question.field.name})
            read[question.key] = question
        merged = {**{key: each for key, each in standing.items() if each.is_custom}, **read}
        if len(merged) > MOST:
            message = _("A measurement has at most %(limit)s questions of its own.")
            self.wrong(None, message % {"limit": MOST})
        return tuple(merged.values())

    def check_prints(self) -> None:
        for place, key, fingerprint in self.raw.prints:
            question = self.questions.get(key)
            if question is None:
                self.unknown(place, key)
            elif question.fingerprint != fingerprint:
                message = _("%(question)s was asked in other words than the instrument has here.")
                self.wrong(place, message % {"question": key})

    def unknown(self, place: Place, key: str) -> None:
        message = _("This measurement does not ask “%(question)s”.")
        self.wrong(place, message % {"question": key[:80]}, column="question")

    # Values

    def question(self, key: str, place: Place) -> Question | None:
        found = self.questions.get(key)
        if found is None:
            self.unknown(place, key)
        return found

    def value(self, question: Question, raw: Any, place: Place, more: tuple[Any, ...] = ()) -> Value:
        if raw is None:
            return None
        try:
            return read_response(question, _from_cells(question, raw) if isinstance(raw, Cells) else raw)
        except InvalidValue as error:
            self.wrong(place, f"{question.key}: {error.message}", more=(*more, *error.path))
        except (ValueError, TypeError, OverflowError, RecursionError):
            self.wrong(place, _("%(question)s: this cannot be read.") % {"question": question.key}, more=more)
        return None

    def text(self, raw: Any, place: Place | None, limit: int, column: str = "value", *, lines: bool = False) -> str:
        if raw is None:
            return ""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            raw = str(raw)
        if not isinstance(raw, str) or len(raw) > limit or (not lines and "\n" in raw):
            message = _("This must be text of at most %(limit)s characters.")
            self.wrong(place, message % {"limit": limit}, column=column)
            return ""
        return _CONTROL.sub("", raw).strip()

    def moment(self, raw: Any, place: Place | None, column: str = "value") -> datetime | None:
        if raw in (None, ""):
            return None
        try:
            read = parse_datetime(raw) if isinstance(raw, str) else None
            if read is not None and timezone.is_naive(read):
                read = timezone.make_aware(read)
            if read is not None and read.year >= 2000 and read <= timezone.now():
                return read
        except (ValueError, OverflowError):
            pass
        self.wrong(place, _("This must be a time in the past, such as 2026-03-01T09:00:00+01:00."), column=column)
        return None

    # Who answered what

    def people(self) -> tuple[Person, ...]:
        given: dict[str, dict[int, dict[str, Value]]] = {}
        for each in self.raw.answers:
            if _PARTICIPANT.match(each.person):
                continue
            question = self.question(each.question, each.place)
            if question is None:
                continue
            ballot = given.setdefault(each.person, {}).setdefault(each.ballot, {})
            if each.question in ballot:
                message = _("The same respondent answers “%(question)s” twice.")
                self.wrong(each.place, message % {"question": each.question}, column="question")
            value = self.value(question, each.value, each.place)
            if value is not None:
                ballot[each.question] = value
        if len(self.raw.people) > MOST_PEOPLE:
            self.wrong(None, _("There are more than %(count)s respondents.") % {"count": MOST_PEOPLE})
            raise Refused(self.raw.problems)
        return tuple(
            self.person(number, each, given.get(each.number, {})) for number, each in enumerate(self.raw.people, 1)
        )

    def person(self, number: int, raw: RawPerson, given: dict[int, dict[str, Value]]) -> Person:
        said, place = raw.said, raw.place
        mode, role = said.get("mode") or Mode.INTERVIEW.value, said.get("role") or Role.OTHER.value
        if mode not in {Mode.ESTIMATE.value, Mode.INTERVIEW.value}:
            self.wrong(place, _("The mode must be “estimate” or “interview”."), column="mode", more=("mode",))
        if role not in Role.values:
            self.wrong(place, _("There is no such role."), column="role", more=("role",))
        email = self.text(said.get("email"), place, 254, "email")
        try:
            if email:
                validate_email(email)
        except ValidationError:
            self.wrong(place, _("This is not an email address."), column="email", more=("email",))
        people = said.get("people", 1)
        if not isinstance(people, int) or isinstance(people, bool) or not 1 <= people <= 500:
            self.wrong(place, _("This must be a whole number."), column="people", more=("people",))
        only = said.get("questions")
        if only is not None and (not isinstance(only, list) or not all(isinstance(each, str) for each in only)):
            self.wrong(place, _("The questions must be a list."), more=("questions",))
            only = None
        for key in only or ():
            self.question(key, place)
        last = max(given, default=0)
        return Person(
            number, str(mode), str(role), self.text(said.get("department"), place, 120, "department"),
            self.text(said.get("name"), place, 120, "name"), email, people,
            str(said.get("language")) if said.get("language") in {"nl", "en"} else "",
            said.get("finished") is True, None if only is None else tuple(key for key in self.questions if key in only),
            tuple({key: given[at][key] for key in self.questions if key in given.get(at, {})}
                  for at in range(1, last + 1)),
        )  # fmt: skip

    def room(self) -> dict[str, tuple[Participant, ...]]:
        found: dict[str, list[Participant]] = {}
        for each in self.raw.room:
            question = self.question(each.question, each.place)
            if question is None:
                continue
            people, ballots = each.people, each.ballots
            if not isinstance(people, int) or isinstance(people, bool) or not 1 <= people <= MOST_PEOPLE:
                self.wrong(each.place, _("This must be a whole number."), more=("people",))
                continue
            if not isinstance(ballots, list) or not 1 <= len(ballots) <= MOST_BALLOTS:
                self.wrong(each.place, _("The ballots must be a list."), more=("ballots",))
                continue
            values = [self.value(question, raw, each.place, ("ballots", n)) for n, raw in enumerate(ballots)]
            said = found.setdefault(each.question, [])
            said.extend([self.participant(each.role, values, each.place)] * people)
            if len(said) > MOST_PEOPLE:
                self.wrong(each.place, _("There are more than %(count)s respondents.") % {"count": MOST_PEOPLE})
                raise Refused(self.raw.problems)
        for key, said in self.room_of_rows().items():
            found.setdefault(key, []).extend(said)
        apart = {
            key: [part for each in said for part in (*votes_of(each), *remarks_of(each))] for key, said in found.items()
        }
        return {key: tuple(sorted(apart[key], key=lambda each: each.order)) for key in self.questions if apart.get(key)}

    def room_of_rows(self) -> dict[str, list[Participant]]:
        """The participants of a table, where each ballot is a row of its own."""
        rows: dict[tuple[str, str], tuple[str, dict[int, Value], Place]] = {}
        for each in self.raw.answers:
            if not _PARTICIPANT.match(each.person):
                continue
            question = self.question(each.question, each.place)
            if question is None:
                continue
            role, ballots, _place = rows.setdefault((each.question, each.person), (each.role, {}, each.place))
            if each.ballot in ballots or role != each.role:
                self.wrong(each.place, _("The same participant answers twice in one ballot, or with another role."),
                           column="respondent")  # fmt: skip
            ballots[each.ballot] = self.value(question, each.value, each.place)
        found: dict[str, list[Participant]] = {}
        for (key, _person), (role, ballots, place) in rows.items():
            values = [ballots.get(number) for number in range(1, max(ballots) + 1)]
            if any(value is not None for value in values):
                found.setdefault(key, []).append(self.participant(role, values, place))
        return found

    def participant(self, role: Any, values: list[Value], place: Place) -> Participant:
        if (role or "") not in {"", *Role.values}:
            self.wrong(place, _("There is no such role."), column="role", more=("role",))
        while values and values[-1] is None:
            values.pop()
        return Participant("" if role == Role.OTHER.value else str(role or ""), tuple(values))

    # What was agreed

    def agreed(self) -> dict[str, Agreed]:
        found: dict[str, Agreed] = {}
        for each in self.raw.agreed:
            question = self.question(each.question, each.place)
            if question is None:
                continue
            value = self.value(question, each.value, each.place, ("value",))
            if each.question in found:
                self.wrong(each.place, _("What was agreed on “%(question)s” stands here twice.")
                           % {"question": each.question}, column="question")  # fmt: skip
            texts = [
                self.text(each.said.get(key), each.place, MOST_LETTERS, key, lines=True)
                for key in ("reason", "for", "against")
            ]
            moment = self.moment(each.said.get("decided_at"), each.place, "date") or timezone.now()
            if is_answered(value):
                found[each.question] = Agreed(value, texts[0], texts[1], texts[2], moment)
        return {key: found[key] for key in self.questions if key in found}


def _from_cells(question: Question, cells: Cells) -> Any:
    """What `read_response` takes, from the cells of a row."""
    value, remark = cells.value, cells.remark
    text = "" if value is None else str(value).strip()
    raw: Any
    match question.kind:
        case "text" | "open" | "line":
            return text or None
        case "percent":
            return _number(text) if text else None
        case "single":
            raw = {"choice": _choice(text)} if text else {}
        case "multi":
            raw = {"choices": [_choice(each.strip()) for each in text.split(",")]} if text else {}
        case _:
            raw = json.loads(text) if text else {}
            if not isinstance(raw, dict):
                raise InvalidValue(_("This must be a mapping in JSON."))
    return {**raw, "remark": remark} if remark else raw or None


def _choice(text: str) -> int | str:
    whole = text.removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdecimal() and len(whole) < 6 else text


def _number(text: str) -> int | float | str:
    plain = text.replace(",", ".")
    return float(plain) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", plain) else text
