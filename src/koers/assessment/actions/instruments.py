"""What an operator does with instruments, from the command line."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koers.assessment.instruments.loading import packaged
from koers.assessment.instruments.plain import as_json
from koers.assessment.instruments.reading import read_instrument
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import InstrumentFile
from koers.organisations.actions import DeedRefused


@dataclass(frozen=True)
class Added:
    """An instrument, and whether it was new here."""

    instrument: Instrument
    is_new: bool


def add_instrument(data: bytes, name: str = "") -> Added:
    """Keep the instrument in a file. Raises `Refused` for a wrong file.

    Raises `DeedRefused` when that version is here already and says otherwise. A version never changes: what was
    measured with it must go on saying the same.
    """
    read = read_instrument(data, name)
    if any(own == read.id for own, _version in packaged()):
        message = _("“%(instrument)s” comes with the product: give yours an id of its own.")
        raise DeedRefused(message % {"instrument": read.id})
    try:
        with transaction.atomic():
            InstrumentFile.objects.create(
                instrument_id=read.id, version=read.version, text=data.decode("utf-8-sig").replace("\r\n", "\n")
            )
    except IntegrityError:
        kept = InstrumentFile.objects.get(instrument_id=read.id, version=read.version)
        if as_json(read_instrument(kept.text.encode(), name)) != as_json(read):
            message = _(
                "Version %(version)s of “%(instrument)s” is here already and says otherwise: raise the version."
            )
            raise DeedRefused(message % {"version": read.version, "instrument": read.id}) from None
        return Added(read, is_new=False)
    return Added(read, is_new=True)
