"""What a measurement says, by example."""

import dataclasses
from uuid import UUID

import pytest

from koers.analysis.comparing import compare, progress
from koers.analysis.measured import Measured, measure
from koers.analysis.note_points import note_points
from koers.analysis.sensitivity import asking, firmness
from koers.analysis.tests.given import answers, choices, playbook
from koers.assessment.instruments.plain import as_json, from_json
from koers.assessment.instruments.structure import Instrument

STRATEGY = {"B.4.1/1": 3, "B.4.1/2": "not-applicable", "B.4.1/3": 2, "B.4.1/4": 3, "B.4.1/5": 2}


def _agreed(given: dict[str, object]) -> Measured:
    return measure(playbook(), [], choices(given))


def _dimension(measured: Measured, id_: str = "B.4.1"):  # type: ignore[no-untyped-def]
    (found,) = [each for each in measured.dimensions if each.id == id_]
    return found


def _reworded(key: str, **texts: str) -> Instrument:
    """The playbook's instrument with the Dutch label of one question changed."""
    given = as_json(playbook())
    for dimension in given["dimensions"]:
        for question in dimension["questions"]:
            if question["field"]["key"] == key:
                question["field"]["label"] = {**question["field"]["label"], **texts}
    return from_json(given)


# ---- index, coverage, basis ----------------------------------------------------------------------------------------


def test_the_index_of_a_dimension_is_the_mean_of_what_was_agreed_with_its_coverage() -> None:
    strategy = _dimension(_agreed(STRATEGY))
    assert strategy.index == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert (strategy.scored, strategy.scorable) == (3, 3)


def test_without_consensus_there_is_no_index_but_the_middle_of_the_answers_gives_a_provisional_one() -> None:
    given = answers("B.4.1/1", "head", 1, 2, 4, 4)
    assert _dimension(measure(playbook(), given, {})).index is None
    middle = measure(playbook(), given, {}, "middle")
    question = middle.questions["B.4.1/1"]
    assert question.result.value == {"choice": 2}
    assert not question.agreed
    assert _dimension(middle).index == pytest.approx(1 / 3)


def test_what_was_agreed_goes_before_the_middle_of_the_answers() -> None:
    given = answers("B.4.1/1", "head", 1, 1, 1)
    middle = measure(playbook(), given, choices({"B.4.1/1": 4}), "middle")
    assert middle.questions["B.4.1/1"].result.value == {"choice": 4}


def test_a_remark_alone_is_no_answer() -> None:
    given = answers("B.4.1/1", "head", {"remark": "Geen idee."})
    measured = measure(playbook(), given, {"B.4.1/1": {"remark": "Nog te bespreken."}})
    assert measured.questions["B.4.1/1"].spread.answered == 0
    assert _dimension(measured).index is None


# ---- roles ---------------------------------------------------------------------------------------------------------


def test_a_role_is_shown_from_five_people_on_who_may_share_phones() -> None:
    given = [*answers("B.4.1/1", "head", 1, 2, 2, size=2), *answers("B.4.1/1", "staff", 3, 3, 3, 3, 3)]
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    assert {role: spread.answered for role, spread in question.by_role.items()} == {"head": 6, "staff": 5}


def test_a_small_role_hides_with_the_smallest_other_so_that_nobody_can_subtract() -> None:
    given = [
        *answers("B.4.1/1", "it", 1, 1), *answers("B.4.1/1", "head", *[2] * 6), *answers("B.4.1/1", "staff", *[3] * 9)
    ]  # fmt: skip
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    assert set(question.by_role) == {"staff"}
    assert question.roles_hidden == {"it", "head"}


def test_named_interviews_do_not_lift_two_unnamed_people_over_the_threshold() -> None:
    given = [
        *answers("B.4.1/1", "it", 1, 1, 1, mode="interview"), *answers("B.4.1/1", "it", 4, 4),
        *answers("B.4.1/1", "head", *[2] * 7), *answers("B.4.1/1", "staff", *[3] * 9),
    ]  # fmt: skip
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    assert set(question.by_role) == {"staff"}


