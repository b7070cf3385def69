"""Saving one answer from a page: one function for the Django view and for the fast path that commits in groups."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koers.editions.structure import Field
from koers.kit.tenancy import unscoped
from koers.organisations.access import Ability, abilities
from koers.organisations.models import User
from koers.workbook.access import workbooks_for
from koers.workbook.actions import NOT_GIVEN, Outcome, Save, Saved, save_answers
from koers.workbook.actions.answers import NotGiven
from koers.workbook.models import Workbook
from koers.workbook.presentation import said_in
from koers.workbook.refusals import why_refused
from koers.workbook.values import InvalidValue, Value, read_value

MAX_BODY = 512 * 1024

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class SaveRequest:
    """What a page sends, with who sends it and in which language the answer should speak."""

    user: User
    workbook_id: uuid.UUID
    body: bytes
    language: str


class SaveRefused(Exception):
    """A save that may not or cannot be done; `reply` is what the page gets."""

    def __init__(self, status: HTTPStatus, error: str, **more: Any) -> None:
        super().__init__(error)
        self.reply: Reply = (int(status), {"error": error, **more})


def signed_out() -> SaveRefused:
    return SaveRefused(
        HTTPStatus.UNAUTHORIZED, _("You are signed out. Sign in again; your text is kept in this browser.")
    )


def prepare(requests: Sequence[SaveRequest]) -> list[Save | SaveRefused]:
    """Read and check saves before anything is written; the door for all of them is one query."""
    doors = workbooks_for({(request.user.pk, request.workbook_id) for request in requests})
    prepared: list[Save | SaveRefused] = []
    for request in requests:
        workbook = doors.get((request.user.pk, request.workbook_id))
        try:
            prepared.append(_checked(request, workbook))
        except SaveRefused:
            prepared.append(_refusal(request, workbook))
    return prepared


def _refusal(request: SaveRequest, workbook: Workbook | None) -> Save | SaveRefused:
    """The same check again, for what it says in the language of the writer: the many that pass need no language."""
    with translation.override(request.language):
        try:
            return _checked(request, workbook)
        except SaveRefused as refused:
            return refused


def _checked(request: SaveRequest, workbook: Workbook | None) -> Save:
    if workbook is None:
        raise SaveRefused(HTTPStatus.NOT_FOUND, _("This workbook is gone, or no longer shared with you."))
    if Ability.ANSWER not in abilities(workbook.role):
        raise SaveRefused(HTTPStatus.FORBIDDEN, _("You may read this workbook, not change it."))
    if len(request.body) > MAX_BODY:
        error = _("This is too long to save; your text is kept in this browser.")
        raise SaveRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    try:
        given = json.loads(request.body)
        key, base, raw = given["field"], given["base"], given["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SaveRefused(HTTPStatus.BAD_REQUEST, _("The save could not be read.")) from None
    if (
        not isinstance(given, dict)
        or not isinstance(key, str)
        or not isinstance(base, int)
        or isinstance(base, bool)
        or base < 0
    ):
        raise SaveRefused(HTTPStatus.BAD_REQUEST, _("The save could not be read."))
    field = workbook.edition.fields.get(key)
    if field is None:
        raise SaveRefused(HTTPStatus.UNPROCESSABLE_ENTITY, _("This workbook does not have that field."), path=[])
    try:
        value = read_value(field, raw, "html") if raw is not None else None
        seen = _seen(field, given)
    except InvalidValue as error:
        raise SaveRefused(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, path=list(error.path)) from None
    number = given.get("round")
    return Save(workbook, field, value, base, request.user, seen, number if isinstance(number, int) else None)


def _seen(field: Field, given: dict[str, Any]) -> Value | NotGiven:
    """What the page read where it started from, if it says so."""
    if "seen" not in given:
        return NOT_GIVEN
    return read_value(field, given["seen"], "html") if given["seen"] is not None else None


_STATUS: Final = {
    Outcome.SAVED: HTTPStatus.OK,
    Outcome.MERGED: HTTPStatus.OK,
    Outcome.UNKNOWN_BASE: HTTPStatus.CONFLICT,
    Outcome.CLOSED: HTTPStatus.LOCKED,
    Outcome.TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def reply_to(save: Save, saved: Saved, language: str, today: date) -> Reply:
    """What the page gets after a save: the state of the answer, and what to do with it.

    200 with ``merged`` when it holds more than the page sent; ``yours`` is then what the page sent, as it was read.
    """
    by = str(saved.by) if saved.by else ""
    body = {
        "revision": saved.revision,
        "value": saved.value,
        "by": by,
        "at": saved.at.isoformat(),
        "state": said_in(language, saved.at, by, today),
        "conflicts": saved.conflicts,
        "round": saved.round,
    }
    if saved.outcome is Outcome.MERGED:
        body |= {"merged": True, "yours": save.value}
    if not saved.is_written:
        with translation.override(language):
            body |= {"error": why_refused(saved)}
    return int(_STATUS[saved.outcome]), body


def perform(saves: Sequence[Save], languages: Sequence[str]) -> list[Reply]:
    """Write prepared saves; call it within a transaction. Each came through the door of its own administration."""
    with unscoped():
        saved = save_answers(saves)
    today = timezone.localdate()
    return [reply_to(*each, today) for each in zip(saves, saved, languages, strict=True)]
