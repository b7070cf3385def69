"""Tables go out and come in the same, nothing in them runs, and hostile files are refused at once."""

import csv
import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from koers.kit import sheets
from koers.kit.sheets import Sheet, Unreadable, read_csv, read_xlsx, to_csv, to_xlsx

PAYLOADS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "'=1", "''=1", " =1", "＝1", "\n- a\n- b",
    "a,=1+1", "a;=1+1", "a\n=1+1", "a\t@x", "a, '=1", '"=1"', '","=1', "=HYPERLINK(\"https://x.example\")",
]  # fmt: skip
STARTS = "=+-@＝＋－＠\t\r"
CALM = settings(deadline=None, max_examples=150)
texts = st.one_of(st.text(), st.text("=+-@,;'\"\t\r\n a1_x00D", max_size=12), st.sampled_from(PAYLOADS))
numbers = st.one_of(st.integers(-(2**50), 2**50), st.integers(-(10**9), 10**9).map(lambda n: n / 8))
cells = st.one_of(texts, numbers, st.none())


@st.composite
def tables(draw: Callable[..., object]) -> Sheet:
    width = draw(st.integers(1, 4))
    row = st.lists(cells, min_size=width, max_size=width)  # type: ignore[arg-type]
    head = draw(st.lists(st.text("abc =;,'", min_size=1).map(str.strip).filter(bool), min_size=width, max_size=width))  # type: ignore[arg-type]
    return Sheet("Table", tuple(head), tuple(map(tuple, draw(st.lists(row, max_size=5)))))  # type: ignore[arg-type, call-overload]


def _kept(text: object) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", str(text))


def _said(cell: object, comma: bool) -> object:
    """What a cell is once it was read: text without control characters, a number as it is."""
    if cell is None or isinstance(cell, str):
        return _kept(cell or "")
    return repr(cell).replace(".", ",") if comma else cell


def _rows(sheet: Sheet, comma: bool) -> list[list[object]]:
    """The rows with something in them, as they should come out."""
    rows = [[_said(cell, comma) for cell in row] for row in sheet.rows]
    return [row for row in rows if any(cell != "" for cell in row)]


def _read(sheet: Sheet) -> list[list[object]]:
    return [["" if cell is None else cell for cell in row] for row in sheet.rows]


@given(tables())
@CALM
def test_what_goes_into_csv_comes_out(sheet: Sheet) -> None:
    again = read_csv(to_csv(sheet))
    assert list(again.head) == list(sheet.head)
    assert _read(again) == _rows(sheet, comma=True)


@given(tables())
@settings(CALM, max_examples=60)
def test_what_goes_into_xlsx_comes_out(sheet: Sheet) -> None:
    (again,) = read_xlsx(to_xlsx([sheet]))
    assert again.title == "Table"
    assert list(again.head) == list(sheet.head)
    assert _read(again) == _rows(sheet, comma=False)


@given(tables())
@CALM
def test_no_text_of_csv_begins_as_a_formula(sheet: Sheet) -> None:
    text = to_csv(sheet).decode("utf-8-sig")
    given_rows = [sheet.head, *sheet.rows]
    for row, given_row in zip(csv.reader(io.StringIO(text, newline=""), delimiter=";"), given_rows, strict=True):
        for cell, was in zip(row, given_row, strict=True):
            assert isinstance(was, int | float) or cell[:1] not in STARTS or not cell


@given(tables())
@CALM
def test_nor_when_the_csv_is_cut_at_another_separator(sheet: Sheet) -> None:
    text = to_csv(sheet).decode("utf-8-sig")
    for separator in ",\t":
        for row in csv.reader(io.StringIO(text.replace('"', ""), newline=""), delimiter=separator):
            for cell in row:
                assert not re.match(r"[=+@]", cell.lstrip(" ")), cell


@given(tables())
@settings(CALM, max_examples=60)
def test_nothing_in_xlsx_is_a_formula(sheet: Sheet) -> None:
    data = to_xlsx([sheet])
    (page,) = load_workbook(io.BytesIO(data)).worksheets
    for row, given_row in zip(page.iter_rows(), [sheet.head, *sheet.rows], strict=False):
        for cell, was in zip(row, given_row, strict=False):
            assert cell.data_type in ({"n"} if was is None or not isinstance(was, str) else {"s", "inlineStr"})
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", PAYLOADS)
def test_every_payload_as_a_cell(text: str) -> None:
    sheet = Sheet("T", ["a", "b"], [[text, 1]])
    assert read_csv(to_csv(sheet)).rows == ((text, "1"),)
    assert read_xlsx(to_xlsx([sheet]))[0].rows == ((text, 1),)


def test_csv_as_excel_of_here_reads_it() -> None:
    sheet = Sheet("T", ["Vraag", "Aandeel"], [['Zegt "ja"; soms', 0.67], ["é", None], ["-5 %", -5]])
    assert to_csv(sheet) == (
        b"\xef\xbb\xbf"
        + '"Vraag";"Aandeel"\r\n"Zegt ""ja""; soms";0,67\r\n"é";\r\n"\'-5 %";-5\r\n'.encode()
    )  # fmt: skip


