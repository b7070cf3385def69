"""The agenda of half a day, made from what an instrument asks; and how long questions take in a room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.assessment.guidance import note_for
from koers.assessment.instruments.structure import Dimension, Instrument, Question
from koers.assessment.models import IdeaKind, StepKind

HALF_DAY: Final = 210
SUGGESTED: Final = 14

# Minutes in a room: reading the question aloud, the vote, the spread, the talk and writing down what is agreed.
_TALK: Final = 7
_GRID: Final = 12
_BRIEF: Final = 4


@dataclass(frozen=True)
class PlannedStep:
    kind: str
    title: str
    minutes: int
    questions: tuple[str, ...] = ()
    idea_kind: str = ""

    @property
    def note(self) -> str:
        return note_for(self.kind, self.idea_kind)


def minutes_of(question: Question) -> int:
    """How many minutes a question takes in a room. Those that are only counted get no long talk."""
    if question.kind in {"matrix", "shares"}:
        return _GRID
    return _TALK if question.kind == "single" and question.field.scoring == "ordinal" else _BRIEF


def minutes_for(asked: Mapping[str, Question], keys: Iterable[str]) -> int:
    """The minutes of several questions, to the next five."""
    return -(-sum(minutes_of(asked[key]) for key in keys if key in asked) // 5) * 5


def _makes_talk(dimension: Dimension) -> list[str]:
    """The questions that make a good talk: those with an order from low to high; without any, all of them."""
    ordered = [each.key for each in dimension.questions if each.field.scoring == "ordinal"]
    return ordered or [each.key for each in dimension.questions]


def _spread_out(keys: Sequence[str], count: int) -> list[str]:
    """So many of them, evenly over the whole, in their order."""
    return [keys[index * len(keys) // count] for index in range(count)]


def suggestion(instrument: Instrument, most: int = SUGGESTED) -> dict[str, list[str]]:
    """By dimension the questions that fit half a day: about `most` of those that make a good talk, every dimension in
    turn, so that no dimension is left out for a longer one."""
    talk = {each.id: _makes_talk(each) for each in instrument.dimensions}
    columns = [[(name, key) for key in keys] for name, keys in talk.items()]
    turns = [each for row in zip_longest(*columns) for each in row if each is not None]
    taken = [name for name, _key in turns[:most]]
    return {name: _spread_out(keys, taken.count(name)) for name, keys in talk.items()}


def _dimensions(instrument: Instrument, chosen: Mapping[str, Sequence[str]]) -> list[PlannedStep]:
    asked = instrument.questions
    return [
        PlannedStep(StepKind.QUESTIONS, str(each.title), minutes_for(asked, keys), tuple(keys))
        for each in instrument.dimensions
        if (keys := chosen.get(each.id))
    ]


def _halfway(steps: Sequence[PlannedStep]) -> int:
    """After how many of these steps the break falls: where what comes before and after is most alike."""
    total = sum(each.minutes for each in steps)
    before = [sum(each.minutes for each in steps[: index + 1]) for index in range(len(steps))]
    return min(range(len(steps)), key=lambda index: abs(total - 2 * before[index])) + 1 if steps else 0


def half_day(instrument: Instrument, *, every_question: bool = False) -> list[PlannedStep]:
    """The agenda: welcome, terms, a step for each dimension with a break halfway, ideas, ranking, closing."""
    chosen = (
        {each.id: [question.key for question in each.questions] for each in instrument.dimensions}
        if every_question
        else suggestion(instrument)
    )
    asked = _dimensions(instrument, chosen)
    half = _halfway(asked)
    return [
        PlannedStep(StepKind.WELCOME, _("Welcome"), 10),
        PlannedStep(StepKind.TERMS, _("Explaining terms"), 15),
        *asked[:half],
        PlannedStep(StepKind.BREAK, _("Break"), 15),
        *asked[half:],
        PlannedStep(StepKind.IDEAS, _("Hooks: what is already moving?"), 10, idea_kind=IdeaKind.HOOK),
        PlannedStep(StepKind.IDEAS, _("Obstacles: what stands in the way?"), 10, idea_kind=IdeaKind.OBSTACLE),
        PlannedStep(StepKind.IDEAS, _("Actions: what can we do?"), 10, idea_kind=IdeaKind.ACTION),
        PlannedStep(StepKind.RANKING, _("Which actions come first?"), 10, idea_kind=IdeaKind.ACTION),
        PlannedStep(StepKind.CLOSING, _("Closing"), 10),
    ]


def title_for(kind: str, idea_kind: str = "") -> str:
    """What a step of this kind is called until somebody calls it otherwise."""
    titles = {
        (StepKind.IDEAS, IdeaKind.HOOK): _("Hooks: what is already moving?"),
        (StepKind.IDEAS, IdeaKind.OBSTACLE): _("Obstacles: what stands in the way?"),
        (StepKind.IDEAS, IdeaKind.ACTION): _("Actions: what can we do?"),
        (StepKind.RANKING, IdeaKind.HOOK): _("Which hooks come first?"),
        (StepKind.RANKING, IdeaKind.OBSTACLE): _("Which obstacles come first?"),
        (StepKind.RANKING, IdeaKind.ACTION): _("Which actions come first?"),
    }
    found = titles.get((StepKind(kind), IdeaKind(idea_kind))) if idea_kind else None
    return found or str(StepKind(kind).label)


def duration(minutes: int) -> str:
    """So many minutes in words."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", rest) % {"minutes": rest}
    whole = ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return _("%(hours)s %(minutes)s min") % {"hours": whole, "minutes": rest} if rest else whole


def times(starts: datetime | None, minutes: Sequence[int]) -> list[datetime | None]:
    """When each step begins, and at the end when the last one is over."""
    if starts is None:
        return [None] * (len(minutes) + 1)
    return [starts + timedelta(minutes=sum(minutes[:index])) for index in range(len(minutes) + 1)]
