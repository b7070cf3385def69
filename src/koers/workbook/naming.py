"""How the audit log names what happened in a workbook: places and rounds in the language of who reads it."""

import functools
from typing import Final

from koers.editions.loading import edition, edition_ids
from koers.editions.structure import Field, Section
from koers.organisations.models import AuditEntry
from koers.workbook.models import round_words, version_words

# Whose subject is the key of a field or the id of a section.
_PLACED: Final = frozenset({"field", "section", "comment", "conversation"})


def subject_words(entry: AuditEntry) -> str:
    """Empty for what was kept in words: the title of a task, the name of a version."""
    if entry.verb.partition(".")[0] in _PLACED:
        place = _place(entry.subject)
        if isinstance(place, Field):
            return f"{place.section} {place.short}"
        return f"{place.id} {place.title}" if place else ""
    if "identity" in entry.detail:
        return version_words(**entry.detail["identity"])
    if entry.verb in {"round.close", "round.start"} and not entry.subject:
        return round_words("", entry.detail["round"])
    return ""


@functools.lru_cache(maxsize=4096)
def _place(key: str) -> Field | Section | None:
    """In the newest version of an edition; None when none has it any more."""
    for each in map(edition, edition_ids()):
        if place := each.fields.get(key) or each.sections.get(key):
            return place
    return None
