"""Mail about the work. The rows of the news are the queue (ADR 12): who takes them claims them first.

A claim lasts ten minutes. `claimed_at` is when a mail was last tried, `mail_after` when it may go: what failed gets a
later `mail_after`, which also ends its claim, and the pause between the two doubles every time.
"""

import logging
import smtplib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from koers.kit.tenancy import unscoped
from koers.organisations.models import MailChoice, Membership, User
from koers.workbook.late import tell_who_is_late
from koers.workbook.models import Notification, Workbook
from koers.workbook.queries.news import WEIGHTS, NewsItem, items_of, with_places

logger = logging.getLogger(__name__)

CLAIM_LASTS: Final = timedelta(minutes=10)
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
EVERY_SECONDS: Final = 15.0
_STOP_SALT: Final = "koers.mail.stop"


def stop_token(person: User) -> str:
    """What stands in the link that ends mail without signing in: it can do that and nothing else."""
    return signing.dumps(person.pk, salt=_STOP_SALT)


def person_of(token: str) -> int | None:
    """Whom such a token is of; None when it is not one of ours."""
    try:
        found = signing.loads(token, salt=_STOP_SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def absolute(path: str) -> str:
    """A link that works in a mail."""
    return f"{settings.KOERS_URL}{path}"


def send_due(now: datetime | None = None) -> int:
    """Send the mail that is due: one a person, with all her news that waits. Returns how many mails went out.

    Any number of processes may do so at the same time: each mails what it claimed.
    """
    moment = now or timezone.now()
    sent = 0
    with unscoped():
        tell_who_is_late(moment)
        server = get_connection()
        for person_id in list(_due(moment).order_by("recipient").values_list("recipient", flat=True).distinct()):
            claimed = _claim(person_id, moment)
            if not claimed:
                continue
            outcome = _mail(claimed, moment, server)
            sent += outcome is _SENT
            if outcome is _NO_SERVER:
                break
    return sent


def _due(now: datetime) -> QuerySet[Notification]:
    """What is to be mailed now and claimed by nobody."""
    free = (
        Q(claimed_at=None) | Q(claimed_at__lt=F("mail_after")) | Q(claimed_at__lt=now - CLAIM_LASTS)
    )  # fmt: skip
    return Notification.objects.filter(free, mail_after__lte=now, mailed_at=None, read_at=None)


@dataclass(frozen=True)
class _Claimed:
    """The rows of one person that are ours, and how long they waited since they were tried last."""

    pks: Sequence[int]
    pause: timedelta


def _claim(person_id: int, now: datetime) -> _Claimed | None:
    """Take all that is due of a person, unless another process did."""
    with transaction.atomic():
        rows = _due(now).filter(recipient_id=person_id).select_for_update(skip_locked=True)
        found = list(rows.values_list("pk", "claimed_at", "mail_after"))
        pks = [pk for pk, _claimed, _after in found]
        _due(now).filter(pk__in=pks).update(claimed_at=now)
    waited = [after - claimed for _pk, claimed, after in found if claimed and after and claimed < after]
    return _Claimed(pks, max(waited, default=timedelta())) if pks else None


_SENT: Final = "sent"
_NOTHING: Final = "nothing"
_FAILED: Final = "failed"
_NO_SERVER: Final = "no server"


def _mail(claimed: _Claimed, now: datetime, server: BaseEmailBackend) -> str:
    """Mail what was claimed; what its recipient may not or does not want to hear any more is let go."""
    rows = Notification.objects.filter(pk__in=claimed.pks)
    member = Membership.objects.filter(user=OuterRef("recipient"), administration=OuterRef("administration"))
    wanted = rows.filter(Exists(member), recipient__is_active=True, read_at=None, workbook__deleted_at=None).exclude(
        recipient__mail=MailChoice.NEVER
    )
    news = list(with_places(wanted).select_related("recipient").order_by("pk"))
    rows.exclude(pk__in=[row.pk for row in news]).update(mail_after=None)
    if not news:
        return _NOTHING
    try:
        message = compose(news[0].recipient, items_of(news))
        message.connection = server
        message.send()
    except Exception as error:
        # Never lost, whatever went wrong: it waits, twice as long every time.
        logger.exception("Mail about the work could not be sent; it is tried again later.")
        pause = min(max(2 * claimed.pause, FIRST_PAUSE), LONGEST_PAUSE)
        rows.filter(mail_after__isnull=False).update(mail_after=now + pause)
        refused = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
        return _NO_SERVER if isinstance(error, OSError) and not refused else _FAILED
    rows.filter(mail_after__isnull=False).update(mailed_at=timezone.now())
    return _SENT


@dataclass(frozen=True)
class _Book:
    """The news of one workbook in a mail."""

    workbook: Workbook
    items: tuple[NewsItem, ...]


def compose(person: User, items: Sequence[NewsItem]) -> EmailMessage:
    """One mail with all of it, in her language; the subject names what matters most."""
    first, *rest = sorted(items, key=lambda item: (WEIGHTS[item.kind], -item.pk))
    books = {item.workbook.pk: item.workbook for item in items}
    stop = absolute(reverse("stop_mail", args=[stop_token(person)]))
    context = {
        "person": person,
        "first": first,
        "more": len(rest),
        "books": [_Book(book, tuple(item for item in items if item.workbook.pk == pk)) for pk, book in books.items()],
        "root": settings.KOERS_URL,
        "stop": stop,
    }
    with translation.override(person.language):
        subject = render_to_string("workbook/mail/news_subject.txt", context)
        body = render_to_string("workbook/mail/news_message.txt", context)
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(" ".join(subject.split())[:200], body.strip() + "\n", to=[person.email], headers=headers)


class Mailer:
    """A thread that sends the mail that is due, as long as the process serves; `others` do what apps above this one
    have to do in time: mail of their own, ending what was forgotten."""

    def __init__(self, *others: Callable[[], object]) -> None:
        self._others = others
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="koers-mailer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._stopping.set()
            # A mail server that does not answer must not keep the process from stopping.
            self._thread.join(timeout=5)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            for send in (send_due, *self._others):
                try:
                    connection.close_if_unusable_or_obsolete()
                    send()
                except Exception:
                    logger.exception("What is due could not be done: %s.", getattr(send, "__name__", send))
        connection.close()
