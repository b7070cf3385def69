"""In which field somebody's caret is: what a page reports, and others see in its stream."""

import io
import json
import re
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from koers.kit.asgi import Receive, Scope, Send
from koers.kit.grouping import in_thread
from koers.workbook import roster
from koers.workbook.knocking import SIGNED_OUT, Knock, answers_to, session_key
from koers.workbook.streams import TAB

MAX_BODY: Final = 1_000
_FIELD: Final = re.compile(r"[\w./:-]{0,200}\Z")


@dataclass(frozen=True)
class _Report:
    tab: str
    field: str


def _read(body: bytes) -> _Report | None:
    try:
        given = json.loads(body)
        tab, field = given["tab"], given["field"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not (isinstance(tab, str) and isinstance(field, str) and TAB.match(tab) and _FIELD.match(field)):
        return None
    return _Report(tab, field)


def _through_the_door(request: HttpRequest, workbook_id: uuid.UUID, report: _Report | None) -> HTTPStatus:
    """In a thread, when the page's stream is not of this process or session: read who it is, and tell all processes."""
    (reader,) = answers_to([Knock(request, workbook_id)])
    if isinstance(reader, str):
        return HTTPStatus.UNAUTHORIZED if reader == SIGNED_OUT else HTTPStatus.NOT_FOUND
    if report is None:
        return HTTPStatus.BAD_REQUEST
    moved = {
        "tab": report.tab,
        "person": reader.user.pk,
        "field": report.field if report.field in reader.edition.fields else "",
    }
    roster.publish_all(roster.presence_channel(workbook_id), roster.MOVED, [moved])
    return HTTPStatus.NO_CONTENT


def _no_view(request: Any) -> HttpResponse:
    return HttpResponse()


_csrf: Final = CsrfViewMiddleware(_no_view)


async def _status(request: ASGIRequest, workbook_id: uuid.UUID, body: bytes) -> HTTPStatus:
    try:
        request.get_host()
        if not session_key(request):
            return HTTPStatus.UNAUTHORIZED
        _csrf.process_request(request)
        if _csrf.process_view(request, _no_view, (), {}) is not None:
            return HTTPStatus.FORBIDDEN
    except SuspiciousOperation:
        return HTTPStatus.BAD_REQUEST
    report = _read(body)
    # The session that opened the page's stream came through the door, and would have lost the stream with its right.
    if report is not None and roster.move(workbook_id, session_key(request), report.tab, report.field):
        return HTTPStatus.NO_CONTENT
    return await in_thread(_through_the_door, request, workbook_id, report)


async def fast_presence(scope: Scope, receive: Receive, send: Send, workbook_id: str) -> None:
    """The ASGI application behind ``POST /w/<workbook>/presence``: as a rule without a query."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body = (body + message.get("body", b""))[: MAX_BODY + 1]
        if not message.get("more_body"):
            break
    request = ASGIRequest({**scope, "root_path": scope.get("root_path", "")}, io.BytesIO())
    status = await _status(request, uuid.UUID(workbook_id), body if len(body) <= MAX_BODY else b"")
    headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if status != HTTPStatus.NO_CONTENT:
        headers.append((b"content-length", b"0"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@csrf_exempt
@require_POST
def presence(request: HttpRequest, workbook_id: uuid.UUID) -> HttpResponse:
    """The same by way of Django (page servers, tests). Without a session there is nothing to forge."""
    if not session_key(request):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    return _presence(request, workbook_id)


@csrf_protect
def _presence(request: HttpRequest, workbook_id: uuid.UUID) -> HttpResponse:
    return HttpResponse(status=_through_the_door(request, workbook_id, _read(request.body[: MAX_BODY + 1])))