def test_two_people_of_a_second_workshop_cannot_be_had_by_subtracting_the_first() -> None:
    second = [dataclasses.replace(each, workshop=UUID(int=8)) for each in answers("B.4.1/1", "head", 4, 4)]
    given = [*answers("B.4.1/1", "head", *[2] * 6), *second, *answers("B.4.1/1", "staff", *[3] * 9)]
    question = measure(playbook(), given, {}).questions["B.4.1/1"]
    assert set(question.by_role) == {"staff"}


def test_the_index_of_a_role_is_made_from_nothing_but_what_is_shown() -> None:
    given = [
        *answers("B.4.1/1", "head", 4, 4, 4, 4, 4), *answers("B.4.1/4", "head", 1, 1),
        *answers("B.4.1/1", "staff", 1, 1, 1, 1, 1), *answers("B.4.1/4", "staff", 1, 1, 1, 1, 1),
    ]  # fmt: skip
    roles = _dimension(measure(playbook(), given, {})).by_role
    assert {role: each.index for role, each in roles.items()} == {"head": 1.0, "staff": 0.0}


def test_a_role_that_answered_and_may_not_be_shown_says_so() -> None:
    given = [*answers("B.4.1/1", "it", 1, 2), *answers("B.4.1/1", "head", *[2] * 3)]
    roles = _dimension(measure(playbook(), given, {})).by_role
    assert {role: (each.index, each.hidden) for role, each in roles.items()} == {
        "it": (None, True), "head": (None, True),
    }  # fmt: skip


# ---- levels --------------------------------------------------------------------------------------------------------


def test_a_level_is_reached_by_its_gates_and_names_the_answers_that_block_the_next() -> None:
    level = _dimension(_agreed({"B.4.1/1": 3, "B.4.1/2": 1, "B.4.1/3": 1, "B.4.1/4": 2})).level
    assert level.level is not None
    assert level.next is not None
    assert (level.level.number, level.next.number) == (1, 2)
    assert [(each.question.key, each.why) for each in level.blocking] == [("B.4.1/2", "lower")]


def test_an_unanswered_question_blocks_and_is_named_as_such() -> None:
    level = _dimension(_agreed({"B.4.1/1": 3, "B.4.1/4": 2})).level
    assert [(each.question.key, each.why) for each in level.blocking] == [("B.4.1/2", "unanswered")]


def test_what_does_not_apply_never_stands_in_the_way() -> None:
    level = _dimension(_agreed({"B.4.1/1": 3, "B.4.1/2": "not-applicable", "B.4.1/3": 1, "B.4.1/4": 2})).level
    assert level.level is not None
    assert level.level.number == 2


def test_a_level_of_which_nothing_applies_stands_in_nobodys_way_and_is_reached_by_nobody() -> None:
    top = _dimension(_agreed({"B.4.1/1": 4, "B.4.1/2": "not-applicable", "B.4.1/3": "not-applicable", "B.4.1/4": 3}))
    assert top.level.level is not None
    assert (top.level.level.number, top.level.next) == (3, None)


def test_what_only_does_not_apply_or_is_not_known_makes_no_level_known() -> None:
    assert not _dimension(_agreed({"B.4.1/2": "not-applicable"})).level.is_known


def test_a_dimension_in_which_nothing_was_answered_has_no_known_level() -> None:
    assert not _dimension(_agreed({})).level.is_known


# ---- comparing -----------------------------------------------------------------------------------------------------


def test_comparing_counts_the_common_questions_only() -> None:
    earlier = _agreed({"B.4.1/1": 2, "B.4.1/3": 1})
    later = _agreed({"B.4.1/1": 3, "B.4.1/4": 3})
    comparison = compare(earlier, later)
    assert [(each.question.key, each.steps) for each in comparison.questions] == [("B.4.1/1", 1)]
    (strategy,) = [each for each in comparison.dimensions if each.dimension.id == "B.4.1"]
    assert [strategy.earlier, strategy.later] == pytest.approx([1 / 3, 2 / 3])
    assert strategy.common == 1
    assert strategy.levels is not None
    reasons = {each.question.key: each.why for each in comparison.left_out}
    assert reasons["B.4.1/3"] == reasons["B.4.1/4"] == "unanswered"


