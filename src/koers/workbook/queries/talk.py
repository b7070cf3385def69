"""What is said about the work: threads, conversations with colleagues and tasks, of one workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from koers.editions.structure import Field, Section, Words
from koers.organisations.models import User
from koers.organisations.queries import members_of
from koers.workbook.mentions import named_in
from koers.workbook.models import Answer, Comment, Conversation, Mention, Task, Thread, Workbook

Shown = Literal["open", "resolved", "mine"]


@dataclass(frozen=True)
class Place:
    """What is talked about: a section, or a field of it."""

    section: Section
    field: Field | None = None

    @property
    def field_key(self) -> str:
        return self.field.key if self.field else ""

    @property
    def query(self) -> str:
        """How an address names it."""
        return urlencode({"field": self.field.key} if self.field else {"section": self.section.id}, safe="/")

    @property
    def anchor(self) -> str:
        return f"#{self.field.anchor}" if self.field else ""

    @property
    def title(self) -> Words:
        return self.field.short if self.field else self.section.title

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return self.field_key or self.section.id


def place_at(workbook: Workbook, section_id: str, field_key: str = "") -> Place | None:
    """The place that keys name, None when the edition has no such place. A field tells its section."""
    edition = workbook.edition
    field = edition.fields.get(field_key) if field_key else None
    if field_key and field is None:
        return None
    section = edition.sections.get(field.section if field else section_id)
    return Place(section, field) if section else None


@dataclass(frozen=True)
class Reader:
    """Who looks, and so what she may change: her own, and as a lead everything."""

    person: User
    leads: bool

    def owns(self, *people: int | None) -> bool:
        return self.person.pk in people

    def may_change(self, *people: int | None) -> bool:
        return self.leads or self.owns(*people)


@dataclass(frozen=True)
class CommentView:
    """A comment as a page shows it. Of a deleted one the text stays away. `called`: whose attention was called without
    naming them in the text; `names`: who was named in it."""

    pk: int
    author: str
    at: datetime
    edited: bool
    body: str
    names: tuple[str, ...]
    called: tuple[str, ...]
    deleted: bool
    deleted_by: str
    is_own: bool
    may_change: bool


@dataclass(frozen=True)
class ThreadView:
    """A talk with its comments, the oldest first."""

    pk: int
    place: Place
    quote: str
    began_at: datetime
    comments: tuple[CommentView, ...]
    resolved_at: datetime | None
    resolved_by: str

    @property
    def state(self) -> str:
        """``open``, ``resolved``, or ``deleted`` when nothing of it is left."""
        if all(comment.deleted for comment in self.comments):
            return "deleted"
        return "resolved" if self.resolved_at else "open"

    @property
    def first(self) -> CommentView:
        """What it began with, of what is left."""
        return next((comment for comment in self.comments if not comment.deleted), self.comments[0])

    @property
    def last(self) -> CommentView:
        return self.comments[-1]

    @property
    def replies(self) -> int:
        return sum(not comment.deleted for comment in self.comments) - 1


@dataclass(frozen=True)
class ConversationView:
    """A talk with colleagues, away from the screen."""

    pk: int
    with_whom: str
    day: date
    outcome: str
    by: str
    deleted: bool
    deleted_by: str
    may_change: bool


@dataclass(frozen=True)
class TaskView:
    """Something to do."""

    pk: int
    place: Place
    title: str
    owner: str
    due: date | None
    late: bool
    done_at: datetime | None
    done_by: str
    deleted: bool
    is_mine: bool
    may_change: bool

    @property
    def state(self) -> str:
        """``open``, ``done`` or ``deleted``."""
        return "deleted" if self.deleted else "done" if self.done_at else "open"


@dataclass(frozen=True)
class Elsewhere:
    """A field of the section with open threads of its own."""

    place: Place
    threads: int


@dataclass(frozen=True)
class SectionTalk:
    """How much there is about a section as a whole."""

    threads: int
    conversations: int


def colleagues(workbook: Workbook) -> list[User]:
    """The members, who can be named and given tasks. One query."""
    return [member.user for member in members_of(workbook.administration)]


def _left() -> Exists:
    return Exists(Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None))


def open_threads(workbook: Workbook) -> QuerySet[Thread]:
    """The threads that nobody resolved and of which something is left."""
    return Thread.objects.filter(_left(), workbook=workbook, resolved_at=None)


def open_threads_by_section(workbook: Workbook) -> dict[str, int]:
    """How many threads are open in each section that has any, its fields included. One query."""
    rows = open_threads(workbook).order_by().values_list("section_id").annotate(threads=Count("pk"))
    return dict(rows)


def _with_comments(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    mentions = Mention.objects.select_related("person").order_by("pk")
    comments = Comment.objects.select_related("author", "deleted_by").prefetch_related(Prefetch("mentions", mentions))
    return threads.select_related("resolved_by").prefetch_related(Prefetch("comments", comments))


def threads_at(workbook: Workbook, place: Place, reader: Reader) -> list[ThreadView]:
    """What is said about a field, or about a section as a whole; the newest thread first. Three queries."""
    threads = Thread.objects.filter(workbook=workbook, section_id=place.section.id, field_key=place.field_key)
    return views_of(workbook, _with_comments(threads.order_by("-created_at", "-pk")), reader)


def all_threads(workbook: Workbook, reader: Reader, shown: Shown, section_id: str = "") -> QuerySet[Thread]:
    """The threads of a workbook, the newest first: open, resolved, or those in which the reader takes part."""
    threads = Thread.objects.filter(_left(), workbook=workbook)
    if shown == "mine":
        said = Comment.objects.filter(thread=OuterRef("pk"), author=reader.person, deleted_at=None)
        named = Mention.objects.filter(comment__thread=OuterRef("pk"), comment__deleted_at=None, person=reader.person)
        threads = threads.filter(Exists(said) | Exists(named))
    else:
        threads = threads.filter(resolved_at__isnull=shown == "open")
    if section_id:
        threads = threads.filter(section_id=section_id)
    return _with_comments(threads.order_by("-created_at", "-pk"))


def views_of(workbook: Workbook, threads: Iterable[Thread], reader: Reader) -> list[ThreadView]:
    """Threads, read with their comments, as a page shows them."""
    found = []
    for thread in threads:
        place = place_at(workbook, thread.section_id, thread.field_key)
        comments = tuple(_comment_view(comment, reader) for comment in thread.comments.all())
        if place and comments:
            found.append(
                ThreadView(
                    thread.pk, place, thread.quote, thread.created_at, comments,
                    thread.resolved_at, str(thread.resolved_by or ""),
                )
            )  # fmt: skip
    return found


def _comment_view(comment: Comment, reader: Reader) -> CommentView:
    deleted = comment.deleted_at is not None
    people = [mention.person for mention in comment.mentions.all()]
    named = named_in(comment.body, people)
    return CommentView(
        pk=comment.pk,
        author=str(comment.author or ""),
        at=comment.at,
        edited=comment.edited_at is not None,
        body="" if deleted else comment.body,
        names=tuple(str(person) for person in named),
        called=tuple(str(person) for person in people if person not in named),
        deleted=deleted,
        deleted_by=str(comment.deleted_by or ""),
        is_own=reader.owns(comment.author_id),
        may_change=reader.may_change(comment.author_id),
    )


def elsewhere_in(workbook: Workbook, section: Section) -> list[Elsewhere]:
    """The fields of a section with open threads, in the order of the page. One query."""
    keys = [field.key for field in section.fields]
    rows = Answer.objects.filter(workbook=workbook, field_key__in=keys, threads__gt=0)
    open_there = dict(rows.values_list("field_key", "threads"))
    return [
        Elsewhere(Place(section, field), open_there[field.key]) for field in section.fields if field.key in open_there
    ]


def conversations_of(workbook: Workbook, section: Section, reader: Reader) -> list[ConversationView]:
    """The conversations about a section, the latest first. A deleted one only for who can put it back. One query."""
    rows = Conversation.objects.filter(workbook=workbook, section_id=section.id).select_related("by", "deleted_by")
    return [
        ConversationView(
            pk=each.pk,
            with_whom=each.with_whom,
            day=each.day,
            outcome=each.outcome,
            by=str(each.by or ""),
            deleted=each.deleted_at is not None,
            deleted_by=str(each.deleted_by or ""),
            may_change=reader.may_change(each.by_id),
        )
        for each in rows
        if each.deleted_at is None or reader.may_change(each.by_id)
    ]


@dataclass(frozen=True)
class TaskList:
    """Tasks: the open ones by date, what is done the latest first, and what was deleted and can be put back."""

    tasks: tuple[TaskView, ...]

    @cached_property
    def open(self) -> list[TaskView]:
        return [task for task in self.tasks if task.state == "open"]

    @cached_property
    def done(self) -> list[TaskView]:
        done = [task for task in self.tasks if task.state == "done"]
        return sorted(done, key=lambda task: task.done_at or datetime.min, reverse=True)

    @cached_property
    def deleted(self) -> list[TaskView]:
        return [task for task in self.tasks if task.state == "deleted" and task.may_change]


def tasks_at(workbook: Workbook, place: Place, reader: Reader) -> TaskList:
    """The tasks of a field, or of a section as a whole. One query."""
    return _task_list(workbook, Q(section_id=place.section.id, field_key=place.field_key), reader)


def tasks_in(workbook: Workbook, reader: Reader, *, mine: bool = False) -> TaskList:
    """The tasks of a workbook. One query."""
    return _task_list(workbook, Q(owner=reader.person) if mine else Q(), reader)


def _task_list(workbook: Workbook, which: Q, reader: Reader) -> TaskList:
    today = timezone.localdate()
    rows = Task.objects.filter(which, workbook=workbook).select_related("owner", "done_by")
    found = []
    for task in rows.order_by(F("due").asc(nulls_last=True), "pk"):
        place = place_at(workbook, task.section_id, task.field_key)
        if place is None:
            continue
        found.append(
            TaskView(
                pk=task.pk,
                place=place,
                title=task.title,
                owner=str(task.owner or ""),
                due=task.due,
                late=task.due is not None and task.due < today,
                done_at=task.done_at,
                done_by=str(task.done_by or ""),
                deleted=task.deleted_at is not None,
                is_mine=reader.owns(task.owner_id),
                may_change=reader.may_change(task.owner_id, task.created_by_id),
            )
        )
    return TaskList(tuple(found))
