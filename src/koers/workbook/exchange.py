"""The exchange file of a workbook (``koers-workbook/1``, YAML or JSON): read whole or refused whole.

format: koers-workbook/1
edition: draaiboek
edition_version: 1                     # optional; the newest when left out
title: …                               # optional
administration: {name: …, kind: …, nis: "…"}   # kind and nis optional
answers: {<field key>: <value>}
"""

import json
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from koers.editions.loading import UnknownEdition
from koers.editions.loading import edition as load_edition
from koers.editions.structure import Edition
from koers.kit.located import Located, Path, Problem, Refused, read
from koers.organisations.models import Administration, AdministrationKind
from koers.workbook.models import Workbook
from koers.workbook.queries import values_of
from koers.workbook.values import InvalidValue, Value, read_value, to_exchange

FORMAT = "koers-workbook/1"
_KEYS = {"format", "edition", "edition_version", "title", "administration", "answers"}
_ADMINISTRATION_KEYS = {"name", "kind", "nis"}


@dataclass(frozen=True)
class ExchangeFile:
    """A file that was found right in every part."""

    edition: Edition
    title: str
    administration_name: str
    administration_kind: str
    administration_nis: str
    values: dict[str, Value]


class _Check:
    """Collects what is wrong, with lines."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.problems: list[Problem] = []

    def wrong(self, path: Path, message: str) -> None:
        self.problems.append(self.located.problem(path, message))

    def only(self, path: Path, given: dict[str, Any], known: set[str]) -> None:
        for key in given:
            if key not in known:
                self.wrong((*path, key), _("Unknown key “%(key)s”.") % {"key": str(key)[:80]})

    def text(self, path: Path, given: Any, limit: int = 160) -> str:
        if given is None:
            return ""
        if not isinstance(given, str) or len(given) > limit or "\n" in given:
            self.wrong(path, _("This must be one line of text of at most %(limit)s characters.") % {"limit": limit})
            return ""
        return given.strip()


def read_exchange(data: bytes, file: str = "") -> ExchangeFile:
    """Read a file. Raises `Refused` with every problem, each with its line."""
    located = read(data, file)
    check = _Check(located)
    given = located.value
    if not isinstance(given, dict):
        raise Refused([located.problem((), _("This is not a workbook: the file must be a mapping."))])
    if given.get("format") != FORMAT:
        message = _("The format must be “%(format)s”.") % {"format": FORMAT}
        raise Refused([located.problem(("format",), message)])
    check.only((), given, _KEYS)
    edition = _edition(check, given)
    name, kind, nis = _administration(check, given.get("administration"))
    title = check.text(("title",), given.get("title"))
    values = _values(check, edition, given.get("answers")) if edition else {}
    if check.problems or edition is None:
        raise Refused(check.problems)
    return ExchangeFile(edition, title, name, kind, nis, values)


def _edition(check: _Check, given: dict[str, Any]) -> Edition | None:
    version = given.get("edition_version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        check.wrong(("edition_version",), _("The version must be a whole number from 1."))
        return None
    try:
        return load_edition(str(given.get("edition") or ""), version)
    except UnknownEdition as error:
        check.wrong(("edition",), str(error))
        return None


def _administration(check: _Check, given: Any) -> tuple[str, str, str]:
    path: Path = ("administration",)
    if not isinstance(given, dict):
        check.wrong(path, _("The file must name the administration: {name: …}."))
        return "", "", ""
    check.only(path, given, _ADMINISTRATION_KEYS)
    name = check.text((*path, "name"), given.get("name"))
    if not name:
        check.wrong((*path, "name"), _("The administration needs a name."))
    nis = given.get("nis") or ""
    if isinstance(nis, int) and not isinstance(nis, bool):
        nis = str(nis)
    nis = check.text((*path, "nis"), nis, 5)
    if nis and not (nis.isascii() and nis.isdigit() and len(nis) == 5):
        check.wrong((*path, "nis"), _("A NIS code has five digits."))
    default = AdministrationKind.MUNICIPALITY if nis else AdministrationKind.OTHER
    kind = check.text((*path, "kind"), given.get("kind")) or default.value
    if kind not in AdministrationKind.values:
        message = _("“%(value)s” is not one of: %(allowed)s.")
        check.wrong((*path, "kind"), message % {"value": kind, "allowed": ", ".join(AdministrationKind.values)})
    return name, kind, nis


def _values(check: _Check, edition: Edition, given: Any) -> dict[str, Value]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        check.wrong(("answers",), _("“answers” must be a mapping of field to answer."))
        return {}
    values: dict[str, Value] = {}
    for key, raw in given.items():
        field = edition.fields.get(key)
        if field is None:
            message = _("There is no field “%(key)s” in this edition.")
            check.wrong(("answers", key), message % {"key": str(key)[:80]})
            continue
        try:
            values[key] = read_value(field, raw, "markdown")
        except InvalidValue as error:
            check.wrong(("answers", key, *error.path), f"{key}: {error.message}")
    return values


def as_exchange(workbook: Workbook) -> dict[str, Any]:
    """The workbook as its exchange file says it: answers in the order of the playbook, cleared ones left out."""
    edition = workbook.edition
    administration = workbook.administration
    named: dict[str, Any] = {"name": administration.name, "kind": administration.kind}
    if administration.nis:
        named["nis"] = administration.nis
    values = values_of(workbook)
    written: dict[str, Any] = {
        "format": FORMAT,
        "edition": workbook.edition_id,
        "edition_version": workbook.edition_version,
    }
    if workbook.title:
        written["title"] = workbook.title
    written["administration"] = named
    written["answers"] = {
        key: to_exchange(field, value) for key, field in edition.fields.items() if (value := values.get(key))
    }
    return written


class _Dumper(yaml.CSafeDumper):
    """YAML as a person would write it: texts of several lines as blocks."""


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def to_yaml(workbook: Workbook) -> str:
    """The exchange file as YAML; the same workbook always gives the same bytes."""
    return yaml.dump(as_exchange(workbook), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000)


def to_json(workbook: Workbook) -> str:
    """The exchange file as JSON; the same workbook always gives the same bytes."""
    return json.dumps(as_exchange(workbook), ensure_ascii=False, indent=2) + "\n"


def administration_of(file: ExchangeFile) -> Administration | None:
    """The administration that a file names, if it is there: by NIS code, else by its exact name."""
    if file.administration_nis:
        found = Administration.objects.filter(nis=file.administration_nis, kind=file.administration_kind)
    else:
        found = Administration.objects.filter(name=file.administration_name)
    return found.order_by("created_at").first()
