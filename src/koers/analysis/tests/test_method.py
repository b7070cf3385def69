"""The published method says what the code does: its worked examples are recomputed from the text, in each language."""

import re
from pathlib import Path

import pytest
from django.test import Client

from koers.analysis.comparing import compare
from koers.analysis.measured import Measured, MeasuredDimension, measure
from koers.analysis.method import LANGUAGES, SECTIONS, method_in
from koers.analysis.scoring import analyse
from koers.analysis.sensitivity import firmness
from koers.analysis.tests.given import answers, playbook
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


HEADS = {
    "en": {
        "questions": ("question", "answer"), "dimensions": ("dimension", "index"), "without": ("left out",),
        "level": ("dimension", "level"), "compared": ("compared",), "both": ("dimension", "earlier"),
        "roles": ("role",), "counts": ("counts", "middle"),
    },
    "nl": {
        "questions": ("vraag", "antwoord"), "dimensions": ("dimensie", "index"), "without": ("zonder",),
        "level": ("dimensie", "niveau"), "compared": ("vergeleken",), "both": ("dimensie", "eerder"),
        "roles": ("rol",), "counts": ("aantallen", "midden"),
    },
}  # fmt: skip
STATES = {
    "en": {"counts": "scored", "does not apply": "not-applicable", "impression": "perception"},
    "nl": {
        "telt mee": "scored", "niet van toepassing": "not-applicable", "indruk": "perception",
        "twijfelachtig": "doubtful",
    },
}  # fmt: skip
ROLES = {
    "en": {"Head of department": "head", "Staff": "staff", "IT": "it"},
    "nl": {"Diensthoofd": "head", "Medewerker": "staff", "IT": "it"},
}


def _rows(language: str, table: str) -> list[list[str]]:
    return _table(language, *HEADS[language][table])


def _key(language: str, question: str) -> str:
    """The key of a question that the text names with its key and its short name."""
    key, _gap, short = question.partition(" ")
    assert edition("draaiboek").fields[key].short.say(language) == short
    return key


def _value(language: str, key: str, said: str) -> Value:
    """“3 of 4”, or one for each row; the text may leave out of how many."""
    answer, _of, steps = said.partition(" of " if language == "en" else " van ")
    if said in STATES[language]:
        return {"choice": STATES[language][said]}
    assert not steps or int(steps) == len(edition("draaiboek").fields[key].options), said
    if answer.isdecimal():
        return {"choice": int(answer)}
    rows = {row.label.say(language): row.id for row in edition("draaiboek").fields[key].rows}
    return {"rows": {rows[row]: int(choice) for row, choice in (part.split() for part in answer.split(", "))}}


def _said(language: str, number: float | None) -> str:
    return "" if number is None else f"{number:.2f}".replace(".", "," if language == "nl" else ".")


def _answers(language: str) -> dict[str, Value]:
    found = {_key(language, row[0]): row[1] for row in _rows(language, "questions")}
    return {key: _value(language, key, answer) for key, answer in found.items()}


def _measured(language: str) -> Measured:
    return measure(playbook(), [], _answers(language))


def _strategy(measured: Measured) -> MeasuredDimension:
    (found,) = [each for each in measured.dimensions if each.id == "B.4.1"]
    return found


def test_questions(language: str) -> None:
    results = {each.field.key: each for each in analyse(edition("draaiboek"), _answers(language)).questions}
    for question, _answer, state, index in _rows(language, "questions"):
        result = results[_key(language, question)]
        assert (result.state, _said(language, result.rank)) == (STATES[language].get(state, state), index), question


def test_dimensions(language: str) -> None:
    """The same of the answers of a workbook as of a measurement in which they were agreed."""
    workbook = [(each.section.id, each) for each in analyse(edition("draaiboek"), _answers(language)).dimensions]
    measured = [(each.id, each) for each in _measured(language).scored_dimensions if not each.dimension.optional]
    for found in (workbook, measured):
        assert [
            [
                id_, _said(language, each.index), _said(language, each.sensitivity_index), str(each.scored),
                str(each.scorable),
            ]
            for id_, each in found
        ] == _rows(language, "dimensions")  # fmt: skip


def test_how_firm(language: str) -> None:
    (found,) = [each for each in firmness(_measured(language)) if each.dimension.id == "B.4.1"]
    said = [[each.question.key, _said(language, each.index)] for each in found.without]
    assert said == [[_key(language, question), index] for question, index in _rows(language, "without")]


def test_the_level(language: str) -> None:
    level = _strategy(_measured(language)).level
    assert level.level is not None
    assert level.next is not None
    blocking = ", ".join(each.question.key for each in level.blocking)
    assert [["B.4.1", str(level.level.number), str(level.next.number), blocking]] == _rows(language, "level")


def test_a_year_later(language: str) -> None:
    rows = [(_key(language, row[0]), *row[1:]) for row in _rows(language, "compared")]
    for key, before, _after, _steps in rows:
        assert _value(language, key, before) == _answers(language)[key]
    later = measure(playbook(), [], {key: _value(language, key, after) for key, _before, after, _steps in rows})
    comparison = compare(_measured(language), later)
    steps = {each.question.key: each.steps for each in comparison.questions}
    said = {key: "" if number is None else f"{number:+d}" if number else "0" for key, number in steps.items()}
    assert said == {key: number for key, _before, _after, number in rows}
    (both,) = [each for each in comparison.dimensions if each.dimension.id == "B.4.1"]
    assert both.levels is not None
    levels = ", ".join(str(each.level.number) for each in both.levels if each.level)
    figures = ["B.4.1", _said(language, both.earlier), _said(language, both.later), str(both.common), levels]
    assert [figures] == _rows(language, "both")
    assert f"÷ 4 = {_said(language, _strategy(later).index)}" in (HERE / f"{language}.md").read_text(encoding="utf-8")


def test_twelve_people(language: str) -> None:
    rows = [(ROLES[language][row[0]], *row[1:]) for row in _rows(language, "roles")]
    given = [
        each
        for role, chosen, _people, _shown in rows
        for each in answers("B.4.1/1", role, *(int(choice) for choice in chosen.split(", ")))
    ]
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    yes = "yes" if language == "en" else "ja"
    assert set(question.by_role) == {role for role, _chosen, _people, shown in rows if shown == yes}
    assert question.spread.answered == sum(int(people) for _role, _chosen, people, _shown in rows)
    spread = question.spread
    assert spread.middle is not None
    said = [", ".join(map(str, spread.counts)), str(spread.middle["choice"]), _said(language, spread.disagreement)]
    assert [said] == _rows(language, "counts")


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
    assert re.findall(r'<section id="([a-z]+)"', page.text) == list(SECTIONS)
    assert "##" not in page.text


def test_what_pages_point_to_is_there(language: str) -> None:
    """The address of the method with the section, wherever a template writes one."""
    pages = (HERE.parent / "templates").rglob("*.html")
    pointed = {each for page in pages for each in re.findall(r"url 'method' %}#([a-z]+)", page.read_text())}
    assert {"levels", "roles", "firm", "comparing"} <= pointed <= {each.id for each in method_in(language).parts}
