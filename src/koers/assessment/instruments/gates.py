"""The levels of a dimension and their gates, as a file writes them; what makes no sense is said with its line."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.assessment.instruments.given import File
from koers.assessment.instruments.structure import Condition, Level, Question
from koers.kit.located import Path as Where

MAX_LEVELS: Final = 10

_LEVEL: Final = {"level", "title", "description", "when"}
_CONDITION: Final = {"question", "row", "at_least"}

Reached = dict[tuple[str, str], tuple[float, int]]
"""Of each question and row that a level asked something of: how much, and in which level."""


def read_levels(file: File, where: Where, raw: Any, questions: Sequence[Question]) -> tuple[Level, ...]:
    """The levels from 0, in order; each asks more than those before it."""
    asked = {each.key: each for each in questions}
    reached: Reached = {}
    return tuple(
        _level(file, (*where, "levels", index), each, index, asked, reached)
        for index, each in enumerate(file.items((*where, "levels"), raw, MAX_LEVELS))
    )


def _level(file: File, where: Where, raw: Any, expected: int, asked: dict[str, Question], reached: Reached) -> Level:
    given = file.mapping(where, raw)
    file.only(where, given, _LEVEL)
    number = given.get("level")
    if number != expected or isinstance(number, bool):
        message = _("Levels begin at 0 and go up by one: this one is level %(number)s.")
        file.wrong((*where, "level"), message, number=expected)
    listed = file.items((*where, "when"), given.get("when"), 100)
    if expected == 0 and listed:
        file.wrong((*where, "when"), _("Level 0 needs nothing: leave “when” out."))
    if expected > 0 and not listed:
        file.wrong(where, _("A level above 0 needs at least one condition under “when”."))
    conditions = []
    for index, each in enumerate(listed):
        condition = _condition(file, (*where, "when", index), each, asked)
        if condition is not None:
            _asks_more(file, (*where, "when", index), condition, expected, reached)
            conditions.append(condition)
    return Level(
        number=expected,
        title=file.words((*where, "title"), given.get("title"), needed=True, limit=120),
        description=file.words((*where, "description"), given.get("description")),
        conditions=tuple(conditions),
    )


def _condition(file: File, where: Where, raw: Any, asked: dict[str, Question]) -> Condition | None:
    given = file.mapping(where, raw)
    file.only(where, given, _CONDITION)
    name = file.text((*where, "question"), given.get("question"), 96)
    question = asked.get(name)
    if question is None:
        message = _("The dimension has no question “%(key)s”.")
        file.wrong((*where, "question"), message, key=name)
        return None
    if question.field.scoring != "ordinal":
        message = _("“%(key)s” is not an ordinal question: it cannot open a gate.")
        file.wrong((*where, "question"), message, key=name)
        return None
    row = file.text((*where, "row"), given.get("row"), 60)
    rows = [each.id for each in question.field.rows]
    if row not in rows and (row or rows):
        message = _("Name a row of “%(key)s”: %(rows)s.") if rows else _("“%(key)s” has no rows.")
        file.wrong((*where, "row"), message, key=name, rows=", ".join(rows))
        return None
    return Condition(name, _at_least(file, (*where, "at_least"), given.get("at_least"), question), row)


def _at_least(file: File, where: Where, raw: Any, question: Question) -> float:
    """The option from low to high, or the percentage, that is enough. The lowest of all would let everybody through."""
    if question.kind == "percent":
        if not isinstance(raw, int | float) or isinstance(raw, bool) or not 0 < raw <= 100:
            file.wrong(where, _("“at_least” must be a percentage above 0, at most 100."))
            return 1
        return raw
    return file.whole(where, raw, 2, len(question.field.options))


def _asks_more(file: File, where: Where, condition: Condition, level: int, reached: Reached) -> None:
    place = (condition.question, condition.row)
    if place in reached:
        least, before = reached[place]
        if before == level:
            file.wrong(where, _("“%(key)s” stands twice in this level."), key=condition.question)
        elif condition.at_least <= least:
            message = _("Of “%(key)s” level %(before)s asks %(least)s already; a higher level must ask more.")
            file.wrong(where, message, key=condition.question, before=before, least=least)
    reached[place] = (condition.at_least, level)
