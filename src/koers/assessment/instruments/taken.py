"""Questions that an instrument takes from an edition: its fields, with a label that says all when it stands alone."""

import dataclasses

from koers.assessment.instruments.structure import Question
from koers.editions.structure import Field, Group, Section, Words


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _alone(field: Field, group: Group) -> Field:
    """A field of a grid, named after its group: the page of an instrument has no column above it."""
    return dataclasses.replace(
        field,
        label=Words({each: f"{group.title.say(each)}: {_lower(text)}" for each, text in field.label.items()}),
        short=Words({each: group.title.say(each) for each in field.label}),
        help=Words({each: f"{group.description.say(each)} {field.help.get(each, '')}".strip() for each in field.label}),
    )


def standing_alone(section: Section, field: Field) -> Field:
    """The field as an instrument asks it."""
    groups = {group.id: group for block in section.blocks for group in block.groups}
    return _alone(field, groups[field.group]) if field.group else field


def taken(section: Section, field: Field, dimension: str) -> Question:
    """One field as a question; what is agreed goes back into it."""
    return Question(standing_alone(section, field), dimension, writes={"": field.key})


def asked_fields(section: Section) -> tuple[Field, ...]:
    """The fields that a section asks as an instrument does: those with a scoring, context included."""
    return tuple(each for each in section.fields if each.scoring)
