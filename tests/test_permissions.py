"""One table of every address x everybody. An address that is missing from it fails the test.

404 to outsiders, 403 to members who may not, a way to sign in for who is signed out.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import Cast

WHO = ("anonymous", "outsider", "viewer", "contributor", "editor", "lead")

# Per address (and method): what each of WHO gets. 302 for the signed out leads to signing in.
PUBLIC = (200,) * 6
READ = (302, 404, 200, 200, 200, 200)
COMPOSE = (302, 404, 403, 403, 200, 200)
MANAGE = (302, 404, 403, 403, 403, 200)

TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "home"): PUBLIC,
    ("GET", "components"): PUBLIC,
    ("GET", "health"): PUBLIC,
    ("POST", "choose_language"): (302,) * 6,
    ("GET", "start_workbook"): (302, 404, 403, 403, 403, 302),
    ("GET", "course_map"): READ,
    ("GET", "section"): READ,
    ("POST", "section"): (302, 404, 403, 302, 302, 302),
    ("GET", "one_field"): READ,
    ("POST", "save"): (401, 404, 403, 200, 200, 200),
    ("GET", "workbook_settings"): MANAGE,
    ("POST", "workbook_settings"): (302, 404, 403, 403, 403, 302),
    ("GET", "export_workbook"): READ,
    ("GET", "import_workbook"): COMPOSE,
    ("POST", "import_workbook"): (302, 404, 403, 403, 422, 422),
    ("GET", "analysis"): READ,
    ("GET", "note"): READ,
    ("GET", "compose_note"): COMPOSE,
    ("GET", "download_note"): READ,
}

ARGUMENTS: dict[str, Any] = {
    "section_id": "A.0",
    "format": "docx",
}
BODY: dict[tuple[str, str], tuple[Any, str]] = {
    ("POST", "save"): ('{"field": "A.3/why", "base": 0, "value": null}', "application/json"),
    ("POST", "workbook_settings"): ("title=x", "application/x-www-form-urlencoded"),
    ("POST", "choose_language"): ("language=nl", "application/x-www-form-urlencoded"),
}
QUERY = {"one_field": "?key=A.3/why"}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def address(name: str, cast: Cast) -> str:
    (pattern,) = [each for each in patterns() if each.name == name]
    values = {
        "workbook_id": cast.workbook.pk,
        "administration_id": cast.administration.pk,
        **ARGUMENTS,
    }
    kwargs = {key: values[key] for key in pattern.pattern.converters}
    return reverse(name, kwargs=kwargs) + QUERY.get(name, "")


def test_every_address_is_in_the_table() -> None:
    named = {name for _method, name in TABLE}
    assert {pattern.name for pattern in patterns()} - named == set()
    assert named - {pattern.name for pattern in patterns()} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "name"), sorted(TABLE), ids=lambda part: part)
def test_who_gets_what(cast: Cast, method: str, name: str) -> None:
    url = address(name, cast)
    body, kind = BODY.get((method, name), ("", "application/x-www-form-urlencoded"))
    got = tuple(cast.client(who).generic(method, url, body, content_type=kind).status_code for who in WHO)
    assert got == TABLE[method, name]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "name"), sorted(TABLE), ids=lambda part: part)
def test_an_id_that_is_not_there_is_not_found(cast: Cast, method: str, name: str) -> None:
    url = address(name, cast)
    nowhere = str(UUID(int=7))
    changed = url.replace(str(cast.workbook.pk), nowhere).replace(str(cast.administration.pk), nowhere)
    if changed == url:
        return
    body, kind = BODY.get((method, name), ("", "application/x-www-form-urlencoded"))
    assert cast.client("lead").generic(method, changed, body, content_type=kind).status_code == 404
