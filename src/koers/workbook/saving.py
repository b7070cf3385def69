"""Saving one answer from a page: one function for the Django view and for the fast path that commits in groups."""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from koers.editions.structure import Field
from koers.kit.tenancy import scope
from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.access import workbook_for
from koers.workbook.actions import save_answer
from koers.workbook.models import Workbook
from koers.workbook.presentation import saved_sentence
from koers.workbook.values import InvalidValue, Value, read_value

MAX_BODY = 512 * 1024

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Save:
    """A save that was found right and may be done."""

    user: User
    workbook: Workbook
    field: Field
    value: Value
    base: int


class SaveRefused(Exception):
    """A save that may not or cannot be done; `reply` is what the page gets."""

    def __init__(self, status: HTTPStatus, error: str, **more: Any) -> None:
        super().__init__(error)
        self.reply: Reply = (int(status), {"error": error, **more})


def signed_out() -> SaveRefused:
    return SaveRefused(HTTPStatus.UNAUTHORIZED, _("You are signed out. Sign in again; your text is kept in this browser."))


def prepare(user: User, workbook_id: uuid.UUID, body: bytes) -> Save:
    """Read and check a save before anything is written. Raises `SaveRefused`."""
    if len(body) > MAX_BODY:
        raise SaveRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is too long to save; your text is kept in this browser."))
    try:
        given = json.loads(body)
        key, base, raw = given["field"], given["base"], given["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SaveRefused(HTTPStatus.BAD_REQUEST, _("The save could not be read.")) from None
    if not isinstance(key, str) or not isinstance(base, int) or isinstance(base, bool) or base < 0:
        raise SaveRefused(HTTPStatus.BAD_REQUEST, _("The save could not be read."))
    try:
        workbook = workbook_for(user.pk, workbook_id, Ability.ANSWER)
    except Http404:
        raise SaveRefused(HTTPStatus.NOT_FOUND, _("This workbook is gone, or no longer shared with you.")) from None
    except PermissionDenied:
        raise SaveRefused(HTTPStatus.FORBIDDEN, _("You may read this workbook, not change it.")) from None
    field = workbook.edition.fields.get(key)
    if field is None:
        raise SaveRefused(HTTPStatus.UNPROCESSABLE_ENTITY, _("This workbook does not have that field."), path=[])
    try:
        value = read_value(field, raw, "html") if raw is not None else None
    except InvalidValue as error:
        raise SaveRefused(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, path=list(error.path)) from None
    return Save(user, workbook, field, value, base)


def perform(save: Save) -> Reply:
    """Write a prepared save; call it within a transaction."""
    with scope(save.workbook.administration_id):
        saved = save_answer(save.workbook, save.field, save.value, save.base, save.user)
    answer = saved.answer
    body = {
        "revision": answer.revision,
        "value": answer.value,
        "by": str(answer.updated_by) if answer.updated_by else "",
        "at": answer.updated_at.isoformat(),
        "state": saved_sentence(answer),
    }
    if saved.stale:
        return int(HTTPStatus.CONFLICT), {**body, "stale": True}
    return int(HTTPStatus.OK), body
