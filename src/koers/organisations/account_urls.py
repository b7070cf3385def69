"""The addresses of accounts: those of allauth that have a page of ours, under the names that allauth reverses."""

from django.urls import path, register_converter

from koers.organisations import account_views as views


class Base36:
    """The number of an account in a reset link; without a hyphen, which divides it from the key."""

    regex = "[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Base36, "base36")

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", views.sign_out, name="account_logout"),
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("profile/", views.profile, name="account_profile"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
    path("password/reset/", views.AskReset.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/key/<base36:uidb36>-<str:key>/",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]
