"""The commands about instruments: what can be measured with beside the playbook's own questions."""

import json
from typing import Any

import click

from koers.config.commands import Group, end_with, fail, read_file, say, start_django


@click.group(cls=Group)
def instrument() -> None:
    """Instruments: what a measurement asks."""


@instrument.command("validate")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
def instrument_validate(file: str) -> None:
    """Say everything that is wrong with the instrument in FILE, with its line."""
    data = read_file(file)
    start_django(database=False)
    from koers.assessment.instruments.reading import read_instrument
    from koers.kit.located import Refused

    try:
        read = read_instrument(data, file)
    except Refused as refused:
        end_with(refused.problems)
    say(f"{file}: no problems. {read.id}, version {read.version}: {len(read.questions)} questions.")


@instrument.command("add")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
def instrument_add(file: str) -> None:
    """Add the instrument in FILE, for every workbook here. Prints its id and version on the last line."""
    data = read_file(file)
    start_django()
    from koers.assessment.actions.instruments import add_instrument
    from koers.kit.located import Refused
    from koers.organisations.actions import DeedRefused

    try:
        added = add_instrument(data, file)
    except Refused as refused:
        end_with(refused.problems)
    except DeedRefused as error:
        fail(f"{file}: {error}")
    read = added.instrument
    say(f"Added: {read.title.say()}" if added.is_new else f"{read.title.say()} is here already, the same.")
    click.echo(f"{read.id} {read.version}")


@instrument.command("list")
def instrument_list() -> None:
    """List the instruments: id, version, number of questions, title."""
    start_django()
    from koers.assessment.instruments.loading import every_version, packaged

    for each in every_version():
        where = "of the product" if (each.id, each.version) in packaged() else "added"
        click.echo(
            f"{each.id:<28} {each.version:>3}  {len(each.questions):>3} questions  {where:<14}  {each.title.say()}"
        )


@instrument.command("show")
@click.argument("id")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people, or for machines.",
)  # fmt: skip
@click.option("--version", "version", type=click.IntRange(1), help="Which version (default: the newest).")
def instrument_show(id: str, form: str, version: int | None) -> None:  # noqa: A002 (the name in the help)
    """Show the instrument ID: its dimensions, questions and levels."""
    start_django()
    from koers.assessment.instruments.loading import UnknownInstrument, latest_version
    from koers.assessment.instruments.loading import instrument as load
    from koers.assessment.instruments.plain import as_json

    try:
        found = load(id, version or latest_version(id))
    except UnknownInstrument as error:
        fail(str(error))
    if form == "json":
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.title.say()} ({found.id}, version {found.version})\n{found.source.say()}")
    for dimension in found.dimensions:
        _show_dimension(dimension)


def _show_dimension(dimension: Any) -> None:
    click.echo(f"\n{dimension.id}  {dimension.title.say()}{'  (optional)' if dimension.optional else ''}")
    for each in dimension.questions:
        roles = ", ".join(each.roles) or "everybody"
        click.echo(f"  {each.key:<38} {each.kind:<8} {each.field.scoring or '':<11} {each.seconds:>4} s  {roles}")
    for level in dimension.levels:
        gates = ", ".join(
            f"{each.question}{':' + each.row if each.row else ''} >= {each.at_least:g}" for each in level.conditions
        )
        click.echo(f"  level {level.number}  {level.title.say()}{'  when ' + gates if gates else ''}")
