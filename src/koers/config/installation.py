"""What an operator does with an installation: bring it up to date, make accounts, take in workbooks."""

import contextlib
import fcntl
import secrets
from collections.abc import Callable, Iterator
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from koers.config.environment import data_folder
from koers.organisations.actions import record
from koers.organisations.models import Administration, Membership, Role, User
from koers.workbook.actions import create_workbook, import_answers
from koers.workbook.exchange import ExchangeFile, administration_of
from koers.workbook.models import Workbook

LOCK: Final = 0x6B6F657273


class AccountRefused(ValueError):
    """The account cannot be made; the message says why."""


class UnknownPerson(LookupError):
    """Nobody has an account with that address."""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Only one process at a time, on whatever machine, brings a database up to date."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (data_folder() / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _behind() -> int:
    """How many migrations are still to be done."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date(say: Callable[[str], None]) -> None:
    """Make or migrate the tables when they are behind."""
    if not _behind():
        return
    with _alone():
        if steps := _behind():
            say(f"Bringing the database up to date ({steps} steps) …")
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)


def create_account(email: str, name: str, password: str | None) -> tuple[User, str]:
    """An account with its password, made up when none is given. Raises `AccountRefused`."""
    email = email.strip().lower()
    given = password or secrets.token_urlsafe(12)
    try:
        validate_email(email)
        validate_password(given)
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from None
    if User.objects.filter(email__iexact=email).exists():
        raise AccountRefused(f"There is an account for {email} already.")
    return User.objects.create_user(email, given, name=name), given


def take_in(file: ExchangeFile, *, into: Workbook | None = None, lead: str | None = None) -> tuple[Workbook, int]:
    """Make a workbook of a file, and its administration if it is not there; or update one.

    Call it within `unscoped`. Returns the workbook and how many answers changed. Raises `UnknownPerson`; `ValueError`
    when the file is of another edition than the workbook.
    """
    with transaction.atomic():
        person = None
        if lead:
            person = User.objects.filter(email__iexact=lead).first()
            if person is None:
                raise UnknownPerson(f"There is no account for {lead}; make one with: koers user create {lead}")
        if into is not None:
            if into.edition is not file.edition:
                raise ValueError("the workbook is in another edition, or another version of it.")
            workbook = into
        else:
            administration = administration_of(file) or Administration.objects.create(
                name=file.administration_name, kind=file.administration_kind, nis=file.administration_nis
            )
            workbook = create_workbook(administration, None, file.edition.id, file.title)
            if workbook.edition_version != file.edition.version:
                workbook.edition_version = file.edition.version
                workbook.save(update_fields=["edition_version"])
        if person:
            Membership.objects.update_or_create(
                administration=workbook.administration, user=person, defaults={"role": Role.LEAD}
            )
            record(workbook.administration, None, "member.add", str(person), role=Role.LEAD.value)
        return workbook, import_answers(workbook, file.values, None)
