"""How firm the figures are: what they would be had something been counted otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from koers.analysis.measured import Measured, MeasuredDimension, MeasuredQuestion
from koers.analysis.scoring import mean_rank


@dataclass(frozen=True, eq=False)
class Without:
    """The index of a dimension when one of its scored questions is left out."""

    question: MeasuredQuestion
    index: float


@dataclass(frozen=True, eq=False)
class Firmness:
    """How an index stands up to counting otherwise.

    `with_doubtful`: with the doubtful questions in it; None when none was answered. `without`: with each scored
    question left out in turn, the one that moves the index most first. `other_basis`: on the other basis (the middle of
    the answers instead of what was agreed, or the other way round), over the same questions.
    """

    dimension: MeasuredDimension
    with_doubtful: float | None
    without: tuple[Without, ...]
    other_basis: float | None

    @property
    def index(self) -> float | None:
        return self.dimension.index

    @property
    def span(self) -> tuple[float, float] | None:
        """The lowest and the highest of all these."""
        found = [each.index for each in self.without]
        found += [each for each in (self.index, self.with_doubtful, self.other_basis) if each is not None]
        return (min(found), max(found)) if found else None


@dataclass(frozen=True, eq=False)
class Asking:
    """Where a dimension stands when those that ask most for attention come first.

    Its attention is its weight times what it lacks to 1; `place` counts from 1, `plain_place` with all weights alike.
    Dimensions without an index have no place.
    """

    dimension: MeasuredDimension
    weight: float
    attention: float
    place: int
    plain_place: int

    @property
    def moved(self) -> int:
        """How many places it comes forward by its weight."""
        return self.plain_place - self.place


def firmness(measured: Measured, other: Measured | None = None) -> tuple[Firmness, ...]:
    """The sensitivity view of each dimension that has an index. `other`: the same measurement on the other basis."""
    return tuple(_firmness(each, other) for each in measured.dimensions if each.index is not None)


def _firmness(dimension: MeasuredDimension, other: Measured | None) -> Firmness:
    scored = [each for each in dimension.questions if each.is_scored]
    index = dimension.index or 0.0
    without = []
    for left_out in scored:
        rest = mean_rank(each.rank for each in scored if each is not left_out)
        if rest is not None:
            without.append(Without(left_out, rest))
    without.sort(key=lambda each: -abs(each.index - index))
    theirs = [other.questions.get(each.key) for each in scored] if other else []
    found = [each.rank for each in theirs if each is not None and each.is_scored]
    return Firmness(
        dimension=dimension,
        with_doubtful=dimension.sensitivity_index if dimension.doubtful else None,
        without=tuple(without),
        other_basis=mean_rank(found) if found and len(found) == len(scored) else None,
    )


def asking(measured: Measured, weights: Mapping[str, float]) -> tuple[Asking, ...]:
    """The dimensions by the attention they ask, for weights that the reader chooses (1 unless said; at least 0).

    There is no overall index on purpose: weights change which dimension comes first, nothing else. Equal ones stand in
    the order of the instrument.
    """
    known = [each for each in measured.dimensions if each.index is not None]
    lack = {each.id: 1 - (each.index or 0.0) for each in known}
    weight = {each.id: max(weights.get(each.id, 1.0), 0.0) for each in known}
    plain = {each.id: place for place, each in enumerate(sorted(known, key=lambda each: -lack[each.id]), 1)}
    ordered = sorted(known, key=lambda each: -weight[each.id] * lack[each.id])
    return tuple(
        Asking(each, weight[each.id], weight[each.id] * lack[each.id], place, plain[each.id])
        for place, each in enumerate(ordered, 1)
    )
