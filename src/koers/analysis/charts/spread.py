"""How answers are spread: of many questions a strip each, of one question its bars with the first and second vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.analysis.charts.draw import (
    LEAD,
    NORMAL,
    SMALL,
    WIDTH,
    Drawing,
    Palette,
    Role,
    length,
    level,
    percentage,
    wrapped,
)

_STRIP: Final = 16
_BAR: Final = 12
_GAP: Final = 2


@dataclass(frozen=True)
class Option:
    """One answer to choose from and how many chose it; `first` in the first vote, when there were two.

    `number` is its place in the playbook, `rank` where it stands from 0 to 1 when the answers have an order.
    """

    number: int
    label: str
    count: float
    first: float | None = None
    rank: float | None = None

    @property
    def shade(self) -> Role:
        return "mark" if self.rank is None else level(self.rank)


@dataclass(frozen=True)
class Distribution:
    """The answers of everybody to one question, or to one row of it.

    `exclusive`: each chose one, so that the counts add up. `shares`: the counts are percentages. `outside` chose an
    answer that stands outside the order (not applicable, don't know), which `outside_label` names.
    """

    number: str
    label: str
    answered: int
    options: tuple[Option, ...]
    exclusive: bool = True
    shares: bool = False
    outside: int = 0
    outside_label: str = ""
    agreed: str = ""

    def figure(self, count: float) -> str:
        return percentage(count) if self.shares else str(int(count))

    @property
    def has_votes(self) -> bool:
        return any(each.first is not None for each in self.options)

    @property
    def summary(self) -> str:
        counts = [f"{each.label}: {self.figure(each.count)}" for each in self.options]
        if self.outside:
            counts.append(f"{self.outside_label}: {self.outside}")
        return f"{self.label}: {', '.join(counts)}"


def answered_text(answered: int) -> str:
    return ngettext("%(count)s answer", "%(count)s answers", answered) % {"count": answered}


def _strip(drawing: Drawing, y: float, asked: Distribution) -> None:
    """A strip in pieces as wide as their counts, in order; under it which answer it is and its count."""
    total = sum(each.count for each in asked.options)
    pieces = [each for each in asked.options if each.count]
    room = WIDTH - _GAP * (len(pieces) - 1)
    x = 0.0
    for each in pieces:
        width = room * each.count / total
        drawing.box(x, y, width, _STRIP, each.shade)
        short = asked.figure(each.count)
        said = f"{each.number}: {short}"
        text = said if length(said, SMALL) <= width + 4 else short
        if length(text, SMALL) <= width + 6:
            drawing.text(min(x, WIDTH - length(text, SMALL)), y + _STRIP + 14, text, "quiet", size=SMALL)
        x += width + _GAP


def _loose(drawing: Drawing, y: float, asked: Distribution) -> float:
    """A thin bar an answer, for questions where several can be chosen."""
    most = max(asked.answered, 1)
    for each in asked.options:
        drawing.text(0, y + 11, str(each.number), "quiet", size=SMALL)
        drawing.box(18, y + 2, WIDTH - 60, 9, "track")
        if each.count:
            drawing.box(18, y + 2, (WIDTH - 60) * min(each.count / most, 1), 9, "mark")
        drawing.text(WIDTH, y + 11, asked.figure(each.count), "ink", size=SMALL, anchor="end")
        y += 18
    return y


def answer_strips(
    title: str, questions: Sequence[Distribution], palette: Palette = "page", id_: str = "spread"
) -> SafeString:
    """How everybody answered, question under question."""
    drawing = Drawing(title, "; ".join(each.summary for each in questions), palette, id_)
    y = 0.0
    for asked in questions:
        label = f"{asked.number}  {asked.label}".strip()
        y = drawing.row_words(y + NORMAL, label, answered_text(asked.answered), quiet=not asked.answered) + 8
        if not any(each.count for each in asked.options):
            drawing.box(0.5, y + 0.5, WIDTH - 1, _STRIP - 1, "dashed")
            y += _STRIP + 4
        elif asked.exclusive:
            _strip(drawing, y, asked)
            y += _STRIP + 18
        else:
            y = _loose(drawing, y, asked)
        if asked.outside:
            drawing.text(0, y + 10, f"{asked.outside_label}: {asked.outside}", "quiet", size=SMALL)
            y += 16
        y += 12
    return drawing.finish(max(y - 6, 1))


def _most(asked: Distribution) -> float:
    if asked.shares:
        return 100
    return max(
        [asked.answered, *(each.count for each in asked.options), *(each.first or 0 for each in asked.options), 1]
    )


def answer_bars(asked: Distribution, palette: Palette = "page", id_: str = "question") -> SafeString:
    """The answers to one question as bars, one a possible answer.

    With two votes the first stands above the second, thin and hollow, so that what the talk moved can be seen.
    """
    drawing = Drawing(asked.label, asked.summary, palette, id_)
    most, y = _most(asked), 0.0
    for each in asked.options:
        lines = wrapped(each.label, WIDTH - 8)
        for number, line in enumerate(lines):
            drawing.text(0, y + NORMAL + number * LEAD, line)
        y += NORMAL + (len(lines) - 1) * LEAD + 6
        room = WIDTH - 46
        if asked.has_votes:
            first = each.first or 0
            if first:
                drawing.box(0.5, y + 0.5, max(room * first / most - 1, 2), 7, "hollow")
            drawing.text(WIDTH, y + 9, asked.figure(first), "quiet", size=SMALL, anchor="end")
            y += 11
        drawing.box(0, y, room, _BAR, "track")
        if each.count:
            drawing.box(0, y, max(room * each.count / most, 2), _BAR, each.shade)
        drawing.text(WIDTH, y + 11, asked.figure(each.count), bold=True, anchor="end")
        y += _BAR + 12
    if asked.outside:
        drawing.text(0, y + 8, f"{asked.outside_label}: {asked.outside}", "quiet", size=SMALL)
        y += 16
    if asked.has_votes:
        y = _vote_legend(drawing, y + 4)
    return drawing.finish(max(y - 2, 1))


def _vote_legend(drawing: Drawing, y: float) -> float:
    first, second = _("First vote"), _("Second vote")
    drawing.box(0.5, y + 3.5, 22, 7, "hollow")
    drawing.text(30, y + 11, first, "quiet", size=SMALL)
    x = 30 + length(first, SMALL) + 18
    drawing.box(x, y + 1, 22, _BAR, "level-3")
    drawing.text(x + 30, y + 11, second, "quiet", size=SMALL)
    return y + 20
