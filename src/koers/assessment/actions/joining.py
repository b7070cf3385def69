"""Coming into a workshop by its code. Wrong codes are counted by client, whose address is kept nowhere."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.db.models import Count
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from koers.assessment.live.codes import code_holds, read_code
from koers.assessment.models import Mode, Respondent, Response, Role, Workshop
from koers.kit.rows import insert_rows

MAX_SEATS: Final = 3_000
MAX_SIZE: Final = 30
# Wrong codes that one client may try in a minute. The same wrong one again is the same mistake.
MAX_WRONG: Final = 10
MINUTE: Final = 60

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Joining:
    """Somebody with a code. `digest` is of the secret of her new seat; `known` of the one that her browser has.

    `client` is the address that the server names; only a keyed digest of it is kept, for a minute, with wrong codes.
    """

    code: str
    role: str
    size: int
    digest: str
    known: str = ""
    client: str = ""
    language: str = "nl"


def _key(client: str) -> str:
    return "wrong-codes:" + salted_hmac("koers.wrong-codes", truncate_ip(client), algorithm="sha256").hexdigest()[:40]


class _Guesses:
    """The wrong codes of these clients in the last minute: read in one go."""

    def __init__(self, clients: set[str]) -> None:
        self.now = time.time()
        self.keys = {client: _key(client) for client in clients}
        self.kept: dict[str, dict[str, float]] = cache.get_many(self.keys.values())

    def _of(self, client: str) -> dict[str, float]:
        kept = self.kept.get(self.keys[client], {})
        return {code: at for code, at in kept.items() if at > self.now - MINUTE}

    def are_too_many(self, client: str) -> bool:
        return len(self._of(client)) >= MAX_WRONG

    def add(self, client: str, code: str) -> None:
        key = self.keys[client]
        self.kept[key] = {**self._of(client), code[:12].upper(): self.now}
        cache.set(key, self.kept[key], MINUTE)


def admit(joins: Sequence[Joining]) -> list[tuple[Reply, UUID | None]]:
    """Give each a seat, or say why not; with the workshop in which she sat down. Within a transaction, unscoped."""
    guesses = _Guesses({join.client for join in joins})
    wanted = {code for join in joins if (code := read_code(join.code))}
    found = (
        Workshop.objects.select_for_update(of=("self",), no_key=True)
        .select_related("measurement")
        .filter(code__in=wanted, measurement__workbook__deleted_at=None)
        .order_by("pk")
    )
    by_code = {each.code: each for each in found if code_holds(each)}
    here = {each.pk for each in by_code.values()}
    seats = Respondent.objects.filter(workshop_id__in=here, withdrawn_at=None)
    known = {
        (each.workshop_id, each.digest): each for each in seats.filter(digest__in={join.known for join in joins} - {""})
    }
    taken = dict(seats.values_list("workshop_id").annotate(number=Count("pk")))
    rows: list[tuple[Any, ...]] = []
    answers: list[tuple[Reply, UUID | None]] = []
    for join in joins:
        with translation.override(join.language):
            workshop = by_code.get(read_code(join.code))
            refused = _refused(join, workshop, guesses)
            if refused is not None or workshop is None:
                assert refused is not None
                answers.append((refused, None))
                continue
            seat = known.get((workshop.pk, join.known))
            if seat is not None:
                _sit_differently(seat, join)
                answers.append((_seated(workshop, known=True), workshop.pk))
            elif not workshop.door_open:
                error = _("The host has closed the door. Ask the host to open it.")
                answers.append(((int(HTTPStatus.FORBIDDEN), {"error": error}), None))
            elif taken.get(workshop.pk, 0) >= MAX_SEATS:
                error = _("This workshop is full.")
                answers.append(((int(HTTPStatus.FORBIDDEN), {"error": error}), None))
            else:
                taken[workshop.pk] = taken.get(workshop.pk, 0) + 1
                rows.append(_row(workshop, join))
                answers.append((_seated(workshop, known=False), workshop.pk))
    if rows:
        insert_rows(Respondent, _SEAT, rows)
    return answers


def _refused(join: Joining, workshop: Workshop | None, guesses: _Guesses) -> Reply | None:
    if guesses.are_too_many(join.client):
        error = _("Too many wrong codes were tried from here. Wait a minute, then try again.")
        return int(HTTPStatus.TOO_MANY_REQUESTS), {"error": error}
    if workshop is None:
        if join.code.strip():
            guesses.add(join.client, read_code(join.code) or join.code.strip())
        return int(HTTPStatus.NOT_FOUND), {"error": _("This code is not right, or no longer valid.")}
    if join.role not in Role.values:
        return int(HTTPStatus.UNPROCESSABLE_ENTITY), {"error": _("Choose your role.")}
    if not 1 <= join.size <= MAX_SIZE:
        error = _("At most %(limit)s people can answer together.") % {"limit": MAX_SIZE}
        return int(HTTPStatus.UNPROCESSABLE_ENTITY), {"error": error}
    if not workshop.measurement.is_open:
        error = _("This measurement is closed: nothing is changed in it any more.")
        return int(HTTPStatus.FORBIDDEN), {"error": error}
    return None


def _seated(workshop: Workshop, *, known: bool) -> Reply:
    return int(HTTPStatus.OK), {"workshop": str(workshop.pk), "known": known}


def _sit_differently(seat: Respondent, join: Joining) -> None:
    """Who has a seat keeps it; as long as nothing was answered she may still choose another role."""
    if (seat.role, seat.size) != (join.role, join.size) and not Response.objects.filter(respondent=seat).exists():
        Respondent.objects.filter(pk=seat.pk).update(role=join.role, size=join.size)


_SEAT: Final = (
    "administration_id", "measurement_id", "workshop_id", "mode", "person_id", "name", "email", "role", "department",
    "size", "questions", "language", "digest", "due", "invited_at", "reminded_at", "opened_at", "finished_at",
    "withdrawn_at",
)  # fmt: skip


def _row(workshop: Workshop, join: Joining) -> tuple[Any, ...]:
    given = {
        "administration_id": workshop.administration_id, "measurement_id": workshop.measurement_id,
        "workshop_id": workshop.pk, "mode": Mode.WORKSHOP.value, "name": "", "email": "", "role": join.role,
        "department": "", "size": join.size, "language": "", "digest": join.digest,
    }  # fmt: skip
    return tuple(given.get(name) for name in _SEAT)
