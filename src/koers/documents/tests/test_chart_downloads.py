"""Figures to take along: whole, well-named files that hold what the page shows and nothing that it hides."""

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from typing import Any

import pytest
from django.test import Client

from conftest import ROLES, Cast
from koers.analysis.tests.answers import full
from koers.analysis.tests.measuring import SECRET_NAME, agree, answer, begin, close
from koers.assessment.models import Measurement
from koers.kit.sheets import CSV_TYPE, XLSX_TYPE, read_csv, read_xlsx
from koers.kit.tenancy import scope
from koers.workbook.actions import import_answers

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = {"B.4.1/1": {"choice": 3}, "B.4.1/2": {"choice": 2}, "B.4.1/4": {"choice": 2}, "B.4.5/1": {"choice": 2}}
TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": CSV_TYPE, "xlsx": XLSX_TYPE}
CHARTS = (
    "profile", "profile-B-4-1", "indices", "radar", "perceived", "levels", "roles", "spread-B-4-1", "question-B-4-1-1",
    "votes-B-4-1-1",
)  # fmt: skip


@pytest.fixture
def measurement(cast: Cast) -> Measurement:
    """Twelve of the staff, five of IT, two heads of department whom nothing may tell apart."""
    made = begin(cast)
    answer(cast, made, "staff", ANSWERS, people=12)
    answer(cast, made, "it", {"B.4.1/1": {"choice": 1}}, people=5, mode="workshop", first={"B.4.1/1": {"choice": 2}})
    answer(cast, made, "college", ANSWERS | {"B.4.1/1": {"choice": 2}}, people=6)
    answer(cast, made, "head", ANSWERS | {"B.4.1/1": {"choice": 4}}, people=2)
    agree(cast, made, {"B.4.1/1": {"choice": 2}})
    return made


def _address(measurement: Measurement, figure: str, form: str, query: str = "") -> str:
    return f"/w/{measurement.workbook_id}/measurements/{measurement.pk}/figures/{figure}/{form}/{query}"


