"""The published method, in each language of the interface (docs/method.md)."""

import functools
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("nl", "en")


@functools.cache
def method_text(language: str) -> tuple[str, str]:
    """The title of the method and its text as Markdown; in English where a language has none."""
    name = language[:2] if language[:2] in LANGUAGES else "en"
    title, _gap, text = (_HERE / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# "), text
