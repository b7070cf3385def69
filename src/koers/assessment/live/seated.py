"""Who sits where, and what she gave: read together for all pages that ask at the same moment."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from koers.assessment.live.state import mine_of
from koers.assessment.models import Respondent, Workshop
from koers.kit.grouping import Questions
from koers.kit.tenancy import unscoped


@dataclass(frozen=True)
class Seat:
    """A seat that stands, and what its participant gave in the present step."""

    pk: int
    mine: dict[str, Any]


def _read(asked: Sequence[tuple[uuid.UUID, str]]) -> list[Seat | None]:
    """In a thread. `asked`: the workshop, and the digest of the secret. A fixed number of queries."""
    with unscoped():
        books = {
            each.pk: each
            for each in Workshop.objects.select_related("measurement", "step").filter(
                pk__in={workshop_id for workshop_id, _digest in asked}
            )
        }
        rows = Respondent.objects.filter(
            workshop_id__in=books, digest__in={digest for _workshop, digest in asked}, withdrawn_at=None
        )
        found = {(row.workshop_id, row.digest): row for row in rows}
        here = [(books[pair[0]], found[pair]) for pair in asked if pair in found]
        mine = {seat.pk: given for (_book, seat), given in zip(here, mine_of(here), strict=True)}
    return [Seat(found[pair].pk, mine[found[pair].pk]) if pair in found else None for pair in asked]


seats: Final = Questions(_read)


def _find(asked: Sequence[tuple[uuid.UUID, str]]) -> list[int | None]:
    """In a thread: the seat of each that stands. One small query: hundreds of phones open their streams at once."""
    with unscoped():
        rows = Respondent.objects.filter(digest__in={digest for _workshop, digest in asked}, withdrawn_at=None)
        found = {row[:2]: row[2] for row in rows.values_list("workshop_id", "digest", "pk")}
    return [found.get(pair) for pair in asked]


standing: Final = Questions(_find, linger=0.02)
