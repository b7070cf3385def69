"""The PDF: everything in it, tagged (PDF/UA-1), user text printed literally."""

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from koers.documents.composing import Choices, Note, compose
from koers.documents.docx import write_docx
from koers.documents.pdf import engine, write_pdf
from koers.documents.pdf.engine import in_words
from koers.documents.tests.conftest import TODAY
from koers.documents.tests.filling import Filling, pdf_text, squeezed
from koers.documents.tests.test_docx import HOSTILE
from koers.editions.structure import Edition
from koers.workbook.values import Value, read_value


@pytest.fixture(scope="module")
def data(full_note: Note) -> bytes:
    return write_pdf(full_note)


def test_every_answer_is_in_it(data: bytes, filling: Filling) -> None:
    printed = pdf_text(data)
    assert [(key, mark) for key, mark in filling.marks if mark not in printed] == []
    whole = squeezed(printed)
    assert [(key, said) for key, said in filling.said if squeezed(said) not in whole] == []


def test_it_is_tagged(data: bytes) -> None:
    reader = PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "nl-BE"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_title_author_and_bookmarks(data: bytes, full_note: Note) -> None:
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "Digitale ambitienota – Gemeente Kastelbeke"
    assert "De trekker" in (reader.metadata.author or "")
    titles = [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    for chapter in full_note.chapters:
        assert any(str(title).endswith(chapter.title) for title in titles), chapter.title


def _kinds(node: Any, found: dict[str, int], alts: list[str]) -> None:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            _kinds(each, found, alts)
        return
    if not hasattr(node, "get"):
        return
    kind = node.get("/S")
    if kind:
        found[kind] = found.get(kind, 0) + 1
        if kind == "/Figure":
            alts.append(str(node.get("/Alt", "")))
    if "/K" in node:
        _kinds(node["/K"], found, alts)


def test_structure_has_headings_header_cells_and_alt_texts(data: bytes) -> None:
    root: Any = PdfReader(io.BytesIO(data)).trailer["/Root"]
    found: dict[str, int] = {}
    alts: list[str] = []
    _kinds(root["/StructTreeRoot"]["/K"], found, alts)
    assert found["/H1"] >= 8
    assert found["/H2"] >= 30
    assert found["/TH"] > 40
    assert found["/L"] > 20
    assert len(alts) == 4
    assert all(alts)


def test_same_note_same_bytes(full_note: Note, data: bytes) -> None:
    assert write_pdf(full_note) == data


def test_an_empty_workbook_exports(empty_note: Note) -> None:
    printed = pdf_text(write_pdf(empty_note))
    assert squeezed(empty_note.labels["todo"]) in squeezed(printed)


def test_hostile_text_is_printed_as_it_stands(playbook: Edition) -> None:
    """What looks like code of the PDF engine, HTML or a formula is only text."""
    key = "C.1.2/actions"
    given = HOSTILE.removesuffix(" 😀")
    value = read_value(playbook.fields[key], {"items": [{"action": given, "result": given}]}, "markdown")
    choices = Choices(author=given, titles={"plan": given})
    printed = squeezed(pdf_text(write_pdf(compose(playbook, {key: value}, given, choices, "nl", today=TODAY))))
    assert printed.count(squeezed(given)) >= 4


@pytest.mark.parametrize(
    "html",
    [
        "<h4>Laag</h4><h3>Hoog</h3><p>x</p>",
        "<ol><li><p>een</p><ul><li><p>twee</p></li></ul></li></ol>",
        "<blockquote><p>a</p><ol><li><p>b</p></li></ol></blockquote>",
        "<table><tbody><tr><th><p>Kop</p></th><th><p></p></th></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>",
        '<p><a href="mailto:a@b.be">mail</a><br>nieuwe <strong><em>regel</em></strong></p>',
        "<p>😀 漢字 ابج ﬁ</p>",
    ],
)
def test_every_form_of_rich_text_in_every_place(html: str, playbook: Edition) -> None:
    keys = ("C.1.1/definition", "A.1/open/goal", "C.1.4/expected-mt", "B.4.2/13", "C.3/next-step", "A.3/vested/who")
    values: dict[str, Value] = {key: read_value(playbook.fields[key], html, "html") for key in keys}
    for hidden in ((), ("why", "target", "people", "context", "ask")):
        choices = Choices(introduction=html, hidden=frozenset(hidden))
        note = compose(playbook, values, "K", choices, "nl", today=TODAY)
        assert write_pdf(note).startswith(b"%PDF")
        assert write_docx(note).startswith(b"PK")


def test_what_no_font_shows_is_said_in_words() -> None:
    said = in_words("Goed \U0001f600\ufe0f werk é €", lambda char: False)
    assert said == "Goed [grinning face] werk é €"
    assert in_words("→ stap", lambda char: True) == "→ stap"


def test_an_emoji_breaks_no_export(playbook: Edition) -> None:
    value = read_value(playbook.fields["C.1.1/definition"], "Samen vooruit 😀 漢", "markdown")
    note = compose(playbook, {"C.1.1/definition": value}, "Gemeente 😀", Choices(), "nl", today=TODAY)
    assert "Samen vooruit" in pdf_text(write_pdf(note))


def test_without_own_fonts_it_falls_back(empty_note: Note, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "FONTS", tmp_path / "none")
    engine.fonts.cache_clear()
    try:
        assert write_pdf(empty_note).startswith(b"%PDF")
    finally:
        engine.fonts.cache_clear()


def test_the_engine_forgets_what_it_set(playbook: Edition, filling: Filling) -> None:
    """Memory does not grow with the number of notes (it did: some 60 MB each)."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("needs /proc")

    def megabytes() -> float:
        return int(statm.read_text().split()[1]) * 4096 / 1e6

    def export(number: int) -> None:
        note = compose(playbook, filling.values, f"Gemeente {number}", Choices(), "nl", today=TODAY)
        assert write_pdf(note).startswith(b"%PDF")

    for number in range(2):
        export(number)
    before = megabytes()
    for number in range(2, 8):
        export(number)
    assert megabytes() - before < 120
