"""Versions of a whole workbook: they show what stood there, never what stands there today."""

import html
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import DeedRefused
from koers.organisations.models import AuditEntry
from koers.workbook.actions import create_workbook
from koers.workbook.actions.history import keep_version, restore_version
from koers.workbook.actions.rounds import close_round
from koers.workbook.models import Answer, Revision, Standing, Version
from koers.workbook.queries.versions import held_in, values_held
from koers.workbook.tests.test_history import TERMS, WHY, get, text_of, write

CHOICE = "B.4.1/1"


def keep(cast: Cast, name: str = "Voor de raad", who: str = "editor") -> Version:
    with scope(cast.administration.pk):
        return keep_version(cast.workbook, name, cast.people[who])


def post(cast: Cast, path: str, who: str = "editor", **data: str) -> HttpResponse:
    response = cast.client(who).post(f"/w/{cast.workbook.pk}/{path}", data)
    assert isinstance(response, HttpResponse)
    return response


def present(cast: Cast) -> dict[str, Any]:
    with unscoped():
        return dict(Answer.objects.filter(value__isnull=False).values_list("field_key", "value"))


def test_who_may_answer_keeps_a_version_under_a_name(cast: Cast) -> None:
    write(cast, "een")
    assert post(cast, "versions/", "contributor", name="Voor de raad").status_code == 302
    text = text_of(get(cast, "versions/", "viewer"))
    assert "Voor de raad" in text
    assert "Contributor" in text
    with unscoped():
        version = Version.objects.get()
        revision = Revision.objects.get()
        assert AuditEntry.objects.filter(verb="version.keep").values_list("subject", flat=True).get() == "Voor de raad"
    assert (version.kind, version.round, version.edition_version) == ("named", 1, cast.workbook.edition_version)
    assert version.content == {WHY: {"revision": revision.pk, "number": 1, "standing": "draft"}}


def test_a_version_needs_a_name(cast: Cast) -> None:
    response = post(cast, "versions/", name="  ")
    assert response.status_code == 422
    assert "Give it a name by which you will know it again." in text_of(response)
    with unscoped():
        assert Version.objects.count() == 0


def test_without_versions_the_page_says_what_they_are_for(cast: Cast) -> None:
    assert "No version was kept yet." in text_of(get(cast, "versions/"))
    assert "Keep how it stands now" not in text_of(get(cast, "versions/", "viewer"))


def test_a_version_shows_what_stood_there_and_never_todays_text(cast: Cast) -> None:
    """RDMO #1726: a snapshot that showed the present values."""
    write(cast, "Zoals het was")
    write(cast, {"choice": 2, "remark": "toen"}, field=CHOICE)
    with unscoped():
        Answer.objects.filter(field_key=WHY).update(standing=Standing.AGREED)
    version = keep(cast)
    before = text_of(get(cast, f"versions/{version.pk}/"))
    write(cast, "Zoals het nu is", "lead", 30)
    write(cast, {"choice": 1, "remark": "nu"}, "lead", 30, field=CHOICE)
    write(cast, {"items": [{"term": "later", "meaning": "bijgekomen"}]}, "lead", 30, field=TERMS)
    with unscoped():
        Answer.objects.update(standing=Standing.DISCUSS)
    after = text_of(get(cast, f"versions/{version.pk}/"))
    assert after == before
    assert "Zoals het was" in after
    assert "toen" in after
    assert "Agreed" in after


def test_a_version_is_only_read(cast: Cast) -> None:
    write(cast, "een")
    page = get(cast, f"versions/{keep(cast).pk}/").content.decode()
    assert 'name="A.3/why"' not in page
    assert "data-field" not in page
    assert "Nothing changes here any more." in page


def test_a_field_that_was_only_marked_keeps_its_mark(cast: Cast) -> None:
    with unscoped():
        Answer.objects.create(
            administration=cast.administration, workbook=cast.workbook, field_key=WHY, standing=Standing.DISCUSS
        )
    version = keep(cast)
    assert version.content == {WHY: {"revision": None, "number": 0, "standing": "discuss"}}
    text = text_of(get(cast, f"versions/{version.pk}/"))
    assert "To discuss" in text
    assert "with 0 answers" in text


