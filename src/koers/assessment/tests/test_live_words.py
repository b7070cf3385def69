"""The scripts of a live workshop say only words that their page gives them."""

import re
from pathlib import Path

import pytest

from koers.assessment.hosting_words import console_words
from koers.assessment.live.words import words_of_live, words_of_room, words_of_screen

SCRIPTS = Path(__file__).resolve().parents[4] / "frontend" / "src"

PAGES = {
    "room": (["room.ts", "room/*.ts"], words_of_room),
    "screen": (["screen.ts", "screen/*.ts"], words_of_screen),
    "console": (["console.ts", "hosting/*.ts"], lambda: {**words_of_live(), **console_words()}),
}


def _said(*patterns: str) -> set[str]:
    """The names that scripts ask for as they stand; one that is put together is not found here."""
    sources = [path.read_text(encoding="utf-8") for pattern in patterns for path in SCRIPTS.glob(pattern)]
    return {name for source in sources for name in re.findall(r'\b(?:say|count)\("(\w+)"[,)]', source)}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_every_word_that_its_scripts_say(page: str) -> None:
    patterns, words = PAGES[page]
    said = _said(*patterns, "live/*.ts")
    assert len(said) > 5
    assert said - words().keys() == set()
