"""The pages of a workbook: the map, a section with and without JavaScript, import with a preview, export."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import Membership, User
from koers.workbook.actions import import_answers, save_answers
from koers.workbook.exchange import to_yaml
from koers.workbook.models import Answer, Revision


def get(cast: Cast, path: str, who: str = "lead") -> HttpResponse:
    response = cast.client(who).get(f"/w/{cast.workbook.pk}/{path}")
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: HttpResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def fill(cast: Cast, values: dict[str, Any], who: str = "editor") -> None:
    with scope(cast.administration.pk):
        import_answers(cast.workbook, values, cast.people[who], origin="edit")  # type: ignore[arg-type]


def queries(cast: Cast, path: str) -> int:
    client = cast.client("lead")
    client.get(f"/w/{cast.workbook.pk}/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/w/{cast.workbook.pk}/{path}").status_code == 200
    return len(captured)


def test_the_map_shows_progress_and_who_did_what_last(cast: Cast) -> None:
    fill(cast, {"A.0/digital-government": {"html": "<p>x</p>"}})
    text = text_of(get(cast, ""))
    assert "Editor" in text
    assert "1 of 67" in text
    assert "A.0" in text


def test_a_section_shows_what_was_answered_and_by_whom(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>Omdat <em>het</em> moet</p>"}})
    response = get(cast, "s/A.3/")
    assert "<p>Omdat <em>het</em> moet</p>" in response.content.decode()
    assert "by Editor" in text_of(response)


def test_the_stretch_of_a_section_tells_how_far_each_section_is(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>x</p>"}})
    text = text_of(get(cast, "s/A.1/"))
    assert "Digital leadership, under way" in text
    assert "Digital transformation, not started" in text


def test_the_map_names_eight_people_and_links_to_all(cast: Cast) -> None:
    with unscoped():
        for number in range(6):
            user = User.objects.create_user(f"x{number}@kastelbeke.example.test", name=f"Nummer {number}")
            Membership.objects.create(administration=cast.administration, user=user, role="viewer")
    text = text_of(get(cast, ""))
    assert text.count("Nummer") == 5  # after the lead, the editor and the contributor
    assert "All 10 people" in text


def test_an_import_without_a_file_asks_for_one(cast: Cast) -> None:
    assert "optional" not in text_of(get(cast, "import/"))
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/import/", {"sent": "yes"})
    assert response.status_code == 422
    assert "Choose a file first." in response.content.decode()


def test_an_unknown_section_is_not_found(cast: Cast) -> None:
    assert get(cast, "s/Z.9/").status_code == 404
    assert get(cast, "field/?key=Z.9/x").status_code == 404


def test_a_viewer_reads_without_inputs(cast: Cast) -> None:
    fill(cast, {"B.4.1/1": {"choice": 2, "remark": "in het MJP"}})
    response = get(cast, "s/B.4.1/", "viewer")
    assert 'name="B.4.1/1"' not in response.content.decode()
    assert "in het MJP" in text_of(response)


FORM = {
    "A.3/why": "Omdat **het** moet",
    "A.3/why:base": "0",
    "A.3/vocabulary:0:term": "data",
    "A.3/vocabulary:0:meaning": "feiten\r\nin rijen",
    "A.3/vocabulary:1:term": "",
    "A.3/vocabulary:base": "0",
}


def test_the_plain_form_saves_a_whole_section(cast: Cast) -> None:
    response = cast.client("contributor").post(f"/w/{cast.workbook.pk}/s/A.3/", FORM)
    assert response.status_code == 302
    with unscoped():
        assert dict(Answer.objects.values_list("field_key", "value")) == {
            "A.3/why": {"html": "<p>Omdat <strong>het</strong> moet</p>"},
            "A.3/vocabulary": {"items": [{"term": "data", "meaning": "feiten\nin rijen"}]},
        }
        assert {revision.author for revision in Revision.objects.all()} == {cast.people["contributor"]}


def test_the_plain_form_reads_every_kind_of_field(cast: Cast) -> None:
    client = cast.client("lead")
    forms: dict[str, dict[str, Any]] = {
        "A.1": {"A.1/open/when": "eind 2027", "A.1/open/when:base": "0"},
        "B.4.1": {"B.4.1/2": "not-applicable", "B.4.1/2:remark": "r", "B.4.1/2:base": "0",
                  "B.4.1/6": ["1", "3"], "B.4.1/6:base": "0"},
        "B.4.5": {"B.4.5/3:vigilant": "4", "B.4.5/3:base": "0"},
        "C.1.3": {"C.1.3/budget:0:item": "x", "C.1.3/budget:0:one-off": "€ 12.500,50", "C.1.3/budget:0:year": "2027",
                  "C.1.3/budget:base": "0"},
        "C.2.3": {"C.2.3/inspired/share": "12,5", "C.2.3/inspired/share:base": "0"},
    }  # fmt: skip
    for section, form in forms.items():
        assert client.post(f"/w/{cast.workbook.pk}/s/{section}/", form).status_code == 302, section
    with unscoped():
        assert dict(Answer.objects.values_list("field_key", "value")) == {
            "A.1/open/when": {"text": "eind 2027"},
            "B.4.1/2": {"choice": "not-applicable", "remark": "r"},
            "B.4.1/6": {"choices": [1, 3]},
            "B.4.5/3": {"rows": {"vigilant": 4}},
            "C.1.3/budget": {"items": [{"item": "x", "year": 2027, "one-off": 12500.5}]},
            "C.2.3/inspired/share": {"percent": 12.5},
        }


def test_what_the_plain_form_refuses_comes_back_as_typed_and_the_rest_is_saved(cast: Cast) -> None:
    form = {"C.2.3/inspired/share": "120", "C.2.3/inspired/share:base": "0",
            "C.2.3/inspired/recognise": "lacht", "C.2.3/inspired/recognise:base": "0"}  # fmt: skip
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/s/C.2.3/", form)
    assert response.status_code == 422
    assert "120 is out of range: from 0 to 100." in text_of(response)  # type: ignore[arg-type]
    assert 'value="120"' in response.content.decode()
    with unscoped():
        assert list(Answer.objects.values_list("field_key", flat=True)) == ["C.2.3/inspired/recognise"]


def test_a_plain_form_on_an_old_page_is_merged_with_what_came_since(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>Eerst dit. En dan dat.</p>"}})
    fill(cast, {"A.3/why": {"html": "<p>Eerst dit. En daarna dat.</p>"}})
    given = {"A.3/why": "Allereerst dit. En dan dat.", "A.3/why:base": "1"}
    assert cast.client("lead").post(f"/w/{cast.workbook.pk}/s/A.3/", given).status_code == 302
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>Allereerst dit. En daarna dat.</p>"}


def test_a_plain_form_from_an_unknown_state_overwrites_nothing_and_shows_what_was_typed(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>nieuw</p>"}})
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/s/A.3/", {"A.3/why": "mijn tekst", "A.3/why:base": "9"})
    assert response.status_code == 422
    assert "The text that you started from is not known here." in text_of(response)  # type: ignore[arg-type]
    assert "mijn tekst" in response.content.decode()
    with unscoped():
        assert Answer.objects.get().value == {"html": "<p>nieuw</p>"}


def test_a_field_that_the_page_does_not_know_is_left_alone(cast: Cast) -> None:
    """An older page still open after an update must not erase what it does not show."""
    fill(cast, {"A.3/hooks": {"html": "<p>blijft</p>"}})
    cast.client("lead").post(f"/w/{cast.workbook.pk}/s/A.3/", {"A.3/why": "x", "A.3/why:base": "0"})
    with unscoped():
        assert Answer.objects.get(field_key="A.3/hooks").value == {"html": "<p>blijft</p>"}


@pytest.mark.parametrize("path", ["", "s/A.1/", "s/C.1.2/", "field/?key=A.3/why"])
def test_a_page_takes_few_queries_and_as_many_when_full(cast: Cast, path: str) -> None:
    empty = queries(cast, path)
    items = [{"action": f"Actie {number}", "owner": "ICT"} for number in range(300)]
    values: dict[str, Any] = {"C.1.2/actions": {"items": items}}
    for field in cast.workbook.edition.fields.values():
        if field.is_rich:
            values[field.key] = {"html": "<p>x</p>"}
    fill(cast, values)
    full = queries(cast, path)
    assert full == empty
    assert full <= 12


def test_the_list_of_workbooks_takes_as_many_queries_for_one_as_for_ten(cast: Cast) -> None:
    from koers.workbook.actions import create_workbook

    client = cast.client("lead")
    client.get("/")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    one = count()
    with scope(cast.administration.pk):
        for _number in range(9):
            create_workbook(cast.administration, None)
    assert count() == one <= 12


def test_saving_a_group_takes_as_many_queries_for_one_as_for_twenty(scoped: Cast) -> None:
    from koers.workbook.actions import Save

    fields = [field for field in scoped.workbook.edition.fields.values() if field.is_rich]

    def count(number: int, start: int) -> int:
        saves = [
            Save(scoped.workbook, field, {"html": "<p>x</p>"}, 0, scoped.lead)
            for field in fields[start : start + number]
        ]
        with CaptureQueriesContext(connection) as captured:
            assert all(saved.is_written for saved in save_answers(saves))
        return len(captured)

    assert count(1, 0) == count(20, 1)


def upload(cast: Cast, data: bytes, who: str = "lead") -> HttpResponse:
    file = SimpleUploadedFile("w.yaml", data)
    response = cast.client(who).post(f"/w/{cast.workbook.pk}/import/", {"file": file})
    assert isinstance(response, HttpResponse)
    return response


def test_an_import_is_shown_before_it_is_done(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>oud</p>"}})
    with scope(cast.administration.pk):
        data = to_yaml(cast.workbook).replace("oud", "nieuw").encode() + b"  A.3/hooks: erbij\n"
    preview = upload(cast, data)
    assert preview.status_code == 200
    assert "oud" in text_of(preview)
    assert "nieuw" in text_of(preview)
    with unscoped():
        assert Answer.objects.count() == 1
    content = re.search(r'name="content"[^>]*value="([^"]+)"', preview.content.decode())
    assert content
    done = cast.client("lead").post(f"/w/{cast.workbook.pk}/import/", {"content": html.unescape(content[1])})
    assert done.status_code == 302
    with unscoped():
        assert dict(Answer.objects.values_list("field_key", "value")) == {
            "A.3/why": {"html": "<p>nieuw</p>"}, "A.3/hooks": {"html": "<p>erbij</p>"},
        }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "This is not a workbook"),
        (b"a: &x [1]\nb: [*x, *x]", "Anchors and aliases"),
        (b"format: koers-workbook/1\nedition: draaiboek\nadministration: {name: x}\nanswers: {X/y: 1}", "X/y"),
        (b"\x00\x01\x02", "not valid YAML or JSON"),
    ],
)
def test_a_wrong_import_is_refused_with_a_reason(cast: Cast, data: bytes, message: str) -> None:
    response = upload(cast, data)
    assert response.status_code == 422
    assert message in text_of(response) or (not data and "empty" in text_of(response))
    with unscoped():
        assert Answer.objects.count() == 0


def test_a_preview_that_was_tampered_with_is_refused(cast: Cast) -> None:
    response = cast.client("lead").post(f"/w/{cast.workbook.pk}/import/", {"content": "nonsense"})
    assert response.status_code == 422
    assert "This preview is too old." in text_of(response)  # type: ignore[arg-type]


def test_the_export_is_the_exchange_file(cast: Cast) -> None:
    fill(cast, {"A.3/why": {"html": "<p>x</p>"}})
    response = get(cast, "export/", "viewer")
    assert response["Content-Disposition"].startswith('attachment; filename="koers-gemeente-kastelbeke-')
    with scope(cast.administration.pk):
        assert response.content.decode() == to_yaml(cast.workbook)


def test_a_page_hears_of_what_was_saved_before_it_listened(cast: Cast) -> None:
    page = cast.client("viewer").get(f"/w/{cast.workbook.pk}/s/A.3/").content.decode()
    (tag,) = re.findall(r'data-tag="([^"]+)"', page)
    state = f"/w/{cast.workbook.pk}/s/A.3/state/?unless={tag}"
    assert cast.client("viewer").get(state).status_code == 204
    fill(cast, {"A.3/why": {"html": "<p>intussen</p>"}})
    told = cast.client("viewer").get(state).json()["fields"]["A.3/why"]
    assert (told["revision"], told["value"], told["by"]) == (1, {"html": "<p>intussen</p>"}, "Editor")


def test_no_shared_cache_may_keep_a_page_of_a_workbook(cast: Cast) -> None:
    assert cast.client("viewer").get(f"/w/{cast.workbook.pk}/").headers["Cache-Control"] == "private"