def test_versions_of_another_workbook_are_not_found(cast: Cast) -> None:
    ours = keep(cast)
    with scope(cast.other_administration.pk):
        theirs = keep_version(cast.other_workbook, "Geheim", cast.outsider)
    with scope(cast.administration.pk):
        second = create_workbook(cast.administration, cast.lead)
        elsewhere = keep_version(second, "Elders", cast.lead)
    for foreign in (theirs, elsewhere):
        for path in (f"versions/{foreign.pk}/", f"versions/{ours.pk}/?with={foreign.pk}"):
            assert get(cast, path).status_code == 404
        assert get(cast, f"versions/{foreign.pk}/restore/").status_code == 404
        assert post(cast, f"versions/{foreign.pk}/restore/").status_code == 404
        assert post(cast, f"versions/{foreign.pk}/field/", field=WHY).status_code == 404
    assert get(cast, f"versions/{ours.pk}/?with=x").status_code == 404
    assert post(cast, f"versions/{ours.pk}/field/", field="Z.9/x").status_code == 404
    assert "Geheim" not in text_of(get(cast, "versions/"))


def test_hostile_names_stay_text(cast: Cast) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    version, other = keep(cast, hostile), keep(cast, hostile)
    paths = (
        "",
        f"{version.pk}/",
        f"{version.pk}/?with={other.pk}",
        f"{version.pk}/?with=now",
        f"{version.pk}/restore/",
    )
    for path in paths:
        page = get(cast, f"versions/{path}").content.decode()
        assert hostile not in page
        assert html.escape(hostile) in page


def test_comparing_with_now_shows_only_what_differs(cast: Cast) -> None:
    write(cast, "een mooie dag")
    write(cast, {"choice": 2}, field=CHOICE)
    write(cast, {"items": [{"term": "weg"}]}, field=TERMS)
    version = keep(cast)
    write(cast, "een grijze dag", minutes=20)
    write(cast, None, minutes=20, field=TERMS)
    write(cast, "nieuw", minutes=20, field="A.0/digital-government")
    text = text_of(get(cast, f"versions/{version.pk}/?with=now"))
    assert "From “Voor de raad” to how it stands now" in text
    assert "1 answer changed 1 answer added 1 answer removed 1 answer the same" in text
    assert "een [del mooie] [ins grijze] dag" in text
    assert "[del weg]" in text
    assert "[ins nieuw]" in text
    assert "B.4.1" not in text


def test_two_versions_are_compared_from_the_older_to_the_later_whichever_is_open(cast: Cast) -> None:
    write(cast, "een mooie dag")
    first = keep(cast, "Eerste")
    write(cast, "een grijze dag", minutes=20)
    second = keep(cast, "Tweede")
    write(cast, "een derde dag", minutes=40)
    for one, other in ((first, second), (second, first)):
        text = text_of(get(cast, f"versions/{one.pk}/?with={other.pk}"))
        assert "From “Eerste” to “Tweede”" in text
        assert "een [del mooie] [ins grijze] dag" in text
        assert "derde" not in text


def test_a_mark_that_changed_is_told(cast: Cast) -> None:
    write(cast, "een")
    version = keep(cast)
    with unscoped():
        Answer.objects.update(standing=Standing.AGREED)
    text = text_of(get(cast, f"versions/{version.pk}/?with=now"))
    assert "1 mark changed" in text
    assert "[del Draft] [ins Agreed]" in text


def test_when_nothing_differs_it_says_so(cast: Cast) -> None:
    write(cast, "een")
    assert "Nothing differs: every answer is the same." in text_of(get(cast, f"versions/{keep(cast).pk}/?with=now"))


def test_the_whole_version_is_put_back_and_what_stood_there_is_kept_first(cast: Cast) -> None:
    write(cast, "een")
    write(cast, {"choice": 2}, field=CHOICE)
    version = keep(cast)
    write(cast, "twee", minutes=20)
    write(cast, {"items": [{"term": "bij"}]}, minutes=20, field=TERMS)
    asked = text_of(get(cast, f"versions/{version.pk}/restore/"))
    assert "2 answers change back to what they were on" in asked
    assert "Put back 2 answers" in asked
    assert post(cast, f"versions/{version.pk}/restore/").status_code == 302
    assert present(cast) == {WHY: {"html": "<p>een</p>"}, CHOICE: {"choice": 2}}
    with unscoped():
        before = Version.objects.get(kind="before-restore")
        assert values_held(cast.workbook, held_in(before)) == {
            WHY: {"html": "<p>twee</p>"}, CHOICE: {"choice": 2}, TERMS: {"items": [{"term": "bij"}]},
        }  # fmt: skip
        restored = Revision.objects.filter(origin="restore").values_list("field_key", "number", "value")
        assert sorted(restored) == [(TERMS, 2, None), (WHY, 3, {"html": "<p>een</p>"})]
        assert AuditEntry.objects.get(verb="version.restore").detail["answers"] == 2


