"""What the results pages read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import Http404

from koers.analysis.answer_figures import Earlier
from koers.analysis.comparing import compare
from koers.analysis.measured import Basis, Measured, measure
from koers.analysis.results import Results, ways_of
from koers.analysis.scoring import analyse
from koers.assessment.instruments.loading import UnknownInstrument, asked_by
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Measurement
from koers.assessment.queries.answers import Given, agreed_in, given_in
from koers.workbook.models import Workbook
from koers.workbook.queries import values_of
from koers.workbook.values import Value


def results_of(workbook: Workbook) -> Results:
    """What the workbook's present answers say."""
    return Results(analyse(workbook.edition, values_of(workbook)), ways_of(workbook))


def instrument_of(measurement: Measurement) -> Instrument:
    """The instrument that it asks; 404 when this installation does not know it any more."""
    try:
        return asked_by(measurement)
    except UnknownInstrument as error:
        raise Http404 from error


@dataclass(frozen=True)
class Read:
    """A measurement with all that was answered and agreed in it."""

    measurement: Measurement
    instrument: Instrument
    given: Sequence[Given]
    agreed: Mapping[str, Value]

    @property
    def usual(self) -> Basis:
        """What was agreed; as long as nothing was, the middle of the answers."""
        return "agreed" if self.agreed else "middle"

    def on(self, basis: Basis) -> Measured:
        return self.agreed_basis if basis == "agreed" else self.middle_basis

    @cached_property
    def agreed_basis(self) -> Measured:
        return measure(self.instrument, self.given, self.agreed, "agreed")

    @cached_property
    def middle_basis(self) -> Measured:
        return measure(self.instrument, self.given, self.agreed, "middle")


def earlier_of(measurement: Measurement) -> list[Measurement]:
    """The closed measurements before this one with the same instrument, oldest first: the first is the baseline."""
    found = Measurement.objects.filter(
        workbook_id=measurement.workbook_id, instrument_id=measurement.instrument_id, closed_at__isnull=False
    ).exclude(pk=measurement.pk)
    if measurement.closed_at is not None:
        found = found.filter(closed_at__lte=measurement.closed_at)
    return list(found.order_by("closed_at", "created_at"))


def read_all(measurements: Sequence[Measurement]) -> list[Read]:
    """Several measurements in three queries. One with an instrument that is not known any more is left out."""
    given, agreed = given_in(measurements), agreed_in(measurements)
    found = []
    for each in measurements:
        try:
            found.append(Read(each, asked_by(each), given[each.pk], agreed[each.pk]))
        except UnknownInstrument:
            continue
    return found


def read_one(measurement: Measurement) -> Read:
    """A measurement in three queries. 404 when its instrument is not known any more."""
    instrument_of(measurement)
    return read_all([measurement])[0]


def baseline_line(baseline: Read, names: tuple[str, str], later: Measured) -> Earlier:
    """The indices of the baseline over the questions that both measurements have."""
    changes = compare(baseline.on(later.basis), later).dimensions
    return Earlier(names, {each.dimension.id: each.earlier for each in changes})


def chosen_of(earlier: Sequence[Measurement], asked: str) -> Measurement | None:
    """The one to compare with: the baseline unless another is asked for; 404 for one that cannot be compared."""
    if not asked:
        return earlier[0] if earlier else None
    try:
        return next(each for each in earlier if each.pk == UUID(asked))
    except (StopIteration, ValueError) as error:
        raise Http404 from error