def test_xlsx_is_dressed() -> None:
    data = to_xlsx([Sheet("A/B: [x]", ["Question", "n"], [["long " * 40, 3]]), Sheet("a b   x", ["n"], [])], title="T")
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["A B   x", "a b   x 2"]
    page = book.worksheets[0]
    assert page["A1"].font.bold is True
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width == 60
    assert page.column_dimensions["B"].width == 9
    assert book.properties.title == "T"
    assert book.properties.creator == "Koers"


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    (read,) = read_xlsx(to_xlsx([Sheet("T", ["a"], [["x" * 40_000]])]))
    text = read.rows[0][0]
    assert isinstance(text, str)
    assert len(text) == 32_767
    assert text.endswith("x […]")


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\n1,2\n", (("1", "2"),)),
        (b"a\tb\r\n1\t2\r\n", (("1", "2"),)),
        ("a;b\n\u00e9;2".encode("utf-16"), (("\u00e9", "2"),)),
        ("a;b\n\u00e9;2".encode("cp1252"), (("\u00e9", "2"),)),
        (b"sep=;\r\na;b\r\n1;2", (("1", "2"),)),
        (b'"a,x";b\n\n1\n;;;\n', (("1", ""),)),
    ],
    ids=["comma", "tab", "utf-16", "windows", "sep", "short-rows"],
)
def test_csv_of_other_programs(data: bytes, rows: object) -> None:
    assert read_csv(data).rows == rows


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


def _with(changes: dict[str, bytes]) -> bytes:
    """An ordinary file with other parts in it."""
    with zipfile.ZipFile(io.BytesIO(to_xlsx([Sheet("T", ["a"], [["x"]])]))) as package:
        return _zip({name: package.read(name) for name in package.namelist()} | changes)


_ROW = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
_PAGE = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + _PAGE % b"&b;"
_RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    b'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
)
_SHEET1 = "xl/worksheets/sheet1.xml"
HOSTILE_XLSX: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"a;b\n1;2",
    "old": lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "cut": lambda: _with({})[:900],
    "too-big": lambda: b"PK" + b"\x00" * (6 * 1024 * 1024),
    "bomb": lambda: _with({_SHEET1: b" " * (200 * 1024 * 1024)}),
    "many-parts": lambda: _with({f"xl/x{number}.xml": b"<x/>" for number in range(300)}),
    "entities": lambda: _with({_SHEET1: _ENTITIES}),
    "entities-utf-16": lambda: _with({_SHEET1: _ENTITIES.decode().encode("utf-16")}),
    "other-code-page": lambda: _with({_SHEET1: b'<?xml version="1.0" encoding="cp037"?>' + _PAGE % b""}),
    "other-files": lambda: _with({"xl/worksheets/_rels/sheet1.xml.rels": _RELS}),
    "external-link": lambda: _with({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    "macros": lambda: _with({"xl/vbaProject.bin": b"x"}),
    "climbs-out": lambda: _with({"../../etc/x.xml": b"<x/>"}),
    "styles": lambda: _with({"xl/styles.xml": b"<x>" + b"<y/>" * 500_000 + b"</x>"}),
    "a-million-rows": lambda: _with({_SHEET1: _PAGE % (_ROW % (1, 1) + _ROW % (1_048_576, 1_048_576))}),
    "many-rows": lambda: _with({_SHEET1: _PAGE % b"".join(_ROW % (each, each) for each in range(1, 200_000))}),
    "many-columns": lambda: _with({_SHEET1: _PAGE % (b'<row r="1">' + b"<c><v>1</v></c>" * 16_000 + b"</row>")}),
    "deep": lambda: _with({_SHEET1: b"<a>" * 200_000}),
    "broken-xml": lambda: _with({_SHEET1: b"<worksheet><sheetData><row>"}),
    "nothing": lambda: to_xlsx([Sheet("T", [], [])]),
}


@pytest.mark.parametrize("make", HOSTILE_XLSX.values(), ids=HOSTILE_XLSX)
def test_a_hostile_xlsx_is_refused_at_once(make: Callable[[], bytes]) -> None:
    data = make()
    started = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read_xlsx(data)
    assert time.process_time() - started < 2
    assert str(refused.value).endswith((".", ")."))


@pytest.mark.parametrize(
    "data",
    [b"", b"a;b\n1;2;3\n", b'a;"b\n', b"PK\x03\x04\x00", b"a\n" + b"1\n" * 30_000, b"a;" * 200 + b"\n",
     b"a\n" + b"x" * (6 * 1024 * 1024), b'a\n"' + b"x" * 200_000 + b'"'],
    ids=["empty", "longer-row", "open-quote", "zip", "rows", "columns", "size", "cell"],
)  # fmt: skip
def test_a_hostile_csv_is_refused_at_once(data: bytes) -> None:
    started = time.process_time()
    with pytest.raises(Unreadable):
        read_csv(data)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["\n" * 60_000, "' " * 30_000, ",' " * 20_000, '"' * 60_000])
def test_no_text_makes_writing_slow(text: str) -> None:
    started = time.process_time()
    sheet = Sheet("T", ["a"], [[text]])
    assert read_csv(to_csv(sheet)).rows == ((text,),)
    assert time.process_time() - started < 1


def test_the_largest_that_is_taken_stays_small_in_memory() -> None:
    strings = b"".join(b"<si><t>%s</t></si>" % (b"%06d" % each * 34) for each in range(100_000))
    xml = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings + b"</sst>"
    assert len(xml) < sheets.MAX_UNPACKED < len(xml) * 1.2
    data = _with({"xl/sharedStrings.xml": xml})
    tracemalloc.start()
    try:
        read_xlsx(data)
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_dates_formulas_and_gaps_of_excel() -> None:
    page = _PAGE % (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="C1" t="inlineStr"><is><t>c</t></is></c></row>'
        b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="C3" t="inlineStr"><is><t>=x</t></is></c></row>'
    )
    (sheet,) = read_xlsx(_with({_SHEET1: page}))
    assert sheet.head == ("a", "", "c")
    assert sheet.rows == ((2, None, "=x"),)
