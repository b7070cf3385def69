"""The command line: what scripts rely on. Exit status, last line, messages on stderr, files."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import Cast
from koers.config.cli import main
from koers.kit.tenancy import unscoped
from koers.organisations.models import Administration, Membership, User
from koers.workbook.models import Answer, SearchEntry, Workbook
from koers.workbook.queries.search import search

WORKBOOK = """format: koers-workbook/1
edition: draaiboek
administration: {name: Gemeente Voorbeeld, nis: "43010"}
answers:
  A.3/why: "Omdat **het** moet"
  B.4.1/1: {choice: 2, remark: "in het MJP"}
"""


def koers(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "w.yaml"
    path.write_text(WORKBOOK)
    return path


@pytest.mark.django_db
def test_import_makes_a_workbook_and_its_administration_and_prints_the_id_last(file: Path) -> None:
    result = koers("workbook", "import", file)
    assert result.exit_code == 0, result.output
    with unscoped():
        workbook = Workbook.objects.get()
        assert result.stdout.splitlines()[-1] == str(workbook.pk)
        assert (workbook.administration.name, workbook.administration.nis) == ("Gemeente Voorbeeld", "43010")
        assert Answer.objects.count() == 2


@pytest.mark.django_db
def test_a_second_import_finds_the_administration_again(file: Path) -> None:
    koers("workbook", "import", file)
    koers("workbook", "import", file)
    assert Administration.objects.count() == 1


@pytest.mark.django_db
def test_export_gives_back_what_was_imported(file: Path, tmp_path: Path) -> None:
    first = koers("workbook", "import", file).stdout.split()[-1]
    koers("workbook", "export", first, "-o", tmp_path / "a.yaml")
    second = koers("workbook", "import", tmp_path / "a.yaml").stdout.split()[-1]
    koers("workbook", "export", second, "-o", tmp_path / "b.yaml")
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
    koers("workbook", "export", second, "-o", tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text())["answers"]["B.4.1/1"] == {"choice": 2, "remark": "in het MJP"}


@pytest.mark.django_db
def test_import_into_touches_only_what_the_file_names(file: Path, tmp_path: Path) -> None:
    made = koers("workbook", "import", file).stdout.split()[-1]
    (tmp_path / "more.yaml").write_text(WORKBOOK.replace("A.3/why", "A.3/hooks").split("  B.4.1/1")[0])
    result = koers("workbook", "import", tmp_path / "more.yaml", "--into", made)
    assert result.stdout.split()[-1] == made
    with unscoped():
        assert sorted(Answer.objects.values_list("field_key", flat=True)) == ["A.3/hooks", "A.3/why", "B.4.1/1"]


@pytest.mark.django_db
def test_a_wrong_file_is_refused_whole_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(WORKBOOK.replace("choice: 2", "choice: 7"))
    result = koers("workbook", "import", path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.strip() == f"{path}:6: B.4.1/1: 7 is out of range: choose from 1 to 4."
    assert Administration.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("workbook", "export", "nonsense"), "Error: There is no workbook “nonsense”."),
        (("workbook", "import", "/nowhere.yaml"), "Error: /nowhere.yaml: No such file or directory"),
        (("edition", "show", "nowhere"), "Error: There is no edition “nowhere”."),
        (("user", "create", "no-address"), "Error: Enter a valid email address."),
        (("user", "create", "a@example.test", "--password", "short"), "Error: This password is too short."),
    ],
)
def test_mistakes_end_with_status_1_and_a_message(arguments: tuple[str, ...], message: str) -> None:
    result = koers(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(message)


@pytest.mark.django_db
def test_user_create_makes_an_account_that_can_lead_an_import(file: Path) -> None:
    made = koers("user", "create", "Jan@Example.test", "--name", "Jan", "--password", "een-lang-wachtwoord")
    assert made.exit_code == 0, made.output
    assert User.objects.get().check_password("een-lang-wachtwoord")
    assert koers("user", "create", "jan@example.test").exit_code == 1
    assert koers("workbook", "import", file, "--lead", "jan@example.test").exit_code == 0
    with unscoped():
        assert [(each.user.name, each.role) for each in Membership.objects.all()] == [("Jan", "lead")]


@pytest.mark.django_db
def test_edition_show_lists_the_inputs_for_machines() -> None:
    result = koers("edition", "show", "draaiboek", "--format", "json")
    fields = json.loads(result.stdout)["fields"]
    assert len(fields) == 100
    (question,) = [field for field in fields if field["ref"] == "B.4.1/2"]
    assert {key: question[key] for key in ("section", "kind", "options", "scoring")} == {
        "section": "B.4.1", "kind": "single+na", "options": 3, "scoring": "ordinal",
    }  # fmt: skip


def test_edition_validate_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "edition.yaml").write_text("format: koers-edition/9\n")
    result = koers("edition", "validate", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == "edition.yaml:1: The format must be “koers-edition/1”.\n"


@pytest.mark.django_db(transaction=True)
def test_backup_and_restore_bring_everything_back(cast: Cast, file: Path, tmp_path: Path) -> None:
    made = koers("workbook", "import", file).stdout.split()[-1]
    before = koers("workbook", "export", made).stdout
    assert koers("backup", tmp_path / "b.zip").exit_code == 0
    refused = koers("restore", tmp_path / "b.zip")
    assert refused.exit_code == 1
    assert "this installation is not empty" in refused.stderr
    with unscoped():
        Workbook.objects.all().delete()
        User.objects.all().delete()
    restored = koers("restore", tmp_path / "b.zip", "--replace")
    assert restored.exit_code == 0, restored.output
    assert koers("workbook", "export", made).stdout == before
    assert User.objects.count() == 5
    cast.client("lead").get("/health/")


@pytest.mark.django_db(transaction=True)
def test_the_index_of_search_stays_out_of_a_backup_and_is_made_anew(cast: Cast, file: Path, tmp_path: Path) -> None:
    made = koers("workbook", "import", file).stdout.split()[-1]
    with unscoped():
        workbook = Workbook.objects.get(pk=made)
        Membership.objects.create(administration=workbook.administration, user=cast.lead, role="lead")
    with unscoped():
        answers = Answer.objects.filter(workbook=workbook, field_key="A.3/why")
    answers.update(value={"html": "<p>Een olifant.</p>"}, revision=2)
    assert search(cast.lead, "olifant").number == 1
    assert koers("backup", tmp_path / "b.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "rows/workbook.searchentry.jsonl" not in archive.namelist()
    answers.update(value={"html": "<p>Een giraf.</p>"}, revision=3)
    assert [search(cast.lead, asked).number for asked in ("olifant", "giraf")] == [0, 1]
    assert koers("restore", tmp_path / "b.zip", "--replace").exit_code == 0
    with unscoped():
        assert SearchEntry.objects.count() == 0
    assert [search(cast.lead, asked).number for asked in ("olifant", "giraf")] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_damaged_backup_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 nonsense")
    result = koers("restore", tmp_path / "b.zip", "--replace")
    assert result.exit_code == 1
    assert User.objects.count() == 5


def test_the_data_folder_holds_everything(tmp_path: Path, file: Path) -> None:
    """In a process of its own, as an operator would: nothing is written beside the folder."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("KOERS_", "DJANGO_", "DATABASE"))
    }
    script = Path(sys.executable).parent / "koers"
    work = tmp_path / "work"
    work.mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *arguments], cwd=work, env=environment, capture_output=True, text=True, check=False
        )

    made = run("workbook", "import", str(file), "--data-dir", str(tmp_path / "data"))
    assert made.returncode == 0, made.stderr
    shown = run("--data-dir", str(tmp_path / "data"), "workbook", "export", made.stdout.splitlines()[-1])
    assert "Omdat **het** moet" in shown.stdout
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if "-" not in path.suffix) == [
        "koers.sqlite3", "migrating.lock", "secret-key",
    ]  # fmt: skip
    assert list(work.iterdir()) == []
