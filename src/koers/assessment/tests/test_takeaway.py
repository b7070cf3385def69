"""Taking a measurement along: everything out, everything in, and nobody of a workshop known."""

import io
import json
import time
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, give_answers
from koers.assessment.actions.takeover import plan_takeover, take_over
from koers.assessment.exchange import counts, files
from koers.assessment.exchange.content import Content, gather
from koers.assessment.exchange.reading import read_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Consensus, Measurement, Mode, Respondent, Response, Workshop
from koers.assessment.queries.answers import given_answers
from koers.config.cli import main
from koers.kit.located import MAX_BYTES, Refused
from koers.kit.sheets import Sheet, read_csv, read_xlsx, to_csv
from koers.kit.tenancy import scope
from koers.organisations.actions import DeedRefused
from koers.workbook.models import Answer

FORMS = ("json", "csv", "xlsx")
CUSTOM: list[dict[str, Any]] = [
    {"id": "parking", "kind": "single", "label": "Parkeren?", "options": ["Ja", "Nee"], "extra": "dont-know",
     "remark": True},
    {"id": "wish", "kind": "open", "label": {"nl": "Je wens", "en": "Your wish"}},
]  # fmt: skip
FORMULA = "=HYPERLINK(\"http://x\";'a')"


@pytest.fixture
def measured(scoped: Cast) -> Measurement:
    """An own estimate, an interview with every kind of answer, a workshop of eleven with two ballots, a consensus."""
    measurement = create_measurement(
        scoped.workbook, instrument(PLAYBOOK, 1), "Nulmeting; =2+2", ["B.4.1", "B.4.4", "B.4.5", "C.2.3"],
        scoped.lead, custom=CUSTOM,
    )  # fmt: skip
    here: dict[str, Any] = {"administration": scoped.administration, "measurement": measurement}
    own = Respondent.objects.create(mode=Mode.ESTIMATE, person=scoped.lead, role="management", **here)
    asked = Respondent.objects.create(
        mode=Mode.INTERVIEW, name="Jan Peeters", email="jan@example.test", role="head", department="Burgerzaken",
        finished_at=timezone.now(), questions=["B.4.1/1", "B.4.1/6", "B.4.5/3"], **here,
    )  # fmt: skip
    Respondent.objects.create(mode=Mode.INTERVIEW, name="Nog Niets", withdrawn_at=None, **here)
    Respondent.objects.create(mode=Mode.INTERVIEW, name="Weg", withdrawn_at=timezone.now(), **here)
    give_answers(own, {"B.4.1/1": {"choice": 2, "remark": FORMULA}, "C.2.3/adoption": {
        "shares": {"inspired": 12.5, "indifferent": 37.5, "frustrated": 40, "oppressed": 10}
    }})  # fmt: skip
    give_answers(asked, {
        "B.4.1/1": {"choice": 3}, "B.4.1/6": {"choices": [1, 3], "remark": "Regel één\nregel “twee”; met , en '"},
        "B.4.5/3": {"rows": {"vigilant": 2, "voyager": 1}}, "B.4.1/2": {"choice": "not-applicable"},
        "B.4.4/1": {"items": [{"name": "-1+1", "note": "xy"}, {"name": "@B", "supplier": "Z"}]},
        "custom/parking": {"choice": "dont-know"}, "custom/wish": {"html": "<p>Meer <strong>fietsen</strong></p>"},
    })  # fmt: skip
    workshop = Workshop.objects.create(title="Dinsdag", administration=scoped.administration, measurement=measurement)
    for number in range(10):
        seat = Respondent.objects.create(
            mode=Mode.WORKSHOP, workshop=workshop, role="staff" if number < 6 else "it", size=2 if number == 9 else 1,
            **here,
        )  # fmt: skip
        give_answers(seat, {"B.4.1/1": {"choice": 1 + number % 3, "remark": "r9" if number == 9 else ""}})
        if number < 9:
            give_answers(seat, {"B.4.1/2": {"choice": 1 + number % 2}})
        if number != 4:
            give_answers(seat, {"B.4.1/1": {"choice": 2}}, ballot=2)
    Consensus.objects.create(
        question="B.4.1/1", value={"choice": 2, "remark": "samen"}, reason="Omdat\nhet zo is", arguments_for="+1",
        arguments_against="@nee", decided_by=scoped.lead, **here,
    )  # fmt: skip
    return measurement


@pytest.fixture
def other(cast: Cast) -> Iterator[Cast]:
    with scope(cast.other_administration.pk):
        yield cast


