"""The body of the note as WordprocessingML, in real styles."""

import re
from collections.abc import Callable
from typing import Final

from koers.documents.composing.tree import (
    Callout,
    Cell,
    Chapter,
    Element,
    Fact,
    Facts,
    Figure,
    Grid,
    Note,
    Part,
    Prose,
)
from koers.documents.docx.markup import escaped, field, paragraph, run, runs, twips
from koers.documents.docx.parts import CELL_NUMBERS, FIRST_LIST, HEADINGS, NUMBERS
from koers.documents.layout import WHOLE_BOX, WHOLE_ROW, column_widths, length, stays_whole
from koers.kit.richtext import Block, Heading, Items, Paragraph, Quote, Run, Table

WIDTH: Final = 160.0
CELL_SIZE: Final = 9.0
CELL_PADDING: Final = 1.8
_SUPPRESS: Final = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'


class Body:
    """Collects the paragraphs and tables of a note, and what they need of the rest of the file."""

    def __init__(self, note: Note, link: Callable[[str], str], picture: Callable[[str, str], str]) -> None:
        self.note = note
        self.labels = note.labels
        self.link = link
        self.picture = picture
        self.parts: list[str] = []
        self.headings: list[tuple[int, str, str, str]] = []
        self.ordered_lists: list[int] = []
        self._counts = {"figure": 0, "table": 0}
        self._numbers = [0, 0]

    # ---- headings -------------------------------------------------------------------------------------------

    def heading(self, level: int, title: str, *, numbered: bool, listed: bool, properties: str = "") -> None:
        number = self._number(level) if numbered else ""
        anchor = f"_Toc{len(self.headings) + 1:06d}"
        mark = len(self.headings) + 1
        if listed:
            self.headings.append((level, number, title, anchor))
            content = f'<w:bookmarkStart w:id="{mark}" w:name="{anchor}"/>{run(title)}<w:bookmarkEnd w:id="{mark}"/>'
        else:
            content = run(title)
        suppress = _SUPPRESS if level <= 2 and not numbered else ""
        self.parts.append(paragraph(f"Heading{level}", content, properties + suppress))

    def _number(self, level: int) -> str:
        if level == 1:
            self._numbers = [self._numbers[0] + 1, 0]
            return str(self._numbers[0])
        self._numbers[1] += 1
        return f"{self._numbers[0]}.{self._numbers[1]}"

    # ---- rich text ------------------------------------------------------------------------------------------

    def blocks(self, blocks: Cell, depth: int, style: str = "BodyText") -> str:
        """Rich text; `depth` is the level of the heading above, 0 where no headings belong."""
        return "".join(self._block(block, depth, style) for block in blocks)

    def _block(self, block: Block, depth: int, style: str) -> str:
        match block:
            case Paragraph(inlines):
                return paragraph(style, runs(inlines, self.link))
            case Heading(_, inlines):
                if depth:
                    return paragraph(f"Heading{min(depth + 1, 6)}", runs(inlines, self.link))
                return paragraph(
                    style, runs((Run(each.text, True) for each in inlines if isinstance(each, Run)), self.link)
                )
            case Items():
                return self._list(block, 0, style)
            case Quote(inside):
                return self.blocks(inside, 0, "Quote" if style == "BodyText" else style)
            case Table(rows):
                return self._small_table(rows)

    def _list(self, items: Items, level: int, style: str) -> str:
        in_cell = style.startswith("Table")
        if items.ordered:
            self.ordered_lists.append(CELL_NUMBERS if in_cell else NUMBERS)
            number = FIRST_LIST + len(self.ordered_lists) - 1
            item_style = "TableNumber" if in_cell else "ListNumber"
            properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        else:
            item_style = "TableBullet" if in_cell else "ListBullet"
            kind = 4 if in_cell else 2
            properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{kind}"/></w:numPr>' if level else ""
        parts = []
        for item in items.items:
            for index, inside in enumerate(item):
                if isinstance(inside, Items):
                    parts.append(self._list(inside, min(level + 1, 4), style))
                elif index == 0:
                    parts.append(paragraph(item_style, runs(inside.inlines, self.link), properties))
                else:
                    parts.append(paragraph("TableText" if in_cell else "ListContinue", runs(inside.inlines, self.link)))
        return "".join(parts)

    def _small_table(self, rows: tuple[tuple[tuple[Run, ...], ...], ...]) -> str:
        cells = tuple(tuple((Paragraph(cell),) if cell else () for cell in row) for row in rows)
        header = tuple("".join(each.text for each in cell) for cell in rows[0])
        return self._table(Grid("", header, cells[1:])) + paragraph("TableEnd", "")

    # ---- tables and figures ---------------------------------------------------------------------------------

    def _caption(self, kind: str, caption: str, properties: str = "") -> str:
        self._counts[kind] += 1
        label = self.labels[kind]
        number = field(f"SEQ {'Figure' if kind == 'figure' else 'Table'} \\* ARABIC", str(self._counts[kind]))
        content = f"{run(label + ' ')}{number}{run('   ' + caption)}"
        return paragraph("Caption", content, properties)

    def grid(self, grid: Grid) -> str:
        note = "".join(paragraph("TableNote", run(line)) for line in grid.note.split("\n") if line)
        return (
            self._caption("table", grid.caption, "<w:keepNext/>")
            + self._table(grid)
            + (note or paragraph("TableEnd", ""))
        )

    def _table(self, grid: Grid) -> str:
        widths = [twips(width) for width in column_widths(grid, WIDTH, CELL_SIZE, CELL_PADDING)]
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = "".join(
            self._cell(paragraph("TableHead", run(title), self._align(grid, index)), widths[index])
            for index, title in enumerate(grid.header)
        )
        rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
        stays = stays_whole(grid)
        for number, row in enumerate(grid.rows, 1):
            whole = max((length(cell) for cell in row), default=0) <= WHOLE_ROW
            cells = "".join(
                self._cell(self._cell_content(cell, self._align(grid, index)), widths[index])
                for index, cell in enumerate(row)
            )
            if stays and number < len(grid.rows):
                cells = re.sub(r'(<w:pStyle w:val="Table\w+"/>)', r"\1<w:keepNext/>", cells)
            rows.append(f"<w:tr><w:trPr>{'<w:cantSplit/>' if whole else ''}</w:trPr>{cells}</w:tr>")
        last = 1 if grid.totals else 0
        told = f'<w:tblCaption w:val="{escaped(grid.caption)}"/>' if grid.caption else ""
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="KoersTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="{last}" w:firstColumn="1"'
            f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{told}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _align(self, grid: Grid, column: int) -> str:
        return '<w:jc w:val="right"/>' if grid.align(column) == "end" else ""

    def _cell(self, content: str, width: int) -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'

    def _cell_content(self, cell: Cell, align: str) -> str:
        if not cell:
            return paragraph("TableText", run("–"), align)
        content = self.blocks(cell, 0, "TableText")
        if align:
            content = content.replace('<w:pStyle w:val="TableText"/>', f'<w:pStyle w:val="TableText"/>{align}')
        # A cell must end in a paragraph.
        return content if content.endswith("</w:p>") else content + paragraph("TableText", "")

    def _figure(self, figure: Figure) -> str:
        drawing = paragraph("BodyText", self.picture(figure.svg, figure.alt), "<w:keepNext/>")
        return drawing + self._caption("figure", figure.caption)

    def _callout(self, callout: Callout) -> str:
        width = twips(WIDTH)
        split = "<w:trPr><w:cantSplit/></w:trPr>" if length(callout.blocks) <= WHOLE_BOX else ""
        content = paragraph("CalloutTitle", run(callout.title)) + self.blocks(callout.blocks, 0)
        if not content.endswith("</w:p>"):
            content += paragraph("BodyText", "")
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="KoersCallout"/><w:tblW w:w="{width}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
            ' w:noHBand="1" w:noVBand="1"/>'
            f'</w:tblPr><w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid><w:tr>{split}<w:tc><w:tcPr>'
            f'<w:tcW w:w="{width}" w:type="dxa"/>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="EDF4F6"/></w:tcPr>{content}</w:tc></w:tr></w:tbl>'
        ) + paragraph("TableEnd", "")

    def _facts(self, facts: Facts) -> str:
        if facts.look == "glance":
            header = tuple(fact.label for fact in facts.facts)
            values = tuple(fact.blocks for fact in facts.facts)
            return self._table(Grid("", header, (values,))) + paragraph("TableEnd", "")
        return "".join(self._fact(fact) for fact in facts.facts)

    def _fact(self, fact: Fact) -> str:
        remark = "".join(
            paragraph("Remark", run(f"{self.labels['remark']}: ", "<w:b/>") + run(line)) if index == 0
            else paragraph("Remark", run(line))
            for index, line in enumerate(fact.note.split("\n")) if line
        )  # fmt: skip
        return paragraph("FactLabel", run(fact.label)) + self.blocks(fact.blocks, 0) + remark

    # ---- the tree -------------------------------------------------------------------------------------------

    def element(self, element: Element, depth: int) -> None:
        match element:
            case Prose(blocks, _, lead):
                if lead:
                    self.heading(min(depth + 1, 6), lead, numbered=False, listed=False)
                self.parts.append(self.blocks(blocks, depth + 1 if lead else depth))
            case Grid():
                self.parts.append(self.grid(element))
            case Figure():
                self.parts.append(self._figure(element))
            case Callout():
                self.parts.append(self._callout(element))
            case Facts():
                self.parts.append(self._facts(element))

    def part(self, part: Part, depth: int, *, numbered: bool, listed: bool) -> None:
        self.heading(depth, part.title, numbered=numbered, listed=listed and depth == 2)
        for element in part.elements:
            self.element(element, depth)
        for inner in part.parts:
            if not inner.is_empty:
                self.part(inner, depth + 1, numbered=False, listed=listed)

    def chapter(self, chapter: Chapter) -> None:
        numbered = bool(chapter.number)
        properties = "" if chapter.is_empty else "<w:pageBreakBefore/>"
        self.heading(1, chapter.title, numbered=numbered, listed=True, properties=properties)
        if chapter.lead:
            self.parts.append(paragraph("Lead", run(chapter.lead)))
        if chapter.is_empty:
            self.parts.append(paragraph("Remark", run(self.labels["chapter_todo"])))
        for element in chapter.elements:
            self.element(element, 1)
        for part in chapter.parts:
            if not part.is_empty:
                self.part(part, 2, numbered=numbered, listed=chapter.id != "appendix")

    def todos(self) -> None:
        if not self.note.todos:
            return
        self.heading(1, self.labels["todo"], numbered=False, listed=False)
        self.parts.append(paragraph("BodyText", run(self.labels["todo_lead"])))
        for each in self.note.todos:
            content = run(f"{each.section} {each.title}", "<w:b/>") + run(f": {'; '.join(each.texts)}")
            self.parts.append(paragraph("ListBullet", content))

    def write(self) -> str:
        """Chapters, what is still to do, the appendix."""
        for chapter in self.note.body:
            self.chapter(chapter)
        self.todos()
        if self.note.appendix:
            self.chapter(self.note.appendix)
        return "".join(self.parts)


__all__ = ["HEADINGS", "Body"]
