"""The published method, in each language of the interface (docs/method.md)."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("nl", "en")

SECTIONS: Final = (
    "profile", "question", "dimension", "counts", "measurement", "roles", "levels", "comparing", "firm", "note", "not",
    "other", "strengths", "example",
)  # fmt: skip
"""What pages can point to, in the order of the text: the same in each language."""


@dataclass(frozen=True)
class Part:
    """One section: its text is Markdown."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Method:
    title: str
    opening: str
    parts: tuple[Part, ...]


@functools.cache
def method_in(language: str) -> Method:
    """The method; in English where a language has none."""
    name = language[:2] if language[:2] in LANGUAGES else "en"
    first, *rest = (_HERE / f"{name}.md").read_text(encoding="utf-8").split("\n## ")
    title, _gap, opening = first.partition("\n")
    told = [each.partition("\n") for each in rest]
    parts = tuple(Part(id_, head, text) for id_, (head, _gap, text) in zip(SECTIONS, told, strict=True))
    return Method(title.removeprefix("# "), opening, parts)
