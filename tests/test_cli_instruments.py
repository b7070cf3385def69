"""The commands about instruments: exit status, what a script reads on stdout, what a person reads on stderr."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from koers.assessment.instruments import loading
from koers.assessment.models import InstrumentFile
from koers.config.cli import main

SCAN = Path(__file__).resolve().parents[1] / "src" / "koers" / "assessment" / "tests" / "service_scan.yaml"


def koers(*arguments: str | Path, given: bytes | None = None) -> Result:
    loading.forget()
    return CliRunner().invoke(main, ["instrument", *map(str, arguments)], input=given)


def test_a_good_file_has_no_problems() -> None:
    result = koers("validate", SCAN)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{SCAN}: no problems. service-scan, version 1: 4 questions.\n"


def test_a_wrong_file_is_refused_with_every_line(tmp_path: Path) -> None:
    file = tmp_path / "scan.yaml"
    file.write_text(SCAN.read_text().replace("kind: shares", "kind: slider").replace("version: 1", "version: x"))
    result = koers("validate", file)
    assert result.exit_code == 1
    assert [line.removeprefix(str(file)).split(":")[1] for line in result.stderr.splitlines()] == ["4", "55"]


def test_a_file_that_is_not_there_is_said() -> None:
    result = koers("validate", "/nowhere/scan.yaml")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


@pytest.mark.django_db
def test_an_added_instrument_is_listed_and_shown() -> None:
    result = koers("add", "-", given=SCAN.read_bytes())
    assert (result.exit_code, result.stdout) == (0, "service-scan 1\n")
    assert [line.split()[:2] for line in koers("list").stdout.splitlines()] == [
        ["draaiboek-context", "1"],
        ["service-scan", "1"],
    ]
    shown = koers("show", "service-scan").stdout
    assert "channels/online >= 60, channels/finished >= 50, channels/errors >= 3" in shown
    assert json.loads(koers("show", "service-scan", "--format", "json").stdout)["id"] == "service-scan"


@pytest.mark.django_db
def test_another_text_under_the_same_version_is_refused(tmp_path: Path) -> None:
    koers("add", SCAN)
    file = tmp_path / "scan.yaml"
    file.write_text(SCAN.read_text().replace("Channels", "Ways in"))
    result = koers("add", file)
    assert result.exit_code == 1
    assert "raise the version" in result.stderr
    assert koers("add", SCAN).stderr.endswith("is here already, the same.\n")
    assert InstrumentFile.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_file_is_not_added(tmp_path: Path) -> None:
    file = tmp_path / "scan.yaml"
    file.write_text("format: koers-instrument/1\n")
    result = koers("add", file)
    assert result.exit_code == 1
    assert f"{file}" in result.stderr
    assert InstrumentFile.objects.count() == 0


@pytest.mark.django_db
def test_an_unknown_instrument_is_said() -> None:
    assert koers("show", "nothing").exit_code == 1
    assert koers("show", "draaiboek-context", "--version", "7").exit_code == 1
