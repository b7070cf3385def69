"""The published method says what the code does: its worked examples are recomputed from the text, in each language."""

from pathlib import Path

import pytest
from django.test import Client

from koers.analysis.measured import Measured, measure
from koers.analysis.method import LANGUAGES
from koers.analysis.scoring import Analysis, analyse
from koers.analysis.tests.measuring import answers, playbook
from koers.editions.loading import edition
from koers.workbook.values import Value

HERE = Path(__file__).resolve().parents[1] / "method"
pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def _table(language: str, *head: str) -> list[list[str]]:
    """The rows of the table that begins with these headings, within the worked examples."""
    lines = (HERE / f"{language}.md").read_text(encoding="utf-8").splitlines()
    heading = "| " + " | ".join(head) + " |"
    start = next(number for number, line in enumerate(lines) if line.startswith(heading))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def _questions(language: str) -> list[list[str]]:
    return _table(language, "question" if language == "en" else "vraag")


def _value(answer: str) -> Value:
    if answer.isdecimal():
        return {"choice": int(answer)}
    if " " not in answer:
        return {"choice": answer}
    return {"rows": {row: int(choice) for row, choice in (part.split() for part in answer.split(", "))}}


def _said(language: str, number: float | None) -> str:
    return "" if number is None else f"{number:.2f}".replace(".", "," if language == "nl" else ".")


def _worked(language: str) -> Analysis:
    return analyse(edition("draaiboek"), {row[0]: _value(row[1]) for row in _questions(language)})


def _measured(language: str) -> Measured:
    return measure(playbook(), [], {row[0]: _value(row[1]) for row in _questions(language)})


def test_questions(language: str) -> None:
    results = {each.field.key: each for each in _worked(language).questions}
    for key, _answer, steps, state, index in _questions(language):
        result = results[key]
        assert (str(result.steps), result.state, _said(language, result.rank)) == (steps, state, index), key


def test_dimensions(language: str) -> None:
    head = ("dimension", "index") if language == "en" else ("dimensie", "index")
    for found in (_worked(language).dimensions, _measured(language).scored_dimensions):
        said = [
            [
                getattr(each, "section", getattr(each, "dimension", None)).id, _said(language, each.index),
                _said(language, each.sensitivity_index), str(each.scored), str(each.scorable),
            ]
            for each in found
        ]  # fmt: skip
        assert said[:5] == _table(language, *head) or said[-5:] == _table(language, *head)


def test_twelve_people(language: str) -> None:
    rows = _table(language, "role" if language == "en" else "rol")
    given = [
        each for role, chosen, _people, _shown in rows
        for each in answers("B.4.1/1", role, *(int(choice) for choice in chosen.split(", ")))
    ]  # fmt: skip
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    yes = "yes" if language == "en" else "ja"
    assert set(question.by_role) == {role for role, _chosen, _people, shown in rows if shown == yes}
    assert question.spread.answered == sum(int(people) for _role, _chosen, people, _shown in rows)
    spread = question.spread
    assert spread.middle is not None
    ((counts, middle, disagreement),) = _table(language, "counts" if language == "en" else "aantallen")
    said = (", ".join(map(str, spread.counts)), str(spread.middle["choice"]), _said(language, spread.disagreement))
    assert said == (counts, middle, disagreement)


def test_the_level(language: str) -> None:
    head = ("dimension", "level") if language == "en" else ("dimensie", "niveau")
    ((id_, number, following, blocking),) = _table(language, *head)
    (found,) = [each.level for each in _measured(language).dimensions if each.id == id_]
    assert found.level is not None
    assert found.next is not None
    assert (str(found.level.number), str(found.next.number)) == (number, following)
    assert ", ".join(each.question.key for each in found.blocking) == blocking


def test_the_lists_of_the_text(language: str) -> None:
    text = (HERE / f"{language}.md").read_text(encoding="utf-8")
    for scoring in ("doubtful", "perception"):
        for field in edition("draaiboek").fields.values():
            if field.scoring == scoring:
                assert field.key in text


def test_anybody_reads_it_in_the_language_of_the_page(language: str, db: None) -> None:
    page = Client(headers={"accept-language": language}).get("/method/")
    title = (HERE / f"{language}.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    assert f"<h1>{title}</h1>" in page.text
    assert "<table>" in page.text
