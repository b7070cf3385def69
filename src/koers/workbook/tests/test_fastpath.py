"""The fast path of a save: the same answers as the page's own view, and a store that fails loses nothing silently."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError

from conftest import Cast
from koers.kit.grouping import GroupWriter
from koers.kit.tenancy import unscoped
from koers.workbook import fastpath
from koers.workbook.actions import Save
from koers.workbook.fastpath import FastSave
from koers.workbook.models import Answer, Revision
from koers.workbook.saving import MAX_BODY, Reply, perform

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32


@pytest.fixture
def save() -> Iterator[FastSave]:
    writer = GroupWriter()
    yield FastSave(writer)
    writer.stop()


def scope(cast: Cast, who: str, *, token: str = TOKEN, host: str = "localhost") -> dict[str, Any]:
    """What uvicorn hands over for a save of somebody."""
    cookies = f"csrftoken={TOKEN}"
    if who != "anonymous":
        cookies += f"; {settings.SESSION_COOKIE_NAME}={cast.client(who).cookies[settings.SESSION_COOKIE_NAME].value}"
    headers = {"host": host, "cookie": cookies, "x-csrftoken": token, "content-type": "application/json"}
    return {
        "type": "http", "method": "POST", "path": f"/w/{cast.workbook.pk}/save", "query_string": b"", "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip


def send(save: FastSave, cast: Cast, *bodies: tuple[dict[str, Any], Any]) -> list[Reply]:
    """Hand in several saves at once."""

    async def together() -> list[Reply]:
        return await asyncio.gather(
            *(
                save.reply(made, body if isinstance(body, bytes) else json.dumps(body).encode(), cast.workbook.pk)
                for made, body in bodies
            )
        )

    return asyncio.run(together())


def body(value: Any, base: int = 0, field: str = "A.3/why") -> dict[str, Any]:
    return {"field": field, "base": base, "value": value}


def test_a_save_is_acknowledged_with_its_revision(save: FastSave, cast: Cast) -> None:
    ((status, content),) = send(save, cast, (scope(cast, "contributor"), body("omdat")))
    assert (status, content["revision"], content["value"], content["by"]) == (
        200, 1, {"html": "<p>omdat</p>"}, "Contributor",
    )  # fmt: skip
    with unscoped():
        assert Revision.objects.get().author == cast.people["contributor"]


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous", 401), ("outsider", 404), ("viewer", 403), ("contributor", 200), ("lead", 200)]
)
def test_who_may_save(save: FastSave, cast: Cast, who: str, status: int) -> None:
    assert [reply[0] for reply in send(save, cast, (scope(cast, who), body("x")))] == [status]


def test_two_at_once_from_the_same_revision_both_stand_there(save: FastSave, cast: Cast) -> None:
    replies = send(save, cast, (scope(cast, "lead"), body("een")), (scope(cast, "editor"), body("twee")))
    assert [status for status, _content in replies] == [200, 200]
    with unscoped():
        stands = Answer.objects.get().value
    assert stands in ({"html": "<p>een twee</p>"}, {"html": "<p>een</p><p>twee</p>"})
    assert max(replies, key=lambda reply: reply[1]["revision"])[1]["value"] == stands


def test_a_group_of_different_fields_is_saved_whole(save: FastSave, cast: Cast) -> None:
    keys = [field.key for field in cast.workbook.edition.fields.values() if field.is_rich][:40]
    lead = scope(cast, "lead")
    replies = send(save, cast, *((lead, body(f"tekst {key}", field=key)) for key in keys))
    assert [status for status, _content in replies] == [200] * 40
    with unscoped():
        assert Revision.objects.count() == 40


def test_one_that_is_refused_does_not_hold_up_the_others(save: FastSave, cast: Cast) -> None:
    lead = scope(cast, "lead")
    replies = send(
        save, cast, (lead, body("goed")), (lead, b"{"), (lead, body({"choice": 9}, field="B.4.1/1")),
        (lead, b"x" * (MAX_BODY + 1)), (lead, body("ook goed", field="A.3/hooks")),
    )  # fmt: skip
    assert [status for status, _content in replies] == [200, 400, 422, 413, 200]


def test_a_wrong_token_or_host_is_refused(save: FastSave, cast: Cast) -> None:
    replies = send(
        save, cast, (scope(cast, "lead", token="b" * 32), body("x")), (scope(cast, "lead", host="evil.test"), body("x"))
    )
    assert [status for status, _content in replies] == [403, 400]
    with unscoped():
        assert Answer.objects.count() == 0


def test_a_save_that_breaks_the_group_fails_alone(save: FastSave, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = perform

    def breaks(saves: list[Save], languages: list[str]) -> list[Reply]:
        if any(each.field.key == "A.3/hooks" for each in saves):
            raise DatabaseError("this one cannot be written")
        return real(saves, languages)

    monkeypatch.setattr(fastpath, "perform", breaks)
    lead = scope(cast, "lead")
    replies = send(save, cast, (lead, body("goed")), (lead, body("slecht", field="A.3/hooks")))
    assert [status for status, _content in replies] == [200, 503]
    assert "kept in this browser" in replies[1][1]["error"]
    with unscoped():
        assert list(Answer.objects.values_list("field_key", flat=True)) == ["A.3/why"]


def test_after_a_failure_the_next_save_works(save: FastSave, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = scope(cast, "lead")
    with monkeypatch.context() as broken:
        broken.setattr(fastpath, "prepare", lambda _requests: 1 / 0)
        assert [status for status, _content in send(save, cast, (lead, body("x")))] == [503]
    assert [status for status, _content in send(save, cast, (lead, body("x")))] == [200]


def test_a_member_who_was_removed_saves_nothing_more(save: FastSave, cast: Cast) -> None:
    editor = scope(cast, "editor")
    assert [status for status, _content in send(save, cast, (editor, body("x")))] == [200]
    with unscoped():
        cast.people["editor"].memberships.all().delete()
    assert [status for status, _content in send(save, cast, (editor, body("y", base=1)))] == [404]


def test_an_account_that_was_closed_saves_nothing_more(save: FastSave, cast: Cast) -> None:
    editor = scope(cast, "editor")
    cast.people["editor"].is_active = False
    cast.people["editor"].save()
    assert [status for status, _content in send(save, cast, (editor, body("x")))] == [401]
