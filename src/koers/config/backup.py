"""Backup and restore: one zip with every row as JSON lines, independent of the database that holds them."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from koers import __version__
from koers.kit.tenancy import unscoped
from koers.organisations.models import Administration, User

FORMAT: Final = "koers-backup/1"
MAX_LINE: Final = 32 * 2**20
# Rebuilt by themselves, or of no use elsewhere.
_LEFT_OUT: Final = {"contenttypes", "sessions", "auth"}
# Tables of our own that are made anew from the others: emptied by a restore.
_MADE_ANEW: Final = {"workbook.searchentry"}


class BackupRefused(ValueError):
    """The file cannot be restored; nothing was changed."""


def _models() -> list[type[models.Model]]:
    """Every table, those that others point to first."""
    configs = [(config, None) for config in apps.get_app_configs() if config.label not in _LEFT_OUT]
    ordered: list[type[models.Model]] = serializers.sort_dependencies(configs)
    return [model for model in ordered if model._meta.managed and not model._meta.proxy]


def _kept() -> list[type[models.Model]]:
    return [model for model in _models() if model._meta.label_lower not in _MADE_ANEW]


def write_backup(path: Path) -> dict[str, int]:
    """Write all rows, of one moment, to `path`. Returns rows by table."""
    counts: dict[str, int] = {}
    with unscoped(), transaction.atomic(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in _kept():
            label = model._meta.label_lower
            with archive.open(f"rows/{label}.jsonl", "w") as file:
                counts[label] = 0
                for row in model._default_manager.order_by("pk").iterator(chunk_size=1000):
                    (written,) = serializers.serialize("python", [row])
                    file.write(json.dumps(written, cls=DjangoJSONEncoder).encode() + b"\n")
                    counts[label] += 1
        manifest = {"format": FORMAT, "version": __version__, "at": timezone.now().isoformat(), "rows": counts}
        archive.writestr("manifest.json", json.dumps(manifest, indent=2))
    return counts


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if archive.getinfo("manifest.json").file_size > 2**20:
            raise BackupRefused("the list of contents is too large.")
        manifest = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError):
        raise BackupRefused("this is not a backup of Koers.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupRefused("this is not a backup of Koers, or one of another format.")
    return manifest


def _rows(archive: zipfile.ZipFile, label: str) -> Iterator[dict[str, Any]]:
    with archive.open(f"rows/{label}.jsonl") as file:
        while line := file.readline(MAX_LINE):
            yield json.loads(line)


def restore_backup(path: Path, *, replace: bool) -> dict[str, int]:
    """Put every row back, in one transaction. Refuses an installation that is not empty, unless it may `replace` it."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupRefused(f"the file cannot be read ({error}).") from None
    with archive, unscoped():
        expected = _manifest(archive)["rows"]
        known = {model._meta.label_lower: model for model in _kept()}
        unknown = sorted(set(expected) - set(known))
        if unknown:
            raise BackupRefused(f"it holds tables that this version does not have: {', '.join(unknown)}.")
        if not replace and (User.objects.exists() or Administration.objects.exists()):
            raise BackupRefused("this installation is not empty; with --replace its contents make way.")
        try:
            return _restore(archive, expected, known)
        except (KeyError, ValueError, zipfile.BadZipFile, DeserializationError) as error:
            raise BackupRefused(f"it is damaged ({error}); nothing was changed.") from None


def _restore(
    archive: zipfile.ZipFile, expected: dict[str, int], known: dict[str, type[models.Model]]
) -> dict[str, int]:
    counts: dict[str, int] = {}
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model in reversed(_models()):
            model._default_manager.all().delete()
        for label, number in expected.items():
            restored = 0
            for row in serializers.deserialize("python", _rows(archive, label)):
                if row.object._meta.label_lower != label:
                    raise BackupRefused(f"a row of {label} is of another table.")
                row.save()
                restored += 1
            if restored != number:
                raise BackupRefused(f"{label} should have {number} rows and has {restored}.")
            counts[label] = restored
        connection.check_constraints()
        statements = connection.ops.sequence_reset_sql(no_style(), list(known.values()))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    return counts
