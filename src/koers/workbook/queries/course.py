"""The route: how far each section and part is, what is late, and what comes next."""

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, F, Q, Value
from django.utils import timezone

from koers.editions.structure import Edition, Part, Section
from koers.kit.tenancy import scope
from koers.organisations.models import Administration
from koers.workbook.models import Answer, Assignment, Conversation, Standing, Task, Workbook
from koers.workbook.queries.talk import SectionTalk, open_threads


class FieldState(NamedTuple):
    """Where one field stands: whether it was answered, its mark, and what is open at it."""

    answered: bool
    standing: str = Standing.DRAFT
    conflicts: int = 0
    threads: int = 0

    @property
    def is_discussed(self) -> bool:
        return bool(self.threads or self.standing == Standing.DISCUSS)

    @property
    def is_open(self) -> bool:
        """Whether there is something to talk about: it is discussed, or two people wrote something else."""
        return bool(self.conflicts) or self.is_discussed

    @property
    def is_agreed(self) -> bool:
        return self.answered and self.standing == Standing.AGREED


FieldStates = Mapping[str, FieldState]


@dataclass(frozen=True)
class Progress:
    """How far a section, a part or a workbook is: fields answered and agreed of all fields, and places to discuss."""

    answered: int
    total: int
    agreed: int = 0
    discuss: int = 0

    @property
    def state(self) -> str:
        """``not-started``, ``under-way``, ``to-discuss``, ``complete`` or ``agreed``: the shape of the waypoint."""
        if self.discuss:
            return "to-discuss"
        if self.answered == 0:
            return "not-started"
        if self.answered < self.total:
            return "under-way"
        return "agreed" if self.agreed >= self.total else "complete"

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.answered + other.answered,
            self.total + other.total,
            self.agreed + other.agreed,
            self.discuss + other.discuss,
        )


@dataclass(frozen=True)
class Given:
    """To whom a section was given, and by when."""

    owner_id: int
    owner: str
    due: date | None
    late: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        return (self.owner, self.due, self.late)


@dataclass(frozen=True)
class Beside:
    """What stands beside the answers of a workbook, by section: to whom it was given, how many threads are open about
    it as a whole, how many conversations were noted, how many tasks are late."""

    given: Mapping[str, Given]
    talks: Mapping[str, int]
    conversations: Mapping[str, int]
    late_tasks: Mapping[str, int]

    def talk_about(self, section: Section) -> SectionTalk:
        """How much there is about a section as a whole."""
        return SectionTalk(self.talks.get(section.id, 0), self.conversations.get(section.id, 0))


@dataclass(frozen=True)
class SectionProgress:
    section: Section
    progress: Progress
    given: Given | None = None

    @property
    def state(self) -> str:
        """The state of the section; ``reading`` when there is nothing to answer, nor to discuss."""
        return self.progress.state if self.section.fields or self.progress.discuss else "reading"


@dataclass(frozen=True)
class PartProgress:
    part: Part
    progress: Progress
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True)
class Counts:
    """What needs somebody's eye: places that are late, to discuss, contested; fields that were agreed."""

    late: int
    discuss: int
    contested: int
    agreed: int


@dataclass(frozen=True)
class CourseMap:
    """The route: progress of each part and section, and the section to do next."""

    parts: tuple[PartProgress, ...]
    progress: Progress
    upcoming: Section | None
    counts: Counts

    @property
    def key(self) -> tuple[object, ...]:
        """What the drawing of the route depends on."""
        sections = [each for part in self.parts for each in part.sections]
        drawn = ((each.progress, each.given.key if each.given else None) for each in sections)
        return (id(self.parts[0].part), *drawn)


def section_progress(section: Section, answered: Collection[str]) -> Progress:
    """Progress of a section, given the keys of the fields that were answered."""
    return Progress(sum(each.key in answered for each in section.fields), len(section.fields))


def field_states(workbook: Workbook) -> dict[str, FieldState]:
    """Where each field stands that has anything: answered, marked, talked about. One query."""
    rows = Answer.objects.filter(workbook=workbook)
    return {key: FieldState(*row) for key, *row in rows.values_list("field_key", *FieldState._fields)}


def beside(workbook: Workbook, part: Part | None = None) -> Beside:
    """What stands beside the answers, of a part or of the whole workbook. One query."""
    today = timezone.localdate()
    sql, wanted = _statement(f"{part.id}." if part else "")
    given = _prepared(workbook.pk, workbook.administration_id, today)
    stands_for = dict(zip(_prepared(_ANY_BOOK, _ANY_PLACE, _ANY_DAY), given, strict=True))
    owners: dict[str, Given] = {}
    counted: dict[str, dict[str, int]] = {"talk": {}, "conversation": {}, "task": {}}
    with connection.cursor() as cursor:
        cursor.execute(sql, [stands_for.get(each, each) for each in wanted])
        for what, section_id, who, name, email, until in cursor.fetchall():
            if what == "given":
                day = date.fromisoformat(until) if isinstance(until, str) else until
                owners[section_id] = Given(who, name or email, day, days_late(day, today))
            else:
                counted[what][section_id] = counted[what].get(section_id, 0) + 1
    return Beside(owners, counted["talk"], counted["conversation"], counted["task"])


