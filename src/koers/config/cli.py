"""The command line. Every command takes ``--data-dir`` (or the variable ``KOERS_DATA``); messages go to stderr."""

import os
import sys
import uuid
from pathlib import Path
from typing import Any

import click

from koers import __version__
from koers.config.cli_instruments import instrument
from koers.config.cli_measurement import measurement
from koers.config.commands import Group, end_with, fail, read_file, say, start_django, write_file

SERVED_PORT = 8000


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="koers")
def main() -> None:
    """Koers: set the course of your local government's digital transformation."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=lambda: int(os.environ.get("PORT") or SERVED_PORT),
    help=f"Port to listen on (default: $PORT, else {SERVED_PORT}).",
)  # fmt: skip
@click.option("--demo", is_flag=True, help="Make the demo world first, if it is not there.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True,
    help="Number of processes; more than one needs PostgreSQL.",
)  # fmt: skip
def serve(host: str, port: int, demo: bool, workers: int) -> None:
    """Serve Koers: brings the tables up to date and serves everything on one port."""
    os.environ["PORT"] = str(port or SERVED_PORT)
    start_django()
    from koers.config.serving import run

    if workers > 1 and not os.environ.get("DATABASE_URL"):
        fail("More than one process needs PostgreSQL: set DATABASE_URL.")
    run(host, port, demo=demo, workers=workers, say=say)


@main.group(cls=Group)
def edition() -> None:
    """Editions: the playbook as data."""


@edition.command("validate")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
def edition_validate(path: Path) -> None:
    """Say everything that is wrong with the edition in PATH, with file and line."""
    start_django(database=False)
    from koers.editions.loading import validate

    problems = validate(path)
    if problems:
        end_with(problems)
    say(f"{path}: no problems.")


@edition.command("show")
@click.argument("name")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people, or for machines.",
)  # fmt: skip
@click.option("--version", "version", type=int, help="Which version (default: the newest).")
def edition_show(name: str, form: str, version: int | None) -> None:
    """Show an edition: its sections and fields."""
    start_django(database=False)
    import json

    from koers.editions.loading import UnknownEdition
    from koers.editions.loading import edition as load
    from koers.editions.structure import as_json
    from koers.kit.located import Refused

    try:
        loaded = load(name, version)
    except UnknownEdition as error:
        fail(str(error))
    except Refused as refused:
        end_with(refused.problems)
    if form == "json":
        click.echo(json.dumps(as_json(loaded), ensure_ascii=False, indent=2))
        return
    click.echo(f"{loaded.title.say()} ({loaded.id}, version {loaded.version})")
    for section in loaded.sections.values():
        click.echo(f"\n{section.id}  {section.title.say()}")
        for field in section.fields:
            click.echo(f"  {field.key:<44} {field.playbook_kind:<16} {field.short.say()}")


main.add_command(instrument)
main.add_command(measurement)


@main.group(cls=Group)
def workbook() -> None:
    """Workbooks: take in, take along."""


def _workbook(given: str) -> Any:
    from koers.workbook.models import Workbook

    try:
        return Workbook.objects.select_related("administration").get(pk=uuid.UUID(given))
    except (ValueError, Workbook.DoesNotExist):
        fail(f"There is no workbook “{given}”.")


@workbook.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--into", metavar="ID", help="Update this workbook instead of making a new one.")
@click.option("--lead", metavar="EMAIL", help="Make this person lead of the administration.")
def workbook_import(file: str, into: str | None, lead: str | None) -> None:
    """Take in an exchange file (YAML or JSON). Prints the id of the workbook on the last line."""
    data = read_file(file)
    start_django()
    from koers.config.installation import UnknownPerson, take_in
    from koers.kit.located import Refused
    from koers.kit.tenancy import unscoped
    from koers.organisations.actions import DeedRefused
    from koers.workbook.exchange import read_exchange

    try:
        read = read_exchange(data, file)
    except Refused as refused:
        end_with(refused.problems)
    with unscoped():
        try:
            taken, changed = take_in(read, into=_workbook(into) if into else None, lead=lead)
        except UnknownPerson as error:
            fail(str(error))
        except (ValueError, DeedRefused) as error:
            fail(f"{file}: {error}")
    say(f"{taken.administration}: {changed} answers taken over.")
    click.echo(str(taken.pk))


@workbook.command("export")
@click.argument("id")
@click.option("-o", "--output", metavar="FILE", help="Where to write (.json for JSON; default: stdout, as YAML).")
def workbook_export(id: str, output: str | None) -> None:  # noqa: A002 (the name of the argument in the help)
    """Write the exchange file of the workbook ID."""
    start_django()
    from koers.kit.tenancy import unscoped
    from koers.workbook.exchange import to_json, to_yaml

    with unscoped():
        found = _workbook(id)
        text = to_json(found) if (output or "").endswith(".json") else to_yaml(found)
    write_file(output, text.encode())


@workbook.command("list")
def workbook_list() -> None:
    """List the workbooks: id, administration, title."""
    start_django()
    from koers.kit.tenancy import unscoped
    from koers.workbook.models import Workbook

    with unscoped():
        for each in Workbook.objects.select_related("administration").order_by("administration__name"):
            click.echo(f"{each.pk}  {each.administration}  {each}{'  (deleted)' if each.deleted_at else ''}")


@main.group(cls=Group)
def note() -> None:
    """The digital ambition note."""


@note.command("export")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["docx", "pdf"]), required=True, help="Word or tagged PDF.")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write.")
@click.option("--without-appendix", is_flag=True, help="Leave out the answers that the body does not use.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language (default: the workbook's).")
def note_export(id: str, form: str, output: str, without_appendix: bool, language: str | None) -> None:  # noqa: A002
    """Write the note of the workbook ID as Word or tagged PDF."""
    start_django()
    from koers.documents.rendering import render_note
    from koers.kit.tenancy import unscoped

    with unscoped():
        found = _workbook(id)
        data = render_note(found, form, appendix=not without_appendix, language=language)
    write_file(output, data)


@main.command()
def mail() -> None:
    """Send the mail about the work that is due now. A process that serves does so by itself."""
    start_django()
    from koers.assessment.mailing import send_reminders
    from koers.workbook.mailing import send_due

    say(f"Mails sent: {send_due() + send_reminders()}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file: str) -> None:
    """Write everything of this installation to one FILE."""
    start_django()
    from koers.config.backup import write_backup

    try:
        counts = write_backup(Path(file))
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    say(f"Written: {file} ({sum(counts.values())} rows).")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace what this installation holds now.")
def restore(file: str, replace: bool) -> None:
    """Put back what `koers backup` wrote, whole or not at all. Works from SQLite to PostgreSQL and back."""
    start_django()
    from koers.config.backup import BackupRefused, restore_backup

    try:
        counts = restore_backup(Path(file), replace=replace)
    except BackupRefused as error:
        fail(f"{file}: {error}")
    say(f"Restored: {sum(counts.values())} rows.")


@main.group(cls=Group)
def user() -> None:
    """People."""


@user.command("create")
@click.argument("email")
@click.option("--name", default="", help="Name as others see it.")
@click.option("--password", help="Password (default: asked for, or made up and printed when there is no terminal).")
def user_create(email: str, name: str, password: str | None) -> None:
    """Make an account for EMAIL."""
    start_django()
    from koers.config.installation import AccountRefused, create_account

    made_up = password is None and not sys.stdin.isatty()
    if password is None and not made_up:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    try:
        account, given = create_account(email, name, password)
    except AccountRefused as error:
        fail(str(error))
    say(f"Account made: {account.email}")
    if made_up:
        say(f"Password: {given}")
