"""Mail about the work: what goes out when, to whom, once, in which words, and what happens when it cannot."""

import re
import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import Cast
from koers.config.cli import main
from koers.config.environment import base_url
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import Membership, User
from koers.workbook.actions.news import mail_after, tell
from koers.workbook.actions.work import assign_section
from koers.workbook.mailing import CLAIM_LASTS, FIRST_PAUSE, LONGEST_PAUSE, Mailer, send_due, stop_token
from koers.workbook.models import Answer, NewsKind, Notification, Task, Workbook

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.get_default_timezone())
SOON = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.KOERS_URL = "https://koers.example.be"


def news(cast: Cast, kind: NewsKind = NewsKind.MENTION, who: str = "contributor", **more: Any) -> Notification:
    with scope(cast.administration.pk):
        (told,) = tell(cast.workbook, kind, [User.objects.get(pk=cast.people[who].pk)], cast.people["editor"], **more)
        return told


def later(minutes: float = 2) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def choose(cast: Cast, choice: str, who: str = "contributor", **more: Any) -> None:
    User.objects.filter(pk=cast.people[who].pk).update(mail=choice, **more)


# Where links lead


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "8202"}, "http://localhost:8202"),
        ({"KOERS_HOSTS": "koers.example.be,localhost", "KOERS_HTTPS": "true"}, "https://koers.example.be"),
        ({"KOERS_HOSTS": "*,.example.be"}, "http://example.be"),
        ({"KOERS_URL": "https://koers.example.be/", "KOERS_HOSTS": "x.example.be"}, "https://koers.example.be"),
    ],
)
def test_links_lead_where_people_reach_the_product(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], address: str
) -> None:
    for name in ("KOERS_URL", "KOERS_HOSTS", "KOERS_HTTPS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert base_url() == address


# When


def test_at_once_is_a_minute_later_never_is_never() -> None:
    assert mail_after("at-once", NOW) == NOW + timedelta(seconds=60)
    assert mail_after("never", NOW) is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((2026, 11, 24, 14, 0), (2026, 11, 25, 7, 0)),
        ((2026, 11, 24, 6, 59), (2026, 11, 24, 7, 0)),
        ((2026, 11, 24, 7, 0), (2026, 11, 25, 7, 0)),
        ((2026, 10, 24, 23, 30), (2026, 10, 25, 7, 0)),  # the clock goes back that night
        ((2026, 12, 31, 23, 59), (2027, 1, 1, 7, 0)),
    ],
)
def test_daily_is_the_next_morning_at_seven_by_the_clock(now: tuple[int, ...], then: tuple[int, ...]) -> None:
    found = mail_after("daily", timezone.make_aware(datetime(*now)))  # type: ignore[arg-type]
    assert found == timezone.make_aware(datetime(*then))  # type: ignore[arg-type]


def test_nothing_goes_out_before_it_is_due_nor_twice(cast: Cast) -> None:
    news(cast)
    assert send_due() == 0
    assert send_due(later()) == 1
    assert send_due(later(60)) == 0
    assert len(mail.outbox) == 1


def test_one_mail_collects_everything_of_a_day_by_workbook(cast: Cast) -> None:
    choose(cast, "daily", language="en")
    with unscoped():
        Membership.objects.create(
            administration=cast.other_administration, user=cast.people["contributor"], role="viewer"
        )
    news(cast, NewsKind.COMMENT, section_id="A.3", text="Eerste")
    news(cast, NewsKind.ASSIGNED, section_id="A.1", text="2030-12-03")
    with scope(cast.other_administration.pk):
        person = User.objects.get(pk=cast.people["contributor"].pk)
        tell(cast.other_workbook, NewsKind.REPLY, [person], cast.outsider, section_id="A.0", text="Ginder")
    assert send_due(later(5)) == 0
    assert send_due(later(60 * 25)) == 1
    (sent,) = mail.outbox
    assert sent.to == ["contributor@kastelbeke.example.test"]
    assert sent.subject == "Editor gave you a section: by 3 December 2030 (and 2 more)"
    body = str(sent.body)
    assert body.index("Gemeente Kastelbeke") < body.index("Eerste") < body.index("Gemeente Duinrode")
    assert body.index("Gemeente Duinrode") < body.index("Ginder")
    links = re.findall(r"https?://\S+", body)
    assert all(link.startswith("https://koers.example.be/") for link in links)
    assert len(re.findall(r"/news/\d+/", body)) == 3
    assert "https://koers.example.be/accounts/profile/#mail" in links


