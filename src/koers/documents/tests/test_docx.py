"""The Word file: everything in it, in real styles, accessible, the same bytes every time."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from koers.documents.composing import Choices, Note, compose
from koers.documents.docx import write_docx
from koers.documents.tests.conftest import TODAY
from koers.documents.tests.filling import Filling, docx_text, squeezed
from koers.editions.structure import Edition
from koers.workbook.values import read_value

HOSTILE = '=1+1 #eval("x") $x^2$ <b>vet</b> ] } \\n @import * _a_ `b` // c /* d */ &amp; &#x26; «é» 😀'


@pytest.fixture(scope="module")
def data(full_note: Note) -> bytes:
    return write_docx(full_note)


def test_every_answer_is_in_it(data: bytes, filling: Filling) -> None:
    printed = docx_text(data)
    assert [(key, mark) for key, mark in filling.marks if mark not in printed] == []
    whole = squeezed(printed)
    assert [(key, said) for key, said in filling.said if squeezed(said) not in whole] == []


def test_real_styles(data: bytes) -> None:
    document = Document(io.BytesIO(data))
    used = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Body Text", "List Bullet", "Caption"} <= used
    assert {"toc 1", "toc 2"} <= {style.name for style in document.styles}


def test_tables_have_a_header_row_that_repeats(data: bytes) -> None:
    tables = [table for table in Document(io.BytesIO(data)).tables if table.style and table.style.name == "Koers Table"]
    assert len(tables) > 15
    for table in tables:
        first = table.rows[0]._tr
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


def test_every_picture_has_words(data: bytes) -> None:
    body = Document(io.BytesIO(data)).element.body
    described = [node.get("descr") for node in body.iter(qn("wp:docPr"))]
    assert len(described) == 4
    assert all(described)


def test_language_and_properties(data: bytes) -> None:
    document = Document(io.BytesIO(data))
    core = document.core_properties
    assert core.title == "Digitale ambitienota – Gemeente Kastelbeke"
    assert core.author == "De trekker"
    assert core.language == "nl-BE"
    assert core.subject
    assert core.keywords
    styles = document.styles.element
    assert styles.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").get(qn("w:val")) == "nl-BE"


def test_contents_are_filled_in_and_lead_somewhere(data: bytes) -> None:
    body = Document(io.BytesIO(data)).element.body
    marks = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    anchors = [node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink")) if node.get(qn("w:anchor"))]
    assert len(anchors) > 30
    assert set(anchors) <= marks
    assert any("TOC" in (node.text or "") for node in body.iter(qn("w:instrText")))


def test_numbered_lists_start_over(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        numbering = etree.fromstring(archive.read("word/numbering.xml"))
    own = [node for node in numbering.iter(qn("w:num")) if node.find(qn("w:lvlOverride")) is not None]
    assert own


def test_links_are_links(data: bytes) -> None:
    document = Document(io.BytesIO(data))
    targets = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}
    assert targets == {"https://example.org/"}


def test_same_note_same_bytes(full_note: Note, data: bytes) -> None:
    assert write_docx(full_note) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def test_bookmarks_and_pictures_have_ids_of_their_own(data: bytes) -> None:
    body = Document(io.BytesIO(data)).element.body
    for tag, attribute in (("w:bookmarkStart", qn("w:id")), ("wp:docPr", "id")):
        ids = [node.get(attribute) for node in body.iter(qn(tag))]
        assert len(ids) == len(set(ids))


def test_an_empty_workbook_exports(empty_note: Note) -> None:
    printed = docx_text(write_docx(empty_note))
    assert empty_note.labels["todo"] in printed
    assert "C.1.1" in printed


def test_hostile_text_is_printed_as_it_stands(playbook: Edition) -> None:
    key = "C.1.2/actions"
    value = read_value(playbook.fields[key], {"items": [{"action": HOSTILE, "result": HOSTILE}]}, "markdown")
    choices = Choices(title=HOSTILE[:100], author=HOSTILE, titles={"plan": HOSTILE})
    printed = docx_text(write_docx(compose(playbook, {key: value}, HOSTILE, choices, "nl", today=TODAY)))
    assert printed.count(HOSTILE) >= 4
