"""The answers to one question side by side, and all questions of a measurement at a glance."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import written_to
from koers.assessment.instruments.structure import Dimension, Instrument, Question
from koers.assessment.models import Consensus, Mode
from koers.assessment.models import Role as Place
from koers.assessment.queries.answers import Given
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_groups, shown_roles
from koers.assessment.values import answer_text
from koers.editions.structure import Words
from koers.workbook.models import Workbook
from koers.workbook.values import Value, is_answered

FAR_APART = 0.6


@dataclass(frozen=True)
class Line:
    """One option with how many people chose it; `width` of the longest bar is 100. `is_agreed`: it is the consensus."""

    words: str
    count: float
    width: float
    is_extra: bool = False
    is_agreed: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a matrix, with how many people chose each of its options."""

    words: str
    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Bars:
    """How a group of people answered: lines of options, rows of a matrix, or (of a percentage) words alone."""

    title: str
    answered: int
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()
    words: str = ""
    is_percent: bool = False


def bars_of(question: Question, spread: Spread, title: str, agreed: Value = None) -> Bars:
    """The spread of a group as a page draws it."""
    asked = question.field
    said = agreed or {}
    if spread.rows:
        rows = []
        for row in asked.rows:
            counts = spread.rows.get(row.id, ())
            cells = [
                Line(
                    str(words), count, _width(count, spread.most), is_agreed=said.get("rows", {}).get(row.id) == number
                )
                for number, (words, count) in enumerate(zip(asked.options, counts, strict=False), 1)
            ]
            rows.append(Row(str(row.label), tuple(cells)))
        return Bars(title, spread.answered, rows=tuple(rows))
    if spread.shares:
        shares = [Line(str(row.label), round(spread.shares[row.id]), spread.shares[row.id]) for row in asked.rows]
        return Bars(title, spread.answered, tuple(shares), is_percent=True)
    chosen = {said.get("choice"), *said.get("choices", [])}
    most = max(spread.most, spread.extra)
    lines = [
        Line(str(words), count, _width(count, most), is_agreed=number in chosen)
        for number, (words, count) in enumerate(zip(asked.options, spread.counts, strict=False), 1)
    ]
    if asked.extra and spread.counts:
        width = _width(spread.extra, most)
        lines.append(Line(str(asked.extra_label), spread.extra, width, True, is_agreed=asked.extra in chosen))
    words = answer_text(question, spread.middle) if not lines and spread.middle else ""
    return Bars(title, spread.answered, tuple(lines), words=words)


def _width(count: float, most: float) -> float:
    return round(100 * count / most, 1) if most else 0


def _spread(question: Question, given: Iterable[Given]) -> Spread:
    return spread_of(question, [(each.value, each.size) for each in given])


@dataclass(frozen=True)
class ComparedRow:
    """One option, with in each group how many chose it; `width`: as a share of that group."""

    words: str
    is_extra: bool
    is_agreed: bool
    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Compared:
    """Groups beside each other. Of questions without options each group is drawn for itself."""

    groups: tuple[Bars, ...]

    @property
    def rows(self) -> tuple[ComparedRow, ...]:
        """An option a row; none when there is nothing to lay beside each other."""
        if not all(group.lines for group in self.groups):
            return ()
        return tuple(
            ComparedRow(
                first.words,
                first.is_extra,
                first.is_agreed,
                tuple(
                    dataclasses.replace(
                        line, width=line.width if group.is_percent else _width(line.count, group.answered)
                    )
                    for line, group in zip(lines, self.groups, strict=True)
                ),
            )
            for lines in zip(*(group.lines for group in self.groups), strict=True)
            for first in lines[:1]
        )


@dataclass(frozen=True)
class Answer:
    """One answer of somebody who answered by name, or a nameless one of a workshop."""

    name: str
    role: str
    department: str
    mode: str
    text: str
    remark: str


@dataclass(frozen=True)
class SideBySide:
    """All that was answered to one question. `answers` is for who prepares the measurement; of workshops only remarks
    and words stand in it, without anything else. `hidden_roles`: some groups were too small to show.
    """

    question: Question
    spread: Spread
    everybody: Bars
    by_mode: Compared
    by_role: Compared
    hidden_roles: bool
    ballots: Compared | None
    answers: tuple[Answer, ...]
    middle: str


def side_by_side(question: Question, given: Sequence[Given], agreed: Value, *, by_name: bool = True) -> SideBySide:
    """Put the answers to a question side by side. Pure.

    For who may not see single answers (`by_name` false), a way of answering that few took is not apart either: the one
    interview that there was would be read from it.
    """
    answered = [each for each in given if is_answered(each.value)]
    spread = _spread(question, answered)
    people = {each: sum(one.size for one in answered if one.mode == each) for each in Mode}
    ways = {each: size for each, size in people.items() if size}
    modes = list(ways) if by_name else [each for each in ways if each in shown_groups(ways)]
    sizes: dict[str, int] = {}
    for each in answered:
        sizes[each.role] = sizes.get(each.role, 0) + each.size
    shown = shown_roles(answered) if len(sizes) > 1 else frozenset()

    def bars(title: str, among: Iterable[Given]) -> Bars:
        return bars_of(question, _spread(question, among), title, agreed)

    return SideBySide(
        question=question,
        spread=spread,
        everybody=bars_of(question, spread, "", agreed),
        by_mode=Compared(tuple(bars(str(mode.label), (one for one in answered if one.mode == mode)) for mode in modes)),
        by_role=Compared(
            tuple(
                bars(str(role.label), (one for one in answered if one.role == role)) for role in Place if role in shown
            )
        ),
        hidden_roles=len(sizes) > 1 and len(shown) < len(sizes),
        ballots=_ballots(question, answered, agreed),
        answers=_answers(question, given),
        middle=answer_text(question, spread.middle) if question.field.scoring and spread.middle else "",
    )


