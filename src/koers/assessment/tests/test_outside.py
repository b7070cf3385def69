"""Outcomes of other instruments: recording them, their reports, and all of them side by side."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.outside import ChangedMeanwhile, Said, add_outcome, change_outcome
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument
from koers.assessment.instruments.plain import as_json
from koers.assessment.models import Consensus, Measurement, OutsideReport, OutsideResult
from koers.assessment.queries.outside import Agreed, Score, number_of, outcomes_in, seen_of, side_by_side
from koers.assessment.reports import MAX_BYTES
from koers.kit.tenancy import scope
from koers.organisations.models import AuditEntry
from koers.workbook.actions.rounds import close_round

TODAY = timezone.localdate()
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def form(**given_values: Any) -> dict[str, Any]:
    figures = given_values.pop("rows", [("Data", "3,5", "1", "5", ["data"])])
    body: dict[str, Any] = {"instrument": "audit", "name": "Audit 2026", "date": "2026-01-12", "figures": len(figures)}
    for index, (dimension, score, low, high, covers) in enumerate(figures):
        for name, value in (("dimension", dimension), ("score", score), ("low", low), ("high", high)):
            body[f"figure-{index}-{name}"] = value
        body[f"figure-{index}-covers"] = covers
    return {**body, **given_values}


def post(cast: Cast, who: str = "editor", where: str = "new_outcome", *ids: int, **body: Any) -> HttpResponse:
    response: Any = cast.client(who).post(reverse(where, args=[cast.workbook.pk, *ids]), form(**body))
    return response  # type: ignore[no-any-return]


def the_result(cast: Cast) -> OutsideResult:
    with scope(cast.administration.pk):
        return OutsideResult.objects.get()


def recorded(cast: Cast, **changed: Any) -> OutsideResult:
    said: dict[str, Any] = {
        "instrument": "lordimas", "name": "LORDIMAS 2025", "date": TODAY - timedelta(days=90), "url": "",
        "findings": "Sterk in data",
        "scores": [{"dimension": "Data", "score": "3,5", "low": "1", "high": "5", "covers": ["data"]}],
    } | changed  # fmt: skip
    return add_outcome(cast.workbook, Said(**said), cast.lead)


# Recording


def test_an_editor_records_an_outcome_with_its_figures(cast: Cast) -> None:
    rows = [("Data", "3,5", "1", "5", ["data", "tools"]), ("", "", "", "", []), ("Beleid", "niveau B", "", "", [])]
    response = post(cast, rows=rows, findings="Goed  \r\nen minder goed", url="example.be/audit")
    result = the_result(cast)
    assert (response.status_code, response["Location"]) == (
        302,
        f"/w/{cast.workbook.pk}/instruments/#outcome-{result.pk}",
    )
    assert (result.instrument, result.name, str(result.date), result.round) == ("audit", "Audit 2026", "2026-01-12", 1)
    assert (result.findings, result.url) == ("Goed\nen minder goed", "https://example.be/audit")
    assert result.scores == [
        {"dimension": "Data", "score": "3,5", "low": "1", "high": "5", "covers": ["data", "tools"]},
        {"dimension": "Beleid", "score": "niveau B", "low": "", "high": "", "covers": []},
    ]
    with scope(cast.administration.pk):
        assert AuditEntry.objects.filter(verb="outside.add", subject="Audit 2026", actor=cast.people["editor"]).exists()


def test_a_known_instrument_names_itself_and_a_percentage_its_scale(cast: Cast) -> None:
    post(cast, instrument="lordimas", name="", date="12/01/2026", rows=[("Data", "72 %", "", "", [])])
    result = the_result(cast)
    assert result.name == "LORDIMAS 2026"
    assert result.scores == [{"dimension": "Data", "score": "72 %", "low": "0", "high": "100", "covers": []}]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Give it a name, so that it can be told from others."),
        ({"instrument": "magic"}, "Select a valid choice."),
        ({"date": ""}, "Say of which day it is."),
        ({"date": (TODAY + timedelta(days=2)).isoformat()}, "That day has yet to come."),
        ({"date": "1999-01-01"}, "That is too long ago"),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"url": "ftp://example.be/x"}, "Enter a valid URL."),
        ({"findings": "x" * 6_001}, "This text is too long"),
        ({"rows": [("", "3", "", "", [])]}, "Dimension: Say which dimension this is."),
        ({"rows": [("Data", "", "", "", [])]}, "Score: Write the score as the report does."),
        ({"rows": [("Data", "3", "1", "", [])]}, "Scale to: Write a number, or leave both ends of the scale empty."),
        ({"rows": [("Data", "3", "1", "vijf", [])]}, "Scale to: Write a number, or leave both ends"),
        ({"rows": [("Data", "3", "5", "1", [])]}, "Scale to: The highest must be above the lowest."),
        ({"rows": [("Data", "goed", "1", "5", [])]}, "Score: On a scale the score is a number, such as 3,5."),
        ({"rows": [("Data", "6", "1", "5", [])]}, "Score: This score lies outside its scale."),
        ({"rows": [("Data", "6", "", "", ["magic"])]}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(cast: Cast, changed: dict[str, Any], said: str) -> None:
    response = post(cast, **changed)
    assert response.status_code == 422
    assert said in response.content.decode()
    with scope(cast.administration.pk):
        assert OutsideResult.objects.count() == 0


def test_more_rows_keep_what_was_typed_and_check_nothing_yet(cast: Cast) -> None:
    rows = [("Data", "99", "1", "5", ["data"]), ("Beleid", "", "", "", [])]
    response = post(cast, rows=rows, name="Half", more="1")
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="figure-5-dimension"' in page
    assert 'name="figure-6-dimension"' not in page
    assert 'name="figures" value="6"' in page
    assert 'value="Data"' in page
    assert 'value="Half"' in page
    assert "form-error" not in page
    assert '<span class="soft">About:</span> Data' in page


@pytest.mark.parametrize("figures", ["9999999", "-1", "x", "", "٣"])
def test_a_number_of_rows_that_is_made_up_does_no_harm(cast: Cast, figures: str) -> None:
    assert post(cast, figures=figures).status_code in {302, 422}
    with scope(cast.administration.pk):
        assert all(len(each.scores) <= 40 for each in OutsideResult.objects.all())


# Changing and deleting


def test_an_outcome_is_changed_by_who_saw_how_it_stands(scoped: Cast) -> None:
    result = recorded(scoped)
    page = scoped.client("editor").get(reverse("edit_outcome", args=[scoped.workbook.pk, result.pk]))
    assert 'value="LORDIMAS 2025"' in page.content.decode()
    response = post(scoped, "editor", "edit_outcome", result.pk, name="Nieuw", seen=seen_of(result))
    assert response.status_code == 302
    assert the_result(scoped).name == "Nieuw"


def test_who_saw_an_older_outcome_is_told_and_overwrites_nothing_unseen(scoped: Cast) -> None:
    result = recorded(scoped)
    seen = seen_of(result)
    post(scoped, "editor", "edit_outcome", result.pk, name="Van een collega", seen=seen)
    response = post(scoped, "lead", "edit_outcome", result.pk, name="Van mij", seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed this outcome meanwhile." in page
    assert "What stands there now" in page
    assert 'value="Van mij"' in page
    present = the_result(scoped)
    assert present.name == "Van een collega"
    assert f'value="{seen_of(present)}"' in page
    assert post(scoped, "lead", "edit_outcome", result.pk, name="Van mij", seen=seen_of(present)).status_code == 302
    assert the_result(scoped).name == "Van mij"


def test_a_change_on_what_was_not_seen_is_refused(scoped: Cast) -> None:
    result = recorded(scoped)
    with pytest.raises(ChangedMeanwhile):
        change_outcome(result, Said("audit", "x", TODAY, "", "", []), scoped.lead, seen="")


def test_deleting_asks_first_and_takes_the_report_along(scoped: Cast) -> None:
    result = recorded(scoped)
    OutsideReport.objects.create(
        administration=scoped.administration, result=result, name="a.pdf", type="application/pdf", size=5, data=b"%PDF-"
    )
    address = reverse("delete_outcome", args=[scoped.workbook.pk, result.pk])
    assert "a.pdf" in scoped.client("editor").get(address).content.decode()
    assert OutsideResult.objects.count() == 1
    assert scoped.client("editor").post(address).status_code == 302
    assert (OutsideResult.objects.count(), OutsideReport.objects.count()) == (0, 0)
    assert AuditEntry.objects.filter(verb="outside.delete", subject="LORDIMAS 2025").count() == 1


def test_an_outcome_of_another_workbook_is_not_found(cast: Cast) -> None:
    with scope(cast.other_administration.pk):
        other = add_outcome(cast.other_workbook, Said("audit", "x", TODAY, "", "", []), cast.outsider)
        OutsideReport.objects.create(
            administration=cast.other_administration, result=other, name="x.pdf", type="application/pdf", size=5,
            data=PDF,
        )  # fmt: skip
    for name in ("edit_outcome", "delete_outcome", "outcome_report"):
        assert cast.client("lead").get(reverse(name, args=[cast.workbook.pk, other.pk])).status_code == 404
    assert cast.client("lead").post(reverse("delete_outcome", args=[cast.workbook.pk, other.pk])).status_code == 404


def test_a_closed_round_changes_no_more(scoped: Cast) -> None:
    result = recorded(scoped)
    close_round(scoped.workbook, scoped.lead)
    assert post(scoped).status_code == 409
    response = post(scoped, "editor", "edit_outcome", result.pk, seen=seen_of(result))
    assert response.status_code == 409
    assert "The round is closed: nothing is changed in it any more." in response.content.decode()
    gone = scoped.client("editor").post(reverse("delete_outcome", args=[scoped.workbook.pk, result.pk]), follow=True)
    assert "The round is closed: nothing is changed in it any more." in gone.content.decode()
    assert reverse("new_outcome", args=[scoped.workbook.pk]) not in gone.content.decode()
    assert the_result(scoped).name == "LORDIMAS 2025"


# Reports


def test_a_report_goes_up_and_comes_down_as_it_was(cast: Cast) -> None:
    file = SimpleUploadedFile("Rapport é.exe", PDF, content_type="text/html")
    assert post(cast, report=file).status_code == 302
    result = the_result(cast)
    response = cast.client("viewer").get(reverse("outcome_report", args=[cast.workbook.pk, result.pk]))
    assert response.content == PDF
    assert dict(response.headers) | {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": "attachment; filename*=utf-8''Rapport%20%C3%A9.exe.pdf",
        "Cache-Control": "private, no-store",
    } == dict(response.headers)


def test_a_wrong_report_is_refused_and_has_to_be_chosen_again(cast: Cast) -> None:
    response = post(cast, report=SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Attach a PDF, Word, Excel, PowerPoint or OpenDocument file" in page
    assert "Choose the report again" in page
    assert post(cast, report=SimpleUploadedFile("x.pdf", PDF + b"x" * MAX_BYTES)).status_code == 422
    with scope(cast.administration.pk):
        assert (OutsideResult.objects.count(), OutsideReport.objects.count()) == (0, 0)


def test_another_report_takes_its_place_and_it_can_be_taken_away(scoped: Cast) -> None:
    result = recorded(scoped)
    for report, name in ((SimpleUploadedFile("a.pdf", PDF), "a.pdf"), (SimpleUploadedFile("b.pdf", PDF), "b.pdf")):
        post(scoped, "editor", "edit_outcome", result.pk, seen=seen_of(the_result(scoped)), report=report)
        assert OutsideReport.objects.get().name == name
    post(scoped, "editor", "edit_outcome", result.pk, seen=seen_of(the_result(scoped)))
    assert OutsideReport.objects.get().name == "b.pdf"
    post(scoped, "editor", "edit_outcome", result.pk, seen=seen_of(the_result(scoped)), without_report="on")
    assert OutsideReport.objects.count() == 0


def test_a_report_goes_through_a_backup(scoped: Cast) -> None:
    result = recorded(scoped)
    report = OutsideReport.objects.create(
        administration=scoped.administration, result=result, name="a.pdf", type="application/pdf", size=3,
        data=b"\x00\xff\x01",
    )  # fmt: skip
    written = serializers.serialize("python", [OutsideReport.objects.get(pk=report.pk)])
    back: Any = next(iter(serializers.deserialize("python", written))).object
    assert bytes(back.data) == b"\x00\xff\x01"


# Side by side


@pytest.mark.parametrize(
    ("text", "number"),
    [("3,5", 3.5), ("3.5", 3.5), ("72 %", 72.0), ("-1", -1.0), ("", None), ("B", None), ("3/5", None),
     ("1.234,5", None), ("1e9", None), ("nan", None), ("٣", None)],
)  # fmt: skip
def test_a_figure_is_a_number_only_when_it_surely_is(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("figure", "low", "high", "part"),
    [("3", "1", "5", 0.5), ("3,5", "0", "5", 0.7), ("B", "1", "5", None), ("3", "", "", None), ("9", "1", "5", 1.0)],
)
def test_a_bar_stands_on_the_scale_of_its_own_figure(figure: str, low: str, high: str, part: float | None) -> None:
    assert Score("Data", figure, low, high, ()).part == part


def measured(cast: Cast, **changed: Any) -> Measurement:
    usual = {"name": "Nulmeting", "instrument_id": PLAYBOOK, "dimensions": ["B.4.1", "B.4.3"]}
    return Measurement.objects.create(
        administration=cast.administration, workbook=cast.workbook, instrument_version=1, **usual | changed
    )


def test_ours_and_theirs_stand_side_by_side_by_theme(scoped: Cast) -> None:
    measurement = measured(scoped)
    for key in ("B.4.1/1", "B.4.1/2", "custom/x"):
        Consensus.objects.create(
            administration=scoped.administration, measurement=measurement, question=key, value={"choice": 1}
        )
    recorded(
        scoped,
        scores=[
            {"dimension": "Data", "score": 2.4, "low": 1, "high": 5, "covers": ["data", "no-such-theme"]},
            {"dimension": "Archief", "score": "goed", "covers": []},
        ],
    )
    page = side_by_side(scoped.workbook)
    assert [(each.name, each.kind) for each in page.columns] == [
        ("Nulmeting", "Open measurement"),
        ("LORDIMAS 2025", "LORDIMAS"),
    ]
    said = {row.theme.id: [[part.dimension for part in parts] for _column, parts in row.cells] for row in page.rows}
    assert said == {
        "strategy": [["B.4.1"], []],
        "data": [["B.4.3"], ["Data"]],
        "skills": [["B.4.3"], []],
        "leadership": [["B.4.3"], []],
    }
    (agreed,) = page.rows[0].cells[0][1]
    assert isinstance(agreed, Agreed)
    assert (agreed.agreed, agreed.asked) == (2, 7)
    assert [theme.id for theme in page.untouched] == [
        "services", "processes", "tools", "security", "users", "collaboration"
    ]  # fmt: skip
    assert [(column.name, [part.dimension for part in parts]) for column, parts in page.loose] == [
        ("LORDIMAS 2025", ["Archief"])
    ]


def test_a_closed_measurement_says_what_it_asked_then(scoped: Cast) -> None:
    measurement = measured(scoped)
    measurement.frozen = {"instrument": as_json(asked_by(measurement))}
    measurement.closed_at = timezone.now() - timedelta(days=400)
    measurement.instrument_id = "gone"
    measurement.save()
    measured(scoped, name="Van een instrument dat er niet meer is", instrument_id="gone")
    page = side_by_side(scoped.workbook)
    assert [(each.name, each.kind, len(each.parts)) for each in page.columns] == [
        ("Van een instrument dat er niet meer is", "Open measurement", 0),
        ("Nulmeting", "Closed measurement", 2),
    ]


def test_everybody_reads_the_page_and_only_who_composes_can_change_it(scoped: Cast) -> None:
    result = recorded(scoped, findings="<script>alert(1)</script>", name="<b>x</b>")
    measured(scoped)
    pages = {
        who: scoped.client(who).get(reverse("instruments", args=[scoped.workbook.pk])) for who in ("viewer", "editor")
    }
    change = reverse("edit_outcome", args=[scoped.workbook.pk, result.pk])
    assert {who: change in page.content.decode() for who, page in pages.items()} == {"viewer": False, "editor": True}
    assert "<script>alert" not in pages["viewer"].content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in pages["viewer"].content.decode()
    assert "scale 1 to 5" in pages["viewer"].content.decode()
    assert "0 of 7 agreed" in pages["viewer"].content.decode()


def test_an_empty_page_says_what_to_do(cast: Cast) -> None:
    address = reverse("instruments", args=[cast.workbook.pk])
    assert reverse("new_outcome", args=[cast.workbook.pk]) in cast.client("editor").get(address).content.decode()
    assert "An editor or the lead begins." in cast.client("viewer").get(address).content.decode()


def test_the_page_asks_as_many_queries_for_one_outcome_as_for_three(scoped: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert scoped.client("lead").get(reverse("instruments", args=[scoped.workbook.pk])).status_code == 200
        return len(caught)

    instrument(PLAYBOOK, 1)
    recorded(scoped)
    measured(scoped)
    one = queries()
    for _each in range(2):
        result = recorded(scoped)
        OutsideReport.objects.create(
            administration=scoped.administration, result=result, name="a.pdf", type="application/pdf", size=1, data=PDF
        )
        measured(scoped)
    assert queries() == one


def test_the_bytes_of_reports_are_not_read_for_the_page(scoped: Cast) -> None:
    result = recorded(scoped)
    OutsideReport.objects.create(
        administration=scoped.administration, result=result, name="a.pdf", type="application/pdf", size=9, data=PDF
    )
    with CaptureQueriesContext(connection) as caught:
        (outcome,) = outcomes_in(scoped.workbook)
    assert (outcome.report_name, outcome.report_size) == ("a.pdf", 9)
    assert [('"data"' in each["sql"]) for each in caught] == [False]


def test_the_section_on_maturity_leads_to_the_page(cast: Cast) -> None:
    way = f'href="{reverse("instruments", args=[cast.workbook.pk])}"'
    pages = {
        each: cast.client("viewer").get(reverse("section", args=[cast.workbook.pk, each])).content.decode()
        for each in ("B.2", "B.3")
    }
    assert {each: way in page for each, page in pages.items()} == {"B.2": True, "B.3": False}
