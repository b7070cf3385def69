"""Comparing a measurement: the baseline by default, any earlier one by choice, and what is left out by name."""

import html
import re
from collections.abc import Mapping

from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import ROLES, Cast
from koers.analysis.tests.measuring import answer, begin, close, results_address
from koers.assessment.models import Measurement

THEN = {"B.4.1/1": {"choice": 2}, "B.4.1/3": {"choice": 3}, "B.4.1/4": {"choice": 2}, "B.4.1/6": {"choices": [1]}}
NOW = {"B.4.1/1": {"choice": 4}, "B.4.1/3": {"choice": 1}, "B.4.1/4": {"choice": 2}, "B.4.1/2": {"choice": 1}}


def _page(cast: Cast, measurement: Measurement, query: str = "") -> str:
    response = cast.client("viewer").get(results_address(measurement, "compare") + query)
    assert response.status_code == 200
    page = str(response.content.decode())
    return page[page.index("<main") : page.index("</main>")]


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _section(page: str, id_: str) -> str:
    start = page.index(f'aria-labelledby="{id_}-heading"')
    return page[start : page.index("</section>", start)]


def _measured(cast: Cast, name: str, answers: Mapping[str, object], days_ago: int = -1) -> Measurement:
    measurement = begin(cast, name)
    answer(cast, measurement, "staff", answers)
    return measurement if days_ago < 0 else close(cast, measurement, days_ago)


def test_members_read_it_and_nobody_else(cast: Cast) -> None:
    address = results_address(_measured(cast, "x", NOW), "compare")
    assert [cast.client(role).get(address).status_code for role in ROLES] == [200] * 4
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("anonymous").get(address).status_code == 302


def test_nothing_to_compare_with_yet(cast: Cast) -> None:
    _measured(cast, "Open as well", THEN)
    assert "Nothing to compare with yet" in _page(cast, _measured(cast, "x", NOW))


def test_the_baseline_by_default(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    _measured(cast, "Between", NOW, 300)
    page = _page(cast, _measured(cast, "Now", NOW))
    assert re.search(r"Baseline \([^)]+\) beside Now \(still open\)\.", _text(page))
    assert "1 rose, 1 fell and 1 stayed" in _text(page)


def test_another_earlier_one_by_choice_and_nothing_else(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    between = _measured(cast, "Between", NOW, 300)
    later = _measured(cast, "Now", NOW)
    page = _page(cast, later, f"?with={between.pk}")
    assert re.search(r"Between \([^)]+\) beside Now", _text(page))
    assert "0 rose, 0 fell and 4 stayed" in _text(page)
    client = cast.client("viewer")
    still_open = _measured(cast, "Other", NOW)
    for wrong in (str(still_open.pk), str(later.pk), "x", "00000000-0000-0000-0000-000000000007"):
        assert client.get(f"{results_address(later, 'compare')}?with={wrong}").status_code == 404
    # The baseline does not look ahead.
    assert "Nothing to compare with yet" not in _page(cast, between)
    assert client.get(f"{results_address(between, 'compare')}?with={later.pk}").status_code == 404


def test_the_same_questions_in_both_indices(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    dimensions = _text(_section(_page(cast, _measured(cast, "Now", NOW)), "dimensions"))
    # (1/3 + 1 + 1/2) / 3 and (1 + 0 + 1/2) / 3: the planning, which only the later one answers, counts in neither.
    assert "Digital strategy 0.61 0.50 -0.11 3" in dimensions


def test_levels_then_and_now(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    levels = _text(_section(_page(cast, _measured(cast, "Now", NOW | {"B.4.1/2": {"choice": 2}})), "levels"))
    assert "Digital strategy 1 Ideas are alive 2 On paper +1" in levels


def test_questions_that_are_left_out_are_named_with_why(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    left_out = _text(_section(_page(cast, _measured(cast, "Now", NOW)), "left-out"))
    assert "It has no answer in one of the two." in left_out
    assert "B.4.1/2" in left_out
    assert "B.4.1/6" in left_out
    assert "B.4.1/1 " not in left_out


def test_dimensions_that_only_one_asks(cast: Cast) -> None:
    baseline = begin(cast, "Baseline", ("B.4.1", "B.4.2"))
    answer(cast, baseline, "staff", THEN | {"B.4.2/1": {"choice": 2}})
    close(cast, baseline, 500)
    later = begin(cast, "Now", ("B.4.1", "B.4.3"))
    answer(cast, later, "staff", NOW | {"B.4.3/1": {"choice": 2}})
    left_out = _text(_section(_page(cast, later), "left-out"))
    assert re.search(r"Only the later measurement asks it\. B\.4\.3/1", left_out)
    assert re.search(r"Only the earlier measurement asks it\. B\.4\.2/1", left_out)


def test_a_line_over_three_measurements(cast: Cast) -> None:
    _measured(cast, "Baseline", THEN, 700)
    second = _measured(cast, "Second", NOW, 300)
    assert 'aria-labelledby="progress-heading"' not in _page(cast, second)
    progress = _text(_section(_page(cast, _measured(cast, "Third", THEN)), "progress"))
    assert "Digital strategy 0.61 0.50 0.61 3" in progress


def test_the_same_few_queries_for_more_measurements(cast: Cast) -> None:
    counts = []
    later = _measured(cast, "Now", NOW)
    client = cast.client("viewer")
    for days in (900, 800, 700, 600):
        _measured(cast, f"{days}", THEN, days)
        client.get(results_address(later, "compare"))
        with CaptureQueriesContext(connection) as captured:
            client.get(results_address(later, "compare"))
        counts.append(len(captured))
    assert set(counts) == {counts[0]}