def _ballots(question: Question, answered: Sequence[Given], agreed: Value) -> Compared | None:
    voted = [each for each in answered if each.workshop is not None]
    if not any(each.first is not None for each in voted):
        return None
    first = [dataclasses.replace(each, value=each.first or each.value) for each in voted]
    return Compared((
        bars_of(question, _spread(question, first), _("First vote"), agreed),
        bars_of(question, _spread(question, voted), _("Second vote"), agreed),
    ))  # fmt: skip


def _answers(question: Question, given: Sequence[Given]) -> tuple[Answer, ...]:
    by_name: list[Answer] = []
    nameless: list[Answer] = []
    in_words = question.kind in {"text", "open", "line", "list"}
    for each in given:
        value = dict(each.value or {})
        remark = str(value.pop("remark", ""))
        text = answer_text(question, value or None)
        if each.workshop is None:
            role = str(Place(each.role).label)
            by_name.append(Answer(each.name, role, each.department, str(Mode(each.mode).label), text, remark))
        elif remark or in_words:
            nameless.append(Answer("", "", "", str(Mode.WORKSHOP.label), text if in_words else "", remark))
    # Without an order that would tell who was first.
    nameless.sort(key=lambda each: (each.text, each.remark))
    return (*sorted(by_name, key=lambda each: (each.mode, each.name)), *nameless)


# What the workbook says


@dataclass(frozen=True)
class Differing:
    """The workbook says something else than was agreed: `value` is that, as an answer to the question."""

    now: str
    value: Value


def workbook_says(workbook: Workbook, question: Question, values: Mapping[str, Value]) -> Value:
    """What the workbook says to a question, as an answer to it; None when nothing, or not all that it needs."""
    said = {row: _bare(values.get(key)) for row, key in question.writes.items() if key in workbook.edition.fields}
    if set(said) == {""}:
        return said[""]
    if question.kind == "shares":
        shares = {row: value["percent"] for row, value in said.items() if value}
        return {"shares": shares} if sum(shares.values()) == question.total else None
    rows = {row: value["choice"] for row, value in said.items() if value and "choice" in value}
    return {"rows": rows} if rows else None


def _bare(value: Value) -> Value:
    return {key: part for key, part in value.items() if key != "remark"} or None if value else None


def differing(
    workbook: Workbook, question: Question, consensus: Consensus | None, values: Mapping[str, Value]
) -> Differing | None:
    """Whether somebody changed on the section page what was agreed here."""
    if consensus is None:
        return None
    for row, key in question.writes.items():
        field = workbook.edition.fields.get(key)
        wanted = written_to(question, field, row, consensus.value) if field else None
        if wanted is not None and not (row and field and field.is_rich) and _bare(values.get(key)) != wanted:
            now = workbook_says(workbook, question, values)
            return Differing(answer_text(question, now) if now else "", now)
    return None


# All questions at a glance


@dataclass(frozen=True)
class StripBar:
    """A bar of the small strip beside a question, in units of its drawing."""

    x: int
    y: float
    height: float
    count: int
    is_agreed: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question on the page of a measurement."""

    question: Question
    answered: int
    strip: tuple[StripBar, ...]
    strip_words: str
    agreed: str
    is_agreed: bool
    far_apart: bool
    differs: bool

    @property
    def width(self) -> int:
        return 14 * len(self.strip)


@dataclass(frozen=True)
class DimensionRows:
    """A dimension on the page of a measurement."""

    dimension: Dimension
    rows: tuple[QuestionRow, ...]

    @property
    def agreed(self) -> int:
        return sum(each.is_agreed for each in self.rows)


_TALL = 22


def _strip(spread: Spread, agreed: Value) -> tuple[StripBar, ...]:
    said = agreed or {}
    chosen = {said.get("choice"), *said.get("choices", [])}
    bars = []
    for index, count in enumerate(spread.counts):
        height = max(round(_TALL * count / spread.most, 1), 3 if count else 1) if spread.most else 1
        bars.append(StripBar(14 * index + 1, _TALL - height + 1, height, count, index + 1 in chosen))
    return tuple(bars)


def question_rows(
    workbook: Workbook,
    instrument: Instrument,
    given: Sequence[Given],
    agreed: Mapping[str, Consensus],
    values: Mapping[str, Value],
) -> list[DimensionRows]:
    """Every question with how many answered, how their answers lie, and what was agreed. Pure."""
    by_question: dict[str, list[Given]] = {}
    for each in given:
        by_question.setdefault(each.question, []).append(each)
    found = []
    for dimension in instrument.dimensions:
        rows = []
        for question in dimension.questions:
            spread = _spread(question, by_question.get(question.key, ()))
            consensus = agreed.get(question.key)
            value = consensus.value if consensus else None
            rows.append(
                QuestionRow(
                    question=question,
                    answered=spread.answered,
                    strip=_strip(spread, value) if spread.answered else (),
                    strip_words=_strip_words(question.field.options, spread),
                    agreed=answer_text(question, _bare(value)) if value else "",
                    is_agreed=consensus is not None,
                    far_apart=(spread.disagreement or 0) >= FAR_APART,
                    differs=differing(workbook, question, consensus, values) is not None,
                )
            )
        found.append(DimensionRows(dimension, tuple(rows)))
    return found


def _strip_words(options: Sequence[Words], spread: Spread) -> str:
    return "; ".join(f"{words}: {count}" for words, count in zip(options, spread.counts, strict=False) if count)
