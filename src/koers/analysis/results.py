"""What the results page shows: the analysis with its charts and, beside each, the same figures as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from koers.analysis import charts
from koers.analysis.figures import slug_of
from koers.analysis.scoring import (
    Analysis,
    DimensionResult,
    QuestionResult,
    attention_points,
    strengths,
)
from koers.editions.structure import Field, Section
from koers.workbook.models import Workbook


@dataclass(frozen=True)
class Ways:
    """Where a figure opens: the address of a question, and of a dimension by its id."""

    question: Callable[[Field], str]
    dimension: Callable[[str], str]


def ways_of(workbook: Workbook) -> Ways:
    """To the answers in the sections of a workbook."""
    return Ways(
        lambda field: f"{reverse('section', args=[workbook.pk, field.section])}#{field.anchor}",
        lambda section: reverse("section", args=[workbook.pk, section]),
    )


def counts_text(question: QuestionResult) -> str:
    """What an answer counts for, in a word or a figure."""
    match question.state:
        case "scored":
            return "" if question.rank is None else charts.decimal(question.rank)
        case "doubtful":
            rank = "" if question.rank is None else charts.decimal(question.rank)
            return _("doubtful (%(rank)s)") % {"rank": rank}
        case "perception":
            return _("beside it")
        case "context":
            return _("context")
        case "not-applicable" | "dont-know":
            return _("left out")
        case _:
            return "–"


@dataclass(frozen=True)
class AnswerRow:
    """One row of a table of answers: what was asked, what was said, what it counts for, and where to change it."""

    number: str
    label: str
    answer: str
    remark: str
    counts: str
    state: str
    href: str
    steps: str = ""


def answer_rows(question: QuestionResult, href: str) -> list[AnswerRow]:
    """The rows of one question: one, or of a scored matrix one a row."""
    cells = charts.cells_of(question)
    field = question.field
    if field.kind == "matrix" and field.scoring == "ordinal":
        return [
            AnswerRow(
                cell.number,
                str(row.row.label),
                row.answer_text(),
                question.remark if row is question.rows[-1] else "",
                "–" if row.rank is None else charts.decimal(row.rank),
                cell.state,
                href,
                cell.below,
            )
            for row, cell in zip(question.rows, cells, strict=True)
        ]
    return [
        AnswerRow(
            question.number,
            str(field.short),
            question.answer_text(),
            question.remark,
            counts_text(question),
            question.state,
            href,
            cells[0].below,
        )
    ]


@dataclass(frozen=True)
class DimensionView:
    """One dimension as the page shows it."""

    dimension: DimensionResult
    ways: Ways

    @property
    def title(self) -> str:
        return str(self.dimension.section.title)

    @property
    def href(self) -> str:
        return self.ways.dimension(self.dimension.section.id)

    @property
    def slug(self) -> str:
        """Of its strip among the figures."""
        return f"profile-{slug_of(self.dimension.section.id)}"

    @property
    def index(self) -> str:
        return charts.index_text(self.dimension.index)

    @property
    def sensitivity(self) -> str:
        """The index with the doubtful questions in it; nothing when none was answered."""
        if not self.dimension.doubtful or self.dimension.sensitivity_index is None:
            return ""
        return charts.decimal(self.dimension.sensitivity_index)

    @property
    def coverage(self) -> str:
        return charts.coverage_text(self.dimension)

    @cached_property
    def strip(self) -> SafeString:
        return charts.profile_strip(self.dimension)

    @property
    def rows(self) -> list[AnswerRow]:
        return [
            row
            for question in self.dimension.questions
            for row in answer_rows(question, self.ways.question(question.field))
        ]


@dataclass(frozen=True)
class Highlight:
    """A question that stands high or low on its scale."""

    label: str
    answer: str
    href: str


@dataclass(frozen=True)
class LegendEntry:
    text: str
    sample: SafeString


@dataclass(frozen=True)
class Results:
    """The whole page. `analysis` is what it says; the rest is how it is drawn."""

    analysis: Analysis
    ways: Ways

    @cached_property
    def dimensions(self) -> list[DimensionView]:
        return [DimensionView(each, self.ways) for each in self.analysis.dimensions]

    @property
    def legend(self) -> list[LegendEntry]:
        return [LegendEntry(text, charts.legend_sample(cell)) for text, cell in charts.legend_entries()]

    @property
    def has_dimensions_answered(self) -> bool:
        return any(each.answered for each in self.analysis.dimensions)

    @property
    def has_sensitivity(self) -> bool:
        return any(each.sensitivity for each in self.dimensions)

    @property
    def has_estimates(self) -> bool:
        return any(each.question.is_answered for each in self.analysis.oecd)

    @property
    def has_leadership(self) -> bool:
        return any(each.choice is not None for each in self.analysis.leadership)

    @property
    def unfinished(self) -> list[DimensionView]:
        """The dimensions that still have questions to score."""
        return [each for each in self.dimensions if not each.dimension.is_complete]

    @property
    def start(self) -> Section | None:
        """Where to begin when nothing was answered."""
        return self.analysis.dimensions[0].section if self.analysis.dimensions else None

    @property
    def index_bars(self) -> SafeString:
        return charts.index_bars(self.analysis)

    @property
    def radar(self) -> SafeString:
        return charts.radar(self.analysis)

    @property
    def perceived(self) -> SafeString:
        return charts.perceived_rows(self.analysis)

    @property
    def perception_rows(self) -> list[AnswerRow]:
        return [
            row
            for question in self.analysis.perceptions
            for row in answer_rows(question, self.ways.question(question.field))
        ]

    @property
    def estimates(self) -> SafeString:
        return charts.estimate_rows(self.analysis.oecd)

    @property
    def leadership(self) -> SafeString:
        return charts.leadership_rows(self.analysis.leadership)

    @property
    def adoption(self) -> SafeString:
        return charts.adoption_matrix(self.analysis.adoption)

    @property
    def adoption_rows(self) -> list[tuple[str, str, str, str]]:
        """Quadrant, share, section and anchor."""
        return [
            (str(each.group.title), charts.share_text(each), each.field.section, each.field.anchor)
            for each in self.analysis.adoption.shares
        ]

    @property
    def adoption_total(self) -> str:
        return charts.total_text(self.analysis.adoption)

    def _highlight(self, question: QuestionResult) -> Highlight:
        return Highlight(str(question.field.short), question.answer_text(), self.ways.question(question.field))

    @property
    def strengths(self) -> list[Highlight]:
        return [self._highlight(each) for each in strengths(self.analysis, 3)]

    def lowest(self, count: int) -> tuple[QuestionResult, ...]:
        return attention_points(self.analysis, count)

    @property
    def attention_points(self) -> list[Highlight]:
        return [self._highlight(each) for each in attention_points(self.analysis, 3)]
