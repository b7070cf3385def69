"""Writing a measurement as a file: JSON, or one table as CSV or XLSX with one row an answer."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.assessment.exchange.content import FORMAT, Agreed, Content, Participant, Person, given_form
from koers.assessment.instruments.custom import as_custom
from koers.assessment.instruments.structure import Question
from koers.assessment.values import answer_text
from koers.kit.sheets import Cell, Sheet, to_csv, to_xlsx
from koers.organisations.actions import DeedRefused
from koers.workbook.values import Value, is_answered

FORMS: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

COLUMNS: Final = (
    "row", "measurement", "question", "number", "dimension", "words", "respondent", "mode", "role", "department",
    "name", "email", "people", "ballot", "value", "answer", "remark", "counted", "reason", "for", "against", "date",
)  # fmt: skip
"""The columns of the table. What is too long for one cell of `value` goes on in `value 2`, `value 3`, …"""

CHUNK: Final = 16_000
MOST_CHUNKS: Final = 70


def number_of(question: Question) -> str:
    """How the playbook numbers the question; custom ones by their id."""
    return question.field.name if question.is_custom else question.key


# ---- JSON


def _question_json(question: Question) -> dict[str, Any]:
    field = question.field
    written: dict[str, Any] = {
        "key": question.key,
        "dimension": question.dimension,
        "kind": question.kind,
        "fingerprint": question.fingerprint,
        "words": dict(field.label),
    }
    if field.options:
        written["options"] = [dict(option) for option in field.options]
    if field.rows:
        written["rows"] = {row.id: dict(row.label) for row in field.rows}
    if field.extra:
        written["extra"] = {field.extra: dict(field.extra_label)}
    return written


def _person_json(person: Person, questions: dict[str, Question]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "number": person.number,
        "mode": person.mode,
        "role": person.role,
        "department": person.department,
        "name": person.name,
        "email": person.email,
        "people": person.people,
        "language": person.language,
        "finished": person.is_finished,
    }
    if person.questions is not None:
        written["questions"] = list(person.questions)
    written["ballots"] = [
        {key: given_form(questions[key], value) for key, value in ballot.items()} for ballot in person.ballots
    ]
    return written


def _room_json(question: Question, said: Sequence[Participant]) -> list[dict[str, Any]]:
    """What was said in a workshop, each different answer once with how many people gave it."""
    counts: dict[str, tuple[Participant, int]] = {}
    for each in said:
        counts[each.order] = (each, counts.get(each.order, (each, 0))[1] + 1)
    return [
        {"role": each.role, "people": people, "ballots": [given_form(question, value) for value in each.ballots]}
        for each, people in counts.values()
    ]


def _agreed_json(question: Question, agreed: Agreed) -> dict[str, Any]:
    return {
        "value": given_form(question, agreed.value),
        "reason": agreed.reason,
        "for": agreed.arguments_for,
        "against": agreed.arguments_against,
        "decided_at": agreed.decided_at.isoformat(),
    }


def head_of(content: Content) -> dict[str, Any]:
    return {
        "name": content.name,
        "round": content.round,
        "created_at": content.created_at.isoformat(),
        "closed_at": content.closed_at.isoformat() if content.closed_at else None,
        "instrument": content.instrument.id,
        "version": content.instrument.version,
        "dimensions": list(content.dimensions),
    }


def as_json(content: Content) -> dict[str, Any]:
    """The measurement as its JSON file says it."""
    questions = content.instrument.questions
    return {
        "format": FORMAT,
        **head_of(content),
        "questions": [_question_json(each) for each in questions.values() if not each.is_custom],
        "custom": as_custom(content.custom),
        "respondents": [_person_json(each, questions) for each in content.people],
        "workshop": {key: _room_json(questions[key], said) for key, said in content.room.items()},
        "consensus": {key: _agreed_json(questions[key], each) for key, each in content.agreed.items()},
    }


def to_json(content: Content) -> bytes:
    return (json.dumps(as_json(content), ensure_ascii=False, indent=1) + "\n").encode()


# ---- One table


def cell_of(question: Question, value: Value) -> Cell:
    """The value, without its remark, as one cell that can be read back."""
    bare = {key: part for key, part in (value or {}).items() if key != "remark"}
    if not bare:
        return None
    match question.kind:
        case "single":
            return bare["choice"]  # type: ignore[no-any-return]
        case "multi":
            return ", ".join(map(str, bare["choices"]))
        case "text" | "open":
            return str(bare["html"])
        case "line":
            return str(bare["text"])
        case "percent":
            return bare["percent"]  # type: ignore[no-any-return]
        case _:
            return json.dumps(bare, ensure_ascii=False)


def _said(question: Question, value: Value) -> dict[str, Cell]:
    remark = (value or {}).get("remark", "")
    bare = {key: part for key, part in (value or {}).items() if key != "remark"} or None
    return {
        **_asked(question),
        "value": cell_of(question, value),
        "answer": answer_text(question, bare)[:CHUNK],
        "remark": remark,
    }


def _asked(question: Question) -> dict[str, Cell]:
    return {
        "question": question.key,
        "number": number_of(question),
        "dimension": question.dimension,
        "words": question.field.label.say(),
    }


def _person_cells(person: Person) -> dict[str, Cell]:
    return {
        "respondent": person.number, "mode": person.mode, "role": person.role, "department": person.department,
        "name": person.name, "email": person.email, "people": person.people,
    }  # fmt: skip


def _rows(content: Content) -> Iterator[dict[str, Cell]]:
    questions = content.instrument.questions
    yield {"row": "measurement", "value": json.dumps(head_of(content), ensure_ascii=False)}
    for raw, custom in zip(as_custom(content.custom), content.custom, strict=True):
        yield {"row": "question", **_asked(custom), "value": json.dumps(raw, ensure_ascii=False)}
    for person in content.people:
        more = {"language": person.language, "finished": person.is_finished}
        if person.questions is not None:
            more["questions"] = list(person.questions)
        yield {"row": "respondent", **_person_cells(person), "value": json.dumps(more)}
    for person in content.people:
        for number, ballot in enumerate(person.ballots, 1):
            for key, value in ballot.items():
                final = not any(key in later for later in person.ballots[number:])
                yield {
                    "row": "answer", **_person_cells(person), "ballot": number, **_said(questions[key], value),
                    "counted": "yes" if final else "no",
                }  # fmt: skip
    for key, said in content.room.items():
        for place, each in enumerate(said, 1):
            for number, value in enumerate(each.ballots, 1):
                if value is not None:
                    yield {
                        "row": "answer", "respondent": f"w{place}", "mode": "workshop", "role": each.role, "people": 1,
                        "ballot": number, **_said(questions[key], value),
                        "counted": "yes" if number == len(each.ballots) and is_answered(value) else "no",
                    }  # fmt: skip
    for key, agreed in content.agreed.items():
        yield {
            "row": "consensus", **_said(questions[key], agreed.value), "reason": agreed.reason,
            "for": agreed.arguments_for, "against": agreed.arguments_against, "date": agreed.decided_at.isoformat(),
        }  # fmt: skip


def _table(content: Content) -> Sheet:
    rows, chunks = [], 1
    for row in _rows(content):
        row["measurement"] = content.name
        value = row.get("value")
        pieces = [value]
        if isinstance(value, str) and len(value) > CHUNK:
            pieces = [value[at : at + CHUNK] for at in range(0, len(value), CHUNK)]
        if len(pieces) > MOST_CHUNKS:
            raise DeedRefused(_("An answer is too long for a table. Take the measurement along as JSON."))
        chunks = max(chunks, len(pieces))
        rows.append(([row.get(column) for column in COLUMNS], pieces))
    at = COLUMNS.index("value")
    head = [*COLUMNS, *(f"value {number}" for number in range(2, chunks + 1))]
    cells = []
    for row_cells, pieces in rows:
        row_cells[at] = pieces[0]
        cells.append((*row_cells, *pieces[1:], *([None] * (chunks - len(pieces)))))
    return Sheet("answers", tuple(head), tuple(cells))


def _about(content: Content) -> Sheet:
    return Sheet(
        "about",
        ("about", "what"),
        (
            ("format", FORMAT),
            ("measurement", content.name),
            ("instrument", f"{content.instrument.title.say()} ({content.instrument.id}, {content.instrument.version})"),
            ("workshops", _(
                "Who answered in a workshop is not known: the participants of each question are numbered anew. A role "
                "stands there only where at least five people of that role answered."
            )),
        ),
    )  # fmt: skip


def written(content: Content, form: str) -> bytes:
    """The measurement as a file: ``json``, ``csv`` or ``xlsx``. The same measurement always says the same."""
    if form == "json":
        return to_json(content)
    if form == "csv":
        return to_csv(_table(content))
    return to_xlsx([_table(content), _about(content)], title=content.name, subject=FORMAT)
