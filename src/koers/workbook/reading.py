"""An answer as it once stood: to read, on pages where nothing can be changed."""

from dataclasses import dataclass
from datetime import datetime

from koers.editions.structure import Field
from koers.workbook.differences import lasting_text, still_fits
from koers.workbook.models import Standing
from koers.workbook.presentation import FieldView, field_view
from koers.workbook.queries import Answered, Answers
from koers.workbook.values import Value


@dataclass(frozen=True)
class Reading:
    """A field with an answer of another time. `view` is None when the field no longer takes it: then `text` says it."""

    field: Field
    value: Value
    standing: str
    view: FieldView | None

    @property
    def text(self) -> str:
        return lasting_text(self.field, self.value)

    @property
    def standing_words(self) -> str:
        return str(Standing(self.standing).label)

    @property
    def is_marked(self) -> bool:
        return self.standing != Standing.DRAFT


def reading(field: Field, value: Value, at: datetime, standing: str = Standing.DRAFT) -> Reading:
    """The field as its templates show it to who may only read."""
    if value is not None and not still_fits(field, value):
        return Reading(field, value, standing, None)
    answers = Answers({field.key: ()}, lambda: {field.key: Answered(0, 0, value, at, "")}, dict)
    return Reading(field, value, standing, field_view(field, answers, can_answer=False))
