"""What an instrument is: dimensions with questions and, for each, the levels and their gates; immutable once loaded."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from koers.editions.structure import Field, Words

QuestionKind = Literal["text", "open", "line", "single", "multi", "matrix", "list", "percent", "shares"]

CUSTOM: Final = "custom"
"""The dimension of the questions that a measurement adds for itself; they are never scored."""


@dataclass(frozen=True, eq=False)
class Question:
    """One question. `field` holds its key, words, options and scoring, as a field of an edition does.

    `total`: its rows get shares that add up to it (kind ``shares``: the adoption matrix). `roles`: whom it is meant for
    (values of `models.Role`; empty: everybody). `seconds`: how long an answer takes, more or less. `writes`: the fields
    of the workbook that its consensus is written to: by row, or under "" for the whole value.
    """

    field: Field
    dimension: str
    total: int | None = None
    roles: tuple[str, ...] = ()
    seconds: int = 45
    writes: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def kind(self) -> QuestionKind:
        return "shares" if self.total is not None else self.field.kind

    @property
    def is_custom(self) -> bool:
        return self.dimension == CUSTOM

    @cached_property
    def fingerprint(self) -> str:
        """The same for two versions of a question exactly when their answers can be compared."""
        asked = self.field
        said = [
            self.key, self.kind, asked.scoring, asked.descending, asked.extra, self.total, asked.label.say("nl"),
            [option.say("nl") for option in asked.options], [(row.id, row.label.say("nl")) for row in asked.rows],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition of a gate: the question (of a matrix, the row) is answered at least so high.

    `at_least`: of options the number of the option in order from low to high (1-based, also for a descending question);
    of a percentage the percentage.
    """

    question: str
    at_least: float
    row: str = ""


@dataclass(frozen=True, eq=False)
class Level:
    """A level is reached when all its conditions are met and so is every level before it. Level 0 needs nothing.

    A question that was answered “not applicable” never stands in the way of a level.
    """

    number: int
    title: Words
    description: Words
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, eq=False)
class Dimension:
    """`optional`: asked only when a measurement chooses it. `covers`: themes of B.2 (`instruments.themes`)."""

    id: str
    title: Words
    description: Words
    questions: tuple[Question, ...]
    levels: tuple[Level, ...] = ()
    optional: bool = False
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Instrument:
    """`edition`: the edition, with its version, that the questions are of; nothing for one that stands alone.

    `source`: who made it; `licence` and `url`: under what terms, and where it is told about.
    """

    id: str
    version: int
    languages: tuple[str, ...]
    title: Words
    description: Words
    source: Words
    dimensions: tuple[Dimension, ...]
    edition: tuple[str, int] | None = None
    licence: Words = dataclasses.field(default_factory=Words)
    url: str = ""

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by key, in order."""
        return {each.key: each for dimension in self.dimensions for each in dimension.questions}

    @cached_property
    def by_id(self) -> dict[str, Dimension]:
        return {each.id: each for each in self.dimensions}
