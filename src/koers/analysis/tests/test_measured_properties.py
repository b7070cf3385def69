"""What holds for every measurement, whatever was answered."""

import dataclasses
import random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from koers.analysis.comparing import compare
from koers.analysis.measured import Basis, Measured, measure
from koers.analysis.tests.given import WORKSHOP, playbook
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Role
from koers.assessment.queries.answers import Given
from koers.assessment.suppression import K, shown_groups
from koers.workbook.values import Value

SCORED = [each for each in playbook().questions.values() if each.field.scoring == "ordinal" and each.kind == "single"]
ROLES = [role.value for role in Role]


def _values(question: Question) -> st.SearchStrategy[Value]:
    choices: list[Any] = list(range(1, len(question.field.options) + 1))
    if question.field.extra:
        choices.append(question.field.extra)
    return st.sampled_from(choices).map(lambda choice: {"choice": choice})


@st.composite
def agreements(draw: st.DrawFn) -> dict[str, Value]:
    return {each.key: draw(_values(each)) for each in draw(st.lists(st.sampled_from(SCORED), unique=True))}


@st.composite
def rooms(draw: st.DrawFn) -> list[Given]:
    """Up to thirty people, some of them known by name, who answered a few questions."""
    found = []
    asked = draw(st.lists(st.sampled_from(SCORED), min_size=1, max_size=3, unique=True))
    for number in range(draw(st.integers(0, 30))):
        role, mode = draw(st.sampled_from(ROLES[:3])), draw(st.sampled_from(["workshop", "interview", "estimate"]))
        room = draw(st.sampled_from([WORKSHOP, UUID(int=8)]))
        size = draw(st.integers(1, 3)) if mode == "workshop" else 1
        for question in asked:
            if draw(st.booleans()):
                workshop = room if mode == "workshop" else None
                value = draw(_values(question))
                found.append(Given(question.key, number, mode, role, "", "", size, value, None, workshop))
    return found


def _shown(measured: Measured) -> Any:
    """Everything that a result says, to compare with another."""
    return [
        (
            each.id, each.index, each.sensitivity_index, each.scored, each.scorable, each.by_role,
            each.level.level, [(b.question.key, b.why) for b in each.level.blocking],
            [(q.spread, q.by_mode, q.by_role, q.ranks, q.roles_hidden, q.result.value) for q in each.questions],
        )
        for each in measured.dimensions
    ]  # fmt: skip


@given(agreements(), st.sampled_from(SCORED), st.data())
@settings(max_examples=120, deadline=None)
def test_one_more_tick_never_lowers_anything(agreed: dict[str, Value], asked: Question, data: st.DataObject) -> None:
    options = len(asked.field.options)
    low = data.draw(st.integers(1, options - 1))
    higher = low + 1
    before_choice, after_choice = (options + 1 - low, options + 1 - higher) if asked.field.descending else (low, higher)
    before = measure(playbook(), [], {**agreed, asked.key: {"choice": before_choice}})
    after = measure(playbook(), [], {**agreed, asked.key: {"choice": after_choice}})
    for one, other in zip(before.dimensions, after.dimensions, strict=True):
        assert (other.index or 0) >= (one.index or 0)
        assert (other.sensitivity_index or 0) >= (one.sensitivity_index or 0)
        reached = [each.level.level.number if each.level.level else -1 for each in (one, other)]
        assert reached[1] >= reached[0]


