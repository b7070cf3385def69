"""The adoption matrix: four ways in which staff take to the change."""

from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis.charts.draw import NORMAL, SMALL, WIDTH, Drawing, Palette, percentage, wrapped
from koers.analysis.scoring import Adoption, Share

PLACES: Final = {"frustrated": (0, 0), "inspired": (1, 0), "oppressed": (0, 1), "indifferent": (1, 1)}
"""Column and row of each quadrant: to the right more trust in learning, upward more belief in the added value."""

_BOX: Final = 108
_GAP: Final = 6


def total_text(adoption: Adoption) -> str:
    """What the shares add up to, and what they should."""
    total = percentage(adoption.total)
    if adoption.adds_up:
        return _("Together %(total)s") % {"total": total}
    return _("Together %(total)s, of %(expected)s") % {"total": total, "expected": percentage(adoption.expected)}


def share_text(share: Share) -> str:
    return _("not estimated yet") if share.percent is None else percentage(share.percent)


def _quadrant(drawing: Drawing, x: float, y: float, width: float, share: Share) -> None:
    """A box filled from below as far as the share of the staff, with its name and the share above it."""
    lines = wrapped(str(share.group.title), width - 16)
    for number, line in enumerate(lines):
        drawing.text(x, y + NORMAL + number * 16, line)
    known = share.percent is not None
    drawing.text(
        x + width, y + NORMAL, percentage(share.percent) if share.percent is not None else "–",
        "ink" if known else "quiet", bold=known, anchor="end",
    )  # fmt: skip
    top, height = y + 24, _BOX - 34
    drawing.box(x + 0.5, top + 0.5, width - 1, height - 1, "outline" if known else "dashed")
    if share.percent:
        filled = height * min(share.percent, 100) / 100
        drawing.box(x, top + height - filled, width, filled, "level-3", round_=1)


def adoption_matrix(adoption: Adoption, palette: Palette = "page", id_: str = "adoption") -> SafeString:
    """Two by two, each box filled from below as far as its share."""
    summary = "; ".join(f"{each.group.title}: {share_text(each)}" for each in adoption.shares)
    drawing = Drawing(_("Adoption matrix"), f"{summary}. {total_text(adoption)}.", palette, id_)
    known = {each.group.id for each in adoption.shares} == PLACES.keys()
    width = (WIDTH - _GAP * 2) / 2
    y = 0.0
    if known:
        drawing.text(0, NORMAL, _("↑ more belief in the added value"), "quiet", size=SMALL)
        y = NORMAL + 10
    rows = 0
    for number, share in enumerate(adoption.shares):
        column, row = PLACES[share.group.id] if known else (number % 2, number // 2)
        rows = max(rows, row + 1)
        _quadrant(drawing, column * (width + _GAP * 2), y + row * _BOX, width, share)
    y += rows * _BOX
    if known:
        drawing.text(WIDTH, y + 8, _("more trust in own learning →"), "quiet", size=SMALL, anchor="end")
        y += 12
    drawing.text(0, y + 16, total_text(adoption), bold=adoption.adds_up)
    return drawing.finish(y + 22)
