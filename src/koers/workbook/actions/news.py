"""News for people: what concerns somebody, shown in the product and, as she chose, mailed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.utils import timezone

from koers.kit import events
from koers.organisations.models import MailChoice, Membership, User
from koers.workbook.models import NewsKind, Notification, Task, Thread, Workbook

# Long enough to take what follows at once into the same mail, short enough to be called at once.
SETTLING: Final = timedelta(seconds=60)


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
            mail_after=None if wanted[user_id].mail == MailChoice.NEVER else now + SETTLING,
        )
        for user_id in members.values_list("user_id", flat=True)
    ]  # fmt: skip
    Notification.objects.bulk_create(told)
    for each in told:
        events.publish(events.person_channel(each.recipient_id), "news", {"workbook": str(workbook.pk)})
    return told
