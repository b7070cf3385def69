"""A workbook in which every input holds something that occurs nowhere else."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from pypdf import PdfReader

from koers.documents.composing import Note
from koers.documents.composing.numbers import money, number, percent
from koers.documents.pdf.data import note_data
from koers.editions.structure import Column, Edition, Field
from koers.workbook.values import Value, read_value


@dataclass
class Filling:
    """Values for every field; `marks` are words, `said` texts of options that must come out, with their keys."""

    values: dict[str, Value] = field(default_factory=dict)
    marks: list[tuple[str, str]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def mark(self, key: str) -> str:
        self.count += 1
        word = f"qz{self.count:04d}k"
        self.marks.append((key, word))
        return word

    def say(self, key: str, text: str) -> None:
        self.said.append((key, text))


def _cell(filling: Filling, key: str, column: Column, index: int, language: str) -> Any:
    filling.count += 1
    match column.kind:
        case "line" | "text":
            return filling.mark(f"{key}:{column.id}")
        case "choice":
            choice = index % len(column.options) + 1
            filling.say(f"{key}:{column.id}", column.options[choice - 1].say(language))
            return choice
        case "year":
            year = 2026 + index
            filling.say(f"{key}:{column.id}", str(year))
            return year
        case "money":
            amount = 10_000 + 7 * filling.count + 0.5
            filling.say(f"{key}:{column.id}", money(amount, language))
            return amount
        case "number":
            amount = 100 + filling.count + 0.25
            filling.say(f"{key}:{column.id}", number(amount, language))
            return amount


def _raw(filling: Filling, each: Field, language: str) -> Any:
    key = each.key
    match each.kind:
        case "text" | "open":
            first, second, third, fourth = (filling.mark(key) for _ in range(4))
            link = f"[{second}](https://example.org/)"
            return f"Een zin met **{first}** en een link: {link}.\n\n- {third}\n- punt\n\n> {fourth}"
        case "line":
            return filling.mark(key)
        case "percent":
            shown = 10 + filling.count % 7 + 0.25 * (len(filling.said) % 3)
            filling.say(key, percent(shown, language))
            return shown
        case "single":
            choice = filling.count % len(each.options) + 1
            filling.say(key, each.options[choice - 1].say(language))
            raw: dict[str, Any] = {"choice": choice}
        case "multi":
            raw = {"choices": list(range(1, len(each.options) + 1))}
            for option in each.options:
                filling.say(key, option.say(language))
        case "matrix":
            raw = {"rows": {row.id: index % len(each.options) + 1 for index, row in enumerate(each.rows)}}
            for index, row in enumerate(each.rows):
                answer = each.options[index % len(each.options)].say(language)
                filling.say(key, f"{row.label.say(language)}: {answer}")
        case "list":
            raw = {
                "items": [
                    {column.id: _cell(filling, key, column, index, language) for column in each.columns}
                    for index in range(3)
                ]
            }
    if each.remark:
        raw["remark"] = f"Opmerking {filling.mark(key + ':remark')} erbij\nen {filling.mark(key + ':remark')}"
    return raw


def fill(edition: Edition, language: str = "nl") -> Filling:
    filling = Filling()
    for key, each in edition.fields.items():
        filling.values[key] = read_value(each, _raw(filling, each, language), "markdown")
    return filling


def note_text(note: Note) -> str:
    """Every string that the writers get."""

    def strings(data: Any) -> Iterator[str]:
        if isinstance(data, str):
            yield data
        elif isinstance(data, dict | list):
            for each in data.values() if isinstance(data, dict) else data:
                yield from strings(each)

    return "\n".join(strings(note_data(note)))


def squeezed(text: str) -> str:
    """Without white space: for texts that may have been set on several lines."""
    return re.sub(r"\s+", "", text)


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    paragraphs = document.element.body.iter("{*}p")
    return "\n".join("".join(node.text or "" for node in paragraph.iter("{*}t")) for paragraph in paragraphs)


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
