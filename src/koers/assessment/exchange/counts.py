"""What a reader without the right to see single answers takes along: how many answered what, and what was agreed."""

import json
from collections import Counter
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.assessment.exchange.content import COUNTS_FORMAT, Content, without_remark
from koers.assessment.exchange.files import head_of, number_of
from koers.assessment.instruments.structure import Question
from koers.assessment.suppression import K
from koers.assessment.values import answer_text
from koers.kit.sheets import Cell, Sheet, to_csv, to_xlsx
from koers.workbook.values import Value, choice_text, is_answered

COLUMNS: Final = (
    "row", "measurement", "question", "number", "dimension", "words", "option", "option words", "people", "answered",
    "answer", "reason", "for", "against",
)  # fmt: skip


def explained() -> str:
    return _(
        "Counts only: single answers, remarks and names are for whoever may work out the measurement. Where fewer than "
        "%(k)s people answered a question, its counts are left out."
    ) % {"k": K}


def final_answers(content: Content, key: str) -> list[tuple[Value, int]]:
    """The last answer of everybody to a question, with how many people gave it together."""
    found = []
    for person in content.people:
        given = [ballot[key] for ballot in person.ballots if key in ballot]
        if given:
            found.append((given[-1], person.people))
    for each in content.room.get(key, ()):
        voted = [value for value in each.ballots if value is not None]
        found.extend((value, 1) for value in voted[-1:])
    return [(value, people) for value, people in found if is_answered(value)]


def counts_of(question: Question, answers: list[tuple[Value, int]]) -> dict[str, dict[str, Any]]:
    """By option how many people chose it; of a matrix by row and option; of shares by row the mean."""
    counted: dict[str, Counter[str]] = {}
    field = question.field
    for value, people in answers:
        assert value is not None
        if question.kind == "single":
            counted.setdefault("", Counter())[str(value["choice"])] += people
        elif question.kind == "multi":
            for choice in value["choices"]:
                counted.setdefault("", Counter())[str(choice)] += people
        elif question.kind == "matrix":
            for row, choice in value["rows"].items():
                counted.setdefault(row, Counter())[str(choice)] += people
    if question.kind in {"single", "multi", "matrix"}:
        options = [*map(str, range(1, len(field.options) + 1)), *([field.extra] if field.extra else [])]
        rows = [row.id for row in field.rows] if question.kind == "matrix" else [""]
        return {row: {option: counted.get(row, Counter())[option] for option in options} for row in rows}
    people = sum(number for _value, number in answers)
    if question.kind == "shares":
        sums = {row.id: sum((value or {})["shares"].get(row.id, 0) * number for value, number in answers)
                for row in field.rows}  # fmt: skip
        return {row: {"mean": round(total / people, 2)} for row, total in sums.items()}
    if question.kind == "percent":
        total = sum((value or {})["percent"] * number for value, number in answers)
        return {"": {"mean": round(total / people, 2)}}
    return {}


def _counted(content: Content, question: Question) -> dict[str, Any]:
    answers = final_answers(content, question.key)
    answered = sum(people for _value, people in answers)
    enough = answered >= K
    return {
        "key": question.key,
        "dimension": question.dimension,
        "kind": question.kind,
        "words": dict(question.field.label),
        "options": [dict(option) for option in question.field.options],
        "answered": answered if enough or not answered else None,
        "counts": counts_of(question, answers) if enough else None,
    }


def as_json(content: Content) -> dict[str, Any]:
    questions = content.instrument.questions
    return {
        "format": COUNTS_FORMAT,
        "about": explained(),
        **head_of(content),
        "questions": [_counted(content, each) for each in questions.values()],
        "consensus": {
            key: {
                "value": each.value,
                "reason": each.reason,
                "for": each.arguments_for,
                "against": each.arguments_against,
            }
            for key, each in content.agreed.items()
        },
    }


def _option_words(question: Question, row: str, option: str) -> str:
    said = "" if option == "mean" else choice_text(question.field, int(option) if option.isdecimal() else option)
    of_row = next((str(each.label) for each in question.field.rows if each.id == row), "")
    return ": ".join(filter(None, (of_row, said)))


def _table(content: Content) -> Sheet:
    rows: list[dict[str, Cell]] = [{"row": "about", "words": explained()}]
    questions = content.instrument.questions
    for key, question in questions.items():
        counted = _counted(content, question)
        asked: dict[str, Cell] = {
            "question": key, "number": number_of(question), "dimension": question.dimension,
            "words": question.field.label.say(), "answered": counted["answered"],
        }  # fmt: skip
        for row, options in (counted["counts"] or {"": {"": None}}).items():
            for option, people in options.items():
                rows.append({
                    "row": "count", **asked, "option": f"{row} {option}".strip(),
                    "option words": _option_words(question, row, option) if option else "", "people": people,
                })  # fmt: skip
    for key, agreed in content.agreed.items():
        question = questions[key]
        rows.append({
            "row": "consensus", "question": key, "number": number_of(question), "dimension": question.dimension,
            "words": question.field.label.say(), "answer": answer_text(question, without_remark(agreed.value)),
            "reason": agreed.reason, "for": agreed.arguments_for, "against": agreed.arguments_against,
        })  # fmt: skip
    cells = [tuple({**row, "measurement": content.name}.get(column) for column in COLUMNS) for row in rows]
    return Sheet("counts", COLUMNS, cells)


def written(content: Content, form: str) -> bytes:
    """The counts as a file: ``json``, ``csv`` or ``xlsx``."""
    if form == "json":
        return (json.dumps(as_json(content), ensure_ascii=False, indent=1) + "\n").encode()
    if form == "csv":
        return to_csv(_table(content))
    return to_xlsx([_table(content)], title=content.name, subject=COUNTS_FORMAT)
