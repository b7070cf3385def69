"""Mail to people outside the workbook: the link at once, one reminder before the day, never more than one a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.closing import close_measurement
from koers.assessment.actions.measuring import create_measurement, give_answers
from koers.assessment.actions.respondents import NewPerson, add_respondents, finish, withdraw_respondent
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.mailing import mail_link, mail_reminder, send_reminders
from koers.assessment.models import Measurement, Respondent
from koers.kit.tenancy import scope
from koers.workbook.mailing import Mailer

NO_SERVER = "django.core.mail.backends.smtp.EmailBackend"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def rested() -> None:
    cache.clear()


@pytest.fixture
def measurement(cast: Cast) -> Iterator[Measurement]:
    with scope(cast.administration.pk):
        yield create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "Baseline", ["B.4.1"], cast.lead)


def asked(cast: Cast, measurement: Measurement, *, days: int | None = 10, **more: Any) -> tuple[Respondent, str]:
    due = None if days is None else timezone.localdate() + days * DAY
    options: dict[str, Any] = {"language": "en", "questions": None, **more}
    (each,) = add_respondents(
        measurement, [NewPerson("An", "an@example.test")], cast.lead, by_link=True, due=due, **options
    )
    return each.respondent, each.secret


@override_settings(KOERS_URL="https://koers.example.test")
def test_the_link_is_mailed_with_what_it_is_about(cast: Cast, measurement: Measurement) -> None:
    who, secret = asked(cast, measurement)
    assert mail_link(who, secret, cast.lead) is True
    (sent,) = mail.outbox
    assert sent.to == ["an@example.test"]
    assert sent.subject == "Your view on the digital course of Gemeente Kastelbeke"
    for words in ("Hello An,", "Lead asks for your view", "“Baseline”", f"https://koers.example.test/r/{secret}/",
                  "It takes about 5 minutes."):  # fmt: skip
        assert words in sent.body
    assert sent.extra_headers["List-Unsubscribe"] == f"<https://koers.example.test/r/{secret}/no-mail/>"


def test_it_is_in_the_language_of_who_is_asked(cast: Cast, measurement: Measurement) -> None:
    who, secret = asked(cast, measurement, language="nl")
    who.due = date(2026, 12, 3)
    mail_link(who, secret, cast.lead)
    assert "3 december 2026" in mail.outbox[0].body


def test_a_reminder_goes_once_some_days_before_the_day(cast: Cast, measurement: Measurement) -> None:
    _who, secret = asked(cast, measurement, days=10)
    now = timezone.now()
    sent = [send_reminders(now + day * DAY) for day in range(13)]
    assert sent == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert f"/r/{secret}/" in mail.outbox[0].body
    assert mail.outbox[0].subject.startswith("Reminder:")
    assert Client().get(f"/r/{secret}/").status_code == 200


def test_who_got_the_link_today_is_not_reminded_today(cast: Cast, measurement: Measurement) -> None:
    asked(cast, measurement, days=2)
    now = timezone.now()
    assert (send_reminders(now), send_reminders(now + DAY)) == (0, 1)


def test_by_hand_at_most_one_a_day(cast: Cast, measurement: Measurement) -> None:
    who, _secret = asked(cast, measurement, days=None)
    now = timezone.now()
    assert [mail_reminder(who, cast.lead, now + hours * timedelta(hours=1)) for hours in (0, 1, 23, 24)] == [
        True, None, None, True,
    ]  # fmt: skip


def test_a_reminder_by_hand_within_those_days_is_the_one(cast: Cast, measurement: Measurement) -> None:
    who, _secret = asked(cast, measurement, days=10)
    now = timezone.now()
    assert mail_reminder(who, cast.lead, now + 7 * DAY) is True
    assert [send_reminders(now + day * DAY) for day in (7, 8, 9, 10)] == [0, 0, 0, 0]


def test_who_is_done_gone_or_silent_hears_nothing(cast: Cast, measurement: Measurement) -> None:
    later = timezone.now() + 8 * DAY
    for end in (
        lambda who: finish(who),
        lambda who: withdraw_respondent(who, cast.lead, keep_answers=True),
        lambda who: Respondent.objects.filter(pk=who.pk).update(email=""),
    ):
        who, _secret = asked(cast, measurement)
        end(who)
        assert (
            mail_reminder(Respondent.objects.select_related("measurement__workbook").get(pk=who.pk), None, later)
            is None
        )
    give_answers(asked(cast, measurement)[0], {"B.4.1/1": {"choice": 1}})
    close_measurement(measurement, cast.lead)
    assert send_reminders(later) == 0
    assert mail.outbox == []


def test_one_click_ends_the_mail_and_not_the_link(cast: Cast, measurement: Measurement) -> None:
    who, secret = asked(cast, measurement)
    visitor = Client(enforce_csrf_checks=True)
    done = visitor.post(f"/r/{secret}/no-mail/", {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert Respondent.objects.get(pk=who.pk).email == ""
    assert send_reminders(timezone.now() + 8 * DAY) == 0
    assert visitor.get(f"/r/{secret}/").status_code == 200


def test_a_failing_server_loses_no_reminder_and_is_left_alone_a_while(cast: Cast, measurement: Measurement) -> None:
    who, _secret = asked(cast, measurement)
    then = timezone.now() + 8 * DAY
    with override_settings(EMAIL_BACKEND=NO_SERVER, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        assert send_reminders(then) == 0
    assert Respondent.objects.get(pk=who.pk).reminded_at is None
    assert send_reminders(then) == 0
    cache.clear()
    assert send_reminders(then) == 1


def test_the_page_says_when_the_link_could_not_be_mailed(cast: Cast, measurement: Measurement) -> None:
    url = f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/respondents/new/"
    person = {"way": "link", "which": "all", "name-0": "An", "email-0": "an@example.test", "role-0": "it"}
    with override_settings(EMAIL_BACKEND=NO_SERVER, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        page = cast.client("editor").post(url, person)
    assert "The mail to an@example.test could not be sent. Pass the link on yourself." in page.content.decode()


def test_another_key_of_the_installation_makes_no_wrong_link(cast: Cast, measurement: Measurement) -> None:
    who, secret = asked(cast, measurement)
    with override_settings(SECRET_KEY="another"):
        assert mail_reminder(who, cast.lead) is None
    assert Client().get(f"/r/{secret}/").status_code == 200
    assert mail.outbox == []


def test_the_thread_of_mail_sends_what_the_apps_above_have(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koers.workbook.mailing.EVERY_SECONDS", 0.01)
    monkeypatch.setattr("koers.workbook.mailing.send_due", lambda: 1 / 0)
    heard = Event()
    mailer = Mailer(heard.set)
    mailer.start()
    assert heard.wait(5)
    mailer.stop()
