"""Taking a measurement along: everything out, everything in, and nobody of a workshop known."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.measuring import give_answers
from koers.assessment.actions.takeover import plan_takeover, take_over
from koers.assessment.exchange import counts, files
from koers.assessment.exchange.content import Content, gather
from koers.assessment.exchange.reading import read_measurement
from koers.assessment.models import Measurement, Mode, Respondent, Response, Workshop
from koers.assessment.queries.answers import given_answers
from koers.assessment.tests.measured import FORMS, FORMULA, one_of_everything, taken
from koers.kit.located import Refused
from koers.kit.sheets import Sheet, read_csv, read_xlsx, to_csv
from koers.kit.tenancy import scope
from koers.organisations.actions import DeedRefused
from koers.workbook.models import Answer


@pytest.fixture
def measured(scoped: Cast) -> Measurement:
    return one_of_everything(scoped)


def said(content: Content) -> Any:
    """A content by its values alone: instruments have no equality."""
    plain: dict[str, Any] = {
        "instrument": content.instrument.id,
        "custom": tuple(each.fingerprint for each in content.custom),
    }
    return replace(content, **plain)


@pytest.mark.parametrize("form", FORMS)
def test_count_in_is_count_out(measured: Measurement, cast: Cast, form: str) -> None:
    before = gather(measured)
    data = files.written(before, form)
    with scope(cast.other_administration.pk):
        read = read_measurement(data, cast.other_workbook.edition)
        made, _plan = take_over(cast.other_workbook, read, cast.outsider)
        after = gather(made)
        assert said(after) == said(before)
        assert after.answers == before.answers == 40
        again = files.written(after, form)
    assert again == data or form == "xlsx"
    if form == "xlsx":
        assert read_xlsx(again) == read_xlsx(data)


@pytest.mark.parametrize("form", FORMS)
def test_what_counts_as_final_is_the_same_after_taking_over(measured: Measurement, cast: Cast, form: str) -> None:
    data = taken(form, measured)

    def finals(measurement: Measurement) -> Counter[tuple[str, str, str]]:
        found: Counter[tuple[str, str, str]] = Counter()
        for each in given_answers(measurement):
            if bare := {key: part for key, part in (each.value or {}).items() if key != "remark"}:
                found[each.question, each.mode, json.dumps(bare, sort_keys=True)] += each.size
        return found

    before = finals(measured)
    with scope(cast.other_administration.pk):
        made, _plan = take_over(cast.other_workbook, read_measurement(data, cast.other_workbook.edition), cast.outsider)
        assert finals(made) == before


def test_a_closed_measurement_stays_closed_and_says_the_same(measured: Measurement, cast: Cast) -> None:
    Measurement.objects.update(closed_at=measured.created_at)
    measured.refresh_from_db()
    data = taken("json", measured)
    with scope(cast.other_administration.pk):
        made, _plan = take_over(cast.other_workbook, read_measurement(data, cast.other_workbook.edition), cast.outsider)
        assert not made.is_open
        assert made.frozen is not None
        assert taken("json", Measurement.objects.get(pk=made.pk)) == data


def test_the_workbook_itself_is_left_alone(measured: Measurement, cast: Cast) -> None:
    data = taken("json", measured)
    with scope(cast.other_administration.pk):
        take_over(cast.other_workbook, read_measurement(data, cast.other_workbook.edition), cast.outsider)
        assert list(Answer.objects.filter(workbook=cast.other_workbook)) == []


# Nobody of a workshop is known


def workshop_rows(measurement: Measurement) -> list[dict[str, str]]:
    sheet = read_csv(taken("csv", measurement))
    rows = [dict(zip(sheet.head, map(str, row), strict=True)) for row in sheet.rows]
    return [row for row in rows if row["mode"] == "workshop"]


def test_the_answers_of_a_participant_cannot_be_joined(measured: Measurement) -> None:
    """The same file comes out whoever of the participants gave which answer to another question."""
    before = {form: taken(form, measured) for form in ("json", "csv")}
    rows = list(Response.objects.filter(question="B.4.1/2", respondent__mode=Mode.WORKSHOP).order_by("pk"))
    values = [row.value for row in rows]
    for row, value in zip(rows, [*values[1:6], values[0], *values[6:]], strict=True):
        Response.objects.filter(pk=row.pk).update(value=value)
    changed = [row.value for row in Response.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")]
    assert changed != values
    by_role = [Counter(v["choice"] for v in each[:6]) for each in (values, changed)]
    assert by_role[0] == by_role[1]
    assert {form: taken(form, measured) for form in ("json", "csv")} == before


def test_participants_have_neither_name_nor_address_nor_department(measured: Measurement) -> None:
    rows = workshop_rows(measured)
    assert {(row["name"], row["email"], row["department"], row["people"]) for row in rows} == {("", "", "", "1")}
    assert {row["respondent"] for row in rows if row["question"] == "B.4.1/2"} == {f"w{n}" for n in range(1, 10)}


def test_a_role_stands_there_only_in_groups_of_five_in_every_ballot(measured: Measurement) -> None:
    rows = workshop_rows(measured)

    def roles(question: str, ballot: str) -> Counter[str]:
        return Counter(r["role"] for r in rows if (r["question"], r["ballot"]) == (question, ballot) and r["value"])

    # Of IT only three answered the second question (a group of two is one answer less), so it hides staff too.
    assert roles("B.4.1/2", "1") == {"": 9}
    assert roles("B.4.1/1", "1") == {"staff": 6, "it": 5}
    assert roles("B.4.1/1", "2") == {"staff": 5, "it": 5}
    respondents = Respondent.objects.filter(mode=Mode.WORKSHOP, role="staff").order_by("pk")
    Response.objects.filter(respondent__in=list(respondents)[:1], question="B.4.1/1", ballot=2).delete()
    rows = workshop_rows(measured)
    assert roles("B.4.1/1", "1") == {"": 11}


def test_a_remark_stands_by_itself_with_neither_role_nor_vote(measured: Measurement) -> None:
    rows = [row for row in workshop_rows(measured) if row["remark"]]
    assert [(row["role"], row["value"], row["answer"], row["remark"], row["counted"]) for row in rows] == [
        ("", "", "", "r9", "no")
    ]
    (apart,) = [each for each in files.as_json(gather(measured))["workshop"]["B.4.1/1"] if "r9" in str(each)]
    assert apart == {"role": "", "people": 1, "ballots": [{"remark": "r9"}]}


def test_remarks_alone_do_not_make_a_group_large_enough(measured: Measurement) -> None:
    seat = Respondent.objects.filter(mode=Mode.WORKSHOP, role="it").order_by("pk").first()
    assert seat is not None
    Response.objects.filter(respondent=seat, question="B.4.1/1").update(value={"remark": "Alleen dit"})
    rows = [row for row in workshop_rows(measured) if row["question"] == "B.4.1/1"]
    assert {row["role"] for row in rows} == {""}


def test_a_second_workshop_gives_nothing_away_by_subtracting(measured: Measurement) -> None:
    """Six of staff took part on Tuesday, as its report shows; the two of Thursday would be what is left."""
    of: dict[str, Any] = {"administration": measured.administration, "measurement": measured}
    thursday = Workshop.objects.create(title="Donderdag", **of)
    for _seat in range(2):
        seat = Respondent.objects.create(mode=Mode.WORKSHOP, workshop=thursday, role="staff", **of)
        give_answers(seat, {"B.4.1/1": {"choice": 1}})
    rows = [
        row for row in workshop_rows(measured) if (row["question"], row["ballot"]) == ("B.4.1/1", "1") and row["value"]
    ]
    assert Counter(row["role"] for row in rows) == {"": 8, "it": 5}


def test_whoever_withdrew_is_in_the_file_only_with_answers_that_go_on_counting(measured: Measurement) -> None:
    assert "Weg" not in taken("json", measured).decode()
    gone = Respondent.objects.get(name="Weg")
    Response.objects.create(
        respondent=gone, question="B.4.1/1", value={"choice": 1}, administration=gone.administration,
        measurement=measured,
    )  # fmt: skip
    assert "Weg" in taken("json", measured).decode()


@pytest.mark.parametrize("form", FORMS)
def test_formulas_are_text(measured: Measurement, form: str) -> None:
    data = taken(form, measured)
    if form == "csv":
        assert not any(
            part[:1] in "=+@" for line in data.decode("utf-8-sig").split("\r\n") for part in line.split(";") if part
        )
        assert b"\"'=HYPERLINK" in data
    if form == "xlsx":
        sheet = read_xlsx(data)[0]
        assert FORMULA in {cell for row in sheet.rows for cell in row}


# Counts for who may only read


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_gets_counts_and_no_answers(measured: Measurement, cast: Cast, form: str) -> None:
    address = reverse("export_measurement", args=[cast.workbook.pk, measured.pk, form])
    data = cast.client("viewer").get(address).content
    assert data == counts.written(gather(measured), form) or form == "xlsx"
    text = str([sheet.rows for sheet in read_xlsx(data)]) if form == "xlsx" else data.decode("utf-8-sig")
    for secret in ("Jan Peeters", "jan@example.test", "Burgerzaken", "fietsen", "r9", "HYPERLINK", "Regel één"):
        assert secret not in text
    assert "Counts only" in text
    with pytest.raises(Refused, match="counts only"):
        read_measurement(data, cast.workbook.edition, measured)


def test_counts_are_of_the_final_answers_and_only_of_five_or_more(measured: Measurement) -> None:
    written = {each["key"]: each for each in counts.as_json(gather(measured))["questions"]}
    # Ten people voted again for 2, one stayed with 2; with the lead's own 2 and an interview's 3.
    assert (written["B.4.1/1"]["answered"], written["B.4.1/1"]["counts"]) == (
        13,
        {"": {"1": 0, "2": 12, "3": 1, "4": 0}},
    )
    assert (written["B.4.1/6"]["answered"], written["B.4.1/6"]["counts"]) == (None, None)
    assert (written["B.4.1/3"]["answered"], written["B.4.1/3"]["counts"]) == (0, None)


# Into a measurement that is there


def test_into_an_open_one_only_what_the_file_names_is_touched(measured: Measurement, cast: Cast) -> None:
    head = ("question", "respondent", "mode", "role", "department", "name", "email", "value", "remark")
    sheet = Sheet("answers", head, [
        ("B.4.1/1", "7", "interview", "head", "Burgerzaken", "Jan Peeters", "jan@example.test", 4, "anders"),
        ("B.4.1/3", "8", "interview", "it", "", "Nieuw Iemand", "", 1, ""),
    ])  # fmt: skip
    before = gather(measured)
    read = read_measurement(to_csv(sheet), cast.workbook.edition, measured)
    plan = plan_takeover(read, measured, cast.lead)
    assert (plan.new_answers, len(plan.new_people), plan.same) == (1, 1, 0)
    assert [(each.question.key, each.whose) for each in plan.replaced] == [("B.4.1/1", "Jan Peeters")]
    assert said(gather(measured)) == said(before)
    take_over(cast.workbook, read, cast.lead, measured)
    after = gather(measured)
    assert after.answers == before.answers + 1
    jan = next(each for each in after.people if each.name == "Jan Peeters")
    assert jan.ballots[0]["B.4.1/1"] == {"choice": 4, "remark": "anders"}
    assert jan.ballots[0]["B.4.1/6"] == before.people[1].ballots[0]["B.4.1/6"]
    assert (after.room, after.agreed) == (before.room, before.agreed)


@pytest.mark.parametrize("form", FORMS)
def test_its_own_file_changes_nothing(measured: Measurement, cast: Cast, form: str) -> None:
    read = read_measurement(taken(form, measured), cast.workbook.edition, measured)
    plan = plan_takeover(read, measured, cast.lead)
    nothing_by = [each.name for each in plan.new_people]
    assert (nothing_by, plan.writes, dict(plan.room), plan.agreed, plan.new_questions) == ([], {}, {}, [], [])
    assert plan.same == gather(measured).answers + 1


def test_an_own_estimate_is_changed_by_nobody_else(measured: Measurement, cast: Cast) -> None:
    given = json.loads(taken("json", measured))
    given["respondents"][0]["ballots"][0]["B.4.1/1"] = {"choice": 4}
    read = read_measurement(json.dumps(given).encode(), cast.workbook.edition, measured)
    with pytest.raises(DeedRefused, match="only she can change"):
        take_over(cast.workbook, read, cast.people["editor"], measured)
    take_over(cast.workbook, read, cast.lead, measured)
    assert gather(measured).people[0].ballots[0]["B.4.1/1"] == {"choice": 4}


def test_a_closed_one_takes_nothing(measured: Measurement, cast: Cast) -> None:
    read = read_measurement(taken("json", measured), cast.workbook.edition, measured)
    Measurement.objects.update(closed_at=timezone.now())
    with pytest.raises(DeedRefused, match="closed"):
        take_over(cast.workbook, read, cast.lead, measured)
