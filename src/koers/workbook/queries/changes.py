"""Who did what last."""

from dataclasses import dataclass, replace
from datetime import datetime

from koers.editions.structure import Section
from koers.workbook.models import Origin, Revision, Workbook


@dataclass(frozen=True)
class Change:
    """Somebody's latest work on one section."""

    section: Section
    author_id: int | None
    author: str
    at: datetime
    fields: int
    imported: bool


def recent_changes(workbook: Workbook, limit: int = 6) -> list[Change]:
    """Who did what last: the newest revisions, those of one author in one section taken together."""
    newest = (
        Revision.objects.filter(workbook=workbook)
        .order_by("-id")
        .values_list("field_key", "author_id", "author__name", "author__email", "origin", "at")[: 40 * limit]
    )
    edition = workbook.edition
    grouped: dict[tuple[str, int | None, str], tuple[Change, set[str]]] = {}
    for key, author_id, name, email, origin, at in newest:
        field = edition.fields.get(key)
        if field is None:
            continue
        imported = origin == Origin.IMPORT
        place = ("" if imported else field.section, author_id, origin)
        if place not in grouped:
            if len(grouped) == limit:
                continue
            change = Change(edition.sections[field.section], author_id, name or email or "", at, 0, imported)
            grouped[place] = (change, set())
        grouped[place][1].add(key)
    return [replace(change, fields=len(keys)) for change, keys in grouped.values()]
