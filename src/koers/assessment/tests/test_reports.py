"""Reports that are attached: known by what they hold and not by their names, and refused when they mean harm."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers.assessment.reports import MAX_BYTES, MAX_NAME, TYPES, NotAReport, read_report

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def zipped(*names: str, first: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "<x/>", zipfile.ZIP_DEFLATED)
    return file.getvalue()


GOOD = {
    "rapport.pdf": (PDF, "pdf"),
    "rapport.docx": (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    "rapport.xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    "rapport.pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
    "rapport.odt": (zipped("content.xml", first=b"application/vnd.oasis.opendocument.text"), "odt"),
    "rapport.ods": (zipped("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    "rapport.png": (b"\x89PNG\r\n\x1a\n\x00\x00", "png"),
    "rapport.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpg"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_report_is_known_by_what_it_holds(name: str) -> None:
    data, ending = GOOD[name]
    assert read_report(name, data).name == name
    wrong = read_report("iets.exe", data)
    assert (wrong.name, wrong.type) == (f"iets.exe.{ending}", TYPES[ending])


HOSTILE = {
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a picture that can run": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program": b"MZ\x90\x00" + b"\x00" * 100,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "an empty file": b"",
    "a zip that is no document": zipped("a.txt"),
    "a page that says it is PDF further on": b"<html>%PDF-1.7",
    "macros": zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "names without contents": b"PK\x03\x04[Content_Types].xml word/document.xml",
    "a directory that points nowhere": b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18,
    "a directory outside": b"PK\x03\x04" + b"\x00" * 50 + b"PK\x05\x06" + b"\x00" * 12 + b"\xf0\xff\xff\x7f\x00\x00",
    "a directory of one": b"PK\x03\x04PK\x01\x02" + b"\x00" * 42 + b"PK\x05\x06" + b"\x00" * 12 + b"\x04\0\0\0\0\0",
    "more names than can be": zipped("[Content_Types].xml", *(f"{n}.xml" for n in range(4_100)), "word/document.xml"),
    "a file that is too large": PDF + b"x" * MAX_BYTES,
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_anything_else_is_refused(what: str) -> None:
    with pytest.raises(NotAReport):
        read_report("rapport.pdf", HOSTILE[what])


def test_a_large_directory_is_read_as_well() -> None:
    plain = zipped("[Content_Types].xml", "xl/workbook.xml")
    end = plain.rfind(b"PK\x05\x06")
    start = int.from_bytes(plain[end + 16 : end + 20], "little")
    record = b"PK\x06\x06" + b"\x00" * 44 + start.to_bytes(8, "little")
    locator = b"PK\x06\x07" + b"\x00" * 4 + end.to_bytes(8, "little") + b"\x01\x00\x00\x00"
    large = plain[:end] + record + locator + plain[end : end + 16] + b"\xff\xff\xff\xff" + plain[end + 20 :]
    assert read_report("a", large).name == "a.xlsx"


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 40 + b"PK\x01\x02"]))
def test_no_bytes_break_the_reading(data: bytes, head: bytes) -> None:
    for whole in (head + data, head + data + b"PK\x05\x06" + data[:18]):
        with contextlib.suppress(NotAReport):
            assert read_report("x", whole).type in TYPES.values()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\Rapport 2026.PDF", "Rapport 2026.pdf"),
        ("factuur\u202efdp.exe", "factuurfdp.exe.pdf"),
        ('a"b\r\nSet-Cookie: x=1.pdf', "a-b Set-Cookie- x=1.pdf"),
        ("<script>alert(1)</script>.pdf", "script-.pdf"),
        ("...", "report.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "report.pdf"),
        ("é" * 300 + ".pdf", "é" * (MAX_NAME - 4) + ".pdf"),
    ],
)
def test_the_name_of_a_report_is_cleaned(given_name: str, kept: str) -> None:
    assert read_report(given_name, PDF).name == kept


@given(st.text(max_size=200))
def test_no_name_leads_astray(name: str) -> None:
    kept = read_report(name, PDF).name
    assert kept.endswith(".pdf")
    assert not set(kept) & set('/\\"<>\r\n\t\x00')
    assert 5 <= len(kept) <= MAX_NAME
