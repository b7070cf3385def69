"""Mail to people outside the workbook: their personal link, and a reminder before the day on which answers are due."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from koers.assessment.actions.respondents import REMIND_AT_MOST_EVERY, claim_reminder
from koers.assessment.links import known_secret
from koers.assessment.models import Respondent
from koers.assessment.queries.respondents import minutes_for, questions_of
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from koers.workbook.mailing import absolute

logger = logging.getLogger(__name__)

REMIND_DAYS_BEFORE: Final = 3
_RESTS: Final = "koers.assessment.reminders-rest"
_REST_SECONDS: Final = 600


def link_address(secret: str) -> str:
    """The personal link as it stands in a mail."""
    return absolute(reverse("answer_link", args=[secret]))


def _send(respondent: Respondent, secret: str, template: str, sender: User | None) -> bool:
    """False when the mail server refused it or was not there."""
    measurement = respondent.measurement
    stop = absolute(reverse("stop_reminders", args=[secret]))
    context = {
        "respondent": respondent,
        "administration": measurement.workbook.administration,
        "measurement": measurement,
        "sender": sender,
        "link": link_address(secret),
        "minutes": minutes_for(questions_of(respondent)),
        "stop": stop,
    }
    with translation.override(respondent.language or None):
        subject = render_to_string(f"assessment/mail/{template}_subject.txt", context)
        body = render_to_string(f"assessment/mail/{template}_message.txt", context)
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMessage(" ".join(subject.split())[:200], body.strip() + "\n", to=[respondent.email], headers=headers)
    try:
        message.send()
    except OSError:
        logger.exception("A link to answer could not be mailed.")
        return False
    return True


def mail_link(respondent: Respondent, secret: str, sender: User) -> bool:
    """Mail her the link, at the request of the sender."""
    return bool(respondent.email) and _send(respondent, secret, "link", sender)


def mail_reminder(respondent: Respondent, sender: User | None, now: datetime | None = None) -> bool | None:
    """Remind her of her link. None when she may not be reminded now, or her link cannot be made anew; False when the
    mail could not be sent, and it does not count."""
    secret, before = known_secret(respondent), respondent.reminded_at
    if secret is None or not respondent.email or not claim_reminder(respondent, now or timezone.now()):
        return None
    if _send(respondent, secret, "reminder", sender):
        return True
    Respondent.objects.filter(pk=respondent.pk).update(reminded_at=before)
    return False


def send_reminders(now: datetime | None = None) -> int:
    """Remind who did not finish, once, some days before her answers are due. Returns how many mails went out.

    Any number of processes may do so at the same time: each mails what it claimed. When a mail fails, all rest a while.
    """
    moment = now or timezone.now()
    if cache.get(_RESTS):
        return 0
    sent = 0
    with unscoped():
        for each in _waiting(moment):
            outcome = mail_reminder(each, each.measurement.created_by, moment)
            sent += outcome is True
            if outcome is False:
                cache.set(_RESTS, True, _REST_SECONDS)
                break
    return sent


def _waiting(now: datetime) -> list[Respondent]:
    """Whose answers are due within some days, and who was not reminded since those days began."""
    today = timezone.localdate(now)
    found = (
        Respondent.objects.filter(
            due__gte=today, due__lte=today + timedelta(days=REMIND_DAYS_BEFORE), finished_at=None, withdrawn_at=None,
            invited_at__lte=now - REMIND_AT_MOST_EVERY, digest__isnull=False, workshop=None,
            measurement__closed_at=None, measurement__workbook__deleted_at=None,
        )
        .exclude(email="")
        .select_related("measurement__workbook__administration", "measurement__created_by")
        .order_by("pk")
    )  # fmt: skip
    return [
        each
        for each in found
        if each.reminded_at is None
        or (each.due and timezone.localdate(each.reminded_at) < each.due - timedelta(days=REMIND_DAYS_BEFORE))
    ]
