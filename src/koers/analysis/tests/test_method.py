"""The published method says what the code does: its worked example is recomputed from the page."""

from pathlib import Path

import pytest

from koers.analysis.scoring import Analysis, analyse
from koers.editions.loading import edition
from koers.workbook.values import Value

PAGE = Path(__file__).resolve().parents[4] / "docs" / "method.md"


def _table(first_heading: str) -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").split("## A worked example")[1].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def _value(answer: str) -> Value:
    if answer.isdecimal():
        return {"choice": int(answer)}
    if " " not in answer:
        return {"choice": answer}
    return {"rows": {row: int(choice) for row, choice in (part.split() for part in answer.split(", "))}}


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"


@pytest.fixture(scope="module")
def worked() -> Analysis:
    return analyse(edition("draaiboek"), {row[0]: _value(row[1]) for row in _table("question")})


def test_questions(worked: Analysis) -> None:
    results = {each.field.key: each for each in worked.questions}
    for key, _answer, steps, state, index in _table("question"):
        result = results[key]
        assert (str(result.steps), result.state, _said(result.rank)) == (steps, state, index), key


def test_dimensions(worked: Analysis) -> None:
    said = [
        [each.section.id, _said(each.index), _said(each.sensitivity_index), str(each.scored), str(each.scorable)]
        for each in worked.dimensions
    ]
    assert said == _table("dimension")


def test_the_lists_of_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for scoring in ("doubtful", "perception"):
        for field in edition("draaiboek").fields.values():
            if field.scoring == scoring:
                assert field.key in text
