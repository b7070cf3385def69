"""What is asked about an outcome from outside. Rows of figures work without JavaScript: an empty one is left out."""

import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from koers.assessment.actions.outside import Said
from koers.assessment.instruments.themes import THEMES, theme_titles
from koers.assessment.queries.outside import KNOWN, Outcome, number_of
from koers.assessment.reports import MAX_BYTES, NotAReport, ReportFile, read_report
from koers.workbook.forms.talk import PlainText

MAX_ROWS: Final = 40
FIRST_ROWS: Final = 4
MORE_ROWS: Final = 4
_FIRST_DAY: Final = datetime.date(2000, 1, 1)
_DATES: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_ACCEPT: Final = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.png,.jpg,.jpeg"


class OutcomeForm(forms.Form):
    """The outcome itself; its figures stand in `FigureForm`s."""

    instrument = forms.ChoiceField(label=_("Which instrument?"), choices=lambda: list(KNOWN.items()))
    name = PlainText(
        label=_("Name"), limit=160, required=False,
        help_text=_("Such as “Audit of information security”. Left empty, it is the instrument with the year."),
    )  # fmt: skip
    date = forms.DateField(
        label=_("Date of the outcome"), input_formats=_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 31/12/2026."), "required": _("Say of which day it is.")},
    )  # fmt: skip
    findings = PlainText(
        label=_("What do you learn from it?"), limit=6_000, rows=5, required=False,
        help_text=_("The main findings in your own words: what is good, what is weak, what surprised you."),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Web address"), required=False, max_length=200, assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Where the report or the instrument stands, when it is online."),
    )  # fmt: skip
    report = forms.FileField(
        label=_("Report"), required=False, max_length=500,
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        help_text=_(
            "PDF, Word, Excel, PowerPoint, OpenDocument, PNG or JPEG, at most 8 MB. "
            "Everybody who reads the workbook can download it."
        ),
        error_messages={"empty": _("This file is empty.")},
    )  # fmt: skip
    without_report = forms.BooleanField(label=_("Take the report away"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, outcome: Outcome | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if outcome is None or not outcome.report_name:
            del self.fields["without_report"]
        else:
            self.fields["report"].label = _("Another report in its place")

    def clean_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError(_("That day has yet to come."))
        if day < _FIRST_DAY:
            raise ValidationError(_("That is too long ago: choose a day from 2000 on."))
        return day

    def clean_report(self) -> ReportFile | None:
        given = self.cleaned_data.get("report")
        if not given:
            return None
        if given.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(limit)s MB."), params={"limit": MAX_BYTES // 2**20})
        try:
            return read_report(given.name, given.read())
        except NotAReport as refused:
            raise ValidationError(str(refused)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and "instrument" in cleaned:
            if cleaned["instrument"] in {"audit", "other"}:
                self.add_error("name", _("Give it a name, so that it can be told from others."))
            elif cleaned.get("date"):
                cleaned["name"] = f"{KNOWN[cleaned['instrument']]} {cleaned['date'].year}"
        return cleaned

    def said(self, figures: "Figures") -> Said:
        """What was filled in, when both are valid."""
        return Said(
            **{key: self.cleaned_data[key] for key in ("instrument", "name", "date", "url", "findings")},
            scores=figures.scores,
        )


class FigureForm(forms.Form):
    """One figure: of what, how much, on which scale, and what it is about."""

    dimension = PlainText(label=_("Dimension"), limit=160, required=False)
    score = PlainText(label=_("Score"), limit=40, required=False)
    low = PlainText(label=_("Scale from"), limit=12, required=False)
    high = PlainText(label=_("Scale to"), limit=12, required=False)
    covers = forms.MultipleChoiceField(
        label=_("What is it about?"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(theme.id, theme.title) for theme in THEMES.values()],
    )  # fmt: skip

    @property
    def chosen(self) -> list[str]:
        """The themes that are ticked, to see while the row is folded."""
        return theme_titles(str(each) for each in self["covers"].value() or [])

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in self.fields) or self.errors:
            return cleaned
        if not cleaned["dimension"]:
            self.add_error("dimension", _("Say which dimension this is."))
        if not cleaned["score"]:
            self.add_error("score", _("Write the score as the report does."))
            return cleaned
        if cleaned["score"].endswith("%") and not cleaned["low"] and not cleaned["high"]:
            cleaned["low"], cleaned["high"] = "0", "100"
        self._check_scale(cleaned)
        return cleaned

    def _check_scale(self, cleaned: dict[str, Any]) -> None:
        """Both ends or none; with a scale, the score is a number on it."""
        low, high, score = (number_of(cleaned[name]) for name in ("low", "high", "score"))
        if not cleaned["low"] and not cleaned["high"]:
            return
        for name, number in (("low", low), ("high", high)):
            if number is None:
                self.add_error(name, _("Write a number, or leave both ends of the scale empty."))
        if low is None or high is None:
            return
        if low >= high:
            self.add_error("high", _("The highest must be above the lowest."))
        elif score is None:
            self.add_error("score", _("On a scale the score is a number, such as 3,5."))
        elif not low <= score <= high:
            self.add_error("score", _("This score lies outside its scale."))


class Figures:
    """The rows of figures of one form."""

    def __init__(self, data: Any = None, outcome: Outcome | None = None) -> None:
        if data is not None:
            self.rows = [FigureForm(data, prefix=f"figure-{index}") for index in range(self._count(data))]
        else:
            kept = [self._initial(each) for each in outcome.scores] if outcome else []
            self._begin(kept, max(FIRST_ROWS, len(kept) + 2))

    def _begin(self, kept: list[dict[str, Any]], count: int) -> None:
        self.rows = [
            FigureForm(prefix=f"figure-{index}", initial=kept[index] if index < len(kept) else None)
            for index in range(min(count, MAX_ROWS))
        ]

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < MAX_ROWS

    def unchecked_with_more(self) -> "Figures":
        """The same rows as they were typed, and empty ones after them."""
        typed = [{name: row[name].value() for name in row.fields} for row in self.rows]
        grown = Figures()
        grown._begin(typed, len(typed) + MORE_ROWS)
        return grown

    @staticmethod
    def _count(data: Any) -> int:
        given = str(data.get("figures", ""))
        return min(int(given), MAX_ROWS) if given.isascii() and given.isdecimal() and len(given) < 4 else FIRST_ROWS

    @staticmethod
    def _initial(score: Any) -> dict[str, Any]:
        return {
            "dimension": score.dimension,
            "score": score.figure,
            "low": score.low,
            "high": score.high,
            "covers": list(score.covers),
        }

    def is_valid(self) -> bool:
        valid = [each.is_valid() for each in self.rows]
        return all(valid)

    @property
    def has_errors(self) -> bool:
        return any(each.errors for each in self.rows)

    @property
    def scores(self) -> list[dict[str, Any]]:
        """What is kept, of rows that are all valid."""
        return [
            {name: each.cleaned_data[name] for name in ("dimension", "score", "low", "high", "covers")}
            for each in self.rows
            if not each.is_blank
        ]


def initial_of(outcome: Outcome, instrument: str) -> dict[str, Any]:
    """The form as it begins when an outcome is changed."""
    return {
        "instrument": instrument,
        "name": outcome.name,
        "date": outcome.date,
        "findings": outcome.findings,
        "url": outcome.url,
        "seen": outcome.seen,
    }


def file_must_be_chosen_again(form: OutcomeForm) -> str:
    """What to say when a file was chosen and the form comes back: a browser never keeps it."""
    return _now("Choose the report again: a browser does not keep it.") if form.files.get("report") else ""
