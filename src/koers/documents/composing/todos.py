"""What is still to be done, in as few words as say it."""

from collections import Counter
from collections.abc import Iterable

from koers.documents.composing.tree import Todo, TodoGroup
from koers.editions.structure import Edition

MANY = 3


def by_section(edition: Edition, todos: Iterable[Todo], language: str | None = None) -> tuple[TodoGroup, ...]:
    """Things to do, taken together by section in the order of the playbook.

    The same thing missing for many groups (of six dimensions, say) is said once, without the groups.
    """
    given: dict[str, list[Todo]] = {}
    for todo in todos:
        given.setdefault(todo.section, []).append(todo)
    return tuple(
        TodoGroup(
            section.id,
            section.title.say(language),
            _texts(edition, given[section.id], language),
            _anchor(edition, given[section.id]),
        )
        for section in edition.sections.values()
        if section.id in given
    )


def _texts(edition: Edition, todos: list[Todo], language: str | None) -> tuple[str, ...]:
    names = Counter(field.name for todo in todos if (field := edition.fields.get(todo.field_key)) and field.group)
    texts = []
    for todo in todos:
        field = edition.fields.get(todo.field_key)
        many = field is not None and field.group and names[field.name] > MANY
        texts.append(field.short.say(language) if field and many else todo.text)
    return tuple(dict.fromkeys(texts))


def _anchor(edition: Edition, todos: list[Todo]) -> str:
    """The first field to fill in."""
    return next((edition.fields[todo.field_key].anchor for todo in todos if todo.field_key in edition.fields), "")
