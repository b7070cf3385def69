"""The charts of measurements: well-formed, named, within their frame, the same in words, and whole as a file."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.analysis import charts
from koers.analysis.charts import Course, Distribution, HeatCell, HeatRow, Move, Option, Pair, Stairs
from koers.analysis.charts.draw import WIDTH
from koers.analysis.scoring import analyse
from koers.analysis.tests.answers import HOSTILE, full
from koers.editions.loading import edition

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[charts.Palette], str]
LONG = "A question with so many words that they need more than one line of a narrow phone"
OPTIONS = tuple(Option(place + 1, f"Answer {place}", count, first, place / 3) for place, (count, first) in enumerate(
    [(3, 8), (0, 9), (10, 5), (1, None)]))  # fmt: skip
ASKED = Distribution("1", LONG, 15, OPTIONS, outside=1, outside_label="not applicable")
CELLS = (HeatCell(0.6), HeatCell(hidden=True), HeatCell(), HeatCell(1.0), HeatCell(0.0))
COLUMNS = ("Everybody", "Management team", "Head of department", "IT", "Staff")
STEPS = ("None yet", "Exploring", "Under way", "Part of the work")
NAMES = ("Baseline 2026", HOSTILE)
CHARTS: dict[str, Draw] = {
    "strips": lambda palette: charts.answer_strips(
        "Spread", [ASKED, Distribution("2", HOSTILE, 0, ()), Distribution("3", "Many", 9, OPTIONS, exclusive=False)],
        palette,
    ),
    "bars": lambda palette: charts.answer_bars(ASKED, palette),
    "shares": lambda palette: charts.answer_bars(
        Distribution("", "Shares", 9, (Option(1, HOSTILE, 62.5), Option(2, "b", 37.5)), shares=True), palette
    ),
    "heat": lambda palette: charts.heat_map(
        "Indices by role", COLUMNS, [HeatRow(LONG, CELLS), HeatRow(HOSTILE, CELLS)], palette
    ),
    "levels": lambda palette: charts.staircases(
        "Levels", [Stairs(name, STEPS, reached) for name, reached in [(LONG, 0), ("b", 2), ("c", 3), (HOSTILE, None)]],
        palette,
    ),
    "dumbbells": lambda palette: charts.dumbbells(
        "Compared", NAMES, [Pair(LONG, 0.2, 0.6), Pair("b", None, 1.0), Pair("c", 0.5, 0.5), Pair("d", 0.0, None)],
        palette,
    ),
    "arrows": lambda palette: charts.arrows(
        "Moves", NAMES, [Move("1", LONG, 4, 1, 3), Move("2", "b", 3, 3, 1), Move("3", "c", 4, 2.5, None)], palette
    ),
    "progress": lambda palette: charts.progress(
        "Progress", [*NAMES, "Third"], [Course(LONG, (0.0, None, 1.0)), Course("b", (None, None, None))], palette
    ),
    "radar": lambda palette: charts.radar(
        analyse(edition("draaiboek"), full()), palette, earlier=[0.1, 0.2, None, 0.9, 1.0], names=NAMES
    ),
}  # fmt: skip
every_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())
every_palette = pytest.mark.parametrize("palette", ["page", "print"])


def _words(root: ElementTree.Element) -> str:
    return " ".join(each.text or "" for each in root.iter(f"{SVG}text"))


@every_chart
@every_palette
def test_well_formed_named_and_without_style_or_script(chart: Draw, palette: charts.Palette) -> None:
    root = ElementTree.fromstring(chart(palette))  # noqa: S314
    title, summary = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert summary is not None
    assert title.text
    assert summary.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {summary.get('id')}"
    for element in root.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name]


@every_chart
def test_everything_stays_within_the_frame(chart: Draw) -> None:
    root = ElementTree.fromstring(chart("page"))  # noqa: S314
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    assert width == WIDTH
    for element in root.iter(f"{SVG}text"):
        size, x = float(element.attrib["font-size"]), float(element.attrib["x"])
        assert size >= 12.5
        assert 0 <= float(element.attrib["y"]) <= height, element.text
        room = len(element.text or "") * size * 0.5 * (0.82 if element.get("transform") else 1)
        left = {"start": x, "middle": x - room / 2, "end": x - room}[element.get("text-anchor", "start")]
        if "</title>" not in (element.text or ""):
            assert left >= -4, element.text
            assert left + room <= width + 4, element.text
    for element in root.iter(f"{SVG}rect"):
        at = {name: float(element.attrib[name]) for name in ("x", "y", "width", "height")}
        assert min(at["x"], at["y"]) >= 0
        assert at["x"] + at["width"] <= width + 0.1
        assert at["y"] + at["height"] <= height


def test_hidden_groups_are_hatched_and_said() -> None:
    root = ElementTree.fromstring(CHARTS["heat"]("page"))  # noqa: S314
    assert _words(root).count("< 5") == 2
    assert "fewer than 5" in _words(root)
    summary = root.find(f"{SVG}desc")
    assert summary is not None
    assert "Management team fewer than 5" in (summary.text or "")
    assert any(each.get("class") == "chart-hatch" for each in root.iter())


def test_a_change_is_said_in_words() -> None:
    assert [charts.change_text(*each) for each in [(0.2, 0.6), (0.5, 0.5), (None, 0.1), (0.3, None), (None, None)]] == [
        "from 0.20 to 0.60", "stays 0.50", "0.10 (new)", "was 0.30", "–",
    ]  # fmt: skip


def test_the_next_step_is_named() -> None:
    assert [charts.next_text(Stairs("", STEPS, reached)) for reached in (None, 1, 3)] == [
        "", "Next: 2 Under way", "The highest level is reached.",
    ]  # fmt: skip
    words = _words(ElementTree.fromstring(CHARTS["levels"]("page")))  # noqa: S314
    assert "level 2" in words
    assert "Next: 3 Part of the work" in words
    assert "no level yet" in words


@given(st.lists(st.integers(0, 500), min_size=2, max_size=7).filter(any))
@settings(deadline=None, max_examples=60)
def test_a_strip_is_as_wide_as_its_counts(counts: list[int]) -> None:
    options = tuple(Option(place, "x", count, None, 0.5) for place, count in enumerate(counts, 1))
    drawn = charts.answer_strips("t", [Distribution("1", "q", sum(counts), options)])
    widths = [float(each.attrib["width"]) for each in ElementTree.fromstring(drawn).iter(f"{SVG}rect")]  # noqa: S314
    shown = [count for count in counts if count]
    room = WIDTH - 2 * (len(shown) - 1)
    assert widths == pytest.approx([room * count / sum(counts) for count in shown], abs=0.02)


@every_chart
def test_a_chart_as_a_file_of_its_own(chart: Draw) -> None:
    drawn = charts.standalone(chart("print"), HOSTILE, "Kastelbeke & co")
    root = ElementTree.fromstring(drawn)  # noqa: S314
    assert root.get("role") == "img"
    named = [root.find(f".//{SVG}{name}") for name in ("title", "desc")]
    assert root.get("aria-labelledby") == " ".join(str(each.get("id")) for each in named if each is not None)
    assert "Kastelbeke & co" in _words(root)
    assert "sans-serif" in (root.get("font-family") or "")
    assert 'class="' not in drawn
    assert not re.search(r"<script|<style|href|\son\w+=|url\(", drawn.replace("&lt;script", ""))
    first = root[0]
    assert (first.tag, first.get("fill")) == (f"{SVG}rect", "#ffffff")
