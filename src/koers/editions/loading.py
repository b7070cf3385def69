"""Reading an edition from its folder, and saying everything that is wrong with it."""

import functools
import os
from pathlib import Path

from django.utils.translation import gettext as _

from koers.editions.reading import Reader, read_edition
from koers.editions.structure import Edition
from koers.kit.located import Problem, Refused

PACKAGED = Path(__file__).resolve().parent.parent / "content"
CHECKOUT = Path(__file__).resolve().parents[3] / "content"


class UnknownEdition(LookupError):
    """There is no such edition, or not in that version."""


def content_folders() -> list[Path]:
    """Where editions live: the product's own, then the folder that an operator names in ``KOERS_CONTENT``."""
    own = CHECKOUT if CHECKOUT.is_dir() else PACKAGED
    extra = os.environ.get("KOERS_CONTENT", "")
    return [own, *([Path(extra)] if extra else [])]


def validate(folder: Path) -> list[Problem]:
    """Everything that is wrong with an edition, in the order of its files; empty when it can be used."""
    reader = Reader(folder)
    try:
        read_edition(reader)
    except Refused as refused:
        reader.problems.extend(each for each in refused.problems if each not in reader.problems)
    return reader.problems


@functools.lru_cache(maxsize=16)
def _load(folder: Path) -> Edition:
    reader = Reader(folder)
    edition = read_edition(reader)
    if reader.problems:
        raise Refused(reader.problems)
    assert edition is not None
    return edition


def _versions(edition_id: str) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for content in content_folders():
        home = content / edition_id
        if "/" in edition_id or edition_id.startswith(".") or not home.is_dir():
            continue
        for folder in home.iterdir():
            if folder.name.isdecimal() and (folder / "edition.yaml").is_file():
                found[int(folder.name)] = folder
    return found


def latest_version(edition_id: str) -> int:
    """The newest version. Raises `UnknownEdition`."""
    versions = _versions(edition_id)
    if not versions:
        raise UnknownEdition(_("There is no edition “%(edition)s”.") % {"edition": edition_id})
    return max(versions)


@functools.lru_cache(maxsize=64)
def edition(edition_id: str, version: int | None = None) -> Edition:
    """An edition by id, in a version or in its newest. Raises `UnknownEdition`; `Refused` when its files are wrong."""
    wanted = latest_version(edition_id) if version is None else version
    folder = _versions(edition_id).get(wanted)
    if folder is None:
        message = _("There is no version %(version)s of edition “%(edition)s”.")
        raise UnknownEdition(message % {"version": wanted, "edition": edition_id})
    return _load(folder)


def edition_ids() -> list[str]:
    """The editions there are."""
    names = {home.name for content in content_folders() if content.is_dir() for home in content.iterdir()}
    return sorted(name for name in names if _versions(name))
