"""The documentation is complete: every variable, command, field key, address and role is in it."""

import re
from pathlib import Path

import click

from koers.config.cli import main
from koers.config.environment import VARIABLES
from koers.organisations.models import AdministrationKind
from scripts.field_table import table

ROOT = Path(__file__).resolve().parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_environment_variable_is_documented_with_its_default() -> None:
    text = read("docs/operating.md")
    for variable in VARIABLES:
        default = f"`{variable.default}`" if variable.default else ""
        assert f"| `{variable.name}` | {default} | {variable.meaning} |" in text


def test_the_product_reads_no_other_variable() -> None:
    known = {variable.name for variable in VARIABLES} | {"PORT", "DJANGO_SETTINGS_MODULE"}
    read_in_code = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"environ(?:\.get|\.setdefault)?[\[(]\s*[\"']([A-Z_]+)[\"']", path.read_text())
    }
    assert read_in_code <= known


def commands(group: click.Group, prefix: str) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix} {name}")
        else:
            found[f"{prefix} {name}"] = command
    return found


def test_every_command_and_option_is_documented_and_has_help() -> None:
    text = read("docs/operating.md")
    for name, command in commands(main, "koers").items():
        (line,) = [line for line in text.splitlines() if line.startswith(f"| `{name}")]
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in {"data_dir", "name", "password"}:
                assert parameter.help
                assert any(f"`{option}" in line for option in parameter.opts), (name, parameter.opts)


def test_every_field_key_is_documented() -> None:
    assert table() in read("docs/exchange.md")


def test_every_kind_of_administration_is_documented() -> None:
    text = read("docs/exchange.md")
    assert [kind for kind in AdministrationKind.values if f"`{kind}`" not in text] == []


def test_every_file_that_the_documents_name_is_there() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), (path.name, target)
