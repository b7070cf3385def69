"""What people say about the work: a comment, a conversation, a task."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.organisations.models import User

MAX_BODY: Final = 6_000
MAX_QUOTE: Final = 500
MAX_WITH_WHOM: Final = 300
MAX_TITLE: Final = 300

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)

_DATES: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


class PlainText(forms.CharField):
    """Text without markup: its lines as they were typed, or all of it on one line."""

    def __init__(self, *, limit: int, rows: int = 0, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput, **options)
        self.limit = limit
        self.is_long = bool(rows)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            message = _("This text is too long: %(length)s characters, at most %(limit)s fit.")
            raise ValidationError(message, params={"length": len(value), "limit": self.limit})

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(each for each in text if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"})
        if self.is_long:
            return "\n".join(line.rstrip() for line in text.split("\n")).strip()
        return " ".join(text.split())


def quoted(text: str) -> str:
    """Words that were selected, on one line and no longer than is kept."""
    line = PlainText(limit=MAX_QUOTE).to_python(text)
    return line if len(line) <= MAX_QUOTE else line[: MAX_QUOTE - 1].rstrip() + "…"


def _choices(people: Sequence[User]) -> list[tuple[int, str]]:
    return [(person.pk, str(person)) for person in people]


class CommentForm(forms.Form):
    """A comment: words, and whose attention they call. `quote` are the words that it is about."""

    body = PlainText(
        label=_("What do you want to say?"),
        limit=MAX_BODY,
        rows=3,
        error_messages={"required": _("Write something first.")},
    )
    attention = forms.TypedMultipleChoiceField(label=_("Call the attention of"), coerce=int, required=False)
    quote = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, people: Sequence[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.TypedMultipleChoiceField, self.fields["attention"]).choices = _choices(people)

    def clean_quote(self) -> str:
        return quoted(self.cleaned_data["quote"])

    @property
    def called(self) -> list[str]:
        """Whose boxes are ticked, as they stand in the page."""
        return [str(each) for each in self["attention"].value() or []]


class ConversationForm(forms.Form):
    """A conversation with colleagues about a section."""

    with_whom = PlainText(label=_("With whom?"), limit=MAX_WITH_WHOM, help_text=_("Names, a team, a meeting."))
    day = forms.DateField(
        label=_("When?"), input_formats=_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 31/12/2026.")},
    )  # fmt: skip
    outcome = PlainText(label=_("What came out of it?"), limit=MAX_BODY, rows=5)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("That day has yet to come."))
        if day < FIRST_DAY:
            raise ValidationError(_("That is too long ago: choose a day from 2000 on."))
        return day


class TaskForm(forms.Form):
    """Something to do: what, who, by when."""

    title = PlainText(label=_("What has to be done?"), limit=MAX_TITLE)
    owner = forms.TypedChoiceField(label=_("Who does it?"), coerce=int)
    due = forms.DateField(
        label=_("By when?"), required=False, input_formats=_DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 31/12/2026.")},
    )  # fmt: skip

    def __init__(
        self, people: Sequence[User], *args: Any, before: date | None = None, new: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.people = {person.pk: person for person in people}
        self.kept = before
        self.new = new
        cast(forms.TypedChoiceField, self.fields["owner"]).choices = [("", _("Choose a colleague")), *_choices(people)]

    def clean_owner(self) -> User:
        return self.people[self.cleaned_data["owner"]]

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due is None or due == self.kept:
            return due
        if self.new and due < timezone.localdate():
            raise ValidationError(_("That day has passed: choose today or later."))
        if not FIRST_DAY <= due < LAST_DAY:
            raise ValidationError(_("Choose a day between 2000 and 2100."))
        return due
