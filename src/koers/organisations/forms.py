"""What people fill in about themselves, their administration and their colleagues."""

from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from koers.organisations.language import active_language
from koers.organisations.models import Administration, AdministrationKind, MailChoice, Role, User
from koers.organisations.reference import Municipality, municipalities


class NameField(forms.CharField):
    """A name on one line. Names go into mail to others, so that they may not carry an address to click on."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())

    def validate(self, value: Any) -> None:
        super().validate(value)
        lowered = value.lower()
        if "://" in lowered or "www." in lowered:
            raise ValidationError(_("A name without web address, please."))
        if not value.isprintable():
            raise ValidationError(_("A name has letters, digits, spaces and punctuation only."))


def _person_name() -> NameField:
    return NameField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Colleagues see it beside what you write."),
    )  # fmt: skip


class SignupForm(forms.Form):
    """What an account asks beside email and password; allauth's own form inherits from it."""

    name = _person_name()

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = active_language()
        user.save(update_fields=["name", "language"])


_MAIL_EXPLAINED: Final = [
    (MailChoice.AT_ONCE.value, _("At once: when somebody names you, replies to you or gives you something to do")),
    (MailChoice.DAILY.value, _("Once a day: everything together, at seven in the morning")),
    (MailChoice.NEVER.value, _("No mail: you see your news in Koers")),
]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's own name and language, and how much mail one wants."""

    name = _person_name()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    mail = forms.ChoiceField(
        label=_("Mail about your work"), choices=_MAIL_EXPLAINED, widget=forms.RadioSelect, required=False
    )

    class Meta:
        model = User
        fields = ("name", "language", "mail")

    def clean_mail(self) -> str:
        """Who does not say keeps what she chose before."""
        return str(self.cleaned_data["mail"] or self.initial["mail"])


class SearchForm(forms.Form):
    """Part of the name of a municipality."""

    q = forms.CharField(
        label=_("Name of your municipality"), max_length=80,
        help_text=_("The name before a merger is good too."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip


class MunicipalityForm(forms.Form):
    """One of the 285."""

    nis = forms.CharField(max_length=5)

    def clean_nis(self) -> Municipality:
        found = municipalities().get(self.cleaned_data["nis"])
        if found is None:
            raise ValidationError(_("Choose a municipality from the list."))
        return found


_OTHER_KINDS: Final = [
    (kind.value, kind.label) for kind in AdministrationKind if kind != AdministrationKind.MUNICIPALITY
]


class OtherAdministrationForm(forms.ModelForm):  # type: ignore[type-arg]
    """An administration that is no municipality."""

    kind = forms.ChoiceField(label=_("Kind of administration"), choices=_OTHER_KINDS)
    name = NameField(label=_("Name of the administration"), max_length=160, min_length=2)

    class Meta:
        model = Administration
        fields = ("kind", "name")


class RenameForm(forms.Form):
    name = NameField(label=_("Name of the administration"), max_length=160, min_length=2)


_ROLES_EXPLAINED: Final = [
    (Role.VIEWER.value, _("Viewer: reads everything")),
    (Role.CONTRIBUTOR.value, _("Contributor: also answers")),
    (Role.EDITOR.value, _("Editor: also composes the note and takes over answers from a file")),
    (Role.LEAD.value, _("Lead: also manages colleagues and settings")),
]


class InviteForm(forms.Form):
    """A colleague to invite."""

    email = forms.EmailField(
        label=_("Email address of your colleague"),
        help_text=_("The invitation works for this address only."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=_ROLES_EXPLAINED, initial=Role.CONTRIBUTOR.value, widget=forms.RadioSelect
    )

    def clean_email(self) -> str:
        return cast(str, self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
