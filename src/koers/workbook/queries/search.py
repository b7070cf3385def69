"""Finding: what was written in every workbook that a person may read, and places of the playbook by their name."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from koers.editions.structure import Field, Section
from koers.kit.tenancy import unscoped
from koers.organisations.models import User
from koers.workbook.finding.index import bring_up_to_date, matching
from koers.workbook.finding.places import NamedPlace, places_named
from koers.workbook.finding.words import Form, Piece, Question, forms_of, passage, question
from koers.workbook.models import Answer, Comment, Conversation, FoundKind, SearchEntry, Task, Workbook
from koers.workbook.values import plain_text

ON_A_PAGE: Final = 50
# A phrase is looked for in the texts that hold its words; so many of them are read at most.
_READ_FOR_PHRASE: Final = 400
_READ_FOR_NEAR: Final = 600
MAX_PLACES: Final = 5


_KINDS: Final = {
    FoundKind.ANSWER: gettext_lazy("Answer"),
    FoundKind.COMMENT: gettext_lazy("Comment"),
    FoundKind.CONVERSATION: gettext_lazy("Conversation"),
    FoundKind.TASK: gettext_lazy("Task"),
}


@dataclass(frozen=True)
class Hit:
    """A text in which every term stands. `field` is None for what belongs to a whole section."""

    kind: FoundKind
    section: Section
    field: Field | None
    pieces: tuple[Piece, ...]
    by: str
    at: datetime
    href: str

    @property
    def kind_words(self) -> str:
        return str(_KINDS[self.kind])


@dataclass(frozen=True)
class FoundIn:
    """What was found in one workbook."""

    workbook: Workbook
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class PlaceFound:
    """A section, or a field of one, that carries the name that was looked for."""

    place: NamedPlace
    workbook: Workbook
    href: str


@dataclass(frozen=True)
class Near:
    """Another question that does find something: one word spelled otherwise, or one word of several."""

    words: str


@dataclass(frozen=True)
class Found:
    """What a search gives. `counts`: whether any word of the question counts; `near`: what to try when nothing was."""

    asked: Question
    workbooks: tuple[FoundIn, ...] = ()
    places: tuple[PlaceFound, ...] = ()
    page: int = 1
    has_more: bool = False
    near: tuple[Near, ...] = ()

    @property
    def counts(self) -> bool:
        return bool(self.asked)

    @property
    def number(self) -> int:
        return sum(len(each.hits) for each in self.workbooks)


def search(user: User, text: str, *, workbook: Workbook | None = None, page: int = 1, limit: int = ON_A_PAGE) -> Found:
    """Search what `user` may read, in one workbook or in all of hers. A fixed number of queries."""
    asked = question(text)
    if not asked:
        return Found(asked)
    with unscoped():
        workbooks = {each.pk: each for each in _readable(user, workbook)}
        bring_up_to_date(workbooks)
        entries, has_more = _entries(asked, list(workbooks), (page - 1) * limit, limit)
        hits = _hits(asked, workbooks, entries)
        places = _places(asked, workbooks.values()) if page == 1 else ()
        near = () if hits or places or page > 1 else _near(asked, list(workbooks))
    grouped = (FoundIn(workbooks[pk], tuple(found)) for pk, found in hits.items())
    return Found(asked, tuple(grouped), places, page, has_more, near)


def _readable(user: User, workbook: Workbook | None) -> QuerySet[Workbook]:
    """Her workbooks, the newest first: who is a member may read."""
    books = Workbook.objects.filter(
        deleted_at=None, administration__memberships__user=user, administration__memberships__user__is_active=True
    ).select_related("administration")
    return books.filter(pk=workbook.pk) if workbook else books


def _entries(asked: Question, ids: Sequence[UUID], offset: int, limit: int) -> tuple[list[SearchEntry], bool]:
    """One page of what matches, and whether there is more."""
    # A phrase is looked for in all of them, so its pages are cut after that.
    first, number = (0, _READ_FOR_PHRASE) if asked.phrases else (offset, limit + 1)
    matched = matching(asked, ids, number, first)
    rows = SearchEntry.objects.filter(pk__in=matched, workbook__in=ids).defer("stems").in_bulk()
    held = (rows[pk] for pk in matched if pk in rows and asked.held_by(rows[pk].text))
    entries = list(islice(held, offset - first, offset - first + limit + 1))
    return entries[:limit], len(entries) > limit


@dataclass(frozen=True)
class _Present:
    """A text as it stands there now."""

    text: str | None
    by: str
    at: datetime


def _hits(asked: Question, workbooks: Mapping[UUID, Workbook], entries: Iterable[SearchEntry]) -> dict[UUID, list[Hit]]:
    """The entries as they are shown, by workbook, the best workbook first; without those that went in the meantime."""
    entries = list(entries)
    present: dict[tuple[str, UUID, str], _Present] = {}
    for kind, read in _READERS.items():
        ours = [entry for entry in entries if entry.kind == kind]
        if ours:
            present |= {(kind, pk, ref): found for (pk, ref), found in read(ours, workbooks).items()}
    hits: dict[UUID, list[Hit]] = {}
    for entry in entries:
        workbook, there = workbooks[entry.workbook_id], present.get((entry.kind, entry.workbook_id, entry.ref))
        section = workbook.edition.sections.get(entry.section_id)
        if there is None or section is None:
            continue
        field = workbook.edition.fields.get(entry.field_key)
        pieces = passage(there.text if there.text is not None else entry.text, asked)
        href = _href(workbook, section, field, entry)
        hit = Hit(FoundKind(entry.kind), section, field, pieces, there.by, there.at, href)
        hits.setdefault(workbook.pk, []).append(hit)
    return hits


_Read = dict[tuple[UUID, str], _Present]


def _answers(entries: Sequence[SearchEntry], workbooks: Mapping[UUID, Workbook]) -> _Read:
    rows = Answer.objects.filter(
        workbook__in={entry.workbook_id for entry in entries}, field_key__in={entry.ref for entry in entries}
    ).exclude(value=None)
    found: _Read = {}
    for pk, key, value, at, name, email in rows.values_list(
        "workbook_id", "field_key", "value", "updated_at", "updated_by__name", "updated_by__email"
    ):
        field = workbooks[pk].edition.fields.get(key)
        if field is not None:
            # Of a choice the words of the reader's language; what people wrote is the same in every one.
            text = None if field.is_rich else plain_text(field, value, get_language())
            found[pk, key] = _Present(text, name or email or "", at)
    return found


def _comments(entries: Sequence[SearchEntry], workbooks: Mapping[UUID, Workbook]) -> _Read:
    return _rows(Comment.objects.all(), entries, "author", "at")


def _conversations(entries: Sequence[SearchEntry], workbooks: Mapping[UUID, Workbook]) -> _Read:
    return _rows(Conversation.objects.all(), entries, "by", "at")


def _tasks(entries: Sequence[SearchEntry], workbooks: Mapping[UUID, Workbook]) -> _Read:
    return _rows(Task.objects.all(), entries, "owner", "created_at")


def _rows(rows: QuerySet[Any], entries: Sequence[SearchEntry], person: str, at: str) -> _Read:
    found = rows.filter(
        pk__in=[int(entry.ref) for entry in entries], workbook__in={entry.workbook_id for entry in entries},
        deleted_at=None,
    ).values_list("workbook_id", "pk", f"{person}__name", f"{person}__email", at)  # fmt: skip
    return {(book, str(pk)): _Present(None, name or email or "", moment) for book, pk, name, email, moment in found}


_READERS: Final[dict[FoundKind, Callable[[Sequence[SearchEntry], Mapping[UUID, Workbook]], _Read]]] = {
    FoundKind.ANSWER: _answers,
    FoundKind.COMMENT: _comments,
    FoundKind.CONVERSATION: _conversations,
    FoundKind.TASK: _tasks,
}


def _place(workbook: Workbook, section: Section, field: Field | None) -> str:
    return reverse("section", args=[workbook.pk, section.id]) + (f"#{field.anchor}" if field else "")


def _href(workbook: Workbook, section: Section, field: Field | None, entry: SearchEntry) -> str:
    """Where it stands: an answer in its section, the rest where people talk about that place."""
    if entry.kind == FoundKind.ANSWER:
        return _place(workbook, section, field)
    here = f"#{entry.kind}-{entry.ref}"
    if entry.kind == FoundKind.CONVERSATION:
        return reverse("conversations", args=[workbook.pk, section.id]) + here
    place = urlencode({"field": field.key} if field else {"section": section.id}, safe="/")
    return f"{reverse('talk', args=[workbook.pk])}?{place}{here}"


def _places(asked: Question, workbooks: Iterable[Workbook]) -> tuple[PlaceFound, ...]:
    """Places by their name, once for each edition: in the newest workbook that follows it."""
    newest: dict[tuple[str, int], Workbook] = {}
    for workbook in workbooks:
        newest.setdefault((workbook.edition_id, workbook.edition_version), workbook)
    found = [
        PlaceFound(place, workbook, _place(workbook, place.section, place.field))
        for workbook in newest.values()
        for place in places_named(asked, workbook.edition)
    ]
    return tuple(found[:MAX_PLACES])


def _near(asked: Question, ids: Sequence[UUID]) -> tuple[Near, ...]:
    """What does stand in her workbooks: for a word that is nowhere one that looks like it, else each word alone."""
    texts = SearchEntry.objects.filter(workbook__in=ids).order_by("-pk").values_list("text", flat=True)
    often: Counter[str] = Counter()
    there: dict[str, Form] = {}
    for text in texts[:_READ_FOR_NEAR]:
        forms = {form.plain: form for form in forms_of(text) if form.forms}
        often.update(forms.keys())
        there |= forms
    missing = [term for term in asked.terms if not any(term.finds(form) for form in there.values())]
    if not missing and len(asked.terms) > 1:
        return tuple(Near(term.plain) for term in asked.terms[:4])
    near = []
    for term in missing:
        likely = [plain for plain in there if len(plain) > 2 and abs(len(plain) - len(term.plain)) < 3]
        close = get_close_matches(term.plain, likely, n=5, cutoff=0.72)
        for plain in sorted(close, key=lambda each: -often[each])[:2]:
            words = (plain if each == term else each.plain for each in asked.terms)
            near.append(Near(" ".join(words)))
    return tuple(near)
