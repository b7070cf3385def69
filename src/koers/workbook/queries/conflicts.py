"""What two people changed at the same time and nobody chose between yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from koers.workbook.models import Conflict, Workbook


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of both sides, with some words around them."""

    before: str
    stored: str
    incoming: str
    after: str

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        return ("stored", self.stored), ("incoming", self.incoming)


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict as a page shows it: `stored_by` saved first, `incoming_by` second."""

    pk: int
    field_key: str
    stored_by: str
    incoming_by: str
    at: datetime
    passages: tuple[Passage, ...]


def open_conflicts(workbook: Workbook, field_keys: Collection[str] | None = None) -> dict[str, list[OpenConflict]]:
    """The open conflicts of some fields (of all, without), by field key, the oldest first. One query."""
    rows = Conflict.objects.filter(workbook=workbook, settled_at=None)
    if field_keys is not None:
        rows = rows.filter(field_key__in=field_keys)
    found: dict[str, list[OpenConflict]] = {}
    for each in rows.select_related("stored_by", "incoming_by").order_by("pk"):
        found.setdefault(each.field_key, []).append(
            OpenConflict(
                each.pk,
                each.field_key,
                str(each.stored_by or ""),
                str(each.incoming_by or ""),
                each.at,
                tuple(Passage(**passage) for passage in each.passages),
            )
        )
    return found