def test_a_question_that_was_reworded_is_left_out_and_named_and_its_dimension_has_no_levels_to_compare() -> None:
    given = choices({"B.4.1/1": 2, "B.4.1/3": 2})
    earlier = measure(playbook(), [], given)
    later = measure(_reworded("B.4.1/1", nl="Iets heel anders?"), [], given)
    comparison = compare(earlier, later)
    assert [each.question.key for each in comparison.questions] == ["B.4.1/3"]
    assert {each.question.key: each.why for each in comparison.left_out}["B.4.1/1"] == "changed"
    (strategy,) = [each for each in comparison.dimensions if each.dimension.id == "B.4.1"]
    assert strategy.levels is None


def test_progress_follows_the_questions_that_all_measurements_scored() -> None:
    first, second = _agreed({"B.4.1/1": 1, "B.4.1/4": 3}), _agreed({"B.4.1/1": 4})
    third = _agreed({"B.4.1/1": 4, "B.4.1/3": 1})
    (strategy,) = [each for each in progress([first, second, third]) if each.dimension.id == "B.4.1"]
    assert (strategy.indices, strategy.common) == ((0.0, 1.0, 1.0), 1)


# ---- how firm, and what for ----------------------------------------------------------------------------------------


def test_leaving_out_one_question_in_turn_shows_on_which_the_index_leans() -> None:
    (found,) = firmness(_agreed({"B.4.1/1": 4, "B.4.1/3": 1, "B.4.1/4": 1}))
    assert [(each.question.key, each.index) for each in found.without] == [
        ("B.4.1/1", 0.0), ("B.4.1/3", 0.5), ("B.4.1/4", 0.5),
    ]  # fmt: skip
    assert found.span == (0.0, 0.5)


def test_doubtful_questions_count_in_the_sensitivity_view_only() -> None:
    (found,) = firmness(_agreed({"B.4.2/1": 1, "B.4.2/7": 4}))
    assert (found.index, found.with_doubtful) == (0.0, 0.5)


def test_weights_change_which_dimension_comes_first_and_nothing_else() -> None:
    measured = _agreed({"B.4.1/1": 2, "B.4.2/1": 3})
    assert [(each.dimension.id, each.place) for each in asking(measured, {})] == [("B.4.1", 1), ("B.4.2", 2)]
    weighted = asking(measured, {"B.4.2": 3})
    assert [(each.dimension.id, each.moved) for each in weighted] == [("B.4.2", 1), ("B.4.1", -1)]


def test_what_to_look_at_has_its_reasons_and_the_section_that_takes_it_up() -> None:
    given = [*answers("B.4.1/4", "head", 1, 1, 3, 3)]
    measured = measure(playbook(), given, choices({"B.4.1/1": 1, "B.4.1/4": 3, "B.4.5/1": 3}))
    found = [
        (each.question.key if each.question else each.dimension.id, each.reasons, each.section)
        for each in note_points(measured)
    ]
    assert found == [
        ("B.4.1/1", ("low", "blocking"), "C.1.2"),
        ("B.4.1/4", ("contested",), "C.2.3"),
        ("B.4.5/1", ("perceived",), "C.1.1"),
    ]


def test_two_camps_disagree_wholly_and_one_camp_not_at_all() -> None:
    camps = measure(playbook(), answers("B.4.1/1", "head", 1, 1, 4, 4), {}).questions["B.4.1/1"]
    one = measure(playbook(), answers("B.4.1/1", "head", 3, 3, 3), {}).questions["B.4.1/1"]
    assert (camps.disagreement, one.disagreement) == (1.0, 0.0)
    assert camps.is_contested
    assert not one.is_contested