def test_each_person_reads_her_own_language(cast: Cast) -> None:
    choose(cast, "at-once", language="en")
    choose(cast, "at-once", "viewer", language="nl")
    news(cast, section_id="A.3")
    news(cast, section_id="A.3", who="viewer")
    assert send_due(later()) == 2
    sections = [str(each.body) for each in mail.outbox]
    assert "A.3 Digital leadership" in sections[0]
    assert "A.3 Digitaal leiderschap" in sections[1]


def test_hostile_words_do_not_reach_a_header_nor_make_a_line(cast: Cast) -> None:
    editor = cast.people["editor"]
    editor.name = "Ed\nBcc: x@example.test"
    editor.save()
    news(cast, text="mooi\r\nBcc: y@example.test\n\n-- \nhttps://phish.example.test")
    assert send_due(later()) == 1
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert "Bcc" not in sent.message()
    assert "\nhttps://phish" not in str(sent.body)


# To whom not


@pytest.mark.parametrize("reason", ["read", "left", "inactive", "never", "deleted"])
def test_what_concerns_her_no_more_is_not_mailed(cast: Cast, reason: str) -> None:
    told = news(cast)
    person = cast.people["contributor"]
    with unscoped():
        if reason == "read":
            cast.client("contributor").get(f"/news/{told.pk}/")
        elif reason == "left":
            Membership.objects.filter(user=person).delete()
        elif reason == "inactive":
            User.objects.filter(pk=person.pk).update(is_active=False)
        elif reason == "never":
            choose(cast, "never")
        else:
            Workbook.objects.filter(pk=cast.workbook.pk).update(deleted_at=timezone.now())
    assert send_due(later()) == 0
    assert send_due(later(60)) == 0
    assert mail.outbox == []


# Once


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_never_mail_the_same_twice(cast: Cast) -> None:
    for _number in range(6):
        for who in ("lead", "contributor", "viewer"):
            news(cast, who=who)
    barrier = threading.Barrier(4)
    counts: list[int] = []

    def send() -> None:
        try:
            barrier.wait()
            counts.append(send_due(later()))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 3
    assert sorted(str(each.to[0]).split("@")[0] for each in mail.outbox) == ["contributor", "lead", "viewer"]


def test_the_claim_of_a_process_that_died_ends(cast: Cast) -> None:
    told = news(cast)
    moment = later()
    with unscoped():
        Notification.objects.filter(pk=told.pk).update(claimed_at=moment)
    assert send_due(moment + timedelta(minutes=1)) == 0
    assert send_due(moment + CLAIM_LASTS + timedelta(seconds=1)) == 1


# When the mail server fails


