"""A file of a measurement as it was written, with the place of everything; whether it is right is for `reading`."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from koers.assessment.exchange.content import COUNTS_FORMAT, FORMAT
from koers.assessment.exchange.files import COLUMNS
from koers.kit.located import Located, Path, Problem, Refused, read
from koers.kit.sheets import Cell, Sheet, Unreadable, read_csv, read_xlsx

MOST_PROBLEMS: Final = 50
_MORE_VALUE: Final = re.compile(r"value [0-9]{1,2}\Z")


class Place(Protocol):
    """Where something stands in the file."""

    def problem(self, message: str, more: Path = (), column: str = "value") -> Problem: ...


@dataclass(frozen=True)
class JsonPlace:
    located: Located
    path: Path

    def problem(self, message: str, more: Path = (), column: str = "value") -> Problem:
        return self.located.problem((*self.path, *more), message)


@dataclass(frozen=True)
class RowPlace:
    row: int
    file: str

    def problem(self, message: str, more: Path = (), column: str = "value") -> Problem:
        where = _("Column “%(column)s”") % {"column": column}
        return Problem(f"{where}: {message}", self.row, self.file)


@dataclass(frozen=True)
class Cells:
    """A value as the cells of a row say it."""

    value: Cell
    remark: str


@dataclass(frozen=True)
class RawPerson:
    place: Place
    number: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class RawAnswer:
    """`person` is the number of a respondent, or ``w3`` for a participant of a workshop."""

    place: Place
    question: str
    person: str
    role: str
    ballot: int
    value: Any


@dataclass(frozen=True)
class RawRoom:
    """What several people in a workshop answered alike."""

    place: Place
    question: str
    role: Any
    people: Any
    ballots: Any


@dataclass(frozen=True)
class RawAgreed:
    place: Place
    question: str
    value: Any
    said: Mapping[str, Any]


@dataclass
class Raw:
    head: Mapping[str, Any] | None = None
    head_place: Place | None = None
    custom: list[tuple[Place, Any]] = field(default_factory=list)
    prints: list[tuple[Place, str, str]] = field(default_factory=list)
    people: list[RawPerson] = field(default_factory=list)
    answers: list[RawAnswer] = field(default_factory=list)
    room: list[RawRoom] = field(default_factory=list)
    agreed: list[RawAgreed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def introduce(self, person: RawPerson) -> None:
        """Add somebody; one who stood there already stays as she was introduced."""
        if person.number not in self.known:
            self.known.add(person.number)
            self.people.append(person)

    def wrong(self, problem: Problem) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            raise Refused(self.problems)
        self.problems.append(problem)


def read_raw(data: bytes, file: str = "") -> Raw:
    """The parts of a file. Raises `Refused` for a file of another kind, or one that cannot be read."""
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _from_sheets(_sheets(data, file), file)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        return _from_json(read(data, file))
    try:
        return _from_sheets([read_csv(data)], file)
    except Unreadable as error:
        raise Refused([Problem(str(error), 0, file)]) from None


def _sheets(data: bytes, file: str) -> list[Sheet]:
    try:
        sheets = read_xlsx(data)
    except Unreadable as error:
        raise Refused([Problem(str(error), 0, file)]) from None
    return [sheet for sheet in sheets if sheet.title != "about"]


# ---- JSON

_HEAD: Final = {"name", "round", "created_at", "closed_at", "instrument", "version", "dimensions"}
_PARTS: Final = {"format", *_HEAD, "questions", "custom", "respondents", "workshop", "consensus"}


def _from_json(located: Located) -> Raw:
    given = located.value
    if not isinstance(given, dict):
        raise Refused([located.problem((), _("This is not a measurement."))])
    if given.get("format") == COUNTS_FORMAT:
        raise Refused([located.problem((), _("This file has counts only: they cannot be taken over."))])
    if given.get("format") != FORMAT:
        raise Refused([located.problem(("format",), _("The format must be “%(format)s”.") % {"format": FORMAT})])
    raw = Raw(head={key: given[key] for key in given if key in _HEAD}, head_place=JsonPlace(located, ()))
    for key in given:
        if key not in _PARTS:
            raw.wrong(located.problem((key,), _("Unknown key “%(key)s”.") % {"key": str(key)[:80]}))

    _json_questions(raw, located)
    for index, each in enumerate(_part(raw, located, "respondents", list)):
        _json_person(raw, JsonPlace(located, ("respondents", index)), index, each)
    _json_room(raw, located)
    for key, each in _part(raw, located, "consensus", dict).items():
        place = JsonPlace(located, ("consensus", key))
        if not isinstance(each, dict) or set(each) - {"value", "reason", "for", "against", "decided_at"}:
            raw.wrong(place.problem(_("This is not a consensus.")))
            continue
        raw.agreed.append(RawAgreed(place, key, each.get("value"), each))
    return raw


def _part(raw: Raw, located: Located, key: str, kind: type) -> Any:
    value = located.value.get(key)
    if value is not None and not isinstance(value, kind):
        raw.wrong(located.problem((key,), _("“%(key)s” is not what it should be.") % {"key": key}))
    return value if isinstance(value, kind) else kind()


def _json_questions(raw: Raw, located: Located) -> None:
    for index, each in enumerate(_part(raw, located, "custom", list)):
        raw.custom.append((JsonPlace(located, ("custom", index)), each))
    for index, each in enumerate(_part(raw, located, "questions", list)):
        place = JsonPlace(located, ("questions", index))
        if isinstance(each, dict) and isinstance(each.get("key"), str) and isinstance(each.get("fingerprint"), str):
            raw.prints.append((place, each["key"], each["fingerprint"]))
        else:
            raw.wrong(place.problem(_("This is not a question of a measurement.")))


def _json_room(raw: Raw, located: Located) -> None:
    for key, said in _part(raw, located, "workshop", dict).items():
        for index, each in enumerate(said if isinstance(said, list) else [None]):
            place = JsonPlace(located, ("workshop", key, index))
            if not isinstance(each, dict) or set(each) - {"role", "people", "ballots"}:
                raw.wrong(place.problem(_("This is not an answer of a workshop.")))
                continue
            raw.room.append(RawRoom(place, key, each.get("role"), each.get("people", 1), each.get("ballots")))


_PERSON: Final = {
    "number", "mode", "role", "department", "name", "email", "people", "language", "finished", "questions", "ballots",
}  # fmt: skip


def _json_person(raw: Raw, place: JsonPlace, index: int, each: Any) -> None:
    ballots = each.get("ballots") or [] if isinstance(each, dict) else None
    if not isinstance(each, dict) or not isinstance(ballots, list) or not all(isinstance(b, dict) for b in ballots):
        raw.wrong(place.problem(_("This is not a respondent.")))
        return
    for key in set(each) - _PERSON:
        raw.wrong(place.problem(_("Unknown key “%(key)s”.") % {"key": str(key)[:80]}, (key,)))
    number = f"#{index}"
    raw.introduce(RawPerson(place, number, each))
    for at, ballot in enumerate(ballots):
        for key, value in ballot.items():
            where = JsonPlace(place.located, (*place.path, "ballots", at, key))
            raw.answers.append(RawAnswer(where, key, number, "", at + 1, value))


# ---- A table


def _from_sheets(sheets: Sequence[Sheet], file: str) -> Raw:
    raw = Raw()
    for sheet in sheets:
        head = [name.lower() for name in sheet.head]
        if sheet.title == "counts" or "option words" in head:
            raise Refused([Problem(_("This file has counts only: they cannot be taken over."), 0, file)])
        if "question" not in head or "value" not in head or len(set(head)) != len(head):
            message = _("The first row must name the columns; “question” and “value” among them, each once.")
            raise Refused([Problem(message, 1, file)])
        for name in head:
            if name not in COLUMNS and not _MORE_VALUE.match(name):
                message = _("There is no such column in a file of a measurement.")
                raw.wrong(RowPlace(1, file).problem(message, column=name[:60]))
        for number, cells in enumerate(sheet.rows, 2):
            row = dict(zip(head, cells, strict=True))
            _take_row(raw, RowPlace(number, file), row)
    return raw


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _value(row: Mapping[str, Cell]) -> Cell:
    value = row.get("value")
    more = [_text(row[name]) for name in row if name.startswith("value ")]
    return _text(value) + "".join(more) if any(more) else value


def _read_json(raw: Raw, place: RowPlace, row: Mapping[str, Cell]) -> Any:
    try:
        return json.loads(_text(_value(row)) or "{}", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raw.wrong(place.problem(_("This is not well-formed JSON.")))
        return None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _ballot(raw: Raw, place: RowPlace, cell: Cell) -> int:
    text = _text(cell).strip() or "1"
    if text not in {"1", "2", "3", "4", "5", "6", "7", "8", "9"}:
        raw.wrong(place.problem(_("This must be a whole number."), column="ballot"))
        return 1
    return int(text)


def _take_row(raw: Raw, place: RowPlace, row: Mapping[str, Cell]) -> None:
    question = _text(row.get("question")).strip()
    match _text(row.get("row")).strip() or "answer":
        case "measurement":
            given = _read_json(raw, place, row)
            if isinstance(given, dict):
                raw.head, raw.head_place = given, place
        case "question":
            raw.custom.append((place, _read_json(raw, place, row)))
        case "respondent":
            more = _read_json(raw, place, row)
            said = {**(more if isinstance(more, dict) else {}), **_person_cells(row)}
            raw.introduce(RawPerson(place, _text(row.get("respondent")).strip(), said))
        case "answer":
            number = _text(row.get("respondent")).strip()
            cells = Cells(_value(row), _text(row.get("remark")))
            role = _text(row.get("role")).strip()
            if not number.startswith("w"):
                # A table without rows of respondents: who answers stands in the rows of the answers.
                raw.introduce(RawPerson(place, number, _person_cells(row)))
            raw.answers.append(RawAnswer(place, question, number, role, _ballot(raw, place, row.get("ballot")), cells))
        case "consensus":
            said = {"reason": row.get("reason"), "for": row.get("for"), "against": row.get("against"),
                    "decided_at": row.get("date")}  # fmt: skip
            raw.agreed.append(RawAgreed(place, question, Cells(_value(row), _text(row.get("remark"))), said))
        case other:
            message = _("There is no such kind of row: “%(kind)s”.") % {"kind": other[:60]}
            raw.wrong(place.problem(message, column="row"))


def _person_cells(row: Mapping[str, Cell]) -> dict[str, Any]:
    keys = ("mode", "role", "department", "name", "email")
    said: dict[str, Any] = {key: _text(row.get(key)).strip() for key in keys}
    people = _text(row.get("people")).strip() or "1"
    return {**said, "people": int(people) if people.isdecimal() and people.isascii() and len(people) < 6 else people}
