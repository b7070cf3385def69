"""How the answers of several people to one question lie. Pure; the method is in docs/method.md."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import fsum
from typing import Any, Final

from koers.assessment.instruments.structure import Question
from koers.kit import richtext
from koers.workbook.values import Value, is_answered, plain_text

Answer = tuple[Value, int]
"""What somebody answered, and how many people answered so together."""

_ORDERED: Final = frozenset({"ordinal", "doubtful", "perception"})


@dataclass(frozen=True)
class Spread:
    """How often each answer was given, in people.

    `counts` is by option in the order of the question; `extra` is "not applicable" or "don't know". `rows` and `shares`
    are of a matrix and of shares (the mean percentage), by row. `middle` is the lower middle answer, as a value of the
    question. `disagreement` lies within 0 (all the same) and 1 (half at each end); None without an order, or with
    fewer than two people. `apart`: the lowest and the highest answer given, from low to high.
    """

    answered: int = 0
    counts: tuple[int, ...] = ()
    extra: int = 0
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    middle: Value = None
    disagreement: float | None = None
    apart: tuple[float, float] | None = None

    @property
    def most(self) -> int:
        """The highest count, for the length of bars."""
        return max((*self.counts, *(count for counts in self.rows.values() for count in counts)), default=0)


def spread_of(question: Question, answers: Iterable[Answer]) -> Spread:
    """The spread of what was answered; a remark alone is no answer."""
    given = [(value, size) for value, size in answers if value is not None and is_answered(value)]
    return _SPREADS[question.kind](question, given)


Given = Sequence[tuple[dict[str, Any], int]]


def _people(given: Given) -> int:
    return sum(size for _value, size in given)


def _single(question: Question, given: Given) -> Spread:
    asked = question.field
    counts = [0] * len(asked.options)
    extra = 0
    for value, size in given:
        if value.get("choice") == asked.extra and asked.extra:
            extra += size
        elif isinstance(value.get("choice"), int):
            counts[value["choice"] - 1] += size
    ordered = asked.scoring in _ORDERED
    middle: Value = None
    if extra * 2 > sum(counts) + extra:
        middle = {"choice": asked.extra}
    elif sum(counts):
        choice = _middle_option(counts, descending=asked.descending) if ordered else counts.index(max(counts)) + 1
        middle = {"choice": choice}
    steps = list(reversed(counts)) if asked.descending else counts
    return Spread(
        answered=_people(given),
        counts=tuple(counts),
        extra=extra,
        middle=middle,
        disagreement=disagreement_of(dict(enumerate(steps)), len(steps) - 1) if ordered else None,
        apart=_apart(steps) if ordered else None,
    )


def _middle_option(counts: Sequence[int], *, descending: bool) -> int:
    """The option of the lower middle person, counted from low to high; 1-based in the order of the question."""
    order = list(range(len(counts)))
    if descending:
        order.reverse()
    half, seen = (sum(counts) + 1) // 2, 0
    for option in order:
        seen += counts[option]
        if seen >= half:
            return option + 1
    raise ValueError(counts)


def _apart(steps: Sequence[int]) -> tuple[float, float] | None:
    given = [number for number, count in enumerate(steps, 1) if count]
    return (given[0], given[-1]) if given else None


def disagreement_of(counts: Mapping[float, int], span: float) -> float | None:
    """The mean distance between two people, as a share of what it is when half of them stand at each end."""
    people = sum(counts.values())
    if people < 2 or span <= 0:
        return None
    places = [(place, count) for place, count in counts.items() if count]
    distance = fsum(abs(a - b) * m * n for (a, m), (b, n) in combinations(places, 2))
    return min(distance / (people * people / 4 * span), 1.0)


def _multi(question: Question, given: Given) -> Spread:
    asked = question.field
    counts = [0] * len(asked.options)
    extra = 0
    for value, size in given:
        for choice in value.get("choices", []):
            if choice == asked.extra:
                extra += size
            else:
                counts[choice - 1] += size
    people = _people(given)
    half = [number for number, count in enumerate(counts, 1) if count and count * 2 >= people - extra]
    middle: Value = {"choices": half} if half else None
    if asked.extra and extra * 2 > people:
        middle = {"choices": [asked.extra]}
    return Spread(answered=people, counts=tuple(counts), extra=extra, middle=middle)


def _matrix(question: Question, given: Given) -> Spread:
    asked = question.field
    rows = {row.id: [0] * len(asked.options) for row in asked.rows}
    for value, size in given:
        for row, choice in value.get("rows", {}).items():
            rows[row][choice - 1] += size
    chosen = {row: _middle_option(counts, descending=asked.descending) for row, counts in rows.items() if sum(counts)}
    apart = [disagreement_of(dict(enumerate(counts)), len(counts) - 1) for counts in rows.values()]
    known = [each for each in apart if each is not None]
    ordered = asked.scoring in _ORDERED
    return Spread(
        answered=_people(given),
        rows={row: tuple(counts) for row, counts in rows.items()},
        middle={"rows": chosen} if chosen else None,
        disagreement=sum(known) / len(known) if known and ordered else None,
    )


def _percent(question: Question, given: Given) -> Spread:
    counts: dict[float, int] = {}
    for value, size in given:
        counts[value["percent"]] = counts.get(value["percent"], 0) + size
    people, seen, middle = _people(given), 0, None
    for percent in sorted(counts):
        seen += counts[percent]
        if middle is None and seen * 2 >= people:
            middle = {"percent": percent}
    return Spread(
        answered=people,
        middle=middle,
        disagreement=disagreement_of(counts, 100),
        apart=(min(counts), max(counts)) if counts else None,
    )


def _shares(question: Question, given: Given) -> Spread:
    people = _people(given)
    rows = [row.id for row in question.field.rows]
    if not people:
        return Spread(shares={})
    means = {row: fsum(value["shares"].get(row, 0) * size for value, size in given) / people for row in rows}
    apart = []
    for row in rows:
        counts: dict[float, int] = {}
        for value, size in given:
            counts[value["shares"].get(row, 0)] = counts.get(value["shares"].get(row, 0), 0) + size
        apart.append(disagreement_of(counts, 100))
    known = [each for each in apart if each is not None]
    return Spread(
        answered=people,
        shares=means,
        middle={"shares": rounded(means, question.total or 100)},
        disagreement=sum(known) / len(known) if known else None,
    )


def rounded(means: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole numbers that add up to the total: what is left after rounding down goes to the largest remainders."""
    floors = {row: int(mean) for row, mean in means.items()}
    left = total - sum(floors.values())
    for row in sorted(means, key=lambda each: floors[each] - means[each])[: max(left, 0)]:
        floors[row] += 1
    return floors


def _texts(question: Question, given: Given) -> Spread:
    """In an order of their own: who answered first is nobody's business."""
    said = sorted(_words(question, value) for value, _size in given)
    return Spread(answered=_people(given), texts=tuple(each for each in said if each))


def _words(question: Question, value: dict[str, Any]) -> str:
    if "html" in value:
        return richtext.words(value["html"])
    return plain_text(question.field, {key: part for key, part in value.items() if key != "remark"})


_SPREADS: Final[Mapping[str, Callable[[Question, Given], Spread]]] = {
    "single": _single,
    "multi": _multi,
    "matrix": _matrix,
    "percent": _percent,
    "shares": _shares,
    "text": _texts,
    "open": _texts,
    "line": _texts,
    "list": _texts,
}
