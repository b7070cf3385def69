"""The REST API: its parts joined, one shape for every refusal, and the page that says what it can do."""

import logging
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from koers.analysis import api as results
from koers.assessment import api as measuring
from koers.config.api_page import groups_of
from koers.kit.api import MAX_BODY, LimitedParser, Refusal
from koers.organisations import api as people
from koers.organisations.actions import DeedRefused
from koers.workbook import api as books

logger = logging.getLogger("koers.api")

NAMESPACE = "api-1"
DESCRIPTION = """What the pages of Koers can do with a workbook, for programs.

Make a key on the page *API keys* of your administration and send it along: `Authorization: Bearer koers_…`. A key opens
that administration only, does what you may do there and nothing more, and is dead once you are no member any more.

Every refusal is `{"error": "a sentence"}`, with `path` where something in what you sent is wrong. Sentences are in the
language of `Accept-Language` (nl, en).

Lists come in pages: `limit` (at most 200) and `cursor`; `next` is the cursor of what follows, null at the end.
"""

STATUSES: Final = (
    (400, gettext_lazy("The body is no JSON.")),
    (401, gettext_lazy("There is no key, or it opens nothing any more.")),
    (403, gettext_lazy("You may not do this, or the key only reads.")),
    (404, gettext_lazy("It is not there, or not yours to see.")),
    (409, gettext_lazy("It cannot be done now. Of an answer: the base is not known, and nothing was written.")),
    (413, gettext_lazy("It is too long: more than 512 kB of JSON, or 8 MB of a file.")),
    (422, gettext_lazy("It is wrong; “path” says where.")),
    (423, gettext_lazy("The round or the measurement is closed.")),
    (429, gettext_lazy("Too many requests with a key that is none. Wait a minute.")),
)

api = NinjaAPI(
    title="Koers",
    version="1",
    description=DESCRIPTION,
    urls_namespace=NAMESPACE,
    docs_url=None,
    auth=people.KeyAuth(),
    parser=LimitedParser(),
)
for _router in (people.router, books.router, *measuring.routers, results.router):
    api.add_router("", _router)


def _refuse(status: int, error: str, **more: Any) -> HttpResponse:
    response = JsonResponse({"error": error, **more}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, exc: Refusal) -> HttpResponse:
    response = JsonResponse(exc.body, status=exc.status)
    if exc.status == 429:
        response["Retry-After"] = "60"
    return response


@api.exception_handler(DeedRefused)
def _deed_refused(request: HttpRequest, exc: DeedRefused) -> HttpResponse:
    return _refuse(409, str(exc))


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    key = people.key_of(request)
    if not key.may_write and request.method not in {"GET", "HEAD"}:
        return _refuse(403, _("You may not do this, or this key may only read."))
    return _refuse(403, _("You may not do this."))


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, exc: Http404) -> HttpResponse:
    return _refuse(404, _("This is not there, or not yours to see."))


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, exc: RequestDataTooBig) -> HttpResponse:
    return _refuse(413, _("This is too long: at most %(size)s kB fit.") % {"size": MAX_BODY // 1024})


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    if isinstance(exc, AuthenticationError):
        return _refuse(401, _("Send a key of the API along that still opens something."))
    if isinstance(exc.__cause__, Refusal):
        return _refusal(request, exc.__cause__)
    return _refuse(exc.status_code, _("The body is no JSON.") if exc.status_code == 400 else str(exc))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    first = exc.errors[0]
    path = [each for each in first["loc"] if isinstance(each, str | int)]
    # The body stands under the name of the argument that takes it.
    path = [*path[:1], *path[2:]] if path[:2] == ["body", "body"] else path
    return _refuse(422, str(first["msg"]), path=path)


@api.exception_handler(Exception)
def _failed(request: HttpRequest, exc: Exception) -> HttpResponse:
    logger.exception("A request of the API failed: %s", type(exc).__name__)
    return _refuse(500, _("Something went wrong here. Try again later."))


@csrf_exempt
def api_nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that there is not."""
    return _refuse(404, _("The API has no such address. See /api/."))


@require_safe
def api_root(request: HttpRequest) -> HttpResponse:
    return redirect("api_page")


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """What the API can do, drawn from its OpenAPI schema."""
    schema = api.get_openapi_schema()
    return render(request, "config/api.html", {"groups": groups_of(schema), "statuses": STATUSES})
