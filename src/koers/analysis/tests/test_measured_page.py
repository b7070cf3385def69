"""The results of a measurement: what stands there with nothing, little and much answered, and what never does."""

import html
import re
import xml.etree.ElementTree as ElementTree

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import ROLES, Cast
from koers.analysis.tests.answers import HOSTILE
from koers.analysis.tests.measuring import SECRET_NAME, agree, answer, begin, close, results_address
from koers.assessment.models import Measurement
from koers.kit.tenancy import scope

SVG = "{http://www.w3.org/2000/svg}"
SCORED = {"B.4.1/1": {"choice": 3}, "B.4.1/2": {"choice": 2}, "B.4.1/3": {"choice": 1}, "B.4.1/4": {"choice": 2}}
MAX_QUERIES = 11


def _page(client: Client, measurement: Measurement, query: str = "", language: str = "en") -> str:
    response = client.get(results_address(measurement) + query, headers={"accept-language": language})
    assert response.status_code == 200
    page = str(response.content.decode())
    return page[page.index("<main") : page.index("</main>")]


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _section(page: str, id_: str) -> str:
    start = page.index(f'<section id="{id_}"')
    return page[start : page.index("</section>", start)]


def test_members_read_it_and_nobody_else(cast: Cast) -> None:
    measurement = begin(cast)
    address = results_address(measurement)
    assert [cast.client(role).get(address).status_code for role in ROLES] == [200] * 4
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("anonymous").get(address).status_code == 302
    assert cast.client("lead").post(address).status_code == 405


def test_a_measurement_of_somebody_else_is_not_found(cast: Cast) -> None:
    measurement = begin(cast)
    elsewhere = results_address(measurement).replace(str(cast.workbook.pk), str(cast.other_workbook.pk))
    assert cast.client("outsider").get(elsewhere).status_code == 404


def test_empty(cast: Cast) -> None:
    page = _page(cast.client("viewer"), begin(cast))
    assert "Nobody has answered yet" in page
    assert 'role="img"' not in page
    assert "Download" not in page


def test_nothing_agreed_yet_reads_the_middle_and_says_that_it_is_provisional(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED)
    page = _page(cast.client("viewer"), measurement)
    assert '?basis=middle" aria-current="true">the middle of the answers (provisional)' in page
    assert "One person answered: interview 1." in _text(page)
    assert "0 of 37 questions are agreed." in _text(page)
    assert "4 of 4 scored" in page
    agreed = _page(cast.client("viewer"), measurement, "?basis=agreed")
    assert "Nothing is agreed yet, so there is nothing to read on this basis." in agreed


