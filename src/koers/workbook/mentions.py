"""Naming somebody in a text: ``@An Peeters``."""

import re
from collections.abc import Iterable, Sequence

from koers.organisations.models import User


def mention_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds these names after an ``@``, each in a group of its own, the longest first; never within a word, an
    email address or a web address."""
    wanted = [re.escape(name) for name in names if name]
    if not wanted:
        return None
    return re.compile(rf"(?<![\w@./])@(?:{'|'.join(f'({name})' for name in wanted)})(?!\w)", re.IGNORECASE)


def longest_first(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=lambda name: (-len(name), name))


def named_in(text: str, people: Sequence[User]) -> list[User]:
    """Who is named in the text. Two people of the same name are both named."""
    names = longest_first(str(person) for person in people)
    pattern = mention_pattern(names)
    if pattern is None:
        return []
    found = {names[match.lastindex - 1] for match in pattern.finditer(text) if match.lastindex}
    return [person for person in people if str(person) in found]
