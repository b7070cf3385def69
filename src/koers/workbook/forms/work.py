"""What the lead fills in about who does what by when."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from koers.organisations.models import User


class AssignForm(forms.Form):
    """A section for a colleague, by a date if there is one."""

    owner = forms.TypedChoiceField(label=_("Who takes this section"), coerce=int, empty_value=None)
    due = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, people: Sequence[User], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = {person.pk: person for person in people}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.TypedChoiceField)
        owner.choices = [("", _("Choose a colleague")), *((pk, str(person)) for pk, person in self.people.items())]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["owner"]]
