"""The exchange file: whole or refused, and the same bytes on the second export."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from koers.editions.loading import edition
from koers.editions.structure import Column, Field
from koers.kit.located import Refused
from koers.workbook.actions import create_workbook, import_answers
from koers.workbook.exchange import as_exchange, read_exchange, to_json, to_yaml
from koers.workbook.models import Answer, Revision

HEAD = 'format: koers-workbook/1\nedition: draaiboek\nadministration: {name: Gemeente Voorbeeld, nis: "43010"}\n'


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_exchange(text if isinstance(text, bytes) else text.encode(), "w.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_the_example_of_the_format_is_read() -> None:
    text = HEAD + (
        "answers:\n"
        '  A.3/why: "Text in Markdown (paragraphs, lists, emphasis, links)"\n'
        '  A.1/open/estimate: {choice: 2, remark: "..."}\n'
        "  B.4.1/6: {choices: [1, 3]}\n"
        '  B.4.5/3: {rows: {vigilant: 2, voyager: 1, visionary: 3, vested: 2}, remark: "..."}\n'
        "  B.4.1/2: {choice: not-applicable}\n"
        "  B.4.1/7: {choices: [dont-know]}\n"
        '  B.4.4/1: {items: [{name: "a", purpose: "b", supplier: "c", note: "d"}], remark: "..."}\n'
        "  C.2.3/inspired/share: 15\n"
    )
    file = read_exchange(text.encode())
    assert (file.administration_name, file.administration_nis, file.administration_kind) == (
        "Gemeente Voorbeeld", "43010", "municipality",
    )  # fmt: skip
    assert len(file.values) == 8
    assert file.values["C.2.3/inspired/share"] == {"percent": 15}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format: koers-workbook/2\n", ["w.yaml:1: The format must be “koers-workbook/1”."]),
        ("- a\n", ["w.yaml:1: This is not a workbook: the file must be a mapping."]),
        (HEAD + "extra: 1\n", ["w.yaml:4: Unknown key “extra”."]),
        (HEAD + "answers:\n  A.9/x: a\n", ["w.yaml:5: There is no field “A.9/x” in this edition."]),
        (HEAD + "answers:\n  A.3/why: a\n  B.4.1/1: {choice: 5}\n",
         ["w.yaml:6: B.4.1/1: 5 is out of range: choose from 1 to 4."]),
        (HEAD + "answers:\n  B.4.1/1:\n    remark: x\n    choice: 9\n",
         ["w.yaml:7: B.4.1/1: 9 is out of range: choose from 1 to 4."]),
        (HEAD + "answers:\n  C.2.3/inspired/share: 101\n",
         ["w.yaml:5: C.2.3/inspired/share: 101 is out of range: from 0 to 100."]),
        (HEAD + "answers:\n  A.3/why: 12\n", ["w.yaml:5: A.3/why: This must be text."]),
        (HEAD + "answers:\n  A.3/why: &a x\n  A.3/hooks: *a\n",
         ["w.yaml:5: Anchors and aliases (& and *) are not accepted: they can expand without end."]),
        ("format: koers-workbook/1\nedition: none\nadministration: {name: x}\n",
         ["w.yaml:2: There is no edition “none”."]),
        ("format: koers-workbook/1\nedition: draaiboek\n",
         ["w.yaml:1: The file must name the administration: {name: …}."]),
        (HEAD.replace("43010", "4301"), ["w.yaml:3: A NIS code has five digits."]),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_and_reason(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_every_problem_is_named_at_once() -> None:
    assert len(problems(HEAD + "answers:\n  A.9/x: a\n  B.4.1/1: {choice: 9}\n  C.2.3/inspired/share: x\n")) == 3


def test_an_import_touches_only_what_it_names(scoped: Cast) -> None:
    import_answers(scoped.workbook, {"A.3/why": {"html": "<p>a</p>"}, "A.3/hooks": {"html": "<p>b</p>"}}, None)
    import_answers(scoped.workbook, {"A.3/hooks": {"html": "<p>c</p>"}}, scoped.lead)
    values = dict(Answer.objects.values_list("field_key", "value"))
    assert values == {"A.3/why": {"html": "<p>a</p>"}, "A.3/hooks": {"html": "<p>c</p>"}}
    assert Revision.objects.filter(field_key="A.3/hooks").count() == 2


_line = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).filter(lambda text: text.strip())


def _cell(column: Column) -> st.SearchStrategy[Any]:
    match column.kind:
        case "choice":
            return st.integers(1, len(column.options))
        case "year":
            return st.integers(2000, 2100)
        case "money" | "number":
            return st.one_of(st.integers(0, 10_000), st.floats(0, 100).map(lambda number: round(number, 2)))
        case _:
            return _line


def _raw(field: Field) -> st.SearchStrategy[Any]:
    remark = {"remark": _line} if field.remark else {}
    choice: st.SearchStrategy[Any] = st.integers(1, max(len(field.options), 1))
    match field.kind:
        case "text" | "open" | "line":
            return _line
        case "percent":
            return st.integers(0, 100)
        case "single":
            extra = st.just(field.extra) if field.extra else st.nothing()
            return st.fixed_dictionaries({"choice": choice | extra}, optional=remark)
        case "multi":
            return st.fixed_dictionaries({"choices": st.lists(choice, unique=True, min_size=1)}, optional=remark)
        case "matrix":
            rows = st.fixed_dictionaries({}, optional={row.id: choice for row in field.rows})
            return st.fixed_dictionaries({"rows": rows}, optional=remark)
        case "list":
            item = st.fixed_dictionaries({}, optional={column.id: _cell(column) for column in field.columns})
            return st.fixed_dictionaries({"items": st.lists(item, max_size=3)}, optional=remark)


_answers = st.fixed_dictionaries({}, optional={key: _raw(field) for key, field in edition("draaiboek").fields.items()})


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers=_answers)
def test_export_then_import_gives_the_same_workbook(scoped: Cast, answers: dict[str, Any]) -> None:
    head = {"format": "koers-workbook/1", "edition": "draaiboek", "administration": {"name": "Gemeente Kastelbeke"}}
    first = create_workbook(scoped.administration, None)
    import_answers(first, read_exchange(json.dumps({**head, "answers": answers}).encode()).values, None)
    second = create_workbook(scoped.administration, None)
    import_answers(second, read_exchange(to_yaml(first).encode()).values, None)
    third = create_workbook(scoped.administration, None)
    import_answers(third, read_exchange(to_json(second).encode()).values, None)
    assert to_yaml(second) == to_yaml(first)
    assert to_yaml(third) == to_yaml(first)
    assert as_exchange(third) == as_exchange(first)