# What the statement is made with; each reader puts her own in the place of them.
_ANY_BOOK: Final = UUID(int=0xB00C)
_ANY_PLACE: Final = UUID(int=0x91ACE)
_ANY_DAY: Final = date(1900, 1, 2)


def _prepared(book: UUID, place: UUID, day: date) -> tuple[Any, Any, Any]:
    """As the database takes them."""
    keys = Workbook._meta.pk, Administration._meta.pk, Task._meta.get_field("due")
    book_of, place_of, day_of = (field.get_db_prep_value for field in keys if field is not None)
    return book_of(book, connection), place_of(place, connection), day_of(day, connection)


@functools.lru_cache(maxsize=32)
def _statement(sections: str) -> tuple[str, tuple[Any, ...]]:
    """The union of four tables, for sections that begin so: made once, since making it costs more than asking it."""
    with scope(_ANY_PLACE):
        here = Q(workbook_id=_ANY_BOOK)
        if sections:
            here &= Q(section_id__startswith=sections)
        given = Assignment.objects.filter(here).annotate(
            what=Value("given", CharField()),
            who=F("owner_id"),
            name=F("owner__name"),
            email=F("owner__email"),
            until=F("due"),
        )
        talks = open_threads(Workbook(pk=_ANY_BOOK)).filter(here, field_key="").annotate(**_bare("talk"))
        conversations = Conversation.objects.filter(here, deleted_at=None).annotate(**_bare("conversation"))
        tasks = Task.objects.filter(here, done_at=None, deleted_at=None, due__lt=_ANY_DAY).annotate(**_bare("task"))
        each, *others = (rows.order_by().values_list(*_COLUMNS) for rows in (given, talks, conversations, tasks))
        sql, wanted = each.union(*others, all=True).query.sql_with_params()
    return sql, tuple(wanted)


_COLUMNS: Final = ("what", "section_id", "who", "name", "email", "until")


def _bare(what: str) -> dict[str, Value]:
    """The columns of a row that is only counted."""
    nothing = Value("", CharField())
    return {"what": Value(what, CharField()), "who": Value(0, BigIntegerField()), "name": nothing, "email": nothing,
            "until": Value(None, DateField())}  # fmt: skip


def days_late(due: date | None, today: date) -> int:
    """How many days a date has passed; 0 when it has not."""
    return max(0, (today - due).days) if due else 0


def progress_of(section: Section, states: FieldStates, talks: int = 0) -> Progress:
    """Progress of a section, with `talks` about the section as a whole."""
    here = [states[each.key] for each in section.fields if each.key in states]
    return Progress(
        sum(each.answered for each in here),
        len(section.fields),
        sum(each.is_agreed for each in here),
        sum(each.is_open for each in here) + talks,
    )


def stretch_of(part: Part, states: FieldStates, around: Beside) -> tuple[tuple[Section, str], ...]:
    """The sections of a part with the state of each."""
    return tuple(
        (each, SectionProgress(each, progress_of(each, states, around.talks.get(each.id, 0))).state)
        for each in part.sections
    )


def course_map(edition: Edition, states: FieldStates, around: Beside) -> CourseMap:
    """Progress over the whole edition. Next is the first section under way, else the first one not begun."""
    parts = []
    for part in edition.parts:
        sections = []
        for section in part.sections:
            progress = progress_of(section, states, around.talks.get(section.id, 0))
            sections.append(SectionProgress(section, progress, _given(around.given.get(section.id), progress)))
        parts.append(PartProgress(part, sum((each.progress for each in sections), Progress(0, 0)), tuple(sections)))
    every = [each for part in parts for each in part.sections]
    known = [states[key] for key in edition.fields if key in states]
    counts = Counts(
        late=sum(bool(each.given and each.given.late) for each in every) + sum(around.late_tasks.values()),
        discuss=sum(each.is_discussed for each in known) + sum(around.talks.values()),
        contested=sum(bool(each.conflicts) for each in known),
        agreed=sum(each.progress.agreed for each in every),
    )
    return CourseMap(tuple(parts), sum((part.progress for part in parts), Progress(0, 0)), _upcoming(every), counts)


def _given(given: Given | None, progress: Progress) -> Given | None:
    """What is agreed is not late."""
    if given is not None and given.late and progress.state == "agreed":
        return Given(given.owner_id, given.owner, given.due)
    return given


def _upcoming(every: list[SectionProgress]) -> Section | None:
    unfinished = [each for each in every if each.progress.answered < each.progress.total]
    begun = next((each.section for each in unfinished if each.progress.answered), None)
    return begun or next((each.section for each in unfinished), None)
