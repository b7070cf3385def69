"""The note as plain data for the PDF template: user text only ever travels as strings, never as markup."""

from typing import Any

from koers.documents.composing import figures
from koers.documents.composing.tree import (
    Callout,
    Cell,
    Chapter,
    Element,
    Facts,
    Figure,
    Grid,
    Note,
    Part,
    Prose,
)
from koers.documents.layout import SHORT_ROW, WHOLE_BOX, WHOLE_ROW, column_widths, fits, length, stays_whole
from koers.kit.richtext import Block, Break, Heading, Inline, Items, Paragraph, Quote, Table

TEXT_WIDTH = 160.0
TABLE_SIZE = 9.0
TABLE_PADDING = 2.0


def _inlines(inlines: tuple[Inline, ...]) -> list[Any]:
    return [None if isinstance(each, Break) else [each.text, each.strong, each.em, each.href] for each in inlines]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(inlines):
            return {"is": "paragraph", "inlines": _inlines(inlines)}
        case Heading(level, inlines):
            return {"is": "heading", "level": level, "inlines": _inlines(inlines)}
        case Items(ordered, items):
            return {"is": "list", "ordered": ordered, "items": [_blocks(item) for item in items]}
        case Quote(blocks):
            return {"is": "quote", "blocks": _blocks(blocks)}
        case Table(rows):
            return {"is": "table", "rows": [[_inlines(cell) for cell in row] for row in rows]}


def _blocks(blocks: Cell) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks]


def _grid(grid: Grid) -> dict[str, Any]:
    widths = column_widths(grid, TEXT_WIDTH, TABLE_SIZE, TABLE_PADDING)
    lengths = [max((length(cell) for cell in row), default=0) for row in grid.rows]
    return {
        "is": "grid",
        "caption": grid.caption,
        "header": list(grid.header),
        "tight_header": [
            not fits(each, width, TABLE_SIZE, TABLE_PADDING) for each, width in zip(grid.header, widths, strict=True)
        ],
        "rows": [
            {
                "whole": SHORT_ROW < longest <= WHOLE_ROW,
                "cells": [
                    {"blocks": _blocks(cell), "tight": not fits(cell, width, TABLE_SIZE, TABLE_PADDING)}
                    for cell, width in zip(row, widths, strict=True)
                ],
            }
            for row, longest in zip(grid.rows, lengths, strict=True)
        ],
        "whole": stays_whole(grid),
        "aligns": [grid.align(column) for column in range(len(grid.header))],
        "widths": widths,
        "totals": grid.totals,
        "note": grid.note,
    }


def _element(element: Element) -> dict[str, Any]:
    match element:
        case Prose(blocks, _, lead):
            return {"is": "prose", "lead": lead, "blocks": _blocks(blocks)}
        case Grid():
            return _grid(element)
        case Figure(caption, alt, svg):
            return {"is": "figure", "caption": caption, "alt": alt, "svg": svg}
        case Callout(title, blocks):
            whole = length(blocks) <= WHOLE_BOX
            return {"is": "callout", "title": title, "blocks": _blocks(blocks), "whole": whole}
        case Facts(facts, _, look):
            told = [{"label": fact.label, "blocks": _blocks(fact.blocks), "note": fact.note} for fact in facts]
            return {"is": "facts", "look": look, "facts": told}


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "elements": [_element(each) for each in part.elements],
        "parts": [_part(each) for each in part.parts if not each.is_empty],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "id": chapter.id,
        "title": chapter.title,
        "number": chapter.number,
        "lead": chapter.lead,
        "empty": chapter.is_empty,
        "elements": [_element(each) for each in chapter.elements],
        "parts": [_part(each) for each in chapter.parts if not each.is_empty],
    }


def note_data(note: Note) -> dict[str, Any]:
    """Everything that the template prints."""
    cover = note.cover
    return {
        "language": note.language,
        "region": {"nl": "BE", "en": "GB"}.get(note.language),
        "day": [note.day.year, note.day.month, note.day.day],
        "labels": note.labels,
        "cover": {
            "administration": cover.administration,
            "title": cover.title,
            "subtitle": cover.subtitle,
            "date": cover.date,
            "author": cover.author,
            "purpose": cover.purpose,
            "progress": cover.progress,
            "credit": cover.credit,
            "route": figures.route(cover.route),
            "route_alt": "; ".join(
                f"{point.id} {point.title}: {round(100 * point.progress)} %" for point in cover.route
            ),
        },
        "chapters": [_chapter(chapter) for chapter in note.body],
        "todos": [{"section": each.section, "title": each.title, "texts": list(each.texts)} for each in note.todos],
        "appendix": _chapter(note.appendix) if note.appendix else None,
    }
