"""News for people: what concerns somebody, shown in the product and, as she chose, mailed."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from koers.kit import events
from koers.kit.tenancy import unscoped
from koers.organisations.models import MailChoice, Membership, User
from koers.workbook.models import NewsKind, Notification, Task, Thread, Workbook

# Long enough to take what follows at once into the same mail, short enough to be called at once.
SETTLING: Final = timedelta(seconds=60)
# When the mail goes out that takes a day together: before the working day begins.
DAILY: Final = time(7)


def mail_after(choice: str, now: datetime) -> datetime | None:
    """When news of now is mailed to somebody who chose so; None when it never is."""
    if choice == MailChoice.NEVER:
        return None
    if choice == MailChoice.AT_ONCE:
        return now + SETTLING
    local = timezone.localtime(now)
    day = local.date() if local.time() < DAILY else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, DAILY))


def tell(
    workbook: Workbook,
    kind: NewsKind,
    people: Iterable[User],
    actor: User | None,
    *,
    section_id: str = "",
    field_key: str = "",
    thread: Thread | None = None,
    task: Task | None = None,
    text: str = "",
) -> list[Notification]:
    """Tell people something, never the actor herself, nor who is no member (any more); call it within the deed's
    transaction and scope. Pages of who is told hear it on their own channel after the commit."""
    wanted = {person.pk: person for person in people if actor is None or person.pk != actor.pk}
    members = Membership.objects.filter(administration_id=workbook.administration_id, user_id__in=wanted)
    now = timezone.now()
    told = [
        Notification(
            administration_id=workbook.administration_id, workbook=workbook, recipient=wanted[user_id], kind=kind,
            actor=actor, section_id=section_id, field_key=field_key, thread=thread, task=task, text=text[:300], at=now,
            mail_after=mail_after(wanted[user_id].mail, now),
        )
        for user_id in members.values_list("user_id", flat=True)
    ]  # fmt: skip
    Notification.objects.bulk_create(told)
    for each in told:
        events.publish(events.person_channel(each.recipient_id), "news", {"workbook": str(workbook.pk)})
    return told


def read_news(person: User, pks: Iterable[int] | None = None) -> int:
    """Mark her news as read: some of it, or all. Returns how much that was. What was read is not mailed any more."""
    with unscoped():
        unread = Notification.objects.filter(recipient=person, read_at=None)
        if pks is not None:
            unread = unread.filter(pk__in=list(pks))
        return unread.update(read_at=timezone.now())


def stop_mail(person_id: int) -> None:
    """No mail about the work any more, for who asked so in a mail."""
    User.objects.filter(pk=person_id).update(mail=MailChoice.NEVER)
