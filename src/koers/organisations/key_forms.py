"""What is asked of who makes a key of the API."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.organisations.keys import LASTS


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("What the key is for"), max_length=80, help_text=_("For example: the dashboard of the district.")
    )
    may_write = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("no", _("Only read")), ("yes", _("Read and write, as far as you may"))],
        initial="no",
        widget=forms.RadioSelect,
    )
    lasts = forms.ChoiceField(
        label=_("How long it works"),
        choices=[("month", _("30 days")), ("half-year", _("Half a year")), ("year", _("A year"))],
        initial="half-year",
        widget=forms.RadioSelect,
    )

    def made(self) -> dict[str, object]:
        """What `make_key` takes."""
        return {
            "name": self.cleaned_data["name"],
            "may_write": self.cleaned_data["may_write"] == "yes",
            "days": LASTS[self.cleaned_data["lasts"]],
        }
