"""Two people answer one field: the value that comes of it, for every kind of field."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.editions.loading import edition
from koers.editions.structure import Column, Field
from koers.workbook.merging import merge_values
from koers.workbook.pairing import pairs
from koers.workbook.values import Value, plain_text, read_value, to_exchange

FIELDS = edition("draaiboek").fields
SINGLE, NOT_APPLICABLE, MULTI, DONT_KNOW = "A.1/open/estimate", "B.4.1/1", "B.4.1/6", "B.4.1/7"
MATRIX, LIST, BUDGET, PERCENT, LINE, TEXT = (
    "B.4.5/3", "B.4.4/1", "C.1.3/budget", "C.2.3/inspired/share", "A.1/open/when", "A.3/why",
)  # fmt: skip


def items(*names: str) -> Value:
    return {"items": [dict(zip(("name", "purpose"), name.split(": "), strict=False)) for name in names]}


@pytest.mark.parametrize(
    ("key", "base", "stored", "incoming", "value", "clashes"),
    [
        (TEXT, None, {"html": "<p>a</p>"}, {"html": "<p>b</p>"}, {"html": "<p>a</p><p>b</p>"}, 0),
        (TEXT, {"html": "<p>a b</p>"}, None, {"html": "<p>a b</p>"}, None, 0),
        (TEXT, {"html": "<p>a b</p>"}, None, {"html": "<p>a c</p>"}, {"html": "<p>a c</p>"}, 1),
        (LINE, {"text": "eind 2027"}, {"text": "eind 2028"}, {"text": "begin 2027"}, {"text": "begin 2028"}, 0),
        (LINE, None, {"text": "eind 2028"}, {"text": "begin 2027"}, {"text": "eind 2028 / begin 2027"}, 0),
        (LINE, {"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "b / c"}, 1),
        (PERCENT, {"percent": 10}, {"percent": 10}, {"percent": 0}, {"percent": 0}, 0),
        (PERCENT, {"percent": 10}, {"percent": 20}, {"percent": 30}, {"percent": 20}, 1),
        (SINGLE, {"choice": 1}, {"choice": 2}, {"choice": 1, "remark": "r"}, {"choice": 2, "remark": "r"}, 0),
        (SINGLE, {"choice": 1, "remark": "r"}, {"choice": 2, "remark": "r"}, {"remark": "r"},
         {"choice": 2, "remark": "r"}, 1),
        (SINGLE, None, {"remark": "a"}, {"remark": "b"}, {"remark": "a\nb"}, 0),
        (MULTI, {"choices": [1, 2]}, {"choices": [1, 2, 3]}, {"choices": [2]}, {"choices": [2, 3]}, 0),
        (DONT_KNOW, {"choices": [1]}, {"choices": ["dont-know"]}, {"choices": [1, 2]}, {"choices": ["dont-know"]}, 1),
        (DONT_KNOW, {"choices": ["dont-know"]}, {"choices": [1]}, {"choices": [2]}, {"choices": [1, 2]}, 0),
        (MATRIX, None, {"rows": {"vigilant": 1}}, {"rows": {"vested": 2}}, {"rows": {"vigilant": 1, "vested": 2}}, 0),
        (MATRIX, None, {"rows": {"vigilant": 1}}, {"rows": {"vigilant": 2}}, {"rows": {"vigilant": 1}}, 1),
        (LIST, None, items("a"), items("b", "a"), items("a", "b"), 0),
        (LIST, items("a", "b", "c"), items("a", "x", "b", "c"), items("b", "c", "y"), items("x", "b", "c", "y"), 0),
        (LIST, items("a: om te b", "c"), items("a: om te d", "c"), items("A: om te b", "c"),
         items("A: om te d", "c"), 0),
        (LIST, items("a: om te b", "c"), items("c"), items("a: om te d", "c"), items("a: om te d", "c"), 1),
        (BUDGET, {"items": [{"item": "X", "year": 2027}]}, {"items": [{"item": "X", "year": 2028}]},
         {"items": [{"item": "X", "year": 2029}]}, {"items": [{"item": "X", "year": 2028}]}, 1),
    ],
)  # fmt: skip
def test_what_two_people_answered(
    key: str, base: Value, stored: Value, incoming: Value, value: Value, clashes: int
) -> None:
    merged = merge_values(FIELDS[key], base, stored, incoming)
    assert (merged.value, len(merged.clashes)) == (value, clashes)


def test_the_only_item_that_changed_is_the_same_item_however_little_is_left_of_it() -> None:
    base = items("Burgers: weten waar ze terechtkunnen met een vraag", "x: y")
    stored = items("Inwoners: weten waar ze terechtkunnen met een vraag", "x: y")
    incoming = items("Burgers: vinden in één keer het juiste LOKET, ook wie niet digitaal is", "x: y")
    value = items("Inwoners: vinden in één keer het juiste LOKET, ook wie niet digitaal is", "x: y")
    assert merge_values(FIELDS[LIST], base, stored, incoming).value == value

    little = [{"name": "De burger", "purpose": "krijgt snel antwoord", "year": 2027}]
    changed = [{"name": "burger en ondernemer", "purpose": "helpen we sneller", "year": 2028}]
    assert pairs(little, changed) == [(0, 0)]
    assert pairs(little, [{"name": "iets", "purpose": "heel anders", "year": 2027}]) == [(0, 0)]
    assert pairs(little, [*changed, {"name": "OCMW"}]) == []
    assert pairs(little, [{"name": "iets", "purpose": "heel anders", "year": 2030}]) == []


def test_a_clash_of_choices_says_both_in_words() -> None:
    field = FIELDS[SINGLE]
    merged = merge_values(field, {"choice": 1}, {"choice": 2}, {"choice": 3})
    assert (merged.with_stored, merged.with_incoming) == ({"choice": 2}, {"choice": 3})
    (clash,) = merged.clashes
    assert (clash.stored, clash.incoming) == (field.options[1].say(), field.options[2].say())


def test_an_item_that_one_deleted_and_the_other_edited() -> None:
    merged = merge_values(FIELDS[LIST], items("a: om te b"), None, items("a: om te d"))
    assert (merged.with_stored, merged.with_incoming) == (None, items("a: om te d"))
    assert [(clash.stored, clash.incoming) for clash in merged.clashes] == [("", "a · om te d")]


_words = st.lists(st.sampled_from(["de", "een", "visie", "<b>", "2027", "\n", "x.", "burgers"]), max_size=6).map(
    " ".join
)


def _cells(column: Column) -> st.SearchStrategy[Any]:
    match column.kind:
        case "choice":
            return st.integers(1, len(column.options))
        case "year":
            return st.integers(2026, 2029)
        case "money" | "number":
            return st.sampled_from([0, 1, 12.5])
        case _:
            return _words


def _answers(field: Field) -> st.SearchStrategy[Any]:
    choice = st.integers(1, max(len(field.options), 1))
    extra = [st.just(field.extra)] if field.extra else []
    match field.kind:
        case "text" | "open" | "line":
            return _words
        case "percent":
            return st.none() | st.sampled_from([0, 1, 12.5])
        case "single":
            shape: dict[str, Any] = {"choice": st.one_of(st.none(), choice, *extra)}
        case "multi":
            chosen = st.lists(choice, unique=True)
            shape = {"choices": st.one_of(chosen, st.just([field.extra])) if field.extra else chosen}
        case "matrix":
            shape = {"rows": st.dictionaries(st.sampled_from([row.id for row in field.rows]), choice)}
        case "list":
            item = st.fixed_dictionaries({}, optional={column.id: _cells(column) for column in field.columns})
            shape = {"items": st.lists(item, max_size=4)}
    return st.fixed_dictionaries({**shape, **({"remark": _words} if field.remark else {})})


_KINDS = [SINGLE, NOT_APPLICABLE, MULTI, DONT_KNOW, MATRIX, LIST, BUDGET, "A.3/vocabulary", PERCENT, LINE, TEXT]
_SCALAR = {"single", "matrix", "percent"}


def _bag(field: Field, value: Value) -> Counter[str]:
    return Counter(re.findall(r"\w+", plain_text(field, value, "nl")))


@st.composite
def _three(draw: st.DrawFn) -> tuple[Field, Value, Value, Value]:
    field = FIELDS[draw(st.sampled_from(_KINDS))]
    base, stored, incoming = (read_value(field, draw(_answers(field)), "markdown") for _version in range(3))
    if field.kind == "list" and base and "items" in base:
        # People mostly change a list that is there.
        for side in (stored, incoming):
            if side and "items" in side:
                side["items"] = base["items"][: draw(st.integers(0, 4))] + side["items"][: draw(st.integers(1, 4))]
    return field, base, stored, incoming


@settings(max_examples=250, deadline=None)
@given(_three())
def test_any_three_values_make_a_valid_one_and_lose_nothing(case: tuple[Field, Value, Value, Value]) -> None:
    field, base, stored, incoming = case
    merged, swapped = merge_values(*case), merge_values(field, base, incoming, stored)
    for value in (merged.value, merged.with_stored, merged.with_incoming):
        assert value is None or read_value(field, to_exchange(field, value), "markdown") == value
    assert merge_values(field, base, stored, base).value == stored
    assert merge_values(field, base, base, incoming).value == incoming
    assert merge_values(field, base, stored, stored).value == stored
    assert len(merged.clashes) == len(swapped.clashes)
    if not merged.clashes:
        assert _bag(field, merged.value) == _bag(field, swapped.value)
        assert merged.value == merged.with_stored == merged.with_incoming
    for clash in merged.clashes if field.kind in _SCALAR else ():
        assert clash.stored in plain_text(field, merged.with_stored)
        assert clash.incoming in plain_text(field, merged.with_incoming)
    if field.kind in {"text", "line"}:
        for side in (stored, incoming):
            assert not (_bag(field, side) - _bag(field, base)) - _bag(field, merged.value)


def test_pairs_of_a_long_list_where_every_item_changed() -> None:
    base = [{"name": f"naam {at}", "purpose": f"doel {at} " * 20, "year": at} for at in range(300)]
    side = [{**item, "name": "iets anders"} for item in base]
    assert pairs(base, side) == [(at, at) for at in range(300)]
