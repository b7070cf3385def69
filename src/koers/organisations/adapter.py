"""How allauth behaves here: who may sign up, what it says, in which language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.kit import events
from koers.organisations.access import invitation_by_digest
from koers.organisations.language import keep_language
from koers.organisations.models import Invitation, InvitationState, User

SESSION_INVITATION = "invitation"


def invitation_in_session(request: HttpRequest) -> Invitation | None:
    """The open invitation whose link this visitor opened. The session holds its digest, never the secret."""
    digest = request.session.get(SESSION_INVITATION)
    invitation = invitation_by_digest(digest) if isinstance(digest, str) else None
    return invitation if invitation and invitation.state == InvitationState.OPEN else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "email_password_mismatch": gettext_lazy("The email address or the password is not right."),
        "email_taken": gettext_lazy("There is an account with this address already. Sign in, or reset your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "invalid_password_reset": gettext_lazy("This link does not work any more."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait some minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.KOERS_SIGNUP != "invited" or invitation_in_session(request) is not None

    def clean_email(self, email: str) -> str:
        """With closed doors, an invitation makes an account for its own address only."""
        signing_up = getattr(self.request, "resolver_match", None)
        if signing_up and signing_up.url_name == "account_signup" and settings.KOERS_SIGNUP == "invited":
            invitation = invitation_in_session(self.request)
            if invitation is None or invitation.email.casefold() != email.casefold():
                raise ValidationError(_("Use the address to which the invitation was sent."))
        return email

    def logout(self, request: HttpRequest) -> None:
        """Her open pages of this session hear at once that it is over."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            events.publish(events.person_channel(user.pk), events.ACCESS_CHANGED, {})

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password ends all other sessions: their open pages hear it at once."""
        super().set_password(user, password)
        events.publish(events.person_channel(user.pk), events.ACCESS_CHANGED, {})

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if isinstance(user, User):
            keep_language(response, user.language)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")
