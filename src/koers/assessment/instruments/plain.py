"""An instrument as plain JSON and back, exactly: what a closed measurement keeps and an export takes along."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast, get_args

from koers.assessment.instruments.structure import Condition, Dimension, Instrument, Level, Question
from koers.editions import structure as s

FORMAT: Final = "koers-instrument/1"

T = TypeVar("T")


class NotAnInstrument(ValueError):
    """What was given is not an instrument as `as_json` writes it; the message says where."""


# To JSON


def _field_json(field: s.Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "section": field.section,
        "block": field.block,
        "kind": field.kind,
        "name": field.name,
        "group": field.group,
        "own": field.own,
        "options": [dict(each) for each in field.options],
        "extra": field.extra,
        "extra_label": dict(field.extra_label),
        "scoring": field.scoring,
        "descending": field.descending,
        "remark": field.remark,
        "remark_label": dict(field.remark_label),
        "rows": [{"id": row.id, "label": dict(row.label)} for row in field.rows],
        "columns": [
            {
                "id": column.id,
                "kind": column.kind,
                "label": dict(column.label),
                "help": dict(column.help),
                "options": [dict(each) for each in column.options],
            }
            for column in field.columns
        ],
        "label": dict(field.label),
        "short": dict(field.short),
        "help": dict(field.help),
        "placeholder": dict(field.placeholder),
    }


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "field": _field_json(question.field),
        "total": question.total,
        "roles": list(question.roles),
        "seconds": question.seconds,
        "writes": dict(question.writes),
    }


def _level_json(level: Level) -> dict[str, Any]:
    return {
        "number": level.number,
        "title": dict(level.title),
        "description": dict(level.description),
        "conditions": [
            {"question": each.question, "row": each.row, "at_least": each.at_least} for each in level.conditions
        ],
    }


def as_json(instrument: Instrument) -> dict[str, Any]:
    """The whole instrument in plain JSON."""
    return {
        "format": FORMAT,
        "id": instrument.id,
        "version": instrument.version,
        "languages": list(instrument.languages),
        "title": dict(instrument.title),
        "description": dict(instrument.description),
        "source": dict(instrument.source),
        "licence": dict(instrument.licence),
        "url": instrument.url,
        "edition": list(instrument.edition) if instrument.edition else None,
        "dimensions": [
            {
                "id": each.id,
                "title": dict(each.title),
                "description": dict(each.description),
                "optional": each.optional,
                "covers": list(each.covers),
                "questions": [_question_json(question) for question in each.questions],
                "levels": [_level_json(level) for level in each.levels],
            }
            for each in instrument.dimensions
        ],
    }


# From JSON


@dataclass(frozen=True)
class _Where:
    """A place in the JSON. `languages`: their order, which PostgreSQL does not keep in the texts themselves."""

    path: str
    languages: tuple[str, ...] = ()

    def at(self, step: str | int) -> "_Where":
        return _Where(f"{self.path}.{step}", self.languages)

    def rank(self, language: str) -> int:
        return self.languages.index(language) if language in self.languages else len(self.languages)


class _Part:
    """A mapping from outside, of which every key is asked for by its type, and none may be left over."""

    def __init__(self, raw: Any, where: _Where) -> None:
        if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
            raise NotAnInstrument(f"{where.path}: a mapping is expected")
        self.raw: Mapping[str, Any] = raw
        self.where = where
        self.left = set(raw)

    def wrong(self, key: str, expected: str) -> NotAnInstrument:
        return NotAnInstrument(f"{self.where.path}.{key}: {expected} is expected")

    def get(self, key: str) -> Any:
        self.left.discard(key)
        if key not in self.raw:
            raise self.wrong(key, "a value")
        return self.raw[key]

    def text(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str):
            raise self.wrong(key, "text")
        return value

    def truth(self, key: str) -> bool:
        value = self.get(key)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def whole(self, key: str) -> int:
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "a whole number")
        return value

    def number(self, key: str) -> float:
        value = self.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.wrong(key, "a number")
        return value

    def words(self, key: str) -> s.Words:
        return s.Words(sorted(self.texts(key).items(), key=lambda each: self.where.rank(each[0])))

    def texts(self, key: str) -> dict[str, str]:
        value = self.get(key)
        if not isinstance(value, dict) or not all(
            isinstance(each, str) and isinstance(name, str) for name, each in value.items()
        ):
            raise self.wrong(key, "a mapping of texts")
        return dict(value)

    def several(self, key: str, read: Callable[[Any, _Where], T]) -> tuple[T, ...]:
        value = self.get(key)
        if not isinstance(value, list | tuple):
            raise self.wrong(key, "a list")
        return tuple(read(each, self.where.at(key).at(index)) for index, each in enumerate(value))

    def one_of(self, key: str, allowed: tuple[Any, ...]) -> Any:
        value = self.get(key)
        if not isinstance(value, str | None) or value not in allowed:
            raise self.wrong(key, "one of " + ", ".join(map(str, allowed)))
        return value

    def end(self) -> None:
        if self.left:
            raise NotAnInstrument(f"{self.where.path}: unknown: {', '.join(sorted(self.left))}")


def _text(raw: Any, where: _Where) -> str:
    if not isinstance(raw, str):
        raise NotAnInstrument(f"{where.path}: text is expected")
    return raw


def _words(raw: Any, where: _Where) -> s.Words:
    return _Part({"words": raw}, where).words("words")


def _row(raw: Any, where: _Where) -> s.Row:
    part = _Part(raw, where)
    row = s.Row(part.text("id"), part.words("label"))
    part.end()
    return row


def _column(raw: Any, where: _Where) -> s.Column:
    part = _Part(raw, where)
    column = s.Column(
        id=part.text("id"),
        kind=cast(s.ColumnKind, part.one_of("kind", get_args(s.ColumnKind))),
        label=part.words("label"),
        help=part.words("help"),
        options=part.several("options", _words),
    )
    part.end()
    return column


def _field(raw: Any, where: _Where) -> s.Field:
    part = _Part(raw, where)
    field = s.Field(
        key=part.text("key"),
        section=part.text("section"),
        block=part.text("block"),
        kind=cast(s.Kind, part.one_of("kind", get_args(s.Kind))),
        name=part.text("name"),
        group=part.text("group"),
        own=part.truth("own"),
        options=part.several("options", _words),
        extra=part.one_of("extra", (None, *get_args(s.Special))),
        extra_label=part.words("extra_label"),
        scoring=part.one_of("scoring", (None, *get_args(s.Scoring))),
        descending=part.truth("descending"),
        remark=part.truth("remark"),
        remark_label=part.words("remark_label"),
        rows=part.several("rows", _row),
        columns=part.several("columns", _column),
        label=part.words("label"),
        short=part.words("short"),
        help=part.words("help"),
        placeholder=part.words("placeholder"),
    )
    part.end()
    return field


def _question(raw: Any, where: _Where, dimension: str) -> Question:
    part = _Part(raw, where)
    question = Question(
        field=_field(part.get("field"), where.at("field")),
        dimension=dimension,
        total=None if part.get("total") is None else part.whole("total"),
        roles=part.several("roles", _text),
        seconds=part.whole("seconds"),
        writes=part.texts("writes"),
    )
    part.end()
    return question


def _condition(raw: Any, where: _Where) -> Condition:
    part = _Part(raw, where)
    condition = Condition(question=part.text("question"), row=part.text("row"), at_least=part.number("at_least"))
    part.end()
    return condition


def _level(raw: Any, where: _Where) -> Level:
    part = _Part(raw, where)
    level = Level(
        number=part.whole("number"),
        title=part.words("title"),
        description=part.words("description"),
        conditions=part.several("conditions", _condition),
    )
    part.end()
    return level


def _dimension(raw: Any, where: _Where) -> Dimension:
    part = _Part(raw, where)
    dimension_id = part.text("id")
    dimension = Dimension(
        id=dimension_id,
        title=part.words("title"),
        description=part.words("description"),
        optional=part.truth("optional"),
        covers=part.several("covers", _text),
        questions=part.several("questions", lambda each, at: _question(each, at, dimension_id)),
        levels=part.several("levels", _level),
    )
    part.end()
    return dimension


def from_json(raw: Any) -> Instrument:
    """The instrument that `as_json` wrote. Raises `NotAnInstrument` for anything else."""
    languages = raw.get("languages") if isinstance(raw, dict) else None
    known = tuple(each for each in languages if isinstance(each, str)) if isinstance(languages, list | tuple) else ()
    part = _Part(raw, _Where("instrument", known))
    if part.get("format") != FORMAT:
        raise part.wrong("format", FORMAT)
    edition = part.get("edition")
    if edition is not None and not (
        isinstance(edition, list | tuple) and [type(each) for each in edition] == [str, int]
    ):
        raise part.wrong("edition", "an edition with its version")
    instrument = Instrument(
        id=part.text("id"),
        version=part.whole("version"),
        languages=part.several("languages", _text),
        title=part.words("title"),
        description=part.words("description"),
        source=part.words("source"),
        licence=part.words("licence"),
        url=part.text("url"),
        edition=(edition[0], edition[1]) if edition else None,
        dimensions=part.several("dimensions", _dimension),
    )
    part.end()
    if len(instrument.questions) != sum(len(each.questions) for each in instrument.dimensions):
        raise NotAnInstrument("instrument: a question stands here twice")
    return instrument
