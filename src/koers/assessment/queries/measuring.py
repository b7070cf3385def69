"""The measurements of a workbook as its pages list them, and what has to be done next in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Sum
from django.utils.translation import gettext as _

from koers.assessment.instruments.loading import UnknownInstrument, asked_by
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Consensus, Measurement, Mode, Respondent, Response, Status, Workshop
from koers.workbook.models import Workbook


@dataclass(frozen=True)
class ModeCount:
    """How many people answered in one way, of those that were asked or joined."""

    mode: str
    answered: int
    asked: int

    @property
    def words(self) -> str:
        return str(Mode(self.mode).label)


@dataclass(frozen=True)
class Listed:
    """A measurement in the list. `instrument` is None when this installation does not know it any more."""

    measurement: Measurement
    instrument: Instrument | None
    modes: tuple[ModeCount, ...]
    agreed: int
    asked: int
    workshop_open: bool

    @property
    def answered(self) -> int:
        return sum(each.answered for each in self.modes)

    @property
    def state(self) -> str:
        """A waypoint of `kit` (``not-started``, ``under-way``, ``agreed``, ``complete``)."""
        if not self.measurement.is_open:
            return "complete"
        if not self.answered:
            return "not-started"
        return "agreed" if self.asked and self.agreed >= self.asked else "under-way"

    @property
    def next_step(self) -> str:
        return next_step(self.measurement, self.modes, self.agreed, self.asked, workshop_open=self.workshop_open)


def next_step(
    measurement: Measurement, modes: tuple[ModeCount, ...], agreed: int, asked: int, *, workshop_open: bool
) -> str:
    """The one thing that is best done next, in words."""
    answered = sum(each.answered for each in modes)
    if not measurement.is_open:
        return _("Closed: read what it says.")
    if workshop_open:
        return _("A workshop is under way.")
    if not answered and not any(each.asked for each in modes):
        return _("Give your own estimate, ask people, or plan a workshop.")
    if not answered:
        return _("Wait for the first answers, or remind who was asked.")
    if agreed < asked:
        return _("Put the answers side by side, and record what you agree on.")
    return _("Everything is agreed: close the measurement.")


@dataclass(frozen=True)
class RoundOf:
    """The measurements of one round, newest first."""

    number: int
    measurements: tuple[Listed, ...]


def mode_counts(workbook: Workbook, measurement: Measurement | None = None) -> Mapping[UUID, tuple[ModeCount, ...]]:
    """By measurement how many answered in each way; a group at one phone counts as many as it is. One query."""
    there = Respondent.objects.filter(measurement__workbook_id=workbook.pk)
    if measurement is not None:
        there = there.filter(measurement_id=measurement.pk)
    answered = Exists(Response.objects.filter(respondent_id=OuterRef("pk")))
    rows = (
        there.annotate(has_answered=answered)
        .values("measurement_id", "mode", "has_answered", "withdrawn_at")
        .annotate(people=Sum("size"))
        .values_list("measurement_id", "mode", "has_answered", "withdrawn_at", "people")
    )
    counts: dict[UUID, dict[str, list[int]]] = {}
    for pk, mode, has_answered, withdrawn_at, people in rows:
        pair = counts.setdefault(pk, {}).setdefault(mode, [0, 0])
        if has_answered:
            pair[0] += people
        if has_answered or withdrawn_at is None:
            pair[1] += people
    return {
        pk: tuple(ModeCount(mode, *modes[mode]) for mode in Mode.values if mode in modes)
        for pk, modes in counts.items()
    }


def measurements_of(workbook: Workbook) -> list[RoundOf]:
    """All measurements by round, newest first. A fixed number of queries."""
    found = list(Measurement.objects.filter(workbook_id=workbook.pk).select_related("created_by", "closed_by"))
    modes = mode_counts(workbook) if found else {}
    agreed = dict(
        Consensus.objects.filter(measurement__in=[each.pk for each in found])
        .values("measurement_id")
        .annotate(count=Count("pk"))
        .values_list("measurement_id", "count")
    )
    live = set(
        Workshop.objects.filter(measurement__in=[each.pk for each in found], status=Status.OPEN).values_list(
            "measurement_id", flat=True
        )
    )
    rounds: dict[int, list[Listed]] = {}
    for each in found:
        try:
            instrument = asked_by(each)
        except UnknownInstrument:
            instrument = None
        asked = len(instrument.questions) if instrument else 0
        rounds.setdefault(each.round, []).append(
            Listed(each, instrument, modes.get(each.pk, ()), agreed.get(each.pk, 0), asked, each.pk in live)
        )
    return [RoundOf(number, tuple(rounds[number])) for number in sorted(rounds, reverse=True)]


def is_first_of(workbook: Workbook) -> bool:
    """Whether no measurement was made yet: the first one is the baseline."""
    return not Measurement.objects.filter(workbook_id=workbook.pk).exists()
