"""The results page: who sees it, and what stands there with nothing, little and everything answered."""

import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from conftest import ROLES, Cast
from koers.analysis.tests.answers import HOSTILE, PARTIAL, full
from koers.analysis.tests.conftest import Fill
from koers.editions.loading import edition

SVG = "{http://www.w3.org/2000/svg}"
MAX_QUERIES = 6


def _page(client: Client, address: str, language: str = "en") -> str:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return str(response.content.decode())


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_members_read_it_and_nobody_else(cast: Cast, fill: Fill) -> None:
    address = fill(PARTIAL)
    assert [cast.client(role).get(address).status_code for role in ROLES] == [200] * 4
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("anonymous").get(address).status_code == 302
    assert cast.client("lead").post(address).status_code == 405


def test_empty(viewer: Client, fill: Fill, cast: Cast) -> None:
    page = _main(_page(viewer, fill({})))
    assert "Not one question answered yet" in page
    assert f"/w/{cast.workbook.pk}/s/B.4.1/" in page
    assert 'role="img"' not in page


def test_only_an_estimate(viewer: Client, fill: Fill) -> None:
    page = _main(_page(viewer, fill({"A.1/open/estimate": {"choice": 2}})))
    assert "No question of the context analysis has been answered yet." in page
    assert "Start with B.4.1" in page
    assert page.count('role="img"') == 1


def test_partial(viewer: Client, fill: Fill) -> None:
    page = _main(_page(viewer, fill(PARTIAL)))
    assert "4 of the 17 questions that can be scored have an answer." in page
    assert "2 of 3 scored" in page
    assert "1 left out" in page
    assert "1 of 1 scored (2 of 4 rows)" in page
    assert "Together 45\u00a0%, of 100\u00a0%" in page
    assert "no index yet" in page
    assert "How the index is made" in page


def test_full(viewer: Client, fill: Fill) -> None:
    page = _main(_page(viewer, fill(full())))
    assert "can be scored have an answer" not in page
    assert "7 of 7 scored" in page
    assert "Together 100\u00a0%" in page
    assert page.index("Answer profile") < page.index("Indicative index")


def test_every_answer_can_be_opened(viewer: Client, fill: Fill, cast: Cast) -> None:
    page = _page(viewer, fill(PARTIAL))
    for field in edition("draaiboek").fields.values():
        shown = (field.section.startswith("B.4.") and field.scoring) or field.name in {"estimate", "share"}
        link = f'href="/w/{cast.workbook.pk}/s/{field.section}/#{field.anchor}"'
        assert (link in page) == bool(shown), field.key


def _figures(page: str) -> Iterator[tuple[str, str]]:
    """Each chart of the page with the table that goes with it."""
    main = _main(page)
    starts = [match.start() for match in re.finditer(r'<svg[^>]* role="img"', main)]
    assert len(starts) == 11
    for start in starts:
        chart = main[start : main.index("</svg>", start) + 6]
        if 'aria-labelledby="radar-' in chart:
            table = main[main.rindex("<table", 0, start) : start]
        else:
            table = main[main.index("<table", start) : main.index("</table>", start)]
        yield chart, " ".join(html.unescape(re.sub(r"<[^>]+>", " ", table)).split(" "))


@pytest.mark.parametrize("values", [PARTIAL, full()], ids=["partial", "full"])
def test_the_table_of_each_chart_says_the_same(viewer: Client, fill: Fill, values: dict[str, object]) -> None:
    for chart, table in _figures(_page(viewer, fill(values))):  # type: ignore[arg-type]
        root = ElementTree.fromstring(chart)  # noqa: S314
        figures = {
            element.text or ""
            for element in root.iter(f"{SVG}text")
            if element.get("font-weight") or re.search(r"\d", element.text or "")
        }
        assert figures
        assert not {text for text in figures if text not in table}


def test_nothing_that_the_policy_forbids(viewer: Client, fill: Fill) -> None:
    main = _main(_page(viewer, fill(full())))
    assert not re.search(r'\sstyle=|<style|<script|\son\w+="', main)
    ids = re.findall(r'\sid="([^"]+)"', main)
    assert len(ids) == len(set(ids))


def test_hostile_answers_are_escaped(viewer: Client, fill: Fill) -> None:
    page = _page(viewer, fill(PARTIAL | {"B.4.1/1": {"choice": 3, "remark": HOSTILE}}))
    assert escape(HOSTILE) in page
    assert "<script>alert" not in page


def test_in_dutch(viewer: Client, fill: Fill) -> None:
    page = _main(_page(viewer, fill(PARTIAL), "nl"))
    assert "0,67" in page
    assert "0.67" not in re.sub(
        r"<svg.*?</svg>|<details class=\"fold\">\s*<summary>How.*?</details>", "", page, flags=re.DOTALL
    )
    assert "Digitale dienstverlening" in page


def test_the_same_few_queries_for_many_answers(viewer: Client, fill: Fill) -> None:
    counts = []
    for values in (dict(list(full().items())[:10]), full()):
        address = fill(values)
        viewer.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            viewer.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= MAX_QUERIES
