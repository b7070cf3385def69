"""Who is asked to answer: from where a member answers, and people with the questions that they get."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.assessment.actions.respondents import NewPerson
from koers.assessment.instruments.structure import Instrument
from koers.assessment.models import Role
from koers.assessment.queries.respondents import MOST_MINUTES, asked_of, for_role, minutes_for
from koers.workbook.forms.talk import PlainText

MAX_ROWS: Final = 40
_DATES: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_NAME: Final = re.compile(r"(name|email|role|department)-([0-9]{1,2})\Z")


class PlaceForm(forms.Form):
    """From where in the administration somebody answers."""

    role = forms.ChoiceField(label=gettext_lazy("Your role"), choices=Role.choices, initial=Role.STAFF)
    department = PlainText(label=gettext_lazy("Your department"), limit=120, required=False)


@dataclass(frozen=True)
class PersonRow:
    """One row of the form: what was typed, and what is wrong with it."""

    index: int
    name: str = ""
    email: str = ""
    role: str = Role.OTHER
    department: str = ""
    error: str = ""
    field: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.email or self.department)

    @property
    def person(self) -> NewPerson:
        return NewPerson(self.name, self.email, self.role, self.department)


def _typed(post: Mapping[str, Any]) -> list[PersonRow]:
    rows: dict[int, dict[str, str]] = {}
    for name in post:
        if match := _NAME.match(name):
            rows.setdefault(int(match[2]), {})[match[1]] = " ".join(str(post[name]).replace("\x00", "").split())
    return [PersonRow(index, **rows[index]) for index in sorted(rows)][:MAX_ROWS]


def _checked(row: PersonRow) -> PersonRow:
    if not row.name:
        return dataclasses.replace(row, field="name", error=_("Write a name."))
    if len(row.name) > 120 or len(row.department) > 120:
        return dataclasses.replace(row, field="name", error=_("At most 120 characters fit."))
    if row.role not in Role.values:
        return dataclasses.replace(row, role=Role.OTHER, field="role", error=_("Choose a role from the list."))
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            return dataclasses.replace(row, field="email", error=_("This is not an email address."))
    return row


class RespondentsForm(forms.Form):
    """People to interview, the way in which, and which questions they get."""

    way = forms.ChoiceField(
        label=gettext_lazy("How do they answer?"), widget=forms.RadioSelect, initial="link",
        choices=[
            ("link", gettext_lazy("By a personal link: each answers when it suits, without an account")),
            ("note", gettext_lazy("We talk with them, and note the answers ourselves")),
        ],
    )  # fmt: skip
    which = forms.ChoiceField(label=gettext_lazy("Which questions?"), widget=forms.RadioSelect, initial="all")
    dimensions = forms.MultipleChoiceField(required=False)
    questions = forms.MultipleChoiceField(required=False)
    due = forms.DateField(
        label=gettext_lazy("Answers by"), required=False, input_formats=_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Who did not finish gets a reminder three days before."),
        error_messages={"invalid": gettext_lazy("Write the day as 31/12/2026.")},
    )  # fmt: skip

    def __init__(self, instrument: Instrument, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instrument = instrument
        self.rows = _typed(self.data) if self.is_bound else []
        self.has_roles = any(each.roles for each in instrument.questions.values())
        which = [("all", _("All questions")), ("dimension", _("Some dimensions")), ("hand", _("Chosen one by one"))]
        if self.has_roles:
            if minutes_for(instrument.questions.values()) > MOST_MINUTES:
                self.initial.setdefault("which", "role")
            which.insert(1, ("role", _("Those that fit the role of each")))
        self._choose("which", which)
        self._choose("dimensions", [(each.id, str(each.title)) for each in instrument.dimensions])
        self._choose("questions", [(key, str(each.field.label)) for key, each in instrument.questions.items()])

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due is not None and due < timezone.localdate():
            raise ValidationError(_("That day has passed."))
        return due

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.rows = [row if row.is_blank else _checked(row) for row in self.rows]
        filled = [row for row in self.rows if not row.is_blank]
        if not filled:
            raise ValidationError(_("Write at least one name."))
        if any(row.error for row in filled):
            raise ValidationError(_("Look at the rows that are marked."))
        if given.get("which") == "dimension" and not given.get("dimensions"):
            self.add_error("dimensions", _("Choose at least one dimension."))
        if given.get("which") == "hand" and not given.get("questions"):
            self.add_error("questions", _("Choose at least one question."))
        if not self.errors:
            self._within_time(given)
        return given

    def _within_time(self, given: dict[str, Any]) -> None:
        for row in self.rows:
            minutes = minutes_for(asked_of(self.instrument, self.asked(row.role)))
            if not row.is_blank and minutes > MOST_MINUTES:
                message = _("That takes about %(minutes)s minutes. Choose fewer questions: at most %(limit)s minutes.")
                raise ValidationError(message % {"minutes": minutes, "limit": MOST_MINUTES})

    def asked(self, role: str) -> list[str] | None:
        """The keys that somebody with a role gets; None is all of them, those that are added later included."""
        given = self.cleaned_data
        match given["which"]:
            case "role":
                return for_role(self.instrument, role)
            case "dimension":
                chosen = given["dimensions"]
                return [key for key, each in self.instrument.questions.items() if each.dimension in chosen]
            case "hand":
                return list(given["questions"])
        return None

    @property
    def people(self) -> list[NewPerson]:
        """Who was filled in."""
        return [row.person for row in self.rows if not row.is_blank]
