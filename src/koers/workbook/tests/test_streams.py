"""Why an event stream ends: a page that is signed out waits for its writer, a page without rights does not."""

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory

from conftest import Cast
from koers.kit.tenancy import scope
from koers.workbook.streams import _ending


def _request(cast: Cast, who: str) -> ASGIRequest:
    request = AsyncRequestFactory().get("/")
    session = cast.client(who).cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = session.value
    return request


def ending(cast: Cast, request: ASGIRequest) -> str:
    return async_to_sync(_ending)(request, cast.workbook.pk)[0]


@pytest.mark.parametrize(("who", "reason"), [("viewer", ""), ("outsider", "revoked"), ("anonymous", "signed-out")])
def test_a_stream_goes_on_for_who_may_read_and_ends_for_others_with_the_reason(
    cast: Cast, who: str, reason: str
) -> None:
    assert ending(cast, _request(cast, who)) == reason


def test_a_member_who_was_removed_is_told_so(cast: Cast) -> None:
    request = _request(cast, "editor")
    with scope(cast.administration.pk):
        cast.administration.memberships.filter(user=cast.people["editor"]).delete()
    assert ending(cast, request) == "revoked"
