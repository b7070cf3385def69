"""The history of a field and of a section, and putting back what stood there."""

import html
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.workbook.actions import Save, save_answer, save_answers
from koers.workbook.actions.history import NoLongerFits, restore_revision
from koers.workbook.models import Answer, Origin, Revision
from koers.workbook.queries.history import field_history, section_history

WHY = "A.3/why"
TERMS = "A.3/vocabulary"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Europe/Brussels"))


def write(cast: Cast, value: Any, who: str = "editor", minutes: float = 0, field: str = WHY, **more: Any) -> None:
    """Somebody saves a value, some minutes after noon."""
    shaped = {"html": f"<p>{value}</p>"} if isinstance(value, str) else value
    with scope(cast.administration.pk):
        save_answers(
            [
                Save(
                    cast.workbook, cast.workbook.edition.fields[field], shaped, None, cast.people[who],
                    at=NOON + timedelta(minutes=minutes), **more,
                )
            ]
        )  # fmt: skip


def get(cast: Cast, path: str, who: str = "lead", **headers: str) -> HttpResponse:
    response = cast.client(who).get(f"/w/{cast.workbook.pk}/{path}", headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: Any) -> str:
    """What the page says, with changes between brackets."""
    shown = response.content.decode().split("<main", 1)[-1].split("</main>")[0]
    marked = re.sub(r"<(ins|del)>.*?</span>\s*(.*?)\s*</\1>", r" [\1 \2] ", shown, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", marked)))


def put_back(cast: Cast, number: int, who: str = "contributor", field: str = WHY, **headers: str) -> HttpResponse:
    data = {"field": field, "revision": str(number)}
    response = cast.client(who).post(f"/w/{cast.workbook.pk}/history/restore/", data, headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def values(cast: Cast) -> list[tuple[int, Any, str]]:
    with unscoped():
        return list(Revision.objects.order_by("number").values_list("number", "value", "origin"))


def test_the_history_tells_who_changed_what_and_when_the_newest_first(cast: Cast) -> None:
    write(cast, "een mooie dag")
    write(cast, "een grijze dag", "contributor", 30)
    text = text_of(get(cast, f"history/?field={WHY}"))
    assert "Contributor 20 November 2026, 12:30 een [del mooie] [ins grijze] dag Stands here now" in text
    assert "Editor 20 November 2026, 12:00 [ins een mooie dag]" in text
    assert text.index("Contributor") < text.index("Editor")


def test_changes_are_told_in_words_to_who_does_not_see_them(cast: Cast) -> None:
    write(cast, "een mooie dag")
    write(cast, "een grijze dag", "contributor", 30)
    page = get(cast, f"history/?field={WHY}").content.decode()
    assert '<del><span class="visually-hidden">removed: </span>mooie</del>' in page
    assert '<ins><span class="visually-hidden">added: </span>grijze</ins>' in page


def test_it_tells_how_a_revision_came_about(cast: Cast) -> None:
    write(cast, "een", origin=Origin.IMPORT)
    write(cast, "twee", minutes=20, origin=Origin.MERGE)
    write(cast, "drie", minutes=40, origin=Origin.RESTORE)
    write(cast, "vier", minutes=60, origin=Origin.SETTLE)
    text = text_of(get(cast, f"history/?field={WHY}"))
    assert re.findall(r"12:\d0|13:00", text) == ["13:00", "12:40", "12:20", "12:00"]
    told = re.findall(r"(chosen|put back|merged with a colleague's|from a file)", text)
    assert told == ["chosen", "put back", "merged with a colleague's", "from a file"]


def test_saves_of_one_person_within_ten_minutes_are_one_step(scoped: Cast) -> None:
    for number, (who, minutes) in enumerate(
        [("editor", 0), ("editor", 9), ("editor", 10.5), ("lead", 11), ("editor", 12)], start=1
    ):
        write(scoped, f"tekst {number}", who, minutes)
    history = field_history(scoped.workbook, scoped.workbook.edition.fields[WHY])
    assert [(step.author, step.first, step.number) for step in history.steps] == [
        ("Editor", 5, 5), ("Lead", 4, 4), ("Editor", 2, 3), ("Editor", 1, 1),
    ]  # fmt: skip
    assert (history.older, history.present) == (None, 5)


def test_a_step_shows_what_changed_over_the_whole_of_it(cast: Cast) -> None:
    write(cast, "een")
    for number, text in enumerate(["een tw", "een twe", "een twee"]):
        write(cast, text, "lead", 20 + number)
    text = text_of(get(cast, f"history/?field={WHY}"))
    assert "een [ins twee] Stands here now" in text
    assert "Show 3 saves apart" in text


def test_the_saves_of_a_step_can_be_seen_apart(cast: Cast) -> None:
    write(cast, "een")
    for number, text in enumerate(["een tw", "een twe", "een twee"]):
        write(cast, text, "lead", 20 + number)
    text = text_of(get(cast, f"history/?field={WHY}&from=2&to=4"))
    assert re.findall(r"12:\d\d", text) == ["12:22", "12:21", "12:20"]


def test_an_answer_of_choices_and_rows_is_told_in_its_words(cast: Cast) -> None:
    write(cast, {"items": [{"term": "data", "meaning": "feiten"}]}, field=TERMS)
    write(cast, {"items": [{"term": "data", "meaning": "feiten in rijen"}]}, "lead", 20, field=TERMS)
    text = text_of(get(cast, f"history/?field={TERMS}"))
    assert "data · feiten [ins in rijen] Stands here now" in text


def test_when_only_the_layout_changed_it_says_so(cast: Cast) -> None:
    write(cast, "een dag")
    write(cast, "een <strong>dag</strong>", "lead", 20)
    assert "The words stayed the same; the layout changed." in text_of(get(cast, f"history/?field={WHY}"))


def test_a_long_text_is_told_by_its_changes_with_some_words_around(cast: Cast) -> None:
    words = [f"woord{number}" for number in range(400)]
    write(cast, " ".join(words))
    write(cast, " ".join([*words[:200], "nieuw", *words[200:]]), "lead", 20)
    text = text_of(get(cast, f"history/?field={WHY}"))
    step = text[text.index("12:20") : text.index("Stands here now")]
    assert re.sub(r"\s+", " ", step.replace("[ins", "").replace("]", "")) == (
        "12:20 … woord192 woord193 woord194 woord195 woord196 woord197 woord198 woord199 nieuw "
        "woord200 woord201 woord202 woord203 woord204 woord205 woord206 woord207 … "
    )


def test_hostile_text_stays_text(cast: Cast) -> None:
    hostile = "<script>alert(1)</script>"
    write(cast, {"items": [{"term": hostile, "meaning": "x"}]}, field=TERMS)
    write(cast, {"items": [{"term": f"{hostile} en meer", "meaning": "x"}]}, "lead", 20, field=TERMS)
    write(cast, html.escape(hostile))
    write(cast, html.escape(f"{hostile} <ins>"), "lead", 20)
    for field in (TERMS, WHY):
        for path in (f"history/?field={field}", f"history/?field={field}&revision=1", "s/A.3/history/"):
            page = get(cast, path).content.decode()
            assert hostile not in page
            assert html.escape("<script>") in page


def test_a_panel_gets_the_content_alone(cast: Cast) -> None:
    write(cast, "een")
    page = get(cast, f"history/?field={WHY}", HX_REQUEST="true").content.decode()
    assert "<html" not in page
    assert "<h2>History</h2>" in page
    assert f'data-panel href="/w/{cast.workbook.pk}/history/?field=A.3/why&amp;revision=1"' in page


def test_a_field_that_was_never_answered_says_so(cast: Cast) -> None:
    assert "Nobody has answered this yet." in text_of(get(cast, f"history/?field={WHY}"))


@pytest.mark.parametrize(
    "path",
    [
        "history/?field=Z.9/x", "history/", f"history/?field={WHY}&revision=7", f"history/?field={WHY}&before=x",
        f"history/?field={WHY}&before=99999999999999999999", f"history/?field={WHY}&revision=-1", "s/Z.9/history/",
        "s/A.3/history/?before=²", "earlier/?field=Z.9/x",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(cast: Cast, path: str) -> None:
    write(cast, "een")
    assert get(cast, path).status_code == 404


def many(cast: Cast, count: int) -> None:
    """A field that was saved every second."""
    with scope(cast.administration.pk):
        Revision.objects.bulk_create(
            Revision(
                administration=cast.administration, workbook=cast.workbook, field_key=WHY, number=number,
                value={"html": f"<p>tekst {number}</p>"}, at=NOON + timedelta(seconds=number),
                author=cast.people[("editor", "lead")[number // 20 % 2]],
            )
            for number in range(1, count + 1)
        )  # fmt: skip
        Answer.objects.create(
            administration=cast.administration, workbook=cast.workbook, field_key=WHY, revision=count,
            value={"html": f"<p>tekst {count}</p>"}, answered=True,
        )  # fmt: skip


def reads(cast: Cast, path: str) -> list[str]:
    client = cast.client("lead")
    client.get(f"/w/{cast.workbook.pk}/{path}")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/w/{cast.workbook.pk}/{path}").status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("path", [f"history/?field={WHY}", "s/A.3/history/"])
def test_ten_thousand_revisions_cost_the_queries_of_ten(cast: Cast, path: str) -> None:
    write(cast, "een")
    few = len(reads(cast, path))
    with unscoped():
        Revision.objects.all().delete()
        Answer.objects.all().delete()
    many(cast, 10_000)
    sql = reads(cast, path)
    assert len(sql) == few
    of_revisions = [each for each in sql if 'FROM "workbook_revision"' in each]
    without_values, with_values = of_revisions
    assert "LIMIT 40" in without_values
    assert '"workbook_revision"."value"' not in without_values
    assert with_values.count(" IN (") <= 1


def test_only_the_values_that_are_shown_are_read(scoped: Cast) -> None:
    many(scoped, 10_000)
    history = field_history(scoped.workbook, scoped.workbook.edition.fields[WHY])
    # 400 revisions were looked at; the last step goes on, and opens the next page.
    assert [(step.first, step.number) for step in history.steps][:2] == [(10_000, 10_000), (9_980, 9_999)]
    assert (len(history.steps), history.older) == (20, 9_620)


def test_pages_follow_one_another_without_gap_or_overlap(scoped: Cast) -> None:
    many(scoped, 2_000)
    field = scoped.workbook.edition.fields[WHY]
    seen, before = [], None
    while True:
        page = field_history(scoped.workbook, field, before)
        seen += [(step.number, step.first) for step in page.steps]
        before = page.older
        if before is None:
            break
    assert seen[0][0] == 2_000
    assert seen[-1][1] == 1
    assert [above[1] - 1 for above in seen[:-1]] == [below[0] for below in seen[1:]]


def test_a_step_longer_than_a_page_goes_on_over_pages(scoped: Cast) -> None:
    with scope(scoped.administration.pk):
        Revision.objects.bulk_create(
            Revision(
                administration=scoped.administration, workbook=scoped.workbook, field_key=WHY, number=number,
                value={"html": f"<p>{number}</p>"}, at=NOON + timedelta(milliseconds=number), author=scoped.lead,
            )
            for number in range(1, 1_001)
        )  # fmt: skip
    field = scoped.workbook.edition.fields[WHY]
    first = field_history(scoped.workbook, field)
    assert [(step.first, step.number) for step in first.steps] == [(601, 1_000)]
    assert first.older == 601
    apart = field_history(scoped.workbook, field, within=(601, 1_000))
    assert (len(apart.steps), apart.older) == (30, 971)


def test_a_revision_can_be_read_whole_with_what_changed_since(cast: Cast) -> None:
    write(cast, "een <em>mooie</em> dag")
    write(cast, "een grijze dag", "contributor", 30)
    response = get(cast, f"history/?field={WHY}&revision=1")
    assert "<p>een <em>mooie</em> dag</p>" in response.content.decode()
    text = text_of(response)
    assert "An earlier answer" in text
    assert "What changed since then een [del mooie] [ins grijze] dag" in text


def test_putting_back_is_a_new_revision_and_can_itself_be_undone(cast: Cast) -> None:
    write(cast, "een")
    write(cast, "twee", "lead", 30)
    assert put_back(cast, 1).status_code == 302
    assert put_back(cast, 2, "editor").status_code == 302
    assert values(cast) == [
        (1, {"html": "<p>een</p>"}, "edit"), (2, {"html": "<p>twee</p>"}, "edit"),
        (3, {"html": "<p>een</p>"}, "restore"), (4, {"html": "<p>twee</p>"}, "restore"),
    ]  # fmt: skip
    with unscoped():
        assert Answer.objects.get().updated_by == cast.people["editor"]


def test_an_answer_that_was_empty_can_be_put_back(cast: Cast) -> None:
    write(cast, "een")
    write(cast, None, minutes=30)
    write(cast, "twee", minutes=60)
    put_back(cast, 2)
    assert values(cast)[-1] == (4, None, "restore")


def test_putting_back_in_the_panel_shows_the_history_there(cast: Cast) -> None:
    write(cast, "een")
    write(cast, "twee", "lead", 30)
    response = put_back(cast, 1, HX_REQUEST="true")
    assert response.headers["Location"] == f"/w/{cast.workbook.pk}/history/?field=A.3%2Fwhy"
    page = cast.client("contributor").get(response.headers["Location"], headers={"HX-Request": "true"})
    assert "put back" in text_of(page)


def test_a_viewer_reads_but_does_not_put_back(cast: Cast) -> None:
    write(cast, "een")
    write(cast, "twee", "lead", 30)
    assert "Put this back" not in text_of(get(cast, f"history/?field={WHY}", "viewer"))
    assert "Put this back" in text_of(get(cast, f"history/?field={WHY}", "contributor"))


def test_a_revision_of_another_workbook_is_not_found(cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        field = cast.other_workbook.edition.fields[WHY]
        save_answer(cast.other_workbook, field, {"html": "<p>geheim</p>"}, 0, cast.outsider)
    assert put_back(cast, 1).status_code == 404
    assert get(cast, f"history/?field={WHY}&revision=1").status_code == 404
    assert "geheim" not in get(cast, f"history/?field={WHY}").content.decode()


def unfit(cast: Cast) -> None:
    """An answer of an older edition: a choice that the question no longer has."""
    write(cast, {"choice": 2}, field="B.4.1/1")
    with unscoped():
        Revision.objects.filter(field_key="B.4.1/1").update(value={"choice": 99, "remark": "in het meerjarenplan"})


def test_an_answer_that_no_longer_fits_is_refused_with_its_text(cast: Cast) -> None:
    unfit(cast)
    write(cast, {"choice": 1}, "lead", 30, field="B.4.1/1")
    response = put_back(cast, 1, field="B.4.1/1")
    assert response.status_code == 422
    text = text_of(response)
    assert "This answer no longer fits the question" in text
    assert "in het meerjarenplan" in text
    with unscoped():
        assert Answer.objects.get().value == {"choice": 1}


def test_the_verb_refuses_what_no_longer_fits(scoped: Cast) -> None:
    unfit(scoped)
    write(scoped, {"choice": 1}, "lead", 30, field="B.4.1/1")
    field = scoped.workbook.edition.fields["B.4.1/1"]
    with pytest.raises(NoLongerFits) as refused:
        restore_revision(scoped.workbook, field, Revision.objects.get(number=1), scoped.lead)
    assert refused.value.text == "99\nin het meerjarenplan"


def test_the_history_shows_also_what_no_longer_fits(cast: Cast) -> None:
    unfit(cast)
    assert "in het meerjarenplan" in text_of(get(cast, "history/?field=B.4.1/1"))


def test_the_history_of_a_section_tells_what_each_did_in_one_go(scoped: Cast) -> None:
    write(scoped, "een", "editor", 0)
    write(scoped, {"items": [{"term": "data"}]}, "lead", 1, field=TERMS)
    write(scoped, "een twee", "editor", 2)
    write(scoped, "drie", "editor", 40)
    write(scoped, {"choice": 1}, "editor", 41, field="B.4.1/1")
    history = section_history(scoped.workbook, scoped.workbook.edition.sections["A.3"])
    assert [
        (sitting.author, [(step.field.key, step.first, step.number) for step in sitting.steps])
        for sitting in history.sittings
    ] == [("Editor", [(WHY, 3, 3)]), ("Editor", [(WHY, 1, 2)]), ("Lead", [(TERMS, 1, 1)])]
    assert history.older is None


def test_the_history_of_a_section_leads_to_that_of_its_fields(cast: Cast) -> None:
    write(cast, "een")
    page = get(cast, "s/A.3/history/")
    assert f'href="/w/{cast.workbook.pk}/history/?field=A.3/why"' in page.content.decode()
    assert "Editor 20 November 2026, 12:00" in text_of(page)
    assert "[ins een]" in text_of(page)


def test_pages_of_a_section_follow_one_another(scoped: Cast) -> None:
    many(scoped, 2_000)
    section = scoped.workbook.edition.sections["A.3"]
    seen: list[int] = []
    before = None
    while True:
        page = section_history(scoped.workbook, section, before)
        for sitting in page.sittings:
            for step in sitting.steps:
                seen += range(step.first, step.number + 1)
        before = page.older
        if before is None:
            break
    assert sorted(seen) == list(range(1, 2_001))


@pytest.mark.parametrize("path", [f"history/?field={WHY}", "s/A.3/history/"])
def test_the_number_of_queries_does_not_grow(cast: Cast, path: str) -> None:
    write(cast, "een")
    one = len(reads(cast, path))
    write(cast, "twee", "lead", 30)
    write(cast, {"items": [{"term": "data"}]}, "contributor", 60, field=TERMS)
    assert len(reads(cast, path)) == one


def test_a_section_and_its_fields_lead_to_their_history(cast: Cast) -> None:
    page = get(cast, "s/A.3/").content.decode()
    assert f'data-panel href="/w/{cast.workbook.pk}/s/A.3/history/"' in page
    assert 'data-panel href="../../history/?field=A.3%2Fwhy"' in page