def test_the_basis_decides_the_index(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", {"B.4.1/1": {"choice": 1}}, people=3)
    agree(cast, measurement, {"B.4.1/4": {"choice": 3}})
    agreed = _text(_section(_page(cast.client("viewer"), measurement), "indices"))
    assert "Digital strategy 1.00 1 of 4 scored" in agreed
    middle = _text(_section(_page(cast.client("viewer"), measurement, "?basis=middle"), "indices"))
    assert "Digital strategy 0.50 2 of 4 scored" in middle
    assert cast.client("viewer").get(results_address(measurement) + "?basis=mean").status_code == 404


def test_the_level_names_what_blocks_the_next_and_leads_to_its_answers(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED)
    agree(cast, measurement, {"B.4.1/1": {"choice": 3}, "B.4.1/4": {"choice": 2}, "B.4.1/2": {"choice": 1}})
    levels = _section(_page(cast.client("viewer"), measurement), "levels")
    assert "level 1" in levels
    assert "One answer blocks 2 On paper" in levels
    blocking = levels[levels.index('<ul class="blocking">') :]
    assert f"/measurements/{measurement.pk}/q/?key=B.4.1%2F2" in blocking
    assert "Needed at least:" in blocking


def test_small_groups_are_hidden_and_said_so(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", {"B.4.1/1": {"choice": 4}}, people=12)
    answer(cast, measurement, "it", {"B.4.1/1": {"choice": 1}}, people=5)
    answer(cast, measurement, "college", {"B.4.1/1": {"choice": 2}}, people=5)
    answer(cast, measurement, "head", {"B.4.1/1": {"choice": 3}}, people=2)
    roles = _section(_page(cast.client("viewer"), measurement), "roles")
    table = _text(roles[roles.index("<tbody>") : roles.index("</tbody>")])
    first = table[: table.index("Digital service")]
    # One more is hidden than is small: 12 + 5 + 2 would tell what the two heads answered.
    assert first.count("fewer than 5") == 2
    assert "0.67" in first
    assert "1.00" in first
    assert "0.33" not in first.replace("0.67", "")


def test_no_name_of_a_respondent_anywhere(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED | {"B.4.1/1": {"choice": 3, "remark": "Only Veerle knows"}}, people=6)
    agree(cast, measurement, {"B.4.1/1": {"choice": 3}})
    for basis in ("agreed", "middle"):
        page = _page(cast.client("lead"), measurement, f"?basis={basis}")
        assert SECRET_NAME not in page
        assert "veerle@" not in page
        assert "Burgerzaken" not in page
        assert "Only Veerle knows" not in page


def test_where_people_lie_apart_with_both_votes(cast: Cast) -> None:
    measurement = begin(cast)
    first = {"B.4.1/1": {"choice": 1}, "B.4.1/4": {"choice": 2}}
    answer(cast, measurement, "staff", {"B.4.1/1": {"choice": 4}}, people=4, mode="workshop", first=first)
    answer(cast, measurement, "staff", {"B.4.1/1": {"choice": 1}, "B.4.1/4": {"choice": 2}}, people=4)
    apart = _section(_page(cast.client("viewer"), measurement), "apart")
    assert apart.count("First and second vote of the workshop") == 1
    assert ">First vote<" in apart
    votes = apart[apart.index("First and second vote of the workshop") :]
    rows = [_text(row) for row in votes[votes.index("<tbody>") : votes.index("</tbody>")].split("</tr>") if _text(row)]
    assert [row.split()[-3:] for row in rows] == [
        ["4", "0", "4"], ["0", "0", "4"], ["0", "0", "4"], ["0", "4", "4"],
    ]  # fmt: skip


def test_a_closed_measurement_says_when(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED)
    assert "Still open: answers can change what stands here." in _page(cast.client("viewer"), measurement)
    closed = close(cast, measurement)
    assert "what stands here does not change any more" in _page(cast.client("viewer"), closed)


def test_the_radar_shows_the_baseline_as_a_second_line(cast: Cast) -> None:
    baseline = begin(cast)
    answer(cast, baseline, "staff", SCORED)
    close(cast, baseline, days_ago=400)
    later = begin(cast, "Second")
    answer(cast, later, "staff", SCORED | {"B.4.1/1": {"choice": 4}})
    page = _page(cast.client("viewer"), later)
    radar = page[page.index('aria-labelledby="radar-title') : page.index("</svg>", page.index('"radar-title'))]
    assert "chart-earlier" in radar
    assert "Baseline (" in radar


def test_weights_move_dimensions_and_nothing_else(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED | {"B.4.3/1": {"choice": 1}, "B.4.4/4": {"choice": 1}})
    plain = _section(_page(cast.client("viewer"), measurement), "indices")
    page = _page(cast.client("viewer"), measurement, "?weight-B.4.1=10&weight-B.4.3=oops&weight-B.4.4=-3")
    weighed = _text(_section(page, "sensitivity"))
    assert "2 places forward" in weighed
    assert _text(_section(page, "indices")) == _text(plain)


def test_hostile_answers_and_names_are_escaped(cast: Cast) -> None:
    measurement = begin(cast, HOSTILE.replace("\x07", ""))
    answer(cast, measurement, "staff", SCORED)
    answer(cast, measurement, "staff", {"B.4.1/1": {"choice": 3, "remark": HOSTILE}})
    page = _page(cast.client("lead"), measurement)
    assert "<script>alert" not in page
    for chart in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(chart)  # noqa: S314


def test_nothing_that_the_policy_forbids_and_every_id_once(cast: Cast) -> None:
    measurement = begin(cast)
    answer(cast, measurement, "staff", SCORED, people=6)
    answer(cast, measurement, "it", SCORED | {"B.4.1/1": {"choice": 1}}, people=6, mode="workshop", first=SCORED)
    page = _page(cast.client("lead"), measurement)
    assert not re.search(r'\sstyle=|<style|<script|\son\w+="', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= {*ids, *re.findall(r'href="#(i-[a-z]+)"', page)}


def test_the_same_few_queries_for_one_and_for_thirty(cast: Cast) -> None:
    counts = []
    measurement = begin(cast)
    viewer = cast.client("viewer")
    for people in (1, 29):
        answer(cast, measurement, "staff", SCORED, people=people)
        viewer.get(results_address(measurement))
        with CaptureQueriesContext(connection) as captured:
            viewer.get(results_address(measurement))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= MAX_QUERIES


def test_the_page_of_the_workbook_leads_to_the_newest_measurement(cast: Cast) -> None:
    begin(cast)
    newest = begin(cast, "Newest")
    with scope(cast.administration.pk):
        page = cast.client("viewer").get(f"/w/{cast.workbook.pk}/analysis/").content.decode()
    assert results_address(newest) in page
    assert "Results of the newest measurement: Newest" in page
