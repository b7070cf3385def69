"""Places of a playbook by their name: sections by number or title, fields by what they ask."""

import functools
from dataclasses import dataclass

from koers.editions.structure import Edition, Field, Section
from koers.workbook.finding.words import Form, Piece, Question, passage, words_of


@dataclass(frozen=True)
class NamedPlace:
    """A section or a field, with its name in pieces and, of a field, what it stands under."""

    section: Section
    field: Field | None
    pieces: tuple[Piece, ...]
    under: str = ""


@functools.lru_cache(maxsize=16)
def _named(edition: Edition) -> tuple[tuple[Section, Field | None, str, tuple[Form, ...]], ...]:
    """Every place with what it stands under and the words by which it is found, in every language."""
    named: list[tuple[Section, Field | None, str, tuple[Form, ...]]] = []

    def forms(*texts: str) -> tuple[Form, ...]:
        return tuple({word.form: None for text in texts for word in words_of(text) if word.form.forms})

    for section in edition.sections.values():
        named.append((section, None, "", forms(*section.title.values())))
        for block in section.blocks:
            groups = {group.id: group for group in block.groups}
            for field in block.fields:
                words = [*field.label.values(), *field.short.values()]
                named.append((section, field, field.group if field.group in groups else "", forms(*words)))
    return tuple(named)


def places_named(asked: Question, edition: Edition) -> list[NamedPlace]:
    """Places whose name holds every term: sections first, then fields, the names with most of them first."""
    by_number = asked.text.strip(' "').upper().rstrip(".")
    found = []
    for section, field, group, forms in _named(edition):
        if field is None and by_number == section.id.upper():
            found.append(NamedPlace(section, None, (Piece(section.title.say(), False),)))
        elif all(any(term.finds(form) for form in forms) for term in asked.terms):
            names = [field.short.say(), field.label.say()] if field else [section.title.say()]
            # The short name, unless what was looked for stands in the question alone.
            pieces = [passage(name, asked) for name in names if name]
            shown = next((each for each in pieces if any(piece.hit for piece in each)), pieces[0])
            found.append(NamedPlace(section, field, shown, _title_of(section, group)))
    return sorted(found, key=lambda place: (place.field is not None, -sum(piece.hit for piece in place.pieces)))


def _title_of(section: Section, group: str) -> str:
    titles = (each.title.say() for block in section.blocks for each in block.groups if each.id == group)
    return next(titles, "") if group else ""
