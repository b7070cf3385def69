"""What waits for somebody: over all her workbooks, and at the places of one workbook."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.editions.structure import Field, Section
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from koers.workbook.models import Answer, Assignment, Conflict, NewsKind, Standing, Task, Workbook
from koers.workbook.queries.course import Beside, FieldStates, course_map, days_late
from koers.workbook.queries.news import asked_of


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: what, where, since when, and by when."""

    kind: str
    what: str
    words: str
    workbook: Workbook
    section: Section | None
    field: Field | None
    at: datetime
    due: date | None = None
    late: int = 0
    pk: int | None = None

    @property
    def order(self) -> tuple[int, float]:
        """What is late first, the longest overdue on top; then the newest."""
        return (-self.late, -self.at.timestamp())


def waiting_for(user: User) -> list[Waiting]:
    """What waits for a person in all the workbooks that she may open. A fixed number of queries."""
    today = timezone.localdate()
    hers = Q(administration__memberships__user=user, workbook__deleted_at=None)
    with unscoped():
        found = [*_news(user), *_tasks(user, hers, today), *_sections(user, hers, today), *_conflicts(user, hers)]
    return sorted(found, key=lambda each: each.order)


def _news(user: User) -> list[Waiting]:
    asked = asked_of(user, [NewsKind.MENTION, NewsKind.REPLY])
    return [
        Waiting("news", each.sentence, each.words, each.workbook, each.section, each.field, each.at, pk=each.pk)
        for items in asked.values()
        for each in items
    ]


def _tasks(user: User, hers: Q, today: date) -> list[Waiting]:
    rows = Task.objects.filter(hers, owner=user, done_at=None, deleted_at=None)
    return [
        Waiting(
            "task", row.title, "", row.workbook, row.workbook.edition.sections[row.section_id],
            row.workbook.edition.fields.get(row.field_key), row.created_at, row.due, days_late(row.due, today), row.pk,
        )
        for row in rows.select_related("workbook__administration")
        if row.section_id in row.workbook.edition.sections
    ]  # fmt: skip


def _sections(user: User, hers: Q, today: date) -> list[Waiting]:
    """The sections that were given to her and are not agreed yet."""
    given = list(Assignment.objects.filter(hers, owner=user).select_related("workbook__administration"))
    agreed = set(
        Answer.objects.filter(
            workbook_id__in=Assignment.objects.filter(owner=user).values("workbook_id"),
            answered=True, standing=Standing.AGREED, conflicts=0, threads=0,
        ).values_list("workbook_id", "field_key")
    )  # fmt: skip
    found = []
    for row in given:
        section = row.workbook.edition.sections.get(row.section_id)
        if section is None or (section.fields and all((row.workbook_id, f.key) in agreed for f in section.fields)):
            continue
        late = days_late(row.due, today)
        what = _("Bring this section to agreement")
        found.append(Waiting("section", what, "", row.workbook, section, None, row.at, row.due, late))
    return found


def _conflicts(user: User, hers: Q) -> list[Waiting]:
    rows = Conflict.objects.filter(hers, Q(stored_by=user) | Q(incoming_by=user), settled_at=None)
    found = []
    for row in rows.select_related("workbook__administration", "stored_by", "incoming_by").order_by("-pk")[:50]:
        field = row.workbook.edition.fields.get(row.field_key)
        if field is None:
            continue
        other = row.incoming_by if row.stored_by_id == user.pk else row.stored_by
        what = _("%(name)s and you changed the same words") % {"name": other or _("Somebody")}
        section = row.workbook.edition.sections[field.section]
        found.append(Waiting("conflict", what, str(field.short), row.workbook, section, field, row.at))
    return found


@dataclass(frozen=True)
class Place:
    """A place in a workbook that needs somebody's eye: a section, one of its fields, or a task."""

    section: Section
    field: Field | None = None
    words: str = ""
    who: str = ""
    due: date | None = None
    late: int = 0
    talks: int = 0


@dataclass(frozen=True)
class Places:
    """The places behind the counts of the course map, in the order of the course."""

    late: tuple[Place, ...]
    discuss: tuple[Place, ...]
    contested: tuple[Place, ...]
    agreed: tuple[Place, ...]


def places_of(workbook: Workbook, states: FieldStates, around: Beside) -> Places:
    """What is late, to discuss, contested and agreed in a workbook. One query, for the tasks that are late."""
    today = timezone.localdate()
    edition = workbook.edition
    course = course_map(edition, states, around)
    late = [
        Place(each.section, who=each.given.owner, due=each.given.due, late=each.given.late)
        for part in course.parts
        for each in part.sections
        if each.given and each.given.late
    ]
    tasks = Task.objects.filter(workbook=workbook, done_at=None, deleted_at=None, due__lt=today)
    columns = ("section_id", "field_key", "title", "due", "owner__name", "owner__email")
    for section_id, key, title, due, name, email in tasks.order_by("due", "pk").values_list(*columns):
        if section_id in edition.sections:
            field = edition.fields.get(key)
            place = Place(edition.sections[section_id], field, title, name or email or "", due, days_late(due, today))
            late.append(place)
    known = [
        (edition.sections[each.section], each, states[key]) for key, each in edition.fields.items() if key in states
    ]
    talks = [Place(edition.sections[pk], talks=count) for pk, count in around.talks.items() if pk in edition.sections]
    return Places(
        late=tuple(sorted(late, key=lambda place: -place.late)),
        discuss=(*talks, *(Place(s, f, talks=state.threads) for s, f, state in known if state.is_discussed)),
        contested=tuple(Place(section, field) for section, field, state in known if state.conflicts),
        agreed=tuple(Place(section, field) for section, field, state in known if state.is_agreed),
    )