def _got(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    return response


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and what is painted, unpacked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return width, height, zlib.decompress(data)


@pytest.mark.parametrize("figure", CHARTS)
def test_each_chart_in_each_form(cast: Cast, measurement: Measurement, figure: str) -> None:
    client = cast.client("viewer")
    for form, kind in TYPES.items():
        response = _got(client, _address(measurement, figure, form))
        assert response["Content-Type"] == kind
        assert response["Cache-Control"] == "private, no-store"
        name = re.fullmatch(r'attachment; filename="([a-z0-9-]+)\.(\w+)"', response["Content-Disposition"])
        assert name is not None
        assert name[2] == form
        assert name[1].startswith("gemeente-kastelbeke-baseline-")
        assert response.content


@pytest.mark.parametrize("figure", CHARTS)
def test_an_svg_stands_alone(cast: Cast, measurement: Measurement, figure: str) -> None:
    data = _got(cast.client("viewer"), _address(measurement, figure, "svg")).content.decode()
    root = ElementTree.fromstring(data)  # noqa: S314
    title, summary = root.find(f".//{SVG}title"), root.find(f".//{SVG}desc")
    assert title is not None
    assert summary is not None
    assert title.text
    assert summary.text
    assert not re.search(r"<script|<style|\bclass=|\bhref=|url\(|\son\w+=", data)
    words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert "Gemeente Kastelbeke" in words
    assert "Baseline" in words
    assert "indicative" in words
    colours = {each.get("fill") for each in root.iter(f"{SVG}text")}
    assert colours <= {"#16282d", "#4a5c62"}


@pytest.mark.parametrize("figure", ["profile", "roles", "levels", "radar"])
def test_a_png_has_the_size_of_the_drawing_and_is_not_blank(cast: Cast, measurement: Measurement, figure: str) -> None:
    client = cast.client("viewer")
    svg = ElementTree.fromstring(_got(client, _address(measurement, figure, "svg")).content)  # noqa: S314
    width, height, painted = _pixels(_got(client, _address(measurement, figure, "png")).content)
    assert width == 1600
    assert height == pytest.approx(1600 * float(svg.attrib["height"]) / float(svg.attrib["width"]), abs=2)
    assert len(set(painted)) > 20
    assert len(set(painted[len(painted) // 3 : len(painted) // 2])) > 4


def test_the_table_says_what_the_page_says(cast: Cast, measurement: Measurement) -> None:
    client = cast.client("viewer")
    address = _address(measurement, "spread-B-4-1", "csv")
    first = [row for row in read_csv(_got(client, address).content).rows if row[0] == "1"]
    assert [row[3] for row in first] == ["5", "6", "12", "2"]
    assert {row[4] for row in first} == {"25"}
    (sheet,) = read_xlsx(_got(client, _address(measurement, "spread-B-4-1", "xlsx")).content)
    assert [row[3] for row in sheet.rows if row[0] == "1"] == [5, 6, 12, 2]


def test_small_groups_are_in_no_form(cast: Cast, measurement: Measurement) -> None:
    client = cast.client("lead")
    csv = read_csv(_got(client, _address(measurement, "roles", "csv")).content)
    (xlsx,) = read_xlsx(_got(client, _address(measurement, "roles", "xlsx")).content)
    assert list(csv.head) == list(xlsx.head)
    column = csv.head.index("Head of department")
    assert csv.rows[0][column] == xlsx.rows[0][column] == "fewer than 5"
    # Another one is hidden with it, or it could be worked out from the whole.
    assert sum(cell == "fewer than 5" for cell in csv.rows[0]) == 2
    svg = _got(client, _address(measurement, "roles", "svg")).content.decode()
    assert svg.count(">&lt; 5<") == sum(cell == "fewer than 5" for row in csv.rows for cell in row)
    page = client.get(f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/results/").content.decode()
    assert page.count("&lt; 5<") == svg.count(">&lt; 5<")
    tables = read_xlsx(_got(client, _address(measurement, "tables", "xlsx")).content)
    named = next(sheet for sheet in tables if sheet.title == xlsx.title)
    assert named.rows == xlsx.rows


def test_no_name_in_any_file(cast: Cast, measurement: Measurement) -> None:
    client = cast.client("lead")
    tables = read_xlsx(_got(client, _address(measurement, "tables", "xlsx")).content)
    assert len(tables) >= 12
    for sheet in tables:
        said = repr((sheet.title, sheet.head, sheet.rows))
        assert SECRET_NAME not in said
        assert "Burgerzaken" not in said


def test_the_basis_goes_along(cast: Cast, measurement: Measurement) -> None:
    client = cast.client("viewer")
    indices = [
        read_csv(_got(client, _address(measurement, "indices", "csv", f"?basis={basis}")).content).rows[0][1]
        for basis in ("agreed", "middle")
    ]
    assert indices[0] == "0,3333"
    assert indices[1] != indices[0]
    page = client.get(f"/w/{cast.workbook.pk}/measurements/{measurement.pk}/results/?basis=middle").content.decode()
    assert "/figures/indices/csv/?basis=middle" in page
    assert "/figures/indices/csv/?basis=agreed" not in page


def test_every_address_on_the_pages_gives_a_file(cast: Cast, measurement: Measurement) -> None:
    close(cast, measurement, days_ago=300)
    later = begin(cast, "Later")
    answer(cast, later, "staff", ANSWERS | {"B.4.1/1": {"choice": 4}}, people=2)
    with scope(cast.administration.pk):
        import_answers(cast.workbook, full(), cast.lead)
    client = cast.client("viewer")
    here = f"/w/{cast.workbook.pk}/"
    found = set()
    for page in ("analysis/", f"measurements/{measurement.pk}/results/", f"measurements/{later.pk}/compare/"):
        text = client.get(here + page).content.decode().replace("&amp;", "&")
        found |= set(re.findall(rf'href="({re.escape(here)}[^"]*/figures/[^"]+)"', text))
    assert len(found) > 100
    # Each table; of the pictures, which take longer, each that is drawn.
    for address in sorted(found):
        if "/png/" not in address:
            _got(client, address)


def test_comparing_to_take_along(cast: Cast, measurement: Measurement) -> None:
    close(cast, measurement, days_ago=300)
    later = begin(cast, "Later")
    answer(cast, later, "staff", ANSWERS | {"B.4.1/1": {"choice": 4}}, people=2)
    address = f"/w/{cast.workbook.pk}/measurements/{later.pk}/compare/figures/dimensions/csv/?with={measurement.pk}"
    sheet = read_csv(_got(cast.client("viewer"), address).content)
    assert sheet.rows[0] == ("Digital strategy", "0,4444", "0,6667", "0,2222", "3")


def test_what_is_not_there_is_not_found(cast: Cast, measurement: Measurement) -> None:
    client = cast.client("viewer")
    wrong = [
        "nothing/svg",
        "profile/pdf",
        "sensitivity/svg",
        "sensitivity/png",
        "tables/csv",
        "tables/svg",
        "roles/exe",
    ]
    statuses = {each: client.get(_address(measurement, *each.split("/"))).status_code for each in wrong}
    assert statuses == dict.fromkeys(wrong, 404)


def test_members_get_it_and_nobody_else(cast: Cast, measurement: Measurement) -> None:
    with scope(cast.administration.pk):
        import_answers(cast.workbook, full(), cast.lead)
    for address in (_address(measurement, "profile", "csv"), f"/w/{cast.workbook.pk}/analysis/figures/profile/csv/"):
        assert [cast.client(role).get(address).status_code for role in ROLES] == [200] * 4
        assert cast.client("outsider").get(address).status_code == 404
        assert cast.client("anonymous").get(address).status_code == 302
        assert cast.client("lead").post(address).status_code == 405
    elsewhere = _address(measurement, "profile", "csv").replace(str(cast.workbook.pk), str(cast.other_workbook.pk))
    assert cast.client("outsider").get(elsewhere).status_code == 404


def test_a_name_in_dutch(cast: Cast, measurement: Measurement) -> None:
    response = cast.client("viewer").get(_address(measurement, "profile", "csv"), headers={"accept-language": "nl"})
    assert response["Content-Disposition"] == 'attachment; filename="gemeente-kastelbeke-baseline-antwoordprofiel.csv"'


def test_any_name_becomes_a_picture_and_a_file_name(cast: Cast) -> None:
    made = begin(cast, "🚀 Meting 漢字 </svg>\u202e <b>&amp; #set page() \"'")
    answer(cast, made, "staff", ANSWERS)
    client = cast.client("viewer")
    assert _pixels(_got(client, _address(made, "indices", "png")).content)[0] == 1600
    response = _got(client, _address(made, "indices", "svg"))
    ElementTree.fromstring(response.content)  # noqa: S314
    assert response["Content-Disposition"].isascii()
    (sheet,) = read_xlsx(_got(client, _address(made, "indices", "xlsx")).content)
    assert sheet.rows
