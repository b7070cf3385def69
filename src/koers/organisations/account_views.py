"""The pages of one's own account: allauth's views with our forms, and the profile."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.views import (
    account_inactive,
    confirm_email,
    email_verification_sent,
    password_reset_done,
    password_reset_from_key_done,
)
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from koers.organisations import account_forms
from koers.organisations.adapter import AccountAdapter
from koers.organisations.forms import ProfileForm
from koers.organisations.language import keep_language
from koers.organisations.models import User

sign_out = allauth_views.logout

__all__ = [
    "AskReset",
    "ChangePassword",
    "NewPassword",
    "SetPassword",
    "SignIn",
    "SignUp",
    "account_inactive",
    "confirm_email",
    "email_verification_sent",
    "password_reset_done",
    "password_reset_from_key_done",
    "profile",
    "sign_out",
]


class SignIn(allauth_views.LoginView):
    form_class = account_forms.SignInForm

    def form_invalid(self, form: Form) -> HttpResponse:
        """Too many tries get the page that says so, and the status that goes with it."""
        if form.has_error("__all__", "too_many_login_attempts"):
            return respond_429(self.request)
        response: HttpResponse = super().form_invalid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_for_signup = AccountAdapter(self.request).is_open_for_signup(self.request)
        return {**super().get_context_data(**kwargs), "open_for_signup": open_for_signup}


class SignUp(allauth_views.SignupView):
    form_class = account_forms.SignUpForm


class AskReset(allauth_views.PasswordResetView):
    form_class = account_forms.AskResetForm


class NewPassword(allauth_views.PasswordResetFromKeyView):
    form_class = account_forms.NewPasswordForm


class SetPassword(allauth_views.PasswordSetView):
    form_class = account_forms.SetPasswordForm


class ChangePassword(allauth_views.PasswordChangeView):
    form_class = account_forms.ChangePasswordForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name and language."""
    assert isinstance(request.user, User)
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language):
            messages.success(request, _("Your profile is saved."))
        response = redirect("account_profile")
        keep_language(response, person.language)
        return response
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)
