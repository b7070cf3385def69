"""What is asked to keep a version, to start a round, to erase a workbook."""

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from koers.organisations.models import Administration


class VersionForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the version"),
        max_length=160,
        error_messages={"required": _("Give it a name by which you will know it again.")},
        widget=forms.TextInput(attrs={"placeholder": _("As sent to the management team")}),
    )


class RoundForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the round"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("For example: autumn")}),
    )


class EraseForm(forms.Form):
    """Asks for the name of the administration, so that nobody erases by habit."""

    typed = forms.CharField(label=_("Type the name of your administration"), max_length=200)

    def __init__(self, administration: Administration, data: Any = None) -> None:
        super().__init__(data)
        self.administration = administration
        # Help is shown as HTML.
        self.fields["typed"].help_text = escape(administration.name)

    def clean_typed(self) -> str:
        typed = " ".join(str(self.cleaned_data["typed"]).split())
        if typed.casefold() != " ".join(self.administration.name.split()).casefold():
            message = _("This is not the name of your administration: type “%(name)s”.")
            raise forms.ValidationError(message, params={"name": self.administration.name})
        return typed
