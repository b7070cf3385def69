"""The index of what was written: brought up to date when somebody searches, so that a save costs nothing more.

One row a text in `SearchEntry`, whose word forms the database indexes by itself: SQLite in the FTS5 table
`workbook_search`, PostgreSQL in the column `lexemes` (both made by the migration of search).
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, Exists, Expression, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import MD5, Cast, Coalesce

from koers.workbook.finding.words import Form, Question, stems_of
from koers.workbook.models import Answer, Comment, Conversation, FoundKind, SearchEntry, Task, Workbook
from koers.workbook.values import plain_text

_log = logging.getLogger(__name__)

_TEXT: Final = CharField()


@dataclass(frozen=True)
class _Source:
    """Where texts of one kind come from. `state` tells one state of a row from every other; `gone`: not to be found."""

    kind: FoundKind
    model: type[Model]
    state: Expression
    gone: Q
    ref: str
    columns: tuple[str, ...]

    def changed(self, workbook_ids: Collection[UUID]) -> QuerySet[Any, dict[str, Any]]:
        """The rows whose entry is missing or holds another state, and those that are gone but have one. One query."""
        entry = SearchEntry.objects.filter(
            workbook=OuterRef("workbook"), kind=self.kind, ref=Cast(OuterRef(self.ref), _TEXT)
        )
        rows = self.model._default_manager.filter(workbook__in=workbook_ids).annotate(state=self.state)
        stale = (~self.gone & ~Exists(entry.filter(stamp=OuterRef("state")))) | (self.gone & Exists(entry))
        changed: QuerySet[Any, dict[str, Any]] = (
            rows.filter(stale)
            .annotate(is_gone=self.gone, entry=Subquery(entry.values("pk")))
            .values("workbook_id", "state", "is_gone", "entry", self.ref, *self.columns)
        )
        return changed


_SOURCES: Final = (
    _Source(
        FoundKind.ANSWER, Answer, Cast("revision", _TEXT), Q(value__isnull=True), "field_key", ("value",)
    ),
    _Source(
        FoundKind.COMMENT, Comment, Cast(Coalesce("edited_at", "at"), _TEXT), Q(deleted_at__isnull=False), "pk",
        ("body", "thread__section_id", "thread__field_key"),
    ),
    _Source(
        FoundKind.CONVERSATION, Conversation, Cast("updated_at", _TEXT), Q(deleted_at__isnull=False), "pk",
        ("with_whom", "outcome", "section_id"),
    ),
    _Source(
        FoundKind.TASK, Task, MD5("title"), Q(deleted_at__isnull=False), "pk", ("title", "section_id", "field_key")
    ),
)  # fmt: skip


def bring_up_to_date(workbooks: Mapping[UUID, Workbook]) -> None:
    """Index what changed in these workbooks since somebody last searched. Four queries when nothing did.

    Who cannot write (a copy that is only read, a database that is full) finds what was indexed before.
    """
    written: list[SearchEntry] = []
    gone: list[int] = []
    for source in _SOURCES:
        for row in source.changed(workbooks):
            if not row["is_gone"]:
                written.append(_entry(source, workbooks[row["workbook_id"]], row))
            elif row["entry"]:
                gone.append(row["entry"])
    if not written and not gone:
        return
    # In one order, so that two searchers at once wait for each other rather than for ever.
    written.sort(key=lambda entry: (entry.workbook_id, entry.kind, entry.ref))
    try:
        with transaction.atomic():
            SearchEntry.objects.filter(pk__in=sorted(gone)).delete()
            SearchEntry.objects.bulk_create(
                written, update_conflicts=True, unique_fields=["workbook", "kind", "ref"],
                update_fields=["section_id", "field_key", "text", "stems", "stamp"],
            )  # fmt: skip
    except DatabaseError:
        _log.warning("The index of search could not be brought up to date.", exc_info=True)


def _entry(source: _Source, workbook: Workbook, row: Mapping[str, Any]) -> SearchEntry:
    section_id, field_key, text = _place_and_text(source.kind, workbook, row)
    return SearchEntry(
        administration_id=workbook.administration_id,
        workbook=workbook,
        kind=source.kind,
        ref=str(row[source.ref]),
        section_id=section_id,
        field_key=field_key,
        text=text,
        stems=stems_of(text),
        stamp=row["state"],
    )


def _place_and_text(kind: FoundKind, workbook: Workbook, row: Mapping[str, Any]) -> tuple[str, str, str]:
    if kind == FoundKind.ANSWER:
        key, field = row["field_key"], workbook.edition.fields.get(row["field_key"])
        if field is None:
            return key.split("/")[0], key, ""
        # The words of a choice, in every language of the edition.
        texts = dict.fromkeys(plain_text(field, row["value"], code) for code in workbook.edition.languages)
        return field.section, key, _composed("\n".join(texts))
    if kind == FoundKind.COMMENT:
        return row["thread__section_id"], row["thread__field_key"], _composed(row["body"])
    if kind == FoundKind.CONVERSATION:
        return row["section_id"], "", _composed(f"{row['with_whom']}\n{row['outcome']}")
    return row["section_id"], row["field_key"], _composed(row["title"])


def _composed(text: str) -> str:
    return normalize("NFC", text)


def matching(asked: Question, workbook_ids: Sequence[UUID], limit: int, offset: int = 0) -> list[int]:
    """The entries of these workbooks in which every term stands, the best first, then the newest."""
    if not asked or not workbook_ids:
        return []
    places = ", ".join(["%s"] * len(workbook_ids))
    if connection.vendor == "postgresql":
        ids: list[Any] = list(workbook_ids)
        statement = (
            "SELECT entry.id FROM workbook_searchentry entry, to_tsquery('simple', %s) asked"  # noqa: S608
            f" WHERE entry.lexemes @@ asked AND entry.workbook_id IN ({places})"
            " ORDER BY ts_rank(entry.lexemes, asked, 1) DESC, entry.id DESC LIMIT %s OFFSET %s"
        )
    else:
        ids = [each.hex for each in workbook_ids]
        statement = (
            "SELECT entry.id FROM workbook_search JOIN workbook_searchentry entry"  # noqa: S608
            f" ON entry.id = workbook_search.rowid WHERE workbook_search MATCH %s AND entry.workbook_id IN ({places})"
            " ORDER BY bm25(workbook_search), entry.id DESC LIMIT %s OFFSET %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(statement, [expression(asked.terms, connection.vendor), *ids, limit, offset])
        return [pk for (pk,) in cursor.fetchall()]


def expression(terms: Iterable[Form], vendor: str) -> str:
    """What a database is asked. Forms are letters and digits alone, between quotes: nothing in them is an operator."""
    quote, either, both, begins = ("'", " | ", " & ", ":*") if vendor == "postgresql" else ('"', " OR ", " AND ", "*")
    asked = []
    for term in terms:
        forms = [
            f"{quote}{form}{quote}" for form in term.forms if not (term.beginning and form.startswith(term.beginning))
        ]
        if term.beginning:
            forms.append(f"{quote}{term.beginning}{quote}{begins}")
        asked.append(f"({either.join(forms)})")
    return both.join(asked)