def taken(form: str, measurement: Measurement) -> bytes:
    return files.written(gather(measurement), form)


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
        assert after.answers == before.answers == 39
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
            bare = {key: part for key, part in (each.value or {}).items() if key != "remark"}
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
        return Counter(r["role"] for r in rows if (r["question"], r["ballot"]) == (question, ballot))

    # Of IT only three answered the second question (a group of two is one answer less), so it hides staff too.
    assert roles("B.4.1/2", "1") == {"": 9}
    assert roles("B.4.1/1", "1") == {"staff": 6, "it": 5}
    assert roles("B.4.1/1", "2") == {"staff": 5, "it": 5}
    respondents = Respondent.objects.filter(mode=Mode.WORKSHOP, role="staff").order_by("pk")
    Response.objects.filter(respondent__in=list(respondents)[:1], question="B.4.1/1", ballot=2).delete()
    rows = workshop_rows(measured)
    assert roles("B.4.1/1", "1") == {"": 11}


def test_a_second_workshop_gives_nothing_away_by_subtracting(measured: Measurement) -> None:
    """Six of staff took part on Tuesday, as its report shows; the two of Thursday would be what is left."""
    of: dict[str, Any] = {"administration": measured.administration, "measurement": measured}
    thursday = Workshop.objects.create(title="Donderdag", **of)
    for _seat in range(2):
        seat = Respondent.objects.create(mode=Mode.WORKSHOP, workshop=thursday, role="staff", **of)
        give_answers(seat, {"B.4.1/1": {"choice": 1}})
    rows = [row for row in workshop_rows(measured) if (row["question"], row["ballot"]) == ("B.4.1/1", "1")]
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


# What is not understood


