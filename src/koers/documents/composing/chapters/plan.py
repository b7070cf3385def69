"""Budget and timeline."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing import figures, numbers
from koers.documents.composing.material import Element, Figure, Item, Material, Part, headed, text
from koers.documents.composing.tree import Cell

MAX_YEARS = 12


def build(m: Material) -> tuple[list[Element], list[Part]]:
    order = m.prose("C.1.3/order", _("Why in this order"))
    budget = [*_budget(m), *m.prose("C.1.3/reservations", _("How sure we are of these figures"))]
    parts = [
        m.part(_("Timeline"), [*_timeline(m), *order], ["C.1.3/timeline"]),
        m.part(_("Estimated budget"), budget, ["C.1.3/budget"]),
        m.part(_("Who decides what"), decisions(m), ["C.1.3/decisions"]),
    ]
    return [], parts


def _works(items: Sequence[Item]) -> list[figures.Work]:
    works = []
    for item in items:
        begin, end = item.raw.get("from"), item.raw.get("until")
        years = sorted(year for year in (begin, end) if isinstance(year, int))
        if years and years[-1] - years[0] <= 60:
            works.append(figures.Work(item["work"], years[0], years[-1]))
    return works


def _timeline(m: Material) -> list[Element]:
    key = "C.1.3/timeline"
    items = m.items(key)
    works = _works(items)
    elements: list[Element] = []
    if works and max(work.end for work in works) - min(work.begin for work in works) <= 60:
        said = [
            _("%(work)s: %(from)s to %(until)s") % {"work": w.label, "from": w.begin, "until": w.end} for w in works
        ]
        alt = _("Bars over the years. %(works)s.") % {"works": "; ".join(said)}
        elements.append(
            Figure(_("The work over the years and the terms of office"), alt, figures.timeline(works), (key,))
        )
    rows = [
        (headed(item["work"]), item.cell("from"), item.cell("until"), item.cell("term"), item.cell("after"))
        for item in items
    ]
    header = [
        pgettext("note", "Work"),
        pgettext("note", "From"),
        pgettext("note", "Until"),
        _("Term of office"),
        _("Comes after"),
    ]
    weights = [3, 0.8, 0.8, 2, 2.2]
    return [*elements, *m.grid(key, _("Timeline"), header, rows, weights=weights)]


@dataclass(frozen=True)
class YearTotal:
    year: int
    one_off: float
    recurring: float
    staff: float

    @property
    def money(self) -> float:
        return self.one_off + self.recurring


def year_totals(items: Sequence[Item]) -> list[YearTotal]:
    """Per year: what is spent once, and what recurs from the year in which it began. Without a year: not counted."""
    years = [item.raw["year"] for item in items if "year" in item.raw]
    if not years or max(years) - min(years) >= MAX_YEARS:
        return []
    totals = []
    for year in range(min(years), max(years) + 1):
        begun = [item.raw for item in items if item.raw.get("year", year + 1) <= year]
        totals.append(
            YearTotal(
                year,
                sum(raw.get("one-off", 0) for raw in begun if raw["year"] == year),
                sum(raw.get("recurring", 0) for raw in begun),
                sum(raw.get("staff", 0) for raw in begun),
            )
        )
    return totals


def _budget(m: Material) -> list[Element]:
    key = "C.1.3/budget"
    items = m.items(key)
    columns = ("year", "one-off", "recurring", "staff", "funding")
    rows: list[list[Cell]] = [[headed(item["item"]), *(item.cell(column) for column in columns)] for item in items]
    if not rows:
        return []
    rows.append(_total_row(m, items))
    header = [pgettext("note", "Item"), _("Year"), _("One-off"), _("Per year"), _("Staff (FTE)"), _("Funding")]
    elements = m.grid(
        key, _("Estimated costs by item"), header, rows, weights=[3, 0.9, 1.4, 1.4, 1.3, 1.6], totals=1,
        aligns=["start", "end", "end", "end", "end", "start"],
    )  # fmt: skip
    return [*elements, *_by_year(m, items)]


def _sum(items: Sequence[Item], column: str) -> float:
    return float(sum(item.raw.get(column, 0) for item in items))


def _total_row(m: Material, items: Sequence[Item]) -> list[Cell]:
    once, yearly, staff = (_sum(items, column) for column in ("one-off", "recurring", "staff"))
    said = [
        _("Total"), "", numbers.money(once, m.language), numbers.money(yearly, m.language),
        numbers.number(staff, m.language), "",
    ]  # fmt: skip
    return [text(each, strong=True) for each in said]


def _by_year(m: Material, items: Sequence[Item]) -> list[Element]:
    totals = year_totals(items)
    if len(totals) < 2:
        return []
    rows: list[list[Cell]] = []
    for total in totals:
        cells = [numbers.money(each, m.language) for each in (total.one_off, total.recurring, total.money)]
        rows.append(
            [text(str(total.year)), *(text(cell) for cell in cells), text(numbers.number(total.staff, m.language))]
        )
    sums = [sum(t.one_off for t in totals), sum(t.recurring for t in totals), sum(t.money for t in totals)]
    overall = [_("Whole period"), *(numbers.money(each, m.language) for each in sums), ""]
    rows.append([text(each, strong=True) for each in overall])
    header = [_("Year"), _("One-off"), _("Recurring"), pgettext("note", "Together"), _("Staff (FTE)")]
    return m.grid(
        "C.1.3/budget", _("Estimated costs by year"), header, rows, weights=[1.4, 1.5, 1.5, 1.5, 1.2], totals=1,
        aligns=["start", "end", "end", "end", "end"],
        note=_("What recurs is counted every year from the year in which it begins."),
    )  # fmt: skip


def decisions(m: Material) -> list[Element]:
    key = "C.1.3/decisions"
    items = sorted(m.items(key), key=lambda item: item.raw.get("level", 99))
    rows = [(headed(item["decision"]), item.cell("level"), item.cell("when")) for item in items]
    header = [_("Decision"), _("Who decides"), pgettext("note", "When")]
    return m.grid(key, _("Decisions by level"), header, rows, weights=[3, 1.6, 1.4])
