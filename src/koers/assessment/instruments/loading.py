"""Which instruments there are, and the one that a measurement asks."""

import dataclasses
import functools
import json
from typing import Final

from django.utils.translation import gettext as _

from koers.assessment.instruments.custom import read_custom
from koers.assessment.instruments.plain import from_json
from koers.assessment.instruments.structure import CUSTOM, Dimension, Instrument, Question
from koers.assessment.instruments.taken import asked_fields, taken
from koers.assessment.models import Measurement
from koers.editions.loading import edition
from koers.editions.structure import Edition, Field, Row, Words


class UnknownInstrument(LookupError):
    """There is no such instrument, or not in that version."""


PLAYBOOK: Final = "draaiboek-context"

_CUSTOM_TITLE: Final = Words(nl="Eigen vragen", en="Own questions")
_CUSTOM_DESCRIPTION: Final = Words(
    nl="Vragen die deze meting zelf toevoegt. Ze tellen niet mee in een index of niveau.",
    en="Questions that this measurement adds for itself. They count in no index or level.",
)


def _optional(playbook: Edition) -> tuple[Dimension, ...]:
    estimates, leadership, adoption = (playbook.sections[each] for each in ("A.1", "A.3", "C.2.3"))
    block = adoption.blocks[1]
    shares = Field(
        key="C.2.3/adoption", section="C.2.3", block="adoption", kind="percent", name="adoption", scoring="context",
        rows=tuple(Row(group.id, group.title) for group in block.groups), remark=False,
        label=block.title, short=block.title, help=block.intro,
    )  # fmt: skip
    return (
        Dimension("A.1", estimates.title, estimates.summary,
                  tuple(taken(estimates, each, "A.1") for each in estimates.fields if each.name == "estimate"),
                  optional=True),
        Dimension("A.3", leadership.title, leadership.summary,
                  tuple(taken(leadership, each, "A.3") for each in leadership.fields if each.group), optional=True),
        Dimension("C.2.3", adoption.title, adoption.summary,
                  (Question(shares, "C.2.3", total=100,
                            writes={group.id: f"C.2.3/{group.id}/share" for group in block.groups}),), optional=True),
    )  # fmt: skip


@functools.lru_cache(maxsize=64)
def instrument(instrument_id: str, version: int) -> Instrument:
    """An instrument by id and version. Raises `UnknownInstrument`."""
    if instrument_id != PLAYBOOK:
        raise UnknownInstrument(_("There is no instrument “%(instrument)s”.") % {"instrument": instrument_id})
    playbook = edition("draaiboek", version)
    return Instrument(
        id=PLAYBOOK,
        version=version,
        languages=playbook.languages,
        title=playbook.title,
        description=playbook.description,
        source=playbook.credit,
        edition=(playbook.id, playbook.version),
        dimensions=(
            *(
                Dimension(
                    section.id,
                    section.title,
                    section.summary,
                    tuple(taken(section, each, section.id) for each in asked_fields(section)),
                )
                for section in playbook.sections.values()
                if section.id.startswith("B.4.")
            ),
            *_optional(playbook),
        ),
    )


def latest_version(instrument_id: str) -> int:
    """The newest version of an instrument. Raises `UnknownInstrument`."""
    return instrument(instrument_id, 1).version


def instruments(of: Edition | None = None) -> tuple[Instrument, ...]:
    """Every instrument in its newest version; with an edition those that can be used with it."""
    return (instrument(PLAYBOOK, 1),)


def custom_questions(measurement: Measurement) -> tuple[Question, ...]:
    """The questions that a measurement adds for itself."""
    return tuple(each for each in asked_by(measurement).questions.values() if each.is_custom)


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