def wrong(data: bytes, cast: Cast, into: Measurement | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_measurement(data, cast.workbook.edition, into)
    return [str(each) for each in caught.value.problems]


def test_everything_wrong_is_named_with_line_and_column(measured: Measurement, cast: Cast) -> None:
    sheet = Sheet("answers", ("question", "respondent", "role", "ballot", "value", "colour"), [
        ("B.4.1/1", "1", "head", "1", "9", ""),
        ("B.9/9", "1", "head", "", "1", ""),
        ("B.4.1/6", "2", "boss", "x", "1, 1", ""),
    ])  # fmt: skip
    assert wrong(to_csv(sheet), cast, measured) == [
        "1: Column “colour”: There is no such column in a file of a measurement.",
        "4: Column “ballot”: This must be a whole number.",
        "2: Column “value”: B.4.1/1: 9 is out of range: choose from 1 to 4.",
        "3: Column “question”: This measurement does not ask “B.9/9”.",
        "4: Column “value”: B.4.1/6: The same choice stands here twice.",
        "4: Column “role”: There is no such role.",
    ]


def test_unknown_questions_come_only_with_their_words(measured: Measurement, cast: Cast) -> None:
    given = json.loads(taken("json", measured))
    given["custom"] = [{"id": "new", "kind": "line", "label": "Nieuw"}]
    given["respondents"][1]["ballots"][0]["custom/new"] = "ja"
    read = read_measurement(json.dumps(given).encode(), cast.workbook.edition, measured)
    take_over(cast.workbook, read, cast.lead, measured)
    measured.refresh_from_db()
    assert [each["id"] for each in measured.custom] == ["parking", "wish", "new"]
    given["custom"] = [{"id": "wish", "kind": "line", "label": "Iets anders"}]
    assert [line.split(": ", 1)[1] for line in wrong(json.dumps(given).encode(), cast, measured)] == [
        "There is another question “wish” already.",
    ]


def test_other_words_of_a_question_are_another_question(measured: Measurement, cast: Cast) -> None:
    data = taken("json", measured).decode().replace('"fingerprint": "', '"fingerprint": "0', 1)
    assert [line.split(": ", 1)[1] for line in wrong(data.encode(), cast)] == [
        "B.4.1/1 was asked in other words than the instrument has here."
    ]


HOSTILE = {
    "a bomb of nesting": b'{"a":' * 100_000,
    "a file that is too large": b"{" + b" " * MAX_BYTES + b"}",
    "half a million rows": b"question;value\n" + b"B.4.1/1;1\n" * 500_000,
    "a respondent a row": b"question;respondent;value\n" + b"".join(b"B.4.1/1;%d;1\n" % n for n in range(24_000)),
    "a crowd without end": b'{"format":"koers-measurement/1","instrument":"draaiboek-context","version":1,'
    b'"workshop":{"B.4.1/1":[{"role":"","people":2000000000,"ballots":[{"choice":1}]}]}}',
    "crowds without end": b'{"format":"koers-measurement/1","instrument":"draaiboek-context","version":1,'
    b'"workshop":{"B.4.1/1":[' + b",".join([b'{"people":2000,"ballots":[{"choice":1}]}'] * 5000) + b"]}}",
    "a zip that is none": b"PK\x03\x04" + b"\x00" * 5000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100,
    "an instrument that is a path": b'{"format":"koers-measurement/1","instrument":"../../x","version":1}',
    "a version that is no number": b'{"format":"koers-measurement/1","instrument":"draaiboek-context","version":9e99}',
    "shares that are not finite": b"question;value\nC.2.3/adoption;\"{\"\"shares\"\": {\"\"inspired\"\": 1e999}}\"\n",
    "JSON in a cell without end": b'question;value\nC.2.3/adoption;"' + b"[" * 100_000 + b'"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_in_little_memory(measured: Measurement, cast: Cast, name: str) -> None:
    begun = time.process_time()
    assert wrong(HOSTILE[name], cast, measured)
    took = time.process_time() - begun
    assert took < 2
    tracemalloc.start()
    wrong(HOSTILE[name], cast, measured)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100 * 2**20


def test_a_bomb_in_a_sheet_is_refused_quickly(measured: Measurement, cast: Cast) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * (30 * 2**20))
    begun = time.process_time()
    assert wrong(packed.getvalue(), cast, measured) == ["The file is too large once unpacked."]
    assert time.process_time() - begun < 2


# The command line


def test_the_command_line_takes_along_and_over(measured: Measurement, cast: Cast, tmp_path: Path) -> None:
    def koers(*given: object) -> Result:
        return CliRunner().invoke(main, [str(each) for each in ("measurement", *given)])

    assert koers("export", measured.pk, "-o", tmp_path / "m.xlsx").exit_code == 0
    assert koers("export", measured.pk, "-o", tmp_path / "m.txt").exit_code == 1
    taken_over = koers("import", tmp_path / "m.xlsx", "--into", cast.other_workbook.pk)
    assert taken_over.exit_code == 0, taken_over.output
    assert taken_over.stderr.splitlines()[-1] == "Nulmeting; =2+2: 39 answers taken over."
    made = taken_over.stdout.split()[-1]
    assert koers("export", made).stdout_bytes == taken("json", measured)
    again = koers("import", tmp_path / "m.xlsx", "--into", cast.workbook.pk, "--measurement", measured.pk)
    assert again.stderr.splitlines()[-1] == "Nulmeting; =2+2: 0 answers taken over."
    wrong_file = tmp_path / "x.csv"
    wrong_file.write_text("question;value\nB.9/9;1\n")
    refused = koers("import", wrong_file, "--into", cast.workbook.pk, "--measurement", measured.pk)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"{wrong_file}:2: Column “question”: This measurement does not ask “B.9/9”.\n"
    assert koers("import", wrong_file, "--into", cast.other_workbook.pk, "--measurement", measured.pk).exit_code == 1


# Pages


def test_the_page_shows_first_and_takes_over_then(measured: Measurement, cast: Cast) -> None:
    address = reverse("import_measurement", args=[cast.workbook.pk])
    editor = cast.client("editor")
    shown = editor.post(address, {"file": SimpleUploadedFile("m.json", taken("json", measured))})
    assert shown.status_code == 200
    assert Measurement.objects.count() == 1
    content = shown.context["content"]
    done = editor.post(address, {"content": content})
    made = Measurement.objects.exclude(pk=measured.pk).get()
    assert done.status_code == 302
    assert taken("json", made) == taken("json", measured)


def test_the_page_names_what_is_wrong_and_touches_nothing(measured: Measurement, cast: Cast) -> None:
    address = reverse("import_measurement", args=[cast.workbook.pk])
    file = SimpleUploadedFile("m.csv", b"question;value\nB.9/9;1\n")
    shown = cast.client("editor").post(address, {"file": file, "into": str(measured.pk)})
    assert shown.status_code == 422
    assert b"This measurement does not ask" in shown.content


def test_a_measurement_of_another_workbook_is_not_there(measured: Measurement, cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        theirs = create_measurement(cast.other_workbook, instrument(PLAYBOOK, 1), "x", ["B.4.1"], cast.outsider)
    lead = cast.client("lead")
    assert lead.get(reverse("export_measurement", args=[cast.workbook.pk, theirs.pk, "json"])).status_code == 404
    file = SimpleUploadedFile("m.json", taken("json", measured))
    shown = lead.post(reverse("import_measurement", args=[cast.workbook.pk]), {"file": file, "into": str(theirs.pk)})
    assert shown.status_code == 422


def test_taking_along_costs_the_same_for_one_and_for_three(
    measured: Measurement, cast: Cast, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        each = Respondent.objects.create(
            mode=Mode.INTERVIEW, name=f"p{number}", administration=cast.administration, measurement=measured
        )
        give_answers(each, {"B.4.1/1": {"choice": 1}})
        with django_assert_num_queries(3):
            files.written(gather(measured), "json")
