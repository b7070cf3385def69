"""What every command of the command line shares: its data folder, files in and out, messages, ending."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click


def _use_data_folder(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value:
        os.environ["KOERS_DATA"] = value


def _data_option() -> click.Option:
    return click.Option(
        ["--data-dir"],
        type=click.Path(file_okay=False),
        metavar="FOLDER",
        help="Folder that holds everything of an embedded installation (default: $KOERS_DATA, else koers-data).",
        expose_value=False,
        is_eager=True,
        callback=_use_data_folder,
    )


class Command(click.Command):
    """A command that takes ``--data-dir``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_data_option())


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_data_option())


def fail(message: str) -> NoReturn:
    """End with status 1 and the message on stderr."""
    raise click.ClickException(message)


def start_django(*, database: bool = True) -> None:
    """Set Django up; with `database`, bring the tables up to date first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError, OSError) as error:
        fail(str(error))
    if database:
        from koers.config.installation import bring_up_to_date

        bring_up_to_date(say)


def say(message: str) -> None:
    """A message for people: on stderr, so that stdout is for what a script reads."""
    click.echo(message, err=True)


def read_file(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        fail(f"{path}: {error.strerror}")


def write_file(path: str | None, data: bytes) -> None:
    if path in (None, "-"):
        sys.stdout.buffer.write(data)
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    say(f"Written: {path}")


def end_with(problems: list[Any]) -> NoReturn:
    """End with status 1 and what is wrong, each on a line of stderr."""
    for problem in problems:
        say(str(problem))
    sys.exit(1)
