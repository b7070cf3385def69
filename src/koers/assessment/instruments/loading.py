"""Which instruments there are, and the one that a measurement asks."""

import functools

from django.utils.translation import gettext as _

from koers.assessment.instruments.structure import Dimension, Instrument, Question
from koers.assessment.models import Measurement
from koers.editions.loading import edition


class UnknownInstrument(LookupError):
    """There is no such instrument, or not in that version."""


PLAYBOOK = "draaiboek-context"


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
        dimensions=tuple(
            Dimension(
                id=section.id,
                title=section.title,
                description=section.summary,
                questions=tuple(
                    Question(each, section.id, writes={"": each.key}) for each in section.fields if each.scoring
                ),
            )
            for section in playbook.sections.values()
            if section.id.startswith("B.4.")
        ),
    )


def asked_by(measurement: Measurement) -> Instrument:
    """The instrument as a measurement asks it: the dimensions it chose, then its own questions."""
    return instrument(measurement.instrument_id, measurement.instrument_version)
