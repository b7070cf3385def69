"""The commands about measurements: taking one along, and taking one over."""

import uuid
from typing import Any

import click

from koers.config.commands import Group, end_with, fail, read_file, say, start_django, write_file


@click.group(cls=Group)
def measurement() -> None:
    """Measurements: take over, take along."""


def _found(model: Any, given: str, what: str) -> Any:
    try:
        return model.objects.get(pk=uuid.UUID(given))
    except (ValueError, model.DoesNotExist):
        fail(f"There is no {what} “{given}”.")


@measurement.command("export")
@click.argument("id")
@click.option("-o", "--output", metavar="FILE", help="Where to write (.json, .csv or .xlsx; default: stdout, as JSON).")
def measurement_export(id: str, output: str | None) -> None:  # noqa: A002 (the name of the argument in the help)
    """Write everything of the measurement ID: every answer, a row each."""
    start_django()
    from koers.assessment.exchange.content import gather
    from koers.assessment.exchange.files import FORMS, written
    from koers.assessment.models import Measurement
    from koers.kit.tenancy import unscoped
    from koers.organisations.actions import DeedRefused

    form = (output or "").rpartition(".")[2].lower() if output not in {None, "-"} else "json"
    if form not in FORMS:
        fail(f"{output}: the name must end in .json, .csv or .xlsx.")
    with unscoped():
        try:
            data = written(gather(_found(Measurement, id, "measurement")), form)
        except DeedRefused as error:
            fail(str(error))
    write_file(output, data)


@measurement.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--into", metavar="WORKBOOK", required=True, help="The workbook that it goes into.")
@click.option("--measurement", "target", metavar="ID", help="Add to this open measurement instead of making a new one.")
def measurement_import(file: str, into: str, target: str | None) -> None:
    """Take over a measurement (JSON, CSV or XLSX), all or nothing. Prints its id on the last line."""
    data = read_file(file)
    start_django()
    from koers.assessment.access import measurement_for
    from koers.assessment.actions.takeover import take_over
    from koers.assessment.exchange.reading import read_measurement
    from koers.assessment.models import Measurement
    from koers.kit.located import Refused
    from koers.kit.tenancy import unscoped
    from koers.organisations.actions import DeedRefused
    from koers.workbook.models import Workbook

    with unscoped():
        workbook = _found(Workbook, into, "workbook")
        present = _found(Measurement, target, "measurement") if target else None
        if present is not None and present.workbook_id != workbook.pk:
            fail(f"The measurement “{target}” is of another workbook.")
        if present is not None:
            present = measurement_for(workbook, present.pk)
        try:
            content = read_measurement(data, workbook.edition, present, file)
            made, plan = take_over(workbook, content, None, present)
        except Refused as refused:
            end_with(refused.problems)
        except DeedRefused as error:
            fail(f"{file}: {error}")
    answers = sum(map(len, plan.writes.values())) + plan.room_answers
    say(f"{made.name}: {answers} answers taken over.")
    click.echo(str(made.pk))