class Server:
    """A mail server that fails when it is told to."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.tries = 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    send: Callable[..., int] = EmailBackend.send_messages

    def may_fail(self: EmailBackend, messages: Any) -> int:
        server.tries += 1
        if server.error:
            raise server.error
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", may_fail)
    return server


def test_a_server_that_fails_gets_it_later_with_a_growing_pause(cast: Cast, server: Server) -> None:
    told = news(cast)
    server.error = ConnectionRefusedError()
    moment = later()
    pauses = []
    for _try in range(12):
        assert send_due(moment) == 0
        with unscoped():
            told.refresh_from_db()
        assert told.mail_after
        pauses.append(told.mail_after - moment)
        assert send_due(told.mail_after - timedelta(seconds=1)) == 0
        moment = told.mail_after
    assert server.tries == 12
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    server.error = None
    assert send_due(moment) == 1


def test_without_a_server_the_others_wait_too(cast: Cast, server: Server) -> None:
    news(cast)
    news(cast, who="viewer")
    server.error = TimeoutError()
    assert send_due(later()) == 0
    assert server.tries == 1
    server.error = None
    assert send_due(later(5)) == 2


def test_an_address_that_is_refused_does_not_keep_the_others(cast: Cast, server: Server) -> None:
    news(cast)
    news(cast, who="viewer")
    server.error = smtplib.SMTPRecipientsRefused({})
    send_due(later())
    assert server.tries == 2


# Late


def test_who_is_late_hears_it_once_for_each_date(scoped: Cast) -> None:
    contributor = scoped.people["contributor"]
    section = scoped.workbook.edition.sections["A.1"]
    yesterday = timezone.localdate() - timedelta(days=1)
    assign_section(scoped.workbook, section, contributor, yesterday, scoped.lead)
    Task.objects.create(
        administration=scoped.administration, workbook=scoped.workbook, section_id="A.3", title="Bel de provincie",
        owner=contributor, due=yesterday,
    )  # fmt: skip
    for _time in range(3):
        send_due()
    late = Notification.objects.filter(kind=NewsKind.LATE).order_by("pk")
    assert [(each.section_id, each.task_id is not None) for each in late] == [("A.1", False), ("A.3", True)]
    assign_section(scoped.workbook, section, contributor, yesterday - timedelta(days=3), scoped.lead)
    send_due()
    assert late.all().count() == 3


def test_nobody_is_late_with_what_is_done_agreed_or_due_today(scoped: Cast) -> None:
    section = scoped.workbook.edition.sections["A.0"]
    today = timezone.localdate()
    shared: dict[str, Any] = {
        "administration": scoped.administration, "workbook": scoped.workbook, "section_id": "A.3",
        "owner": scoped.people["editor"], "title": "x",
    }  # fmt: skip
    Task.objects.create(**shared, due=today)
    Task.objects.create(**shared, due=today - timedelta(days=1), done_at=timezone.now())
    Task.objects.create(**shared, due=today - timedelta(days=1), deleted_at=timezone.now())
    Task.objects.create(**{**shared, "owner": scoped.outsider}, due=today - timedelta(days=1))
    assign_section(scoped.workbook, section, scoped.people["editor"], today - timedelta(days=1), scoped.lead)
    for field in section.fields:
        Answer.objects.create(
            administration=scoped.administration, workbook=scoped.workbook, field_key=field.key, answered=True,
            standing="agreed",
        )  # fmt: skip
    send_due()
    assert Notification.objects.filter(kind=NewsKind.LATE).count() == 0


# No more mail


def test_one_click_without_signing_in_ends_mail(cast: Cast) -> None:
    news(cast)
    send_due(later())
    (sent,) = mail.outbox
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in str(sent.body)
    path = link.removeprefix("https://koers.example.be")
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    assert page.status_code == 200
    assert User.objects.get(pk=cast.people["contributor"].pk).mail == "at-once"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert User.objects.get(pk=cast.people["contributor"].pk).mail == "never"
    assert User.objects.get(pk=cast.lead.pk).mail == "at-once"
    news(cast)
    assert send_due(later(10)) == 0


def test_a_token_that_was_changed_is_nothing(cast: Cast) -> None:
    token = stop_token(cast.lead)
    for wrong in ("x", token[:-1], f"{token}x", token.replace(":", "")):
        assert Client().post(f"/mail/stop/{wrong}/").status_code == 404
    assert User.objects.get(pk=cast.lead.pk).mail == "at-once"


def test_the_profile_offers_the_choice(cast: Cast) -> None:
    client = cast.client("lead")
    assert 'name="mail" value="daily"' in client.get("/accounts/profile/").content.decode()
    form = {"name": "Lea", "language": "en"}
    assert client.post("/accounts/profile/", {**form, "mail": "daily"}).status_code == 302
    assert User.objects.get(pk=cast.lead.pk).mail == "daily"
    assert client.post("/accounts/profile/", {**form, "mail": "hourly"}).status_code == 422
    assert client.post("/accounts/profile/", form).status_code == 302
    assert User.objects.get(pk=cast.lead.pk).mail == "daily"


# Who sends


def test_the_command_sends_what_is_due(cast: Cast) -> None:
    told = news(cast)
    with unscoped():
        Notification.objects.filter(pk=told.pk).update(mail_after=timezone.now() - SOON)
    result = CliRunner().invoke(main, ["mail"])
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "Mails sent: 1.")


@pytest.mark.django_db(transaction=True)
def test_a_process_that_serves_sends_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koers.workbook.mailing.EVERY_SECONDS", 0.01)
    told = news(cast)
    with unscoped():
        Notification.objects.filter(pk=told.pk).update(mail_after=timezone.now() - SOON)
    done = threading.Event()

    def send_and_say() -> None:
        send_due()
        done.set()

    monkeypatch.setattr("koers.workbook.mailing.send_due", send_and_say)
    mailer = Mailer()
    mailer.start()
    assert done.wait(10)
    mailer.stop()
    assert len(mail.outbox) == 1