def test_putting_back_a_version_can_be_undone_by_putting_back_the_one_before(cast: Cast) -> None:
    write(cast, "een")
    version = keep(cast)
    write(cast, "twee", minutes=20)
    post(cast, f"versions/{version.pk}/restore/")
    with unscoped():
        before = Version.objects.get(kind="before-restore")
    assert (before.name, str(before)) == ("", "Before “Voor de raad” was put back")
    post(cast, f"versions/{before.pk}/restore/")
    assert present(cast) == {WHY: {"html": "<p>twee</p>"}}


def test_when_all_stands_as_it_was_nothing_is_written(cast: Cast) -> None:
    write(cast, "een")
    version = keep(cast)
    assert "Nothing would change" in text_of(get(cast, f"versions/{version.pk}/restore/"))
    post(cast, f"versions/{version.pk}/restore/")
    with unscoped():
        assert (Version.objects.count(), Revision.objects.count()) == (1, 1)


def test_an_answer_that_no_longer_fits_stays_as_it_is_and_is_named(cast: Cast) -> None:
    write(cast, "een")
    write(cast, {"choice": 2}, field=CHOICE)
    version = keep(cast)
    with unscoped():
        Revision.objects.filter(field_key=CHOICE).update(value={"choice": 99, "remark": "van toen"})
    write(cast, "twee", minutes=20)
    write(cast, {"choice": 1}, minutes=20, field=CHOICE)
    assert "1 answer no longer fits its question" in text_of(get(cast, f"versions/{version.pk}/restore/"))
    assert "van toen" in text_of(get(cast, f"versions/{version.pk}/"))
    post(cast, f"versions/{version.pk}/restore/")
    assert present(cast) == {WHY: {"html": "<p>een</p>"}, CHOICE: {"choice": 1}}
    assert post(cast, f"versions/{version.pk}/field/", field=CHOICE).status_code == 302
    assert present(cast)[CHOICE] == {"choice": 1}


def test_one_field_of_a_version_is_put_back(cast: Cast) -> None:
    write(cast, "een")
    write(cast, {"choice": 2}, field=CHOICE)
    version = keep(cast)
    write(cast, "twee", minutes=20)
    write(cast, {"choice": 1}, minutes=20, field=CHOICE)
    assert post(cast, f"versions/{version.pk}/field/", "contributor", field=WHY).status_code == 302
    assert present(cast) == {WHY: {"html": "<p>een</p>"}, CHOICE: {"choice": 1}}


def test_nothing_is_put_back_in_a_closed_round(scoped: Cast) -> None:
    write(scoped, "een")
    version = keep(scoped)
    write(scoped, "twee", minutes=20)
    close_round(scoped.workbook, scoped.lead)
    with pytest.raises(DeedRefused, match="This round is closed"):
        restore_version(scoped.workbook, version, scoped.lead)
    post(scoped, f"versions/{version.pk}/restore/")
    post(scoped, f"versions/{version.pk}/field/", field=WHY)
    post(scoped, "history/restore/", field=WHY, revision="1")
    assert present(scoped) == {WHY: {"html": "<p>twee</p>"}}
    assert not Version.objects.filter(kind="before-restore").exists()
    assert "Put back" not in text_of(get(scoped, f"versions/{version.pk}/"))


def test_who_may_do_what_sees_the_ways_to_it(cast: Cast) -> None:
    write(cast, "een")
    version = keep(cast)
    seen = {who: text_of(get(cast, f"versions/{version.pk}/", who)) for who in ("viewer", "contributor", "editor")}
    assert {who: ("Put this back" in text, "Put back the whole version" in text) for who, text in seen.items()} == {
        "viewer": (False, False), "contributor": (True, False), "editor": (True, True),
    }  # fmt: skip


def queries(cast: Cast, path: str) -> int:
    client = cast.client("lead")
    client.get(f"/w/{cast.workbook.pk}/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/w/{cast.workbook.pk}/{path}").status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", ["versions/", "versions/{}/", "versions/{}/?with=now", "versions/{}/restore/"])
def test_the_number_of_queries_does_not_grow(cast: Cast, path: str) -> None:
    write(cast, "een")
    first = keep(cast)
    write(cast, "twee", minutes=20)
    one = queries(cast, path.format(first.pk))
    for number, field in enumerate(("A.0/digital-government", CHOICE, TERMS)):
        write(
            cast,
            {"A": "x", "B": {"choice": 1}}.get(field[0]) if field != TERMS else {"items": [{"term": "x"}]},
            field=field,
        )
        keep(cast, f"Versie {number}")
    assert queries(cast, path.format(first.pk)) == one