@given(rooms(), agreements(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_answers_never_matters(room: list[Given], agreed: dict[str, Value], chance: random.Random) -> None:
    mixed = list(room)
    chance.shuffle(mixed)
    shuffled = dict(chance.sample(sorted(agreed.items()), len(agreed)))
    bases: tuple[Basis, ...] = ("agreed", "middle")
    for basis in bases:
        one, other = measure(playbook(), room, agreed, basis), measure(playbook(), mixed, shuffled, basis)
        assert _close(_shown(one), _shown(other))


def _close(one: Any, other: Any) -> bool:
    """The same but for the last digit of a sum."""
    return bool(_rounded(one) == _rounded(other))


def _rounded(given: Any) -> Any:
    if isinstance(given, float):
        return round(given, 9)
    if isinstance(given, list | tuple):
        return [_rounded(each) for each in given]
    if isinstance(given, dict):
        return {key: _rounded(given[key]) for key in sorted(given, key=str)}
    if hasattr(given, "__dataclass_fields__") and not hasattr(given, "conditions"):
        return [_rounded(getattr(given, name)) for name in given.__dataclass_fields__]
    return given


@given(agreements())
@settings(max_examples=60, deadline=None)
def test_what_does_not_apply_leaves_the_denominator(agreed: dict[str, Value]) -> None:
    """Taking away an answer "not applicable" changes no index, and asks for one more to be scored."""
    apart = {key: value for key, value in agreed.items() if value != {"choice": "not-applicable"}}
    with_, without = measure(playbook(), [], agreed), measure(playbook(), [], apart)
    for one, other in zip(with_.dimensions, without.dimensions, strict=True):
        left_out = sum(1 for each in one.questions if each.result.state == "not-applicable")
        assert one.index == other.index
        assert one.scored == other.scored
        assert other.scorable == one.scorable + left_out


@given(rooms(), agreements())
@settings(max_examples=60, deadline=None)
def test_every_figure_lies_within_its_bounds_and_counts_add_up(room: list[Given], agreed: dict[str, Value]) -> None:
    measured = measure(playbook(), room, agreed, "middle")
    for dimension in measured.dimensions:
        indices = [dimension.index, dimension.sensitivity_index, *(each.index for each in dimension.by_role.values())]
        assert all(0 <= index <= 1 for index in indices if index is not None)
        for question in dimension.questions:
            for spread in (question.spread, *question.by_role.values(), *question.by_mode.values()):
                assert spread.disagreement is None or 0 <= spread.disagreement <= 1
                if question.question.kind == "single":
                    assert sum(spread.counts) + spread.extra == spread.answered


@given(rooms())
@settings(max_examples=200, deadline=None)
def test_no_small_group_is_shown_nor_can_be_computed(room: list[Given]) -> None:
    """Of all who answered, and of those in each workshop, which shows its own people by role too."""
    for question in measure(playbook(), room, {}).questions.values():
        everybody = [each for each in room if each.question == question.key]
        workshops = {each.workshop for each in everybody} - {None}
        for counted in (everybody, *([e for e in everybody if e.workshop == each] for each in workshops)):
            shown = {role: sum(e.size for e in counted if e.role == role) for role in question.by_role}
            assert all(size == 0 or size >= K for size in shown.values())
            left = sum(each.size for each in counted) - sum(shown.values())
            assert left == 0 or left >= K or not any(shown.values())


@given(rooms())
@settings(max_examples=60, deadline=None)
def test_what_is_hidden_cannot_be_told_from_what_is_shown(room: list[Given]) -> None:
    """Two rooms that differ only in who of the hidden said what show the same, figure for figure."""
    measured = measure(playbook(), room, {})
    swapped = []
    for each in room:
        hidden = measured.questions[each.question].roles_hidden
        alike = [
            one for one in room
            if (one.question, one.mode, one.size, one.workshop) == (each.question, each.mode, each.size, each.workshop)
            and one.role in hidden
        ]  # fmt: skip
        other = alike[len(alike) - 1 - alike.index(each)] if each.role in hidden else each
        swapped.append(dataclasses.replace(each, value=other.value))
    assert _close(_shown(measure(playbook(), swapped, {})), _shown(measured))


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.integers(1, 7)), unique_by=lambda each: each[0]))
def test_of_equal_groups_every_page_hides_the_same(sizes: list[tuple[str, int]]) -> None:
    assert shown_groups(dict(sizes)) == shown_groups(dict(reversed(sizes)))


@given(st.dictionaries(st.sampled_from(ROLES), st.integers(0, 12)))
def test_suppression_hides_no_more_roles_than_it_must(sizes: dict[str, int]) -> None:
    present = {role: size for role, size in sizes.items() if size}
    shown = shown_groups(present)
    hidden = sum(size for role, size in present.items() if role not in shown)
    assert hidden == 0 or hidden >= K or not shown
    small = [role for role, size in present.items() if size < K]
    if not small:
        assert shown == frozenset(present)


@given(rooms(), agreements())
@settings(max_examples=40, deadline=None)
def test_a_measurement_compared_with_itself_has_not_changed(room: list[Given], agreed: dict[str, Value]) -> None:
    measured = measure(playbook(), room, agreed, "middle")
    comparison = compare(measured, measured)
    assert all(each.is_same and each.change in {None, 0} for each in comparison.questions)
    assert all(each.change in {None, 0} for each in comparison.dimensions)
    assert {each.why for each in comparison.left_out} <= {"unanswered"}
