"""The fast path of the room: what participants do goes to the process's writer, which commits it in groups.

It answers only after the commit. The state is served from the bytes that the room keeps.
"""

import io
import json
import logging
import uuid
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from koers.assessment.actions.joining import Joining
from koers.assessment.actions.rooms import Deed, Reply, perform
from koers.assessment.forms.rooms import read_join_form
from koers.assessment.live.participating import MAX_BODY, is_ours, read_deed, ticket
from koers.assessment.live.rooms import room_of
from koers.assessment.live.seated import seats
from koers.assessment.live.seats import COOKIE, digest, give_seat, secret_of
from koers.kit.asgi import Receive, Scope, Send, read_body
from koers.kit.grouping import Commit, GroupWriter, Job

logger = logging.getLogger(__name__)

Asked = Deed | Joining


def _failed() -> Reply:
    error = _("Something went wrong on our side. Try again in a moment.")
    return int(HTTPStatus.SERVICE_UNAVAILABLE), {"error": error}


def commit(batch: list[Job[Asked, Reply]]) -> None:
    """All in one transaction; if one of them breaks it, each in its own, so that only that one fails."""
    try:
        replies = perform([job.asked for job in batch])
    except Exception:
        logger.warning("A group of %s deeds broke; doing them one by one.", len(batch), exc_info=True)
        replies = [_alone(job.asked) for job in batch]
    for job, reply in zip(batch, replies, strict=True):
        job.answer(reply)


def _alone(asked: Asked) -> Reply:
    try:
        connection.close_if_unusable_or_obsolete()
        return perform([asked])[0]
    except Exception:
        logger.exception("A deed of a participant failed.")
        return _failed()


class FastRoom:
    """The ASGI applications behind ``/room/<workshop>/do``, ``/room/<workshop>/state`` and ``POST /join/``."""

    def __init__(self, writer: GroupWriter) -> None:
        self.writer = writer
        self.commit: Commit[Asked, Reply] = Commit(commit, _failed, "deeds of participants")

    async def do(self, scope: Scope, receive: Receive, send: Send, workshop: str) -> None:
        body = await read_body(receive, MAX_BODY)
        if body is None:
            return
        status, content = await self.reply(scope, body, uuid.UUID(workshop))
        gone = bool(content.get("left")) and not content["kept"]
        await _answer(send, status, json.dumps(content).encode(), _forget() if gone else ())

    async def reply(self, scope: Scope, body: bytes, workshop_id: uuid.UUID) -> Reply:
        request = _request(scope)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            try:
                request.get_host()
                asked = read_deed(request, workshop_id, body, language)
            except SuspiciousOperation:
                asked = int(HTTPStatus.BAD_REQUEST), {"error": _("This could not be read. Reload the page.")}
        return await self.writer.done(self.commit, asked) if isinstance(asked, Deed) else asked

    async def state(self, scope: Scope, send: Send, workshop: str) -> None:
        """The state of the room and one's own. However many ask at once, the room is not read again for them."""
        workshop_id = uuid.UUID(workshop)
        secret = secret_of(_request(scope), workshop_id)
        seat = await seats.ask((workshop_id, digest(secret))) if secret else None
        room = room_of(workshop_id) if seat is not None else None
        if seat is None or room is None or await room.ready() is None:
            await _answer(send, HTTPStatus.NOT_FOUND, b'{"error": ""}')
            return
        await _answer(
            send, HTTPStatus.OK, b'{"state":%b,"mine":%b}' % (room.state_json(), json.dumps(seat.mine).encode())
        )

    async def join(self, scope: Scope, receive: Receive, send: Send, pages: Any) -> None:
        """A code that lets somebody in is answered here; whatever is refused goes to the page, which says why."""
        body = await read_body(receive, MAX_BODY)
        if body is None:
            return
        admitted = await self._admitted(scope, body)
        if admitted is not None:
            place = (b"location", admitted["Location"].encode())
            await _answer(send, admitted.status_code, b"", (place, *_cookies(admitted)))
            return
        await pages(scope, _again(body, receive), send)

    async def _admitted(self, scope: Scope, body: bytes) -> HttpResponse | None:
        request = _request(scope)
        kind = request.headers.get("Content-Type", "").partition(";")[0]
        if len(body) > MAX_BODY or kind != "application/x-www-form-urlencoded":
            return None
        try:
            request.get_host()
            if not is_ours(request):
                return None
            given = QueryDict(body)
        except (SuspiciousOperation, UnicodeError):
            return None
        language = translation.get_language_from_request(request)
        form = read_join_form(given)
        if not form.check():
            return None
        asked = ticket(request, form.code, form.role, form.people, language)
        joined = asked.joined(await self.writer.done(self.commit, asked.joining))
        if joined.workshop_id is None:
            return None
        response = redirect("room_plain" if given.get("plain") else "room", joined.workshop_id)
        give_seat(response, joined.workshop_id, joined.secret)
        return response


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, for who reads it next."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Any:
        return waiting.pop() if waiting else await receive()

    return replay


def _request(scope: Scope) -> ASGIRequest:
    return ASGIRequest({**scope, "root_path": scope.get("root_path", "")}, io.BytesIO())


def _cookies(response: HttpResponse) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((b"set-cookie", morsel.OutputString().encode()) for morsel in response.cookies.values())


def _forget() -> tuple[tuple[bytes, bytes], ...]:
    response = HttpResponse()
    response.delete_cookie(COOKIE, samesite="Lax")
    return _cookies(response)


async def _answer(send: Send, status: int, payload: bytes, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(payload)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *more,
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": payload})
