"""Taking a file of a measurement over: what is wrong in it, and the ways in."""

import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, give_answers
from koers.assessment.actions.takeover import take_over
from koers.assessment.exchange import files
from koers.assessment.exchange.content import gather
from koers.assessment.exchange.reading import read_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Measurement, Mode, Respondent
from koers.assessment.tests.measured import one_of_everything, taken
from koers.config.cli import main
from koers.kit.located import MAX_BYTES, Refused
from koers.kit.sheets import Sheet, to_csv
from koers.kit.tenancy import scope


@pytest.fixture
def measured(scoped: Cast) -> Measurement:
    return one_of_everything(scoped)


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
    assert taken_over.stderr.splitlines()[-1] == "Nulmeting; =2+2: 40 answers taken over."
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
        with django_assert_num_queries(4):
            files.written(gather(measured), "json")
