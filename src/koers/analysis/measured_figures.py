"""The figures of a measurement: how answers are spread, levels, roles, where people lie apart."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from koers.analysis import charts
from koers.analysis.charts import Distribution, HeatCell, HeatRow, Option, Stairs
from koers.analysis.figures import Figure, Line, Shelf, rounded, slug_of
from koers.analysis.measured import Measured, MeasuredDimension
from koers.analysis.results import Ways
from koers.analysis.sensitivity import Firmness
from koers.assessment.instruments.structure import Question
from koers.assessment.models import Role
from koers.assessment.spread import Spread
from koers.kit.sheets import Cell

_ORDERED: Final = frozenset({"ordinal", "doubtful", "perception"})


def _options(question: Question, counts: Sequence[int], first: Sequence[int] | None = None) -> tuple[Option, ...]:
    asked = question.field
    last = max(len(asked.options) - 1, 1)
    made = []
    for place, label in enumerate(asked.options):
        rank = (place / last if not asked.descending else 1 - place / last) if asked.scoring in _ORDERED else None
        count = counts[place] if place < len(counts) else 0
        before = None if first is None else first[place] if place < len(first) else 0
        made.append(Option(place + 1, str(label), count, before, rank))
    return tuple(made)


def number_of(question: Question, *, whole: bool = False) -> str:
    """Its number in the playbook, within its dimension or as a whole; nothing for a question without one."""
    number = question.key.rsplit("/", 1)[-1]
    if question.is_custom or not number.isdigit():
        return ""
    return question.key if whole else number


def _number(question: Question, row: int | None = None) -> str:
    number = number_of(question)
    return number if row is None or not number else f"{number}{chr(ord('a') + row)}"


def distributions(question: Question, spread: Spread, first: Spread | None = None) -> list[Distribution]:
    """How everybody answered a question: of a matrix one a row; nothing for answers in words."""
    asked, short = question.field, str(question.field.short or question.field.label)
    if question.kind == "shares":
        means = tuple(
            Option(place, str(row.label), spread.shares.get(row.id, 0)) for place, row in enumerate(asked.rows, 1)
        )
        return [Distribution(_number(question), short, spread.answered, means, exclusive=False, shares=True)]
    if question.kind == "matrix":
        return [
            Distribution(
                _number(question, place), f"{short}: {row.label}", sum(spread.rows.get(row.id, ())),
                _options(question, spread.rows.get(row.id, ()), first.rows.get(row.id, ()) if first else None),
            )
            for place, row in enumerate(asked.rows)
        ]  # fmt: skip
    if question.kind not in {"single", "multi"}:
        return []
    return [
        Distribution(
            _number(question), short, spread.answered,
            _options(question, spread.counts, first.counts if first else None),
            exclusive=question.kind == "single", outside=spread.extra, outside_label=str(asked.extra_label),
        )
    ]  # fmt: skip


def _answers_given(asked: Distribution) -> Iterable[tuple[Cell, ...]]:
    """Each answer to choose from with its count, with two votes both, and how many answered."""
    for option in asked.options:
        count = round(option.count, 2) if asked.shares else int(option.count)
        votes = (int(option.first or 0),) if asked.has_votes else ()
        yield (option.label, *votes, count, asked.answered)
    if asked.outside_label:
        yield (asked.outside_label, *((None,) if asked.has_votes else ()), asked.outside, asked.answered)


def _count_head(*, votes: bool = False) -> tuple[str, ...]:
    both = (_("First vote"), _("Second vote")) if votes else (_("People"),)
    return (_("Answer"), *both, _("Answered"))


def spread_figures(shelf: Shelf, measured: Measured, ways: Ways) -> list[tuple[MeasuredDimension, Figure, int]]:
    """A figure a dimension with all its questions, and how many of them are answered in words alone."""
    made = []
    for dimension in measured.dimensions:
        found = [(each, distributions(each.question, each.spread)) for each in dimension.questions]
        strips = [strip for _each, all_ in found for strip in all_]
        if not any(each.spread.answered for each in dimension.questions):
            continue
        lines = [
            Line((strip.number, strip.label, *cells), ways.question(each.question.field))
            for each, all_ in found
            for strip in all_
            for cells in _answers_given(strip)
        ]
        words = [
            Line((_number(each.question), str(each.question.field.short or each.question.field.label),
                  _("in words"), None, each.spread.answered), ways.question(each.question.field))
            for each, all_ in found if not all_
        ]  # fmt: skip
        title = _("Answers of everybody: %(dimension)s") % {"dimension": dimension.dimension.title}
        slug, head = f"spread-{slug_of(dimension.id)}", (_("Number"), _("Question"), *_count_head())

        def draw(palette: charts.Palette, title: str = title, strips: list[Distribution] = strips, slug: str = slug):  # type: ignore[no-untyped-def]
            return charts.answer_strips(title, strips, palette, slug)

        figure = shelf.add(slug, title, head, [*lines, *words], draw if strips else None, label=1)
        made.append((dimension, figure, len(words)))
    return made


def question_figure(shelf: Shelf, asked: Distribution, slug: str, title: str) -> Figure:
    """The bars of one question; with two votes both."""
    return shelf.add(
        slug, title, _count_head(votes=asked.has_votes), [Line(cells) for cells in _answers_given(asked)],
        lambda palette: charts.answer_bars(asked, palette, slug),
    )  # fmt: skip


def stairs_of(dimension: MeasuredDimension) -> Stairs:
    level = dimension.level
    reached = level.level.number if level.is_known and level.level is not None else None
    steps = tuple(str(each.title) for each in dimension.dimension.levels)
    return Stairs(str(dimension.dimension.title), steps, reached, len(level.blocking))


def level_figure(shelf: Shelf, measured: Measured, ways: Ways) -> Figure | None:
    with_levels = [each for each in measured.dimensions if each.dimension.levels]
    if not with_levels:
        return None
    flights = [stairs_of(each) for each in with_levels]
    lines = [
        Line(
            (
                stairs.label,
                stairs.reached,
                "" if stairs.reached is None else stairs.steps[stairs.reached],
                "" if stairs.next is None else f"{stairs.next} {stairs.steps[stairs.next]}",
                stairs.blocking,
            ),
            ways.dimension(each.dimension.id),
        )
        for each, stairs in zip(with_levels, flights, strict=True)
    ]
    title = _("Level of each dimension")
    head = (_("Dimension"), _("Level"), _("Name"), _("Next level"), _("Answers that block it"))
    return shelf.add("levels", title, head, lines, lambda palette: charts.staircases(title, flights, palette))


def role_figure(shelf: Shelf, measured: Measured, ways: Ways) -> Figure | None:
    """The heat map of dimensions by role; who may not be shown is hidden in the picture and in the table."""
    roles, dimensions = measured.roles, measured.scored_dimensions
    if len(roles) < 2 or not dimensions:
        return None
    rows = []
    for dimension in dimensions:
        found = [dimension.by_role.get(role) for role in roles]
        cells = [HeatCell(each.index, each.hidden) if each else HeatCell() for each in found]
        rows.append(HeatRow(str(dimension.dimension.title), (HeatCell(dimension.index), *cells)))
    columns = [_("The index"), *(str(Role(role).label) for role in roles)]
    lines = [
        Line(
            (row.label, *(charts.hidden_text() if cell.hidden else rounded(cell.index) for cell in row.cells)),
            ways.dimension(dimension.id),
        )
        for row, dimension in zip(rows, dimensions, strict=True)
    ]
    title = _("Index of each dimension by role")
    return shelf.add(
        "roles", title, (_("Dimension"), *columns), lines,
        lambda palette: charts.heat_map(title, columns, rows, palette, "roles"),
    )  # fmt: skip


def sensitivity_figure(shelf: Shelf, found: Sequence[Firmness], ways: Ways) -> Figure | None:
    """How firm each index is, as a table: with the doubtful questions, without one question, on the other basis."""
    if not found:
        return None
    lines = []
    for each in found:
        span = each.span or (None, None)
        most = each.without[0].question.question.field if each.without else None
        lines.append(
            Line(
                (
                    str(each.dimension.dimension.title), rounded(each.index), rounded(each.with_doubtful),
                    rounded(each.other_basis), rounded(span[0]), rounded(span[1]),
                    str(most.short or most.label) if most else "",
                ),
                ways.dimension(each.dimension.id),
            )
        )  # fmt: skip
    head = (
        _("Dimension"), _("Index"), _("With doubtful"), _("On the other basis"), _("Lowest"), _("Highest"),
        _("Leans most on"),
    )  # fmt: skip
    return shelf.add("sensitivity", _("How firm the indices are"), head, lines)
