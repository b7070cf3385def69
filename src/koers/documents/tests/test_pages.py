"""The pages of the note: reading, composing, downloading, and who may."""

import io
import re

import pytest
from docx import Document

from conftest import Cast
from koers.documents.actions import Composition, compose_note
from koers.documents.models import NoteSettings
from koers.documents.rendering import file_name, render_note
from koers.documents.tests.filling import Filling, docx_text
from koers.kit.tenancy import unscoped
from koers.organisations.models import AuditEntry
from koers.workbook.actions import import_answers

pytestmark = pytest.mark.django_db


def _address(cast: Cast, rest: str = "") -> str:
    return f"/w/{cast.workbook.pk}/note/{rest}"


@pytest.fixture
def written(cast: Cast, filling: Filling) -> Cast:
    with unscoped():
        import_answers(cast.workbook, filling.values, cast.lead)
    return cast


def test_everybody_with_a_role_reads(written: Cast) -> None:
    for role in ("lead", "editor", "contributor", "viewer"):
        response = written.client(role).get(_address(written))
        assert response.status_code == 200
    page = response.content.decode()
    assert page.count("<svg") >= 4
    assert f"/w/{written.workbook.pk}/s/C.1.1/#f-C-1-1-definition" in page
    assert "<style" not in page.replace("<stylesheet", "")
    assert not re.search(r"\sstyle=", page)


def test_the_page_holds_every_answer(written: Cast, filling: Filling) -> None:
    page = written.client("viewer").get(_address(written)).content.decode()
    assert [(key, mark) for key, mark in filling.marks if mark not in page] == []


def test_an_empty_workbook_links_to_what_is_to_be_done(cast: Cast) -> None:
    page = cast.client("viewer").get(_address(cast)).content.decode()
    assert f"/w/{cast.workbook.pk}/s/C.1.2/#f-C-1-2-actions" in page


@pytest.mark.parametrize("rest", ["", "compose/", "download/docx/", "download/pdf/"])
def test_outsiders_find_nothing(cast: Cast, rest: str) -> None:
    assert cast.client("outsider").get(_address(cast, rest)).status_code == 404
    assert cast.client("anonymous").get(_address(cast, rest)).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("contributor", 403), ("editor", 200), ("lead", 200)])
def test_who_may_compose(cast: Cast, role: str, status: int) -> None:
    client = cast.client(role)
    assert client.get(_address(cast, "compose/")).status_code == status
    posted = client.post(_address(cast, "compose/"), {"language": "nl", "order": [], "show": ["why"]})
    assert posted.status_code == (302 if status == 200 else 403)
    with unscoped():
        assert NoteSettings.objects.exists() is (status == 200)


@pytest.mark.parametrize(("form", "start"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_download(written: Cast, form: str, start: bytes) -> None:
    response = written.client("viewer").get(_address(written, f"download/{form}/?appendix=1"))
    assert response.status_code == 200
    assert response.content.startswith(start)
    assert re.search(
        rf'filename="ambitienota-gemeente-kastelbeke-\d{{4}}-\d\d-\d\d\.{form}"', response["Content-Disposition"]
    )
    assert "no-store" in response["Cache-Control"]


def test_download_without_appendix_is_shorter(written: Cast) -> None:
    client = written.client("viewer")
    whole, body = (client.get(_address(written, f"download/docx/?appendix={flag}")).content for flag in "10")
    assert len(docx_text(body)) < len(docx_text(whole))


def test_an_unknown_format_is_not_found(cast: Cast) -> None:
    assert cast.client("lead").get(_address(cast, "download/exe/")).status_code == 404


def _form(**given: object) -> dict[str, object]:
    return {
        "language": "nl",
        "with_appendix": "on",
        "order": ["summary", "why", "context"],
        "show": ["why", "context"],
    } | given


def test_composing_is_kept_and_recorded(cast: Cast) -> None:
    client = cast.client("editor")
    given = _form(
        title="Onze koers",
        subtitle="Samen",
        author="Werkgroep",
        day="2026-12-01",
        introduction="Een **begin**\n\n<script>x</script>",
    ) | {"title:why": "  Waarom   nu "}
    assert client.post(_address(cast, "compose/"), given).status_code == 302
    with unscoped():
        settings = NoteSettings.objects.get()
        entry = AuditEntry.objects.get(verb="note.compose")
    assert settings.title == "Onze koers"
    assert settings.titles == {"why": "Waarom nu"}
    assert "summary" in settings.hidden
    assert "why" not in settings.hidden
    assert "<strong>begin</strong>" in settings.introduction
    assert "<script" not in settings.introduction
    assert entry.actor == cast.people["editor"]
    page = client.get(_address(cast)).content.decode()
    assert "Onze koers" in page
    assert "Waarom nu" in page


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("why:up", ["why", "summary", "context"]),
        ("why:down", ["summary", "context", "why"]),
        ("summary:up", ["summary", "why", "context"]),
        ("nonsense:up", ["summary", "why", "context"]),
    ],
)
def test_moving_a_chapter_without_javascript(cast: Cast, move: str, order: list[str]) -> None:
    response = cast.client("editor").post(_address(cast, "compose/"), _form(move=move, title="Blijft"))
    assert response.status_code == 302
    with unscoped():
        settings = NoteSettings.objects.get()
    assert settings.order == order
    assert settings.title == "Blijft"


def test_a_date_that_is_none_is_refused_and_kept(cast: Cast) -> None:
    response = cast.client("editor").post(_address(cast, "compose/"), _form(day="gisteren", title="Blijft staan"))
    assert response.status_code == 422
    assert "Blijft staan" in response.content.decode()
    with unscoped():
        assert not NoteSettings.objects.exists()


def test_settings_of_one_administration_are_not_those_of_another(scoped: Cast) -> None:
    compose_note(scoped.workbook, Composition(title="Van Kastelbeke"), scoped.lead)
    with unscoped():
        other = render_note(scoped.other_workbook, "docx")
    assert "Van Kastelbeke" not in docx_text(other)


def test_the_file_for_the_command_line(written: Cast) -> None:
    with unscoped():
        english = render_note(written.workbook, "docx", appendix=False, language="en")
    assert Document(io.BytesIO(english)).core_properties.language == "en-GB"


@pytest.mark.parametrize("name", ['Stad "x"/../é', "../../etc", "Ø", "a" * 200])
def test_file_names_are_safe(cast: Cast, name: str) -> None:
    cast.workbook.administration.name = name
    assert re.fullmatch(r"ambitienota-[a-z0-9-]{1,60}-\d{4}-\d\d-\d\d\.pdf", file_name(cast.workbook, "pdf"))


def test_the_number_of_queries_does_not_grow(written: Cast, django_assert_max_num_queries: object) -> None:
    client = written.client("viewer")
    client.get(_address(written))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(_address(written))
