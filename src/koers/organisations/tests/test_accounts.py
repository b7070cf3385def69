"""Making an account, signing in and out, a forgotten password."""

from typing import Any

import pytest
from django.core import mail
from django.urls import get_resolver

from koers.organisations.models import User
from koers.organisations.tests.conftest import PASSWORD, address, browser, mailed_link, person

NEW = {"name": "An Peeters", "email": "An@Example.test", "password1": PASSWORD}


def sign_in(email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return browser().post(address("account_login"), {"login": email, "password": password}, **extra)


def test_a_new_account_has_a_name_and_the_language_of_the_page() -> None:
    client = browser()
    answer = client.post(address("account_signup"), NEW)
    an = User.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert (an.name, an.email, an.language) == ("An Peeters", "an@example.test", "en")
    assert client.session["_auth_user_id"] == str(an.pk)
    assert mail.outbox[0].subject == "Confirm your address"


@pytest.mark.parametrize("name", ["Buy at https://evil.test", "www.evil.test", "An\x00"])
def test_a_name_that_could_do_harm_in_mail_is_refused(name: str) -> None:
    assert browser().post(address("account_signup"), {**NEW, "name": name}).status_code == 200
    assert not User.objects.exists()


def test_a_weak_password_is_refused() -> None:
    browser().post(address("account_signup"), {**NEW, "password1": "kort"})
    assert not User.objects.exists()


def test_signing_in_brings_the_language_of_the_account() -> None:
    User.objects.filter(pk=person("An").pk).update(language="nl")
    answer = sign_in("AN@example.test")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert answer.cookies["django_language"].value == "nl"


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer() -> None:
    person("An")
    wrong = sign_in("an@example.test", "not the password")
    unknown = sign_in("nobody@example.test", "not the password")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.context["form"].non_field_errors() == ["The email address or the password is not right."]


def test_a_forgotten_password_does_not_tell_who_has_an_account() -> None:
    person("An")
    known = browser().post(address("account_reset_password"), {"email": "an@example.test"})
    unknown = browser().post(address("account_reset_password"), {"email": "nobody@example.test"})
    assert known.headers["Location"] == unknown.headers["Location"] == address("account_reset_password_done")
    assert [message.subject for message in mail.outbox] == [
        "Choose a new password",
        "There is no account with this address",
    ]


def test_signing_up_does_not_tell_who_has_an_account_when_addresses_are_confirmed(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    person("An")
    taken = browser().post(address("account_signup"), NEW)
    free = browser().post(address("account_signup"), {**NEW, "email": "free@example.test"})
    sent = address("account_email_verification_sent")
    assert (taken.headers["Location"], free.headers["Location"]) == (sent, sent)
    assert mail.outbox[0].subject == "You have an account already"


def test_a_mandatory_address_is_confirmed_before_signing_in(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = browser()
    client.post(address("account_signup"), NEW)
    link = mailed_link("/confirm-email/")
    assert "_auth_user_id" not in client.session
    assert "Is an@example.test your address?" in client.get(link).content.decode()
    client.post(link)
    assert sign_in("an@example.test").headers["Location"] == "/"


def test_a_reset_link_sets_a_new_password_and_works_once() -> None:
    person("An")
    client = browser()
    client.post(address("account_reset_password"), {"email": "an@example.test"})
    link = mailed_link("/password/reset/key/")
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": "een ander wachtwoord"})
    assert done.headers["Location"] == address("account_reset_password_from_key_done")
    assert sign_in("an@example.test", "een ander wachtwoord").status_code == 302
    assert "This link does not work any more" in browser().get(link).content.decode()


def test_changing_the_password_asks_the_present_one() -> None:
    an = person("An")
    client = browser(an)
    form = {"oldpassword": "wrong", "password1": "een ander wachtwoord"}
    refused = client.post(address("account_change_password"), form)
    assert refused.context["form"].errors == {"oldpassword": ["This is not your present password."]}
    changed = client.post(address("account_change_password"), {**form, "oldpassword": PASSWORD})
    assert changed.headers["Location"] == address("account_profile")
    assert client.get(address("account_profile")).status_code == 200


def test_the_profile_changes_name_and_language() -> None:
    an = person("An")
    answer = browser(an).post(address("account_profile"), {"name": "An  Maes", "language": "nl"})
    an.refresh_from_db()
    assert (an.name, an.language, answer.cookies["django_language"].value) == ("An Maes", "nl", "nl")


def test_signing_out() -> None:
    client = browser(person("An"))
    assert client.get(address("account_logout")).status_code == 200
    assert client.post(address("account_logout")).headers["Location"] == address("account_login")
    assert "_auth_user_id" not in client.session


def test_closed_doors_open_for_the_invited_only(settings: Any) -> None:
    settings.KOERS_SIGNUP = "invited"
    assert "By invitation only" in browser().get(address("account_signup")).content.decode()
    browser().post(address("account_signup"), NEW)
    assert not User.objects.exists()


def test_a_closed_account_cannot_sign_in() -> None:
    User.objects.filter(pk=person("An").pk).update(is_active=False)
    assert sign_in("an@example.test").headers["Location"] == address("account_inactive")


def test_an_account_can_be_tried_five_times_from_anywhere() -> None:
    person("An")
    tries = [sign_in("an@example.test", "guess", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]
    assert tries == [200] * 5 + [429]
    assert sign_in("an@example.test").status_code == 429


def test_an_address_can_try_ten_times_whatever_it_says_to_be() -> None:
    tries = [
        sign_in(f"guess{n}@example.test", "guess", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
        for n in range(11)
    ]
    assert tries == [200] * 10 + [429]


def test_too_many_tries_are_explained_in_the_language_of_the_page() -> None:
    for _attempt in range(5):
        sign_in("an@example.test", "guess")
    page = sign_in("an@example.test", "guess").content.decode()
    assert "There were too many tries in a short time." in page


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive",
     "account_email_verification_sent", "account_reset_password_from_key_done"],
)  # fmt: skip
def test_the_pages_for_who_is_signed_out_are_ours(name: str) -> None:
    answer = browser().get(address(name))
    assert answer.status_code == 200
    assert "base.html" in [template.name for template in answer.templates]


def test_no_page_of_allauth_is_reachable_that_is_not_ours() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("account_")}
    assert names == {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_profile",
        "account_email_verification_sent", "account_confirm_email", "account_change_password",
        "account_set_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key_done", "account_reset_password_from_key",
    }  # fmt: skip
