"""A question as a page asks it: with the templates of a field of the workbook, and what was answered."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from koers.assessment.instruments.structure import Question
from koers.editions.structure import Words
from koers.kit import richtext
from koers.workbook.presentation import FieldView
from koers.workbook.queries import Answered, Answers
from koers.workbook.values import Value, is_answered


@dataclass(frozen=True)
class Share:
    """One row of a question of shares: what stands in its box."""

    id: str
    label: Words
    value: int | float | str


@dataclass(frozen=True)
class QuestionView:
    """A question with its answer. `view` is for the templates of `workbook/fields`."""

    question: Question
    view: FieldView
    value: Value

    @property
    def shape(self) -> str:
        """What a script reads: a text is plain lines here, without an editor."""
        return "lines" if self.question.field.is_rich else self.question.kind

    @property
    def is_answered(self) -> bool:
        return is_answered(self.value)

    @property
    def lines(self) -> str:
        """A text as plain lines to go on with."""
        if isinstance(self.view.rejected, str):
            return self.view.rejected
        html = (self.value or {}).get("html", "")
        return "\n\n".join(richtext.to_plain([block]) for block in richtext.parse(html))

    @property
    def shares(self) -> tuple[Share, ...]:
        refused = isinstance(self.view.rejected, dict)
        given = (self.view.rejected if refused else self.value or {}).get("shares", {})
        return tuple(Share(row.id, row.label, given.get(row.id, "")) for row in self.question.field.rows)

    @property
    def sum(self) -> float:
        return sum(each.value for each in self.shares if isinstance(each.value, int | float))


def question_view(question: Question, value: Value, *, error: str = "", rejected: Any = None) -> QuestionView:
    """A question to answer, in the active language."""
    field = question.field
    full = {field.key: Answered(0, 0, value, timezone.now(), "")}
    answers = Answers({field.key: ()}, lambda: full, dict)
    view = FieldView(field, answers, True, get_language() or "", timezone.localdate(), error, rejected)
    return QuestionView(question, view, value)
