"""Answers side by side, and what is agreed: it is the answer of the workbook."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, give_answers, record_consensus
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument
from koers.assessment.models import Measurement, Respondent, Role, Workshop
from koers.assessment.queries.answers import Given, consensus_of, given_answers
from koers.assessment.queries.side_by_side import Bars, differing, side_by_side, workbook_says
from koers.kit.tenancy import scope
from koers.organisations.actions import DeedRefused
from koers.organisations.history import described
from koers.organisations.models import AuditEntry
from koers.workbook.actions import save_answer
from koers.workbook.actions.rounds import close_round, start_round
from koers.workbook.models import Answer, Revision
from koers.workbook.queries import values_of
from koers.workbook.values import Value

STRATEGY = "B.4.1/1"
SHARES = {"inspired": 40, "indifferent": 30, "frustrated": 20, "oppressed": 10}


@pytest.fixture
def measurement(cast: Cast) -> Iterator[Measurement]:
    with scope(cast.administration.pk):
        yield create_measurement(
            cast.workbook, instrument(PLAYBOOK, 1), "Baseline", ["B.4.1", "B.4.5", "A.1", "C.2.3"], cast.lead
        )


def agree(cast: Cast, measurement: Measurement, key: str, value: Value, **more: Any) -> None:
    record_consensus(measurement, asked_by(measurement).questions[key], value, cast.lead, **more)


def write(cast: Cast, key: str, value: Value) -> None:
    save_answer(cast.workbook, cast.workbook.edition.fields[key], value, None, cast.people["contributor"])


# What the workbook says


def test_what_is_agreed_is_the_answer_of_the_workbook(cast: Cast, measurement: Measurement) -> None:
    agree(
        cast,
        measurement,
        STRATEGY,
        {"choice": 2},
        reason=" Plans, no means. ",
        arguments_for="a",
        arguments_against="b",
    )
    consensus = consensus_of(measurement)[STRATEGY]
    assert (consensus.value, consensus.reason, consensus.arguments_for, consensus.arguments_against) == (
        {"choice": 2}, "Plans, no means.", "a", "b",
    )  # fmt: skip
    assert values_of(cast.workbook) == {STRATEGY: {"choice": 2, "remark": "Plans, no means."}}
    (revision,) = Revision.objects.all()
    assert (revision.author, revision.number) == (cast.lead, 1)
    last = AuditEntry.objects.latest("pk")
    assert described(last).startswith("Recorded what is agreed on “")


def test_agreeing_again_replaces_it_and_its_reason(cast: Cast, measurement: Measurement) -> None:
    agree(cast, measurement, STRATEGY, {"choice": 2}, reason="First.")
    agree(cast, measurement, STRATEGY, {"choice": 3}, reason="Second.")
    assert [each.value for each in consensus_of(measurement).values()] == [{"choice": 3}]
    assert values_of(cast.workbook) == {STRATEGY: {"choice": 3, "remark": "Second."}}


def test_a_remark_that_somebody_wrote_stays(cast: Cast, measurement: Measurement) -> None:
    write(cast, STRATEGY, {"choice": 1, "remark": "See the plan of 2024."})
    agree(cast, measurement, STRATEGY, {"choice": 2}, reason="Plans, no means.")
    assert values_of(cast.workbook) == {STRATEGY: {"choice": 2, "remark": "See the plan of 2024."}}


def test_shares_land_in_their_own_fields(cast: Cast, measurement: Measurement) -> None:
    agree(cast, measurement, "C.2.3/adoption", {"shares": SHARES})
    assert values_of(cast.workbook) == {f"C.2.3/{row}/share": {"percent": share} for row, share in SHARES.items()}


def test_estimates_land_in_their_section(cast: Cast, measurement: Measurement) -> None:
    agree(cast, measurement, "A.1/open/estimate", {"choice": 3})
    assert values_of(cast.workbook) == {"A.1/open/estimate": {"choice": 3}}


def test_own_questions_leave_the_workbook_alone(cast: Cast, measurement: Measurement) -> None:
    own = {"id": "own-1", "kind": "single", "label": "x", "options": ["a", "b"]}
    measurement.custom = [own]
    measurement.save()
    agree(cast, measurement, "custom/own-1", {"choice": 2})
    assert consensus_of(measurement)["custom/own-1"].value == {"choice": 2}
    assert values_of(cast.workbook) == {}


def test_single_answers_never_touch_the_workbook(cast: Cast, measurement: Measurement) -> None:
    give_answers(person(cast, measurement), {STRATEGY: {"choice": 2}})
    assert not Answer.objects.exists()


@pytest.mark.parametrize("value", [None, {"remark": "only this"}])
def test_nothing_is_no_agreement(cast: Cast, measurement: Measurement, value: Value) -> None:
    with pytest.raises(DeedRefused, match="Choose what was agreed"):
        agree(cast, measurement, STRATEGY, value)
    assert consensus_of(measurement) == {}


def test_a_closed_round_refuses_and_writes_nothing(cast: Cast, measurement: Measurement) -> None:
    close_round(cast.workbook, cast.lead)
    with pytest.raises(DeedRefused, match="The round is closed"):
        agree(cast, measurement, STRATEGY, {"choice": 2})
    start_round(cast.workbook, "Second", cast.lead)
    with pytest.raises(DeedRefused, match="earlier round"):
        agree(cast, measurement, STRATEGY, {"choice": 2})
    assert (consensus_of(measurement), values_of(cast.workbook)) == ({}, {})


# Somebody changed it on the section page


def test_a_change_on_the_section_page_shows_and_either_can_be_taken(cast: Cast, measurement: Measurement) -> None:
    question = asked_by(measurement).questions[STRATEGY]
    agree(cast, measurement, STRATEGY, {"choice": 2}, reason="Why.")
    assert differing(cast.workbook, question, consensus_of(measurement)[STRATEGY], values_of(cast.workbook)) is None
    write(cast, STRATEGY, {"choice": 3, "remark": "Why."})
    found = differing(cast.workbook, question, consensus_of(measurement)[STRATEGY], values_of(cast.workbook))
    assert found is not None
    assert found.value == {"choice": 3}
    url = f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/"
    client = cast.client("editor")
    assert "The workbook says something else now." in client.get(f"{url}q/?key={STRATEGY}").content.decode()
    client.post(f"{url}agree/", {"key": STRATEGY, "take": "consensus"})
    with scope(cast.administration.pk):
        assert values_of(cast.workbook)[STRATEGY] == {"choice": 2, "remark": "Why."}
        write(cast, STRATEGY, {"choice": 4})
    client.post(f"{url}agree/", {"key": STRATEGY, "take": "workbook"})
    with scope(cast.administration.pk):
        consensus = consensus_of(measurement)[STRATEGY]
        assert (consensus.value, consensus.reason) == ({"choice": 4}, "Why.")


def test_a_remark_alone_is_no_difference(cast: Cast, measurement: Measurement) -> None:
    question = asked_by(measurement).questions[STRATEGY]
    agree(cast, measurement, STRATEGY, {"choice": 2})
    write(cast, STRATEGY, {"choice": 2, "remark": "More to say."})
    assert differing(cast.workbook, question, consensus_of(measurement)[STRATEGY], values_of(cast.workbook)) is None


def test_one_share_that_changed_is_a_difference(cast: Cast, measurement: Measurement) -> None:
    question = asked_by(measurement).questions["C.2.3/adoption"]
    agree(cast, measurement, "C.2.3/adoption", {"shares": SHARES})
    assert workbook_says(cast.workbook, question, values_of(cast.workbook)) == {"shares": SHARES}
    write(cast, "C.2.3/inspired/share", {"percent": 50})
    found = differing(cast.workbook, question, consensus_of(measurement)["C.2.3/adoption"], values_of(cast.workbook))
    assert found is not None
    assert found.value is None


def test_the_form_records_and_says_what_is_wrong(cast: Cast, measurement: Measurement) -> None:
    url = f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/agree/"
    client = cast.client("editor")
    empty = client.post(url, {"key": STRATEGY, f"{STRATEGY}:base": "0", "reason": "Because."})
    assert empty.status_code == 422
    assert "Choose what was agreed." in empty.content.decode()
    assert ">Because.</textarea>" in empty.content.decode()
    done = client.post(url, {"key": STRATEGY, f"{STRATEGY}:base": "0", STRATEGY: "2", "reason": "Because."})
    assert done.status_code == 302
    with scope(cast.administration.pk):
        assert values_of(cast.workbook) == {STRATEGY: {"choice": 2, "remark": "Because."}}
    assert client.post(url, {"key": "B.9/1"}).status_code == 404


# Side by side


def person(cast: Cast, measurement: Measurement, role: str = "it", **more: Any) -> Respondent:
    return Respondent.objects.create(
        administration=cast.administration, measurement=measurement, role=role, **{"mode": "interview", **more}
    )


def counts(bars: Bars) -> list[float]:
    return [each.count for each in bars.lines]


def test_answers_stand_side_by_side_by_way_and_by_role(cast: Cast, measurement: Measurement) -> None:
    for role, choice, times in (("it", 1, 5), ("head", 2, 6), ("staff", 3, 5)):
        for _each in range(times):
            give_answers(person(cast, measurement, role), {STRATEGY: {"choice": choice}})
    give_answers(person(cast, measurement, "it", mode="estimate", name="Me"), {STRATEGY: {"choice": 4}})
    side = side_by_side(asked_by(measurement).questions[STRATEGY], given_answers(measurement), {"choice": 2})
    assert counts(side.everybody) == [5, 6, 5, 1]
    assert [each.is_agreed for each in side.everybody.lines] == [False, True, False, False]
    assert [(each.title, counts(each)) for each in side.by_mode.groups] == [
        ("Own estimate", [0, 0, 0, 1]), ("Interview", [5, 6, 5, 0]),
    ]  # fmt: skip
    assert [(each.title, counts(each)) for each in side.by_role.groups] == [
        ("Head of department", [0, 6, 0, 0]), ("IT", [5, 0, 0, 1]), ("Staff", [0, 0, 5, 0]),
    ]  # fmt: skip
    assert side.hidden_roles is False


def test_who_may_not_see_single_answers_does_not_read_the_one_estimate_from_the_ways_of_answering(
    cast: Cast, measurement: Measurement
) -> None:
    for _each in range(6):
        give_answers(person(cast, measurement, "head"), {STRATEGY: {"choice": 1}})
    give_answers(person(cast, measurement, "it", mode="estimate", name="Me"), {STRATEGY: {"choice": 4}})
    question, given = asked_by(measurement).questions[STRATEGY], given_answers(measurement)
    assert [each.title for each in side_by_side(question, given, None).by_mode.groups] == ["Own estimate", "Interview"]
    assert side_by_side(question, given, None, by_name=False).by_mode.groups == ()
    page = f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/q/?key={STRATEGY}"
    assert "By way of answering" in cast.client("editor").get(page).text
    assert "By way of answering" not in cast.client("viewer").get(page).text


def test_a_small_role_is_hidden_with_the_one_that_would_give_it_away(cast: Cast, measurement: Measurement) -> None:
    for role, times in (("it", 5), ("head", 6), ("staff", 1)):
        for _each in range(times):
            give_answers(person(cast, measurement, role), {STRATEGY: {"choice": 1}})
    side = side_by_side(asked_by(measurement).questions[STRATEGY], given_answers(measurement), None)
    assert [each.title for each in side.by_role.groups] == ["Head of department"]
    assert side.hidden_roles is True


def test_of_a_workshop_no_single_answer_is_shown_and_both_votes_are(cast: Cast, measurement: Measurement) -> None:
    workshop = Workshop.objects.create(administration=cast.administration, measurement=measurement, title="x")
    for size in (1, 3):
        seat = person(cast, measurement, "head", mode="workshop", workshop=workshop, size=size)
        give_answers(seat, {STRATEGY: {"choice": 1}})
        give_answers(seat, {STRATEGY: {"choice": 2, "remark": f"Table {size}"}}, ballot=2)
    side = side_by_side(asked_by(measurement).questions[STRATEGY], given_answers(measurement), None)
    assert side.ballots is not None
    assert [(each.title, counts(each)) for each in side.ballots.groups] == [
        ("First vote", [4, 0, 0, 0]), ("Second vote", [0, 4, 0, 0]),
    ]  # fmt: skip
    assert [(each.name, each.role, each.text, each.remark) for each in side.answers] == [
        ("", "", "", "Table 1"), ("", "", "", "Table 3"),
    ]  # fmt: skip


ANSWERS = st.lists(st.tuples(st.sampled_from(Role.values), st.integers(1, 4), st.integers(1, 6)), max_size=30)


@given_by(ANSWERS)
def test_no_role_of_fewer_than_five_is_ever_shown_or_left_over(answers: list[tuple[str, int, int]]) -> None:
    question = instrument(PLAYBOOK, 1).questions[STRATEGY]
    given = [
        Given(STRATEGY, number, "workshop", role, "", "", size, {"choice": choice}, None, None)
        for number, (role, choice, size) in enumerate(answers)
    ]
    side = side_by_side(question, given, None)
    shown = [each.answered for each in side.by_role.groups]
    left = side.spread.answered - sum(shown)
    assert all(each >= 5 for each in shown)
    assert not shown or left == 0 or left >= 5
