"""Inviting a colleague by link, and every way in which a link no longer works."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from koers.kit.tenancy import scope, unscoped
from koers.organisations import actions
from koers.organisations.actions import DeedRefused, Invited
from koers.organisations.models import Administration, Invitation, Membership, User
from koers.organisations.queries import memberships_of
from koers.organisations.tests.conftest import PASSWORD, address, browser, logged, mailed_link, person

Join = Callable[..., Membership]


@pytest.fixture
def invited(town: Administration, lead: User) -> Invited:
    with scope(town.pk):
        return actions.invite(town, "otto@example.test", "editor", lead)


def link_of(invited: Invited) -> str:
    return address("invitation", invited.token)


def change(invited: Invited, **values: Any) -> None:
    with unscoped():
        Invitation.objects.filter(pk=invited.invitation.pk).update(**values)


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_nothing_to_a_colleague_who_takes_part() -> None:
    lead = browser()
    lead.post(address("account_signup"), {"name": "Lea", "email": "lea@example.test", "password1": PASSWORD})
    lead.post(address("new_administration"), {"nis": "44021"})
    (own,) = memberships_of(User.objects.get())
    lead.post(address("invite", own.administration_id), {"email": "Otto@example.test", "role": "editor"})
    link = mailed_link()

    colleague = browser()
    page = page_of(colleague.get(link))
    assert "Lea invites you to work on the digital course of Gent. Your role: Editor." in page
    assert f"/accounts/signup/?next={link}&amp;email=otto%40example.test" in page
    form = {"name": "Otto", "email": "otto@example.test", "password1": PASSWORD, "next": link}
    assert colleague.post(address("account_signup"), form).headers["Location"] == link
    assert "Take part" in page_of(colleague.get(link))
    assert colleague.post(link).headers["Location"] == "/"

    (membership,) = memberships_of(User.objects.get(name="Otto"))
    assert (membership.administration.name, membership.role) == ("Gent", "editor")
    assert logged(own.administration) == [
        ("Lea", "administration.create", "Gent"),
        ("Lea", "invitation.create", "otto@example.test"),
        ("Otto", "invitation.accept", "Otto"),
    ]


def test_the_invitation_lets_its_address_through_closed_doors(settings: Any, invited: Invited) -> None:
    settings.KOERS_SIGNUP = "invited"
    client = browser()
    client.get(link_of(invited))
    form = {"name": "Otto", "email": "otto@example.test", "password1": PASSWORD, "next": link_of(invited)}
    refused = client.post(address("account_signup"), {**form, "email": "friend@example.test"})
    assert refused.context["form"].errors == {"email": ["Use the address to which the invitation was sent."]}
    assert client.post(address("account_signup"), form).headers["Location"] == link_of(invited)


def test_a_withdrawn_invitation_opens_no_closed_doors(settings: Any, invited: Invited) -> None:
    settings.KOERS_SIGNUP = "invited"
    client = browser()
    client.get(link_of(invited))
    change(invited, withdrawn_at=timezone.now())
    assert "By invitation only" in page_of(client.get(address("account_signup")))


def test_the_link_is_shown_once_and_mailed_in_the_language_of_the_lead(town: Administration, lead: User) -> None:
    client = browser(lead)
    answer = client.post(address("invite", town.pk), {"email": "an@example.test", "role": "viewer"})
    link = mailed_link()
    assert f"http://testserver{link}" in page_of(answer)
    assert link not in page_of(client.get(address("administration", town.pk)))
    assert mail.outbox[0].subject == "Invitation: work on the digital course of Voorbeeldstad"
    assert mail.outbox[0].to == ["an@example.test"]


def test_only_the_digest_of_the_secret_is_kept(invited: Invited) -> None:
    with unscoped():
        assert Invitation.objects.get().digest == actions.digest_of(invited.token)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert invited.token not in str(cursor.fetchall())
    assert browser().get(address("invitation", invited.invitation.digest)).status_code == 404


def test_the_session_of_a_visitor_holds_no_secret(invited: Invited) -> None:
    client = browser()
    client.get(link_of(invited))
    assert invited.token not in str(dict(client.session))


def test_a_mail_server_that_is_away_leaves_the_link_to_pass_on(
    town: Administration, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(message: object) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    answer = browser(lead).post(address("invite", town.pk), {"email": "an@example.test", "role": "viewer"})
    assert "could not be sent" in page_of(answer)
    assert "/invitations/" in page_of(answer)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "This invitation worked until"),
        ({"withdrawn_at": timezone.now()}, "This invitation was withdrawn."),
        ({"accepted_at": timezone.now()}, "This invitation was used."),
    ],
    ids=["expired", "withdrawn", "used"],
)
def test_a_link_that_no_longer_works_says_so(
    invited: Invited, outsider: User, town: Administration, values: dict[str, Any], sentence: str
) -> None:
    change(invited, **values)
    client = browser(outsider)
    assert sentence in page_of(browser().get(link_of(invited)))
    assert sentence in page_of(client.get(link_of(invited)))
    refused = client.post(link_of(invited), follow=True)
    assert memberships_of(outsider) == []
    assert sentence in page_of(refused)


def test_a_link_works_fourteen_days(invited: Invited) -> None:
    lasts = invited.invitation.expires_at - invited.invitation.created_at
    assert timedelta(days=14) - timedelta(seconds=5) < lasts < timedelta(days=14, seconds=5)


def test_a_link_works_once(invited: Invited, outsider: User, town: Administration) -> None:
    client = browser(outsider)
    client.post(link_of(invited))
    with scope(town.pk):
        Membership.objects.filter(user=outsider).delete()
    assert client.post(link_of(invited)).headers["Location"] == link_of(invited)
    assert memberships_of(outsider) == []


def test_a_forwarded_link_is_for_the_invited_only(invited: Invited) -> None:
    friend = person("Fons")
    client = browser(friend)
    assert "You are signed in as fons@example.test." in page_of(client.get(link_of(invited)))
    assert client.post(link_of(invited)).headers["Location"] == link_of(invited)
    assert memberships_of(friend) == []


def test_a_refused_link_that_still_works_is_not_written_to_the_log(invited: Invited, caplog: Any) -> None:
    browser(person("Fons")).post(link_of(invited), follow=True)
    assert invited.token not in caplog.text


def test_accepting_asks_to_sign_in(invited: Invited) -> None:
    answer = browser().post(link_of(invited))
    assert answer.headers["Location"] == f"/accounts/login/?next={link_of(invited)}"


def test_a_member_is_told_that_she_takes_part(invited: Invited, lead: User) -> None:
    assert "You take part in this administration already." in page_of(browser(lead).get(link_of(invited)))


def test_who_is_a_member_already_keeps_her_role(town: Administration, lead: User, join: Join) -> None:
    with scope(town.pk):
        invited = actions.invite(town, "ed@example.test", "viewer", lead)
    ed = join("Ed", "editor")
    assert browser(ed.user).post(link_of(invited)).headers["Location"] == link_of(invited)
    (membership,) = memberships_of(ed.user)
    assert membership.role == "editor"


def test_sending_again_makes_the_former_link_useless(invited: Invited, lead: User, town: Administration) -> None:
    change(invited, expires_at=timezone.now() - timedelta(days=1))
    browser(lead).post(address("resend_invitation", town.pk, invited.invitation.pk))
    assert browser().get(link_of(invited)).status_code == 404
    assert browser().get(mailed_link()).status_code == 200
    assert logged(town)[-1] == ("Lea", "invitation.resend", "otto@example.test")


def test_withdrawing(invited: Invited, lead: User, town: Administration) -> None:
    client = browser(lead)
    client.post(address("withdraw_invitation", town.pk, invited.invitation.pk))
    assert "This invitation was withdrawn." in page_of(browser().get(link_of(invited)))
    assert logged(town)[-1] == ("Lea", "invitation.withdraw", "otto@example.test")
    again = client.post(address("resend_invitation", town.pk, invited.invitation.pk), follow=True)
    assert "This invitation is no longer open." in page_of(again)


def test_nobody_is_invited_twice_at_a_time(invited: Invited, lead: User, town: Administration) -> None:
    form = {"email": "OTTO@example.test", "role": "viewer"}
    refused = browser(lead).post(address("invite", town.pk), form)
    assert refused.status_code == 422
    assert "was invited already" in page_of(refused)
    change(invited, expires_at=timezone.now() - timedelta(days=1))
    assert browser(lead).post(address("invite", town.pk), form).status_code == 200


@pytest.mark.parametrize(
    "form", [{"email": "lea@example.test", "role": "viewer"}, {"email": "no address", "role": "viewer"},
             {"email": "an@example.test", "role": "god"}, {}]
)  # fmt: skip
def test_what_is_no_invitation_is_refused(town: Administration, lead: User, form: dict[str, str]) -> None:
    assert browser(lead).post(address("invite", town.pk), form).status_code == 422
    assert mail.outbox == []


def test_an_invitation_of_another_administration_cannot_be_reached(invited: Invited, outsider: User) -> None:
    own = actions.create_administration(Administration(name="Elders", kind="other"), outsider)
    client = browser(outsider)
    for name in ("resend_invitation", "withdraw_invitation"):
        assert client.post(address(name, own.pk, invited.invitation.pk)).status_code == 404


def test_guessing_links_stops_after_twenty_tries(invited: Invited) -> None:
    client = browser()
    guesses = [
        client.get(address("invitation", f"guess{n}"), headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
        for n in range(21)
    ]
    assert guesses == [404] * 20 + [429]
    assert client.get(link_of(invited)).status_code == 429
    assert client.get(link_of(invited), REMOTE_ADDR="192.0.2.1").status_code == 200


def test_a_refused_verb_leaves_no_trace(invited: Invited, town: Administration) -> None:
    with pytest.raises(DeedRefused):
        actions.accept_invitation(invited.invitation, person("Fons"))
    assert [verb for _who, verb, _subject in logged(town)] == ["administration.create", "invitation.create"]
