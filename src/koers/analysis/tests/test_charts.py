"""Charts are well-formed, safe under the content security policy, and said in words as well."""

import dataclasses
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from koers.analysis import charts
from koers.analysis.charts.draw import SMALL, WIDTH
from koers.analysis.scoring import Analysis, analyse
from koers.analysis.tests.answers import HOSTILE, PARTIAL, full
from koers.editions.loading import edition
from koers.editions.structure import Edition, Words
from koers.workbook.values import Value

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[Analysis, charts.Palette], str]
CHARTS: dict[str, Draw] = {
    "strip": lambda analysis, palette: charts.profile_strip(analysis.dimensions[1], palette),
    "profile": charts.answer_profile,
    "bars": charts.index_bars,
    "radar": charts.radar,
    "perceived": charts.perceived_rows,
    "estimates": lambda analysis, palette: charts.estimate_rows(analysis.oecd, palette),
    "leadership": lambda analysis, palette: charts.leadership_rows(analysis.leadership, palette),
    "adoption": lambda analysis, palette: charts.adoption_matrix(analysis.adoption, palette),
}
ANSWERS: dict[str, dict[str, Value]] = {"empty": {}, "partial": PARTIAL, "full": full()}
every_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())
every_palette = pytest.mark.parametrize("palette", ["page", "print"])


@pytest.fixture(params=list(ANSWERS.values()), ids=list(ANSWERS))
def analysis(request: pytest.FixtureRequest) -> Analysis:
    return analyse(edition("draaiboek"), request.param)


@pytest.fixture(autouse=True, params=["nl", "en"])
def _language(request: pytest.FixtureRequest) -> Iterator[None]:
    with translation.override(request.param):
        yield


@every_chart
@every_palette
def test_well_formed_and_named(chart: Draw, palette: charts.Palette, analysis: Analysis) -> None:
    root = ElementTree.fromstring(chart(analysis, palette))  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title, summary = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert summary is not None
    assert summary.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {summary.get('id')}"


@every_chart
@every_palette
def test_no_style_and_no_script(chart: Draw, palette: charts.Palette, analysis: Analysis) -> None:
    for element in ElementTree.fromstring(chart(analysis, palette)).iter():  # noqa: S314
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name]
        painted = {"fill", "stroke", "class"} & element.attrib.keys()
        if element.tag.removeprefix(SVG) in {"rect", "circle", "line", "polygon", "text"}:
            assert painted == {"class"} if palette == "page" else "class" not in painted and painted


@every_chart
def test_what_is_drawn_stays_inside_and_can_be_read(chart: Draw, analysis: Analysis) -> None:
    root = ElementTree.fromstring(chart(analysis, "page"))  # noqa: S314
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    assert width == WIDTH
    for element in root.iter(f"{SVG}text"):
        assert float(element.attrib["font-size"]) >= SMALL >= 12
        assert 0 <= float(element.attrib["y"]) <= height
        room = len(element.text or "") * float(element.attrib["font-size"]) * 0.5
        x = float(element.attrib["x"])
        left = {"start": x, "middle": x - room / 2, "end": x - room}[element.get("text-anchor", "start")]
        assert left >= -4, element.text
        assert left + room <= width + 4, element.text
    for element in root.iter(f"{SVG}rect"):
        at = {name: float(element.attrib[name]) for name in ("x", "y", "width", "height")}
        assert at["x"] >= 0
        assert at["y"] >= 0
        assert at["x"] + at["width"] <= width + 0.1
        assert at["y"] + at["height"] <= height


def _hostile(source: Edition) -> Edition:
    """The edition, with a hostile text in every place that a chart shows."""
    bad = Words(nl=HOSTILE, en=HOSTILE)
    parts = []
    for part in source.parts:
        sections = []
        for section in part.sections:
            blocks = []
            for block in section.blocks:
                fields = tuple(
                    dataclasses.replace(
                        field,
                        short=bad,
                        options=tuple(bad for _option in field.options),
                        rows=tuple(dataclasses.replace(row, label=bad) for row in field.rows),
                    )
                    for field in block.fields
                )
                groups = tuple(dataclasses.replace(group, title=bad) for group in block.groups)
                blocks.append(dataclasses.replace(block, fields=fields, groups=groups))
            sections.append(dataclasses.replace(section, title=bad, blocks=tuple(blocks)))
        parts.append(dataclasses.replace(part, sections=tuple(sections)))
    return dataclasses.replace(source, parts=tuple(parts))


@every_chart
@every_palette
def test_hostile_text_is_escaped(chart: Draw, palette: charts.Palette) -> None:
    drawn = chart(analyse(_hostile(edition("draaiboek")), full()), palette)
    assert "<script" not in drawn
    assert "\x07" not in drawn
    assert not [element for element in ElementTree.fromstring(drawn).iter() if element.tag == f"{SVG}script"]  # noqa: S314


def test_ids_differ_between_the_charts_of_a_page() -> None:
    analysis = analyse(edition("draaiboek"), PARTIAL)
    drawn = "".join(CHARTS[name](analysis, "page") for name in CHARTS)
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))


def test_legend_names_every_shape_that_the_profile_draws() -> None:
    shapes = {cell.state for _text, cell in charts.legend_entries()} | {"dont-know"}
    for dimension in analyse(edition("draaiboek"), full() | PARTIAL).dimensions:
        assert {question.state for question in dimension.questions} <= shapes


def test_radar_stays_open_without_an_index() -> None:
    classes = re.findall(r'class="chart-(\w+)"', charts.radar(analyse(edition("draaiboek"), PARTIAL)))
    assert "area" not in classes
    assert "area" in charts.radar(analyse(edition("draaiboek"), full()))
