"""Which instruments there are, and the one that a measurement asks.

The product's own stand beside their edition (``content/<edition>/<version>/instruments/*.yaml``); those that an
operator added stand in the database, where every process and machine finds them. A version never changes, so what was
read once is kept.
"""

import dataclasses
import functools
import json
import logging
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from koers.assessment.instruments.custom import read_custom
from koers.assessment.instruments.plain import from_json
from koers.assessment.instruments.reading import read_instrument
from koers.assessment.instruments.structure import CUSTOM, Dimension, Instrument, Question
from koers.assessment.models import InstrumentFile, Measurement
from koers.editions.loading import content_folders
from koers.editions.structure import Edition, Words
from koers.kit.located import Refused

PLAYBOOK: Final = "draaiboek-context"

_CUSTOM_TITLE: Final = Words(nl="Eigen vragen", en="Own questions")
_CUSTOM_DESCRIPTION: Final = Words(
    nl="Vragen die deze meting zelf toevoegt. Ze tellen niet mee in een index of niveau.",
    en="Questions that this measurement adds for itself. They count in no index or level.",
)
_log = logging.getLogger("koers")


class UnknownInstrument(LookupError):
    """There is no such instrument, or not in that version."""


# Files beside the editions


@functools.lru_cache(maxsize=64)
def _of_file(path: Path) -> Instrument:
    return read_instrument(path.read_bytes(), path.name)


@functools.lru_cache(maxsize=8)
def _packaged(folders: tuple[Path, ...]) -> dict[tuple[str, int], Instrument]:
    found: dict[tuple[str, int], Instrument] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*/*/instruments/*.yaml"))):
        try:
            read = _of_file(path)
        except Refused as refused:
            _log.error("Instrument %s is left out: %s", path, refused)
            continue
        found.setdefault((read.id, read.version), read)
    return found


def packaged() -> dict[tuple[str, int], Instrument]:
    """The instruments that come beside the editions, by id and version."""
    return _packaged(tuple(content_folders()))


# Any instrument


@functools.lru_cache(maxsize=64)
def _of_text(text: str, name: str) -> Instrument:
    return read_instrument(text.encode(), name)


@functools.lru_cache(maxsize=64)
def _added(instrument_id: str, version: int) -> Instrument:
    kept = InstrumentFile.objects.filter(instrument_id=instrument_id, version=version).first()
    if kept is None:
        message = _("There is no version %(version)s of an instrument “%(instrument)s”.")
        raise UnknownInstrument(message % {"version": version, "instrument": instrument_id[:64]})
    return _of_text(kept.text, str(kept))


def forget() -> None:
    """Read what operators added anew: for tests, where tables are emptied."""
    _added.cache_clear()
    _chosen.cache_clear()


def instrument(instrument_id: str, version: int) -> Instrument:
    """An instrument by id and version. Raises `UnknownInstrument`; no query once it was read."""
    own = packaged().get((instrument_id, version))
    return own if own is not None else _added(instrument_id, version)


def _versions() -> dict[str, list[int]]:
    """The versions of every instrument, from old to new. One query."""
    found: dict[str, list[int]] = {}
    for name, version in sorted({*packaged(), *InstrumentFile.objects.values_list("instrument_id", "version")}):
        found.setdefault(name, []).append(version)
    return found


def latest_version(instrument_id: str) -> int:
    """The newest version of an instrument. Raises `UnknownInstrument`."""
    versions = _versions().get(instrument_id)
    if versions is None:
        raise UnknownInstrument(_("There is no instrument “%(instrument)s”.") % {"instrument": instrument_id[:64]})
    return versions[-1]


def every_version() -> tuple[Instrument, ...]:
    """Every instrument in every version."""
    return tuple(instrument(name, version) for name, versions in _versions().items() for version in versions)


def instruments(of: Edition | None = None) -> tuple[Instrument, ...]:
    """Every instrument in its newest version, the playbook's first; with an edition, the newest that fits it."""
    newest: dict[str, Instrument] = {}
    for each in every_version():
        if of is None or each.edition in (None, (of.id, of.version)):
            newest[each.id] = each
    return tuple(sorted(newest.values(), key=lambda each: (each.id != PLAYBOOK, str(each.title), each.id)))


# The instrument of a measurement


@functools.lru_cache(maxsize=256)
def _chosen(instrument_id: str, version: int, dimensions: tuple[str, ...], custom: str) -> Instrument:
    whole = instrument(instrument_id, version)
    asked = [each for each in whole.dimensions if each.id in dimensions or (not dimensions and not each.optional)]
    own = read_custom(json.loads(custom))
    if own:
        asked.append(Dimension(CUSTOM, _CUSTOM_TITLE, _CUSTOM_DESCRIPTION, own))
    return dataclasses.replace(whole, dimensions=tuple(asked))


@functools.lru_cache(maxsize=256)
def _as_it_was(frozen: str) -> Instrument:
    return from_json(json.loads(frozen))


def asked_by(measurement: Measurement) -> Instrument:
    """The instrument as a measurement asks it: the dimensions it chose (none chosen: all but the optional ones), then
    its own questions in the dimension `CUSTOM`. Of a closed measurement it is the one that closing froze.
    """
    if measurement.frozen and "instrument" in measurement.frozen:
        return _as_it_was(json.dumps(measurement.frozen["instrument"], sort_keys=True))
    return _chosen(
        measurement.instrument_id,
        measurement.instrument_version,
        tuple(measurement.dimensions),
        json.dumps(measurement.custom, sort_keys=True),
    )


def custom_questions(measurement: Measurement) -> tuple[Question, ...]:
    """The questions that a measurement adds for itself."""
    return tuple(each for each in asked_by(measurement).questions.values() if each.is_custom)
