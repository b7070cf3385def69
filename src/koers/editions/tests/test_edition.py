"""The playbook's edition holds everything the playbook asks, and a wrong edition says what is wrong with it."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from koers.editions.loading import UnknownEdition, content_folders, edition, validate
from koers.editions.structure import as_json

FOLDER = content_folders()[0] / "draaiboek" / "1"
INPUTS = list(csv.DictReader((Path(__file__).parent / "playbook_inputs.csv").open()))


def test_the_shipped_edition_has_no_problems() -> None:
    assert [str(problem) for problem in validate(FOLDER)] == []


def test_all_hundred_inputs_of_the_playbook_are_there_with_kind_options_and_scoring() -> None:
    shown = json.loads(json.dumps(as_json(edition("draaiboek"))))
    found = [
        (each["ref"], each["section"], each["kind"], str(each["options"] or ""), each["scoring"] or "")
        for each in shown["fields"]
    ]
    expected = [(row["ref"], row["section"], row["kind"], row["options"], row["scoring"]) for row in INPUTS]
    assert len(expected) == 100
    assert sorted(found) == sorted(expected)


def test_what_the_playbook_asks_without_a_box_has_its_number_of_points() -> None:
    fields = edition("draaiboek").fields
    assert len(fields["B.1.4/symptoms"].options) == 9
    assert sum(key.startswith("B.3/") and key[-1].isdigit() for key in fields) == 9
    assert sum(key.startswith("C.2.2/") for key in fields) == 7
    assert len(fields["C.2.1/tips"].options) == 5
    assert len(fields["C.3/checklist"].options) == 8
    assert {field.group for key, field in fields.items() if key.startswith("C.2/")} - {""} == {
        "strategy", "structure", "processes", "rewards", "people",
    }  # fmt: skip
    assert len({field.group for key, field in fields.items() if key.startswith("C.1.4/") and field.group}) == 5
    assert len(edition("draaiboek").twin.attitudes) == 4


def test_every_remark_of_the_playbook_has_room() -> None:
    fields = edition("draaiboek").fields
    assert [row["ref"] for row in INPUTS if "remark" in row["subject"] and not fields[row["ref"]].remark] == []


def test_an_unknown_edition_or_version_is_named() -> None:
    with pytest.raises(UnknownEdition, match=r"There is no edition “\.\./x”"):
        edition("../x")
    with pytest.raises(UnknownEdition, match="There is no version 99"):
        edition("draaiboek", 99)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "1"))


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            "sections/A.2.yaml",
            "options: 3",
            "options: 4",
            "nl/A.2.yaml:{options}: There must be 4 texts here; there are 3.",
        ),
        ("sections/A.0.yaml", "kind: text}", "kind: prose}", "sections/A.0.yaml:5: “prose” is not one of: text, open,"),
        ("sections/A.0.yaml", "A.0/digital-leadership", "A.9/x", "sections/A.0.yaml:7: The key “A.9/x” is not of this"),
        ("nl/A.0.yaml", "title: De drie", "titel: De drie", "nl/A.0.yaml:2: Unknown key “titel”."),
        (
            "nl/A.0.yaml",
            "    short: Digitale overheid\n",
            "",
            "The text “fields/A.0/digital-government/short” is missing.",
        ),
        ("en/A.0.yaml", "section: A.0", "section: &a A.0", "en/A.0.yaml:1: Anchors and aliases"),
        (
            "edition.yaml",
            "sections: [A.0, ",
            "sections: [",
            "sections/A.0.yaml: edition.yaml does not list this section.",
        ),
        ("edition.yaml", "koers-edition/1", "koers-edition/2", "edition.yaml:3: The format must be “koers-edition/1”."),
    ],
)
def test_a_wrong_edition_says_what_and_where(copy: Path, file: str, before: str, after: str, message: str) -> None:
    path = copy / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    wanted = message.replace("{options}", "")
    found = [str(problem) for problem in validate(copy)]
    if "{options}" in message:
        start, end = message.split("{options}")
        assert any(problem.startswith(start) and problem.endswith(end) for problem in found), found
    else:
        assert any(wanted in problem for problem in found), found


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "en" / "B.2.yaml").unlink()
    assert "en/B.2.yaml: The file is missing." in [str(problem) for problem in validate(copy)]
