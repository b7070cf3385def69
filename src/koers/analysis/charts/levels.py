"""The level of each dimension as a staircase: where you stand, and the step that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import LEAD, NORMAL, SMALL, WIDTH, Drawing, Palette, level, wrapped

_RISE: Final = 11
_BASE: Final = 8
_GAP: Final = 3


@dataclass(frozen=True)
class Stairs:
    """`steps`: the names of the levels from 0 up. `reached` is None while too little was answered to say."""

    label: str
    steps: tuple[str, ...]
    reached: int | None
    blocking: int = 0

    @property
    def next(self) -> int | None:
        if self.reached is None or self.reached + 1 >= len(self.steps):
            return None
        return self.reached + 1

    @property
    def says(self) -> str:
        if self.reached is None:
            return _("no level yet")
        return _("level %(number)s") % {"number": self.reached}


def next_text(stairs: Stairs) -> str:
    """What the step after this one is called."""
    if stairs.next is None:
        return "" if stairs.reached is None else _("The highest level is reached.")
    return _("Next: %(number)s %(level)s") % {"number": stairs.next, "level": stairs.steps[stairs.next]}


def _flight(drawing: Drawing, y: float, stairs: Stairs) -> float:
    """Each step a little higher: filled as far as it is reached, the next one dashed, with a flag where you stand."""
    count = len(stairs.steps)
    width = (WIDTH - _GAP * (count - 1)) / count
    highest = _BASE + _RISE * (count - 1)
    top = y + 16
    for number in range(count):
        height = _BASE + _RISE * number
        x, at = number * (width + _GAP), top + highest - height
        if stairs.reached is not None and number <= stairs.reached:
            drawing.box(x, at, width, height, level(number / max(count - 1, 1)))
        else:
            drawing.box(x + 0.5, at + 0.5, width - 1, height - 1, "dashed" if number == stairs.next else "outline")
        drawing.text(
            x + width / 2, top + highest + 14, str(number), "ink" if number == stairs.reached else "quiet",
            size=SMALL, bold=number == stairs.reached, anchor="middle",
        )  # fmt: skip
        if number == stairs.reached:
            middle = x + width / 2
            drawing.line(middle, at, middle, at - 15, "spoke")
            drawing.shape([(middle, at - 16), (middle + 13, at - 12), (middle, at - 8)], "flag")
    return top + highest + 20


def staircases(title: str, dimensions: Sequence[Stairs], palette: Palette = "page", id_: str = "levels") -> SafeString:
    """A staircase a dimension, with the names of the level that is reached and of the next."""
    said = [
        f"{each.label}: {each.says}"
        + (f" ({each.steps[each.reached]})" if each.reached is not None else "")
        + (f"; {next_text(each)}" if each.next is not None else "")
        for each in dimensions
    ]
    drawing = Drawing(title, ". ".join(said), palette, id_)
    y = 0.0
    for each in dimensions:
        y = drawing.row_words(y + NORMAL, each.label, each.says, quiet=each.reached is None) + 4
        y = _flight(drawing, y, each)
        names = []
        if each.reached is not None:
            names.append(f"{each.reached} {each.steps[each.reached]}")
        if next_text(each):
            names.append(next_text(each))
        for place, name in enumerate(names):
            for line in wrapped(name, WIDTH, SMALL):
                y += LEAD - 1
                drawing.text(0, y, line, "quiet" if place or each.reached is None else "ink", size=SMALL)
        y += 22
    return drawing.finish(max(y - 14, 1))
