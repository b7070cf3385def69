"""The figures that follow from answers alone: of the workbook's own answers, and of a measurement's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from koers.analysis import charts
from koers.analysis.figures import Line, Shelf, rounded
from koers.analysis.results import AnswerRow, DimensionView, Results
from koers.workbook.models import Workbook

Draw = Callable[[charts.Palette], SafeString]

_PLACE: Final = "x"


def base_of(name: str, *arguments: object) -> str:
    """The address under which a page's figures are found, up to the figure itself."""
    return reverse(name, args=[*arguments, _PLACE, "svg"]).removesuffix(f"{_PLACE}/svg/")


def day_text() -> str:
    return str(formats.date_format(timezone.localdate(), "DATE_FORMAT"))


def _answer_line(row: AnswerRow) -> Line:
    return Line((row.number, row.label, row.answer, row.steps, row.counts, row.remark), row.href)


def _answer_head() -> tuple[str, ...]:
    return (_("Number"), _("Question"), _("Answer"), _("Step"), _("Counts"), _("Remark"))


def _profile(shelf: Shelf, results: Results) -> None:
    lines = [Line((view.title, *_answer_line(row).cells), row.href) for view in results.dimensions for row in view.rows]
    shelf.add(
        "profile", _("Answer profile"), (_("Dimension"), *_answer_head()), lines,
        lambda palette: charts.answer_profile(results.analysis, palette), label=2,
    )  # fmt: skip

    def strip_of(view: DimensionView) -> Draw:
        return lambda palette: charts.profile_strip(view.dimension, palette)

    for view in results.dimensions:
        title = _("Answer profile: %(dimension)s") % {"dimension": view.title}
        shelf.add(view.slug, title, _answer_head(), [_answer_line(row) for row in view.rows], strip_of(view), label=1)


@dataclass(frozen=True)
class Earlier:
    """The indices of a measurement before, by dimension; `names` of that one and of the one that is shown."""

    names: tuple[str, str]
    indices: Mapping[str, float | None]


def _indices(shelf: Shelf, results: Results, earlier: Earlier | None) -> None:
    head = [_("Dimension"), _("Index"), _("With doubtful"), _("Scored"), _("Can be scored")]
    lines = [
        Line(
            (
                view.title, rounded(view.dimension.index), rounded(view.dimension.sensitivity_index),
                view.dimension.scored, view.dimension.scorable,
            ),
            view.href,
        )
        for view in results.dimensions
    ]  # fmt: skip
    shelf.add(
        "indices", _("Indicative index of each dimension"), head, lines,
        lambda palette: charts.index_bars(results.analysis, palette),
    )  # fmt: skip
    if len(results.dimensions) >= 3:
        before = [earlier.indices.get(view.dimension.section.id) for view in results.dimensions] if earlier else []
        names = earlier.names if earlier else ("", "")
        radar_lines = [
            Line((*line.cells[:2], *([rounded(before[place])] if before else [])), line.href)
            for place, line in enumerate(lines)
        ]
        shelf.add(
            "radar", _("Radar of the indicative indices"), [*head[:2], *names[:1]] if before else head[:2], radar_lines,
            lambda palette: charts.radar(results.analysis, palette, earlier=before, names=names),
        )  # fmt: skip


def _perceived(shelf: Shelf, results: Results) -> None:
    if not results.analysis.perceptions:
        return
    measured = [
        Line((_("Measured"), view.title, rounded(view.dimension.index), view.coverage), view.href)
        for view in results.dimensions
    ]
    perceived = [
        Line((_("Perceived"), row.label, row.steps, row.answer), row.href) for row in results.perception_rows
    ]  # fmt: skip
    shelf.add(
        "perceived", _("Perceived against measured"),
        (_("What"), _("About"), _("Index or step"), _("Coverage or answer")), [*measured, *perceived],
        lambda palette: charts.perceived_rows(results.analysis, palette), label=1,
    )  # fmt: skip


def _others(shelf: Shelf, results: Results) -> None:
    """What the workbook asks beside the dimensions: the estimates, leadership, adoption."""
    analysis, opens = results.analysis, results.ways.question
    if results.has_estimates:
        shelf.add(
            "estimates", _("Own estimate of the six dimensions"), (_("Dimension"), _("Estimate"), _("Remark")),
            [
                Line((str(each.group.title), each.question.answer_text(), each.question.remark),
                     opens(each.question.field))
                for each in analysis.oecd
            ],
            lambda palette: charts.estimate_rows(analysis.oecd, palette),
        )  # fmt: skip
    if results.has_leadership:
        shelf.add(
            "leadership", _("Digital leadership"), (_("Type"), _("Today")),
            [Line((str(each.row.label), each.answer_text()), opens(each.field)) for each in analysis.leadership],
            lambda palette: charts.leadership_rows(analysis.leadership, palette),
        )  # fmt: skip
    if analysis.adoption.answered:
        shelf.add(
            "adoption", _("Adoption matrix"), (_("Quadrant"), _("Share of the staff (percent)")),
            [Line((str(each.group.title), each.percent), opens(each.field)) for each in analysis.adoption.shares],
            lambda palette: charts.adoption_matrix(analysis.adoption, palette),
        )  # fmt: skip


def add_answer_figures(shelf: Shelf, results: Results, earlier: Earlier | None = None) -> None:
    """The profile, the indices and what people think: the same for the workbook and for a measurement."""
    if results.has_dimensions_answered:
        _profile(shelf, results)
        _indices(shelf, results, earlier)
        _perceived(shelf, results)


def workbook_shelf(workbook: Workbook, results: Results) -> Shelf:
    """The figures of the results page of the workbook's present answers."""
    administration = str(workbook.administration)
    shelf = Shelf(
        title=_("Results"),
        name=slugify(f"{administration} {_('answers')}"),
        source=_("%(administration)s, answers of %(day)s. Figures are indicative (method of Koers).")
        % {"administration": administration, "day": day_text()},
        base=base_of("workbook_figure", workbook.pk),
    )
    add_answer_figures(shelf, results)
    _others(shelf, results)
    return shelf
