"""A new measurement, and its own questions."""

import re
import secrets
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.assessment.instruments.custom import EXTRAS, KINDS, read_custom
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Role
from koers.workbook.forms.talk import PlainText
from koers.workbook.values import InvalidValue

MAX_NAME: Final = 160

_KIND_WORDS: Final = {
    "single": gettext_lazy("One choice"),
    "multi": gettext_lazy("Several choices"),
    "open": gettext_lazy("Open question"),
    "line": gettext_lazy("One line"),
    "percent": gettext_lazy("Percentage"),
    "matrix": gettext_lazy("Table of choices"),
}


class NameForm(forms.Form):
    """The name of a measurement."""

    name = PlainText(label=gettext_lazy("Name"), limit=MAX_NAME)


class MeasurementForm(NameForm):
    """A new measurement with an instrument: its name, and which dimensions are asked."""

    dimensions = forms.MultipleChoiceField(
        label=gettext_lazy("Dimensions"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, instrument: Instrument, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["dimensions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.id, str(each.title)) for each in instrument.dimensions]
        self.initial.setdefault("dimensions", [each.id for each in instrument.dimensions if not each.optional])

    @property
    def chosen(self) -> list[str]:
        """The dimensions that are ticked, as they stand in the page."""
        return [str(each) for each in self["dimensions"].value() or []]

    def clean_dimensions(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["dimensions"]
        if not chosen:
            raise ValidationError(_("Choose at least one dimension."))
        return chosen


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


class OwnQuestionForm(forms.Form):
    """One question that a measurement adds for itself, in Dutch and perhaps in English; an option a line."""

    id = forms.SlugField(max_length=40, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(each, words) for each, words in _KIND_WORDS.items() if each in KINDS]
    )
    nl = PlainText(label=gettext_lazy("Question in Dutch"), limit=400)
    en = PlainText(label=gettext_lazy("Question in English"), limit=400, required=False)
    options_nl = PlainText(
        label=gettext_lazy("Options in Dutch"), limit=5_000, rows=4, required=False,
        help_text=gettext_lazy("One on each line, from low to high when they have an order."),
    )  # fmt: skip
    options_en = PlainText(
        label=gettext_lazy("Options in English"), limit=5_000, rows=4, required=False,
        help_text=gettext_lazy("As many lines, in the same order."),
    )  # fmt: skip
    rows_nl = PlainText(
        label=gettext_lazy("Rows in Dutch"), limit=5_000, rows=4, required=False,
        help_text=gettext_lazy("Only for a table of choices: one on each line."),
    )  # fmt: skip
    rows_en = PlainText(
        label=gettext_lazy("Rows in English"), limit=5_000, rows=4, required=False,
        help_text=gettext_lazy("As many lines, in the same order."),
    )  # fmt: skip
    extra = forms.ChoiceField(label=gettext_lazy("Beside the options"), required=False)
    remark = forms.BooleanField(label=gettext_lazy("With room for a remark"), required=False)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Only for"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["extra"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nothing")), *((name, str(words)) for name, words in EXTRAS.items())]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                read_custom([self.question])
            except InvalidValue as error:
                named = {"options": "options_nl", "rows": "rows_nl", "label": "nl"}.get(
                    str(error.path[1]) if len(error.path) > 1 else ""
                )
                self.add_error(named, error.message)
        return given

    @property
    def question(self) -> dict[str, Any]:
        """The question as a measurement keeps it."""
        given = self.cleaned_data
        made: dict[str, Any] = {
            "id": given["id"] or f"{_slug(given['nl'])}-{secrets.token_hex(3)}",
            "kind": given["kind"],
            "label": _words(given["nl"], given["en"]),
        }
        given["id"] = made["id"]
        if given["kind"] in {"single", "multi", "matrix"}:
            made["options"] = _paired(_lines(given["options_nl"]), _lines(given["options_en"]))
            made["remark"] = given["remark"]
        if given["kind"] == "matrix":
            made["rows"] = _paired(_lines(given["rows_nl"]), _lines(given["rows_en"]))
        elif given["extra"] and "options" in made:
            made["extra"] = given["extra"]
        if given["roles"]:
            made["roles"] = given["roles"]
        return made


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:24].strip("-") or "question"


def _words(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en} if en else {"nl": nl}


def _paired(nl: list[str], en: list[str]) -> list[dict[str, str]]:
    return [_words(text, en[index] if index < len(en) else "") for index, text in enumerate(nl)]


def as_typed(question: dict[str, Any]) -> dict[str, Any]:
    """A question that is kept, as the form shows it."""

    def said(words: Any, language: str) -> str:
        return str(words.get(language, "")) if isinstance(words, dict) else str(words) if language == "nl" else ""

    options, rows = question.get("options") or [], question.get("rows") or []
    return {
        "id": question["id"],
        "kind": question["kind"],
        "nl": said(question["label"], "nl"),
        "en": said(question["label"], "en"),
        "options_nl": "\n".join(said(each, "nl") for each in options),
        "options_en": "\n".join(filter(None, (said(each, "en") for each in options))),
        "rows_nl": "\n".join(said(each, "nl") for each in rows),
        "rows_en": "\n".join(filter(None, (said(each, "en") for each in rows))),
        "extra": question.get("extra") or "",
        "remark": bool(question.get("remark")),
        "roles": question.get("roles") or [],
    }
