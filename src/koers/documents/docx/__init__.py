"""The note as a Word file: real styles, numbering, fields and captions, so that people can go on writing in it."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from koers.documents.composing import figures
from koers.documents.composing.tree import Note
from koers.documents.docx import fonts, parts
from koers.documents.docx.body import WIDTH, Body
from koers.documents.docx.markup import escaped, field, paragraph, run
from koers.documents.pdf.engine import picture

LANGUAGES: Final = {"nl": "nl-BE", "en": "en-GB"}
_EMU: Final = 36_000


class _Pictures:
    """Drawings of the note as pictures in the file."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._count = 0

    def __call__(self, svg: str, alt: str) -> str:
        """A run with the picture, as wide as the text; `alt` says what it shows."""
        relation, image = self._document.part.get_or_add_image(io.BytesIO(picture(svg)))
        self._count += 1
        width = round(WIDTH * _EMU)
        height = round(width * image.px_height / image.px_width)
        extent = f'cx="{width}" cy="{height}"'
        name = f'id="{self._count}" name="Figure {self._count}" descr="{escaped(alt)}"'
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
            f"<wp:docPr {name}/>"
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr>"
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def _cover(note: Note, pictures: _Pictures) -> str:
    cover = note.cover
    said = "; ".join(f"{point.id} {point.title}: {round(100 * point.progress)} %" for point in cover.route)
    lines = [
        paragraph("CoverName", run(cover.administration)),
        paragraph("Title", run(cover.title)),
        paragraph("Subtitle", run(cover.subtitle)),
        paragraph("BodyText", pictures(figures.route(cover.route), f"{note.labels['route']}. {said}")),
        paragraph("CoverPurpose", run(cover.purpose)),
        paragraph("CoverLine", run(" · ".join(each for each in (cover.date, cover.author) if each))),
        paragraph("CoverProgress", run(cover.progress)),
        paragraph("CoverSmall", run(cover.credit)),
    ]
    return "".join(lines)


def _contents(note: Note, body: Body) -> str:
    """The table of contents as a field that is filled in already; Word adds page numbers when it updates it."""
    entries = []
    for level, number, title, anchor in body.headings:
        numbered = f"{run(number)}<w:r><w:tab/></w:r>" if number else ""
        link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{numbered}{run(title)}</w:hyperlink>'
        entries.append((f"TOC{level}", link))
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
        '<w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    last = len(entries) - 1
    filled = "".join(
        paragraph(style, (begin if index == 0 else "") + link + (end if index == last else ""))
        for index, (style, link) in enumerate(entries)
    )
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr>"
        f"<w:sdtContent>{paragraph('TOCHeading', run(note.labels['contents']))}{filled}</w:sdtContent></w:sdt>"
    )


def _page(document: WordDocument, note: Note) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(28), Mm(24)
    section.header_distance = section.footer_distance = Mm(12)
    section.different_first_page_header_footer = True
    tab = "<w:r><w:tab/></w:r>"
    header = run(note.cover.administration) + tab + run(note.cover.title)
    page, of = note.labels["page"], note.labels["of"]
    footer = f"{tab}{run(f'{page} ')}{field('PAGE', '1')}{run(f' {of} ')}{field('NUMPAGES', '1')}"
    for place, style, content in ((section.header, "Header", header), (section.footer, "Footer", footer)):
        element = place._element
        for child in list(element):
            element.remove(child)
        element.append(_fragment(paragraph(style, content))[0])


def _fragment(xml: str) -> list:  # type: ignore[type-arg]
    return list(parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{xml}</w:body>"))


def _properties(document: WordDocument, note: Note, language: str) -> None:
    core = document.core_properties
    core.title = f"{note.cover.title} – {note.cover.administration}"[:255]
    core.author = (note.cover.author or note.cover.administration)[:255]
    core.last_modified_by = core.author
    core.subject = note.cover.subtitle[:255]
    core.keywords = note.labels["keywords"][:255]
    core.comments = ""
    core.language = language
    core.revision = 1
    core.created = core.modified = datetime(note.day.year, note.day.month, note.day.day, 12, tzinfo=UTC)


def write_docx(note: Note) -> bytes:
    """The Word file. The same note always gives the same bytes."""
    language = LANGUAGES.get(note.language, note.language)
    document = Document()
    embeds = fonts.embed(document)
    document.part._styles_part._element = parse_xml(parts.styles(language, fonts.family()))
    document.part._settings_part._element = parse_xml(parts.settings(language, embeds=embeds))
    pictures = _Pictures(document)

    def link(address: str) -> str:
        return document.part.relate_to(address, RT.HYPERLINK, is_external=True)

    body = Body(note, link, pictures)
    cover = _cover(note, pictures)
    main = body.write()
    document.part.numbering_part._element = parse_xml(parts.numbering(body.ordered_lists))
    root = document.element.body
    end = root[-1]
    for child in _fragment(cover + _contents(note, body) + main):
        end.addprevious(child)
    _page(document, note)
    _properties(document, note, language)
    file = io.BytesIO()
    document.save(file)
    return _settled(file.getvalue())


def _settled(data: bytes) -> bytes:
    """The same archive without the time at which it was made."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return settled.getvalue()
