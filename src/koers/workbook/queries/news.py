"""The news of a person: what concerns her, in the administrations where she is a member now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.editions.structure import Field, Section
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from koers.workbook.models import NewsKind, Notification, Workbook, round_words

PAGE: Final = 50

# In the order in which they name a mail: what asks something of her first.
_SENTENCES: Final[Mapping[str, Promise]] = {
    NewsKind.MENTION: gettext_lazy("%(name)s named you"),
    NewsKind.CONFLICT: gettext_lazy("%(name)s and you changed the same words"),
    NewsKind.LATE: gettext_lazy("The date has passed"),
    NewsKind.ASSIGNED: gettext_lazy("%(name)s gave you a section"),
    NewsKind.TASK: gettext_lazy("%(name)s gave you a task"),
    NewsKind.REPLY: gettext_lazy("%(name)s replied"),
    NewsKind.COMMENT: gettext_lazy("%(name)s commented"),
    NewsKind.RESOLVED: gettext_lazy("%(name)s resolved a talk"),
    NewsKind.ROUND: gettext_lazy("%(name)s closed the round"),
}
WEIGHTS: Final = {kind: weight for weight, kind in enumerate(_SENTENCES)}
_DATED: Final = {NewsKind.ASSIGNED.value, NewsKind.LATE.value}


@dataclass(frozen=True)
class NewsItem:
    """A piece of news as pages and mails tell it."""

    pk: int
    kind: str
    actor: str
    workbook: Workbook
    section: Section | None
    field: Field | None
    thread_id: int | None
    task_id: int | None
    task: str
    text: str
    at: datetime
    is_read: bool

    @property
    def sentence(self) -> str:
        """Who did what."""
        return str(_SENTENCES[self.kind]) % {"name": self.actor or _("Somebody")}

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def place(self) -> str:
        """Where: the section, or the whole workbook."""
        return f"{self.section.id} {self.section.title}" if self.section else str(self.workbook)

    @property
    def due(self) -> date | None:
        """The date that it tells of."""
        return date.fromisoformat(self.text) if self.kind in _DATED and self.text else None

    @property
    def words(self) -> str:
        """What it is about: the first words of a comment, the title of a task, the date of a section, the round."""
        if self.task:
            return self.task
        if self.kind == NewsKind.CONFLICT:
            return str(self.field.short) if self.field else ""
        if self.kind == NewsKind.ROUND:
            number, _space, name = self.text.partition(" ")
            return round_words(name, int(number)) if number.isdecimal() else self.text
        if self.kind in _DATED:
            return _("by %(date)s") % {"date": formats.date_format(self.due, "j F Y")} if self.due else ""
        return " ".join(self.text.split())


@dataclass(frozen=True)
class NewsPage:
    """Some news, the newest first; `before` is where the next page begins, None on the last one."""

    items: tuple[NewsItem, ...]
    before: int | None


def items_of(rows: Iterable[Notification]) -> tuple[NewsItem, ...]:
    """Rows, read with `with_places`, as pages tell them."""
    return tuple(
        NewsItem(
            pk=row.pk,
            kind=row.kind,
            actor=str(row.actor) if row.actor else "",
            workbook=row.workbook,
            section=row.workbook.edition.sections.get(row.section_id),
            field=row.workbook.edition.fields.get(row.field_key),
            thread_id=row.thread_id,
            task_id=row.task_id,
            task=row.task.title if row.task else "",
            text=row.text,
            at=row.at,
            is_read=row.read_at is not None,
        )
        for row in rows
    )


def with_places(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """The same rows with what `items_of` needs of others."""
    return rows.select_related("actor", "task", "workbook__administration")


def visible_to(user: User) -> QuerySet[Notification]:
    """Her news in workbooks that she may open now. Call it within a scope."""
    return Notification.objects.filter(
        recipient=user, administration__memberships__user=user, workbook__deleted_at=None
    )


def news_of(user: User, before: int | None = None) -> NewsPage:
    """Her news, the newest first, a page at a time. One query."""
    with unscoped():
        rows = visible_to(user)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = list(with_places(rows).order_by("-pk")[: PAGE + 1])
    items = items_of(found[:PAGE])
    return NewsPage(items, items[-1].pk if len(found) > PAGE else None)


def one_news(user: User, pk: int) -> NewsItem | None:
    """One piece of her news, if it is hers and she may still open its workbook."""
    with unscoped():
        return next(iter(items_of(with_places(visible_to(user)).filter(pk=pk))), None)


def unread_news(user: User) -> int:
    """How much of her news she did not read. One query."""
    with unscoped():
        return visible_to(user).filter(read_at=None).count()


def asked_of(user: User, kinds: Iterable[str], limit: int = 50) -> dict[UUID, list[NewsItem]]:
    """Unread news of some kinds, by workbook. One query; call it within a scope."""
    rows = with_places(visible_to(user)).filter(read_at=None, kind__in=list(kinds)).order_by("-pk")[:limit]
    found: dict[UUID, list[NewsItem]] = {}
    for item in items_of(rows):
        found.setdefault(item.workbook.pk, []).append(item)
    return found
