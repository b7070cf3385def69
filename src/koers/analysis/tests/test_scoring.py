"""What an index does, whatever is answered."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers.analysis.scoring import Analysis, analyse, attention_points, question_result, strengths
from koers.analysis.tests.answers import PARTIAL, full
from koers.editions.loading import edition
from koers.editions.structure import Field
from koers.workbook.values import Value

DRAAIBOEK = edition("draaiboek")
SCALED = [field for field in DRAAIBOEK.fields.values() if field.scoring in {"ordinal", "doubtful", "perception"}]


def _answer(field: Field) -> st.SearchStrategy[Value]:
    choices = st.integers(1, len(field.options))
    if field.kind == "matrix":
        rows = st.dictionaries(st.sampled_from([row.id for row in field.rows]), choices, min_size=1)
        return rows.map(lambda chosen: {"rows": chosen})
    extra: list[st.SearchStrategy[Any]] = [st.just(field.extra)] if field.extra else []
    return st.one_of(choices, *extra).map(lambda choice: {"choice": choice})


ANSWERS = st.fixed_dictionaries({}, optional={field.key: _answer(field) for field in SCALED})


def _indices(analysis: Analysis) -> list[float | None]:
    found: list[float | None] = []
    for each in analysis.dimensions:
        found += [each.index, each.sensitivity_index]
    return found


@given(ANSWERS)
def test_every_index_lies_within_0_and_1(values: dict[str, Value]) -> None:
    analysis = analyse(DRAAIBOEK, values)
    ranks = [each.rank for each in analysis.questions] + [each.rank for each in analysis.leadership]
    for number in [*_indices(analysis), *ranks]:
        assert number is None or 0 <= number <= 1
    for each in analysis.dimensions:
        assert each.scored <= each.scorable
        assert (each.index is None) == (each.scored == 0)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(values: dict[str, Value], shuffled: random.Random) -> None:
    items = list(values.items())
    shuffled.shuffle(items)
    assert _indices(analyse(DRAAIBOEK, dict(items))) == _indices(analyse(DRAAIBOEK, values))


def _one_step_up(field: Field, value: Value) -> Value:
    """The same answer one step higher; the same when there is no higher one."""
    assert value is not None
    if "rows" in value:
        return {"rows": {row: min(choice + 1, len(field.options)) for row, choice in value["rows"].items()}}
    choice = value["choice"]
    if isinstance(choice, str):
        return value
    return {"choice": max(choice - 1, 1) if field.descending else min(choice + 1, len(field.options))}


@given(ANSWERS, st.sampled_from(SCALED))
def test_one_step_up_never_lowers_an_index(values: dict[str, Value], field: Field) -> None:
    if field.key not in values:
        return
    before = analyse(DRAAIBOEK, values)
    after = analyse(DRAAIBOEK, values | {field.key: _one_step_up(field, values[field.key])})
    for low, high in zip(_indices(before), _indices(after), strict=True):
        assert (low is None) == (high is None)
        assert low is None or high is None or high >= low


@given(ANSWERS)
def test_not_applicable_leaves_the_denominator(values: dict[str, Value]) -> None:
    without = {key: value for key, value in values.items() if key != "B.4.1/2"}
    plain = analyse(DRAAIBOEK, without).dimensions[0]
    left_out = analyse(DRAAIBOEK, without | {"B.4.1/2": {"choice": "not-applicable"}}).dimensions[0]
    assert left_out.index == plain.index
    assert left_out.scored == plain.scored
    assert left_out.scorable == plain.scorable - 1
    assert left_out.left_out == plain.left_out + 1


@given(ANSWERS)
def test_context_never_counts(values: dict[str, Value]) -> None:
    everything = {key: value for key, value in full().items() if DRAAIBOEK.fields[key].scoring == "context"}
    assert _indices(analyse(DRAAIBOEK, everything | values)) == _indices(analyse(DRAAIBOEK, values))


def test_the_dimensions_of_the_playbook() -> None:
    analysis = analyse(DRAAIBOEK, {})
    assert [each.section.id for each in analysis.dimensions] == ["B.4.1", "B.4.2", "B.4.3", "B.4.4", "B.4.5"]
    assert [len(each.questions) for each in analysis.dimensions] == [7, 13, 5, 9, 3]
    assert [each.scorable for each in analysis.dimensions] == [4, 7, 4, 2, 1]
    assert [each.field.key for each in analysis.perceptions] == ["B.4.1/5", "B.4.5/1", "B.4.5/2"]
    assert len(analysis.oecd) == 6
    assert [each.row.id for each in analysis.leadership] == ["vigilant", "voyager", "visionary", "vested"]
    assert [each.group.id for each in analysis.adoption.shares] == [
        "inspired",
        "indifferent",
        "frustrated",
        "oppressed",
    ]
    assert sum(each.field.scoring == "doubtful" for each in analysis.questions) == 3


def test_empty() -> None:
    analysis = analyse(DRAAIBOEK, {})
    assert analysis.is_empty
    assert _indices(analysis) == [None] * 10
    assert not analysis.adoption.adds_up


def test_only_texts_is_still_empty() -> None:
    assert analyse(DRAAIBOEK, {"A.3/why": {"html": "<p>…</p>"}}).is_empty


def test_one_estimate_is_not_empty() -> None:
    assert not analyse(DRAAIBOEK, {"A.1/open/estimate": {"choice": 1}}).is_empty


def test_partial() -> None:
    analysis = analyse(DRAAIBOEK, PARTIAL)
    strategy, services, _skills, _tools, transformation = analysis.dimensions
    assert strategy.index == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert (strategy.scored, strategy.scorable, strategy.left_out) == (2, 3, 1)
    assert {each.field.key: each.state for each in strategy.questions}["B.4.1/7"] == "dont-know"
    assert services.index == pytest.approx(1 / 3)
    assert services.sensitivity_index == pytest.approx((1 / 3 + 1) / 2)
    assert transformation.index == pytest.approx((1 / 3 + 1) / 2)
    assert (analysis.scored, analysis.scorable) == (4, 17)
    assert (analysis.adoption.total, analysis.adoption.is_complete, analysis.adoption.adds_up) == (45, False, False)


@pytest.mark.parametrize(
    ("shares", "adds_up"), [((25, 25, 25, 25), True), ((33.3, 33.3, 33.4, 0), True), ((50, 50, 50, 50), False)]
)
def test_adoption_adds_up(shares: tuple[float, ...], adds_up: bool) -> None:
    groups = ("inspired", "indifferent", "frustrated", "oppressed")
    values = {f"C.2.3/{group}/share": {"percent": share} for group, share in zip(groups, shares, strict=True)}
    assert analyse(DRAAIBOEK, values).adoption.adds_up is adds_up


def test_a_remark_alone_is_not_an_answer() -> None:
    result = question_result(DRAAIBOEK.fields["B.4.1/1"], {"remark": "Ask the director"})
    assert (result.state, result.rank, result.remark) == ("unanswered", None, "Ask the director")
    assert result.answer_text("en") == ""


def test_descending_is_turned_around() -> None:
    field = DRAAIBOEK.fields["B.4.5/2"]
    assert [question_result(field, {"choice": choice}).rank for choice in (1, 2, 3)] == [1, 0.5, 0]


def test_answer_in_words_without_its_remark() -> None:
    result = question_result(DRAAIBOEK.fields["B.4.5/3"], PARTIAL["B.4.5/3"])
    assert len(result.answer_text("nl").splitlines()) == 2
    assert result.remark not in result.answer_text("en")
    assert result.answer_text("nl") != result.answer_text("en")


def test_strengths_and_attention_points() -> None:
    analysis = analyse(DRAAIBOEK, full())
    high, low = strengths(analysis, 4), attention_points(analysis, 4)
    assert [each.rank for each in high] == sorted((each.rank for each in high), key=lambda rank: -(rank or 0))
    assert not {each.field.key for each in high} & {each.field.key for each in low}
    assert all(each.state == "scored" for each in (*high, *low))
    assert strengths(analyse(DRAAIBOEK, {"B.4.1/3": {"choice": 2}})) == ()
