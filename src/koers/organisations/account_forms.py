"""Allauth's forms in our words: labels instead of placeholders, one password instead of two.

Apart from `forms.py`, which allauth imports before its own forms exist.
"""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HELP = _("At least 10 characters, and not a common word or your own name. A short sentence is fine.")


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = _("Email address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""


class SignUpForm(allauth_forms.SignupForm):
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("Email address")
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = PASSWORD_HELP


class AskResetForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("Email address")


def _one_new_password(form: forms.Form) -> None:
    _plain(form)
    form.fields.pop("password2")
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = PASSWORD_HELP


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _one_new_password(self)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
