"""What is asked to plan a workshop and to change its agenda."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.assessment.actions.planning import MOST_MINUTES
from koers.assessment.models import IdeaKind, Measurement, StepKind
from koers.workbook.forms.talk import FIRST_DAY, LAST_DAY, PlainText

_DATES: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_TIMES: Final = ["%H:%M", "%H.%M", "%Hu%M", "%H:%M:%S"]
NOTE: Final = 4_000


class MomentForm(forms.Form):
    """What a workshop is called, and when it is."""

    title = PlainText(label=_("Title"), limit=160)
    day = forms.DateField(
        label=_("Day"), input_formats=_DATES, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 31/12/2026.")},
    )  # fmt: skip
    begins = forms.TimeField(
        label=_("Begins at"), input_formats=_TIMES, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Write the time as 13:30.")},
    )  # fmt: skip

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST_DAY <= day < LAST_DAY:
            raise ValidationError(_("Choose a day between 2000 and 2100."))
        return day

    @property
    def planned_at(self) -> datetime:
        day: date = self.cleaned_data["day"]
        begins: time = self.cleaned_data["begins"]
        return timezone.make_aware(datetime.combine(day, begins))

    @staticmethod
    def initial_of(title: str, planned_at: datetime | None) -> dict[str, Any]:
        local = timezone.localtime(planned_at) if planned_at else None
        return {"title": title, "day": local.date() if local else None, "begins": local.time() if local else None}


class PlanForm(MomentForm):
    """A new workshop: of which measurement, with which questions."""

    measurement = forms.ChoiceField(label=_("Measurement"))
    questions = forms.ChoiceField(
        label=_("Questions"), initial="talk", required=False,
        choices=[("talk", _("Those that make a good talk")), ("all", _("All of them"))],
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, measurements: Sequence[Measurement], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.measurements = {str(each.pk): each for each in measurements}
        cast(forms.ChoiceField, self.fields["measurement"]).choices = [
            (key, each.name) for key, each in self.measurements.items()
        ]

    @property
    def chosen(self) -> Measurement:
        return self.measurements[self.cleaned_data["measurement"]]

    @property
    def every_question(self) -> bool:
        return bool(self.cleaned_data["questions"] == "all")


class StepForm(forms.Form):
    """One step of the agenda."""

    title = PlainText(label=_("Title"), limit=160)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    note = PlainText(
        label=_("Note for the host"), limit=NOTE, rows=8, required=False,
        help_text=_("What you want to say. Only who leads the workshop sees it."),
    )  # fmt: skip


class NewStepForm(forms.Form):
    """A step to add, by what happens in it: ``ideas:hook``."""

    KINDS: Final = [
        (StepKind.QUESTIONS.value, StepKind.QUESTIONS.label),
        *((f"{StepKind.IDEAS}:{each.value}", each.label) for each in IdeaKind),
        *((f"{StepKind.RANKING}:{each.value}", each.label) for each in IdeaKind),
        *((each.value, each.label) for each in (StepKind.TERMS, StepKind.BREAK, StepKind.WELCOME, StepKind.CLOSING)),
    ]

    kind = forms.ChoiceField(choices=[(key, key) for key, _words in KINDS])

    @property
    def asked(self) -> tuple[str, str]:
        kind, _colon, idea_kind = str(self.cleaned_data["kind"]).partition(":")
        return kind, idea_kind


def measurement_asked(given: str, measurements: Sequence[Measurement]) -> UUID | None:
    """The measurement that an address names, when it is one of these; else the newest."""
    found = next((each.pk for each in measurements if str(each.pk) == given), None)
    return found or (measurements[0].pk if measurements else None)
