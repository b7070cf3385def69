"""The fast path of a save: straight from ASGI to one writer thread, which commits waiting saves together.

It goes through the same door, checks and verb as the Django view (`saving.prepare`, `saving.perform`) and answers only
after the commit. Django's own CSRF and session code runs on every request (ADR 3 has the figures).
"""

import functools
import io
import json
import logging
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

from koers.kit.asgi import Receive, Scope, Send, read_body
from koers.kit.grouping import Commit, GroupWriter, Job
from koers.organisations.sessions import people_of
from koers.workbook.actions import Save
from koers.workbook.saving import MAX_BODY, Reply, SaveRefused, SaveRequest, perform, prepare, signed_out

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Caller:
    """What the headers of a save say: which session, which language, or why they are refused."""

    session_key: str
    language: str
    refused: Reply | None = None


@dataclass(frozen=True)
class _Asked:
    """One save on its way."""

    caller: _Caller
    workbook_id: uuid.UUID
    body: bytes


_Job = Job[_Asked, Reply]


def _no_view(request: Any) -> HttpResponse:
    return HttpResponse()


_csrf: Final = CsrfViewMiddleware(_no_view)


def _failed() -> Reply:
    error = _("Saving failed on our side. Your text is kept in this browser and will be sent again.")
    return int(HTTPStatus.SERVICE_UNAVAILABLE), {"error": error}


def _save(batch: list[_Job]) -> None:
    """Saves that waited together, committed in one transaction."""
    known = _identify(batch)
    ready: list[tuple[_Job, Save, str]] = []
    for (job, request), prepared in zip(known, prepare([request for _job, request in known]), strict=True):
        if isinstance(prepared, SaveRefused):
            job.answer(prepared.reply)
        else:
            ready.append((job, prepared, request.language))
    for (job, _done, _language), reply in zip(ready, _write(ready), strict=True):
        job.answer(reply)


def _identify(batch: list[_Job]) -> list[tuple[_Job, SaveRequest]]:
    """Who sends each, by Django's own check of session and account; who is signed out is answered at once.

    The sessions and the accounts of the group are read in one query each.
    """
    people = people_of({job.asked.caller.session_key for job in batch})
    identified = []
    for job in batch:
        caller = job.asked.caller
        user = people.get(caller.session_key)
        if user is not None:
            identified.append((job, SaveRequest(user, job.asked.workbook_id, job.asked.body, caller.language)))
        else:
            with translation.override(caller.language):
                job.answer(signed_out().reply)
    return identified


def _write(ready: list[tuple[_Job, Save, str]]) -> list[Reply]:
    """All in one transaction; if one of them breaks it, each in its own, so that only that one fails."""
    saves, languages = [save for _job, save, _language in ready], [language for _job, _save, language in ready]
    if not saves:
        return []
    try:
        with transaction.atomic():
            return perform(saves, languages)
    except DatabaseError:
        logger.warning("A group of %s saves broke; writing them one by one.", len(saves), exc_info=True)
    return [_alone(save, language) for save, language in zip(saves, languages, strict=True)]


def _alone(save: Save, language: str) -> Reply:
    try:
        connection.close_if_unusable_or_obsolete()
        with transaction.atomic():
            return perform([save], [language])[0]
    except DatabaseError:
        logger.exception("A save failed.")
        return _failed()


class FastSave:
    """The ASGI application behind ``POST /w/<workbook>/save``."""

    def __init__(self, writer: GroupWriter) -> None:
        self.writer = writer
        self.commit: Commit[_Asked, Reply] = Commit(_save, _failed, "saves")

    async def __call__(self, scope: Scope, receive: Receive, send: Send, workbook_id: str) -> None:
        body = await read_body(receive, MAX_BODY)
        if body is None:
            return
        status, content = await self.reply(scope, body, uuid.UUID(workbook_id))
        payload = json.dumps(content).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(payload)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    async def reply(self, scope: Scope, body: bytes, workbook_id: uuid.UUID) -> Reply:
        headers = tuple((name, value) for name, value in scope["headers"] if name in _TELLING)
        caller = _caller(headers, scope.get("scheme", "http"), scope.get("server"), scope["path"])
        if caller.refused:
            return caller.refused
        return await self.writer.done(self.commit, _Asked(caller, workbook_id, body))


# The headers that decide who calls and whether another site made her do it.
_TELLING: Final = frozenset({
    b"host", b"cookie", b"x-csrftoken", b"origin", b"referer", b"accept-language", b"x-forwarded-host",
    b"x-forwarded-proto",
})  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _caller(headers: tuple[tuple[bytes, bytes], ...], scheme: str, server: Any, path: str) -> _Caller:
    """Django's own checks of host, cookies and token. They read nothing but these headers, so once is enough."""
    given = {"type": "http", "method": "POST", "path": path, "headers": list(headers), "query_string": b""}
    request = ASGIRequest({**given, "root_path": "", "scheme": scheme, "server": server}, io.BytesIO())
    language = translation.get_language_from_request(request)
    key = str(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    with translation.override(language):
        try:
            request.get_host()
            if not key:
                # Signed out: nothing that a forged request could use, and a better answer than a missing token.
                return _Caller(key, language, signed_out().reply)
            _csrf.process_request(request)
            if _csrf.process_view(request, _no_view, (), {}) is not None:
                error = _("This page is too old to save from. Reload it; your text is kept in this browser.")
                return _Caller(key, language, (int(HTTPStatus.FORBIDDEN), {"error": error}))
        except SuspiciousOperation:
            error = _("The save could not be read.")
            return _Caller(key, language, (int(HTTPStatus.BAD_REQUEST), {"error": error}))
    return _Caller(key, language)
