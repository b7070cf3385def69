"""What a participant sees on the page without scripts: the same state, in the language of the page."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language

from koers.assessment.instruments.structure import Question
from koers.assessment.live.state import mine_of, public_state, question_of
from koers.assessment.models import Respondent, Role, Status, Workshop
from koers.kit import richtext
from koers.kit.tenancy import unscoped

_PHASES: Final = {"voting": "voting", "shown": "shown", "agreed": "agreed"}


@dataclass(frozen=True)
class Choice:
    """Something to choose, and whether it was."""

    value: str
    label: str
    chosen: bool
    letter: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a matrix with its choices, or of shares with what was given."""

    id: str
    label: str
    choices: tuple[Choice, ...] = ()
    given: str = ""


@dataclass(frozen=True)
class Bar:
    """`length`: of 100."""

    label: str
    count: str
    length: float
    is_yours: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars under a title; the title of everybody's is empty."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class OwnIdea:
    id: int
    text: str
    points: int = 0
    all_points: int | None = None


@dataclass(frozen=True)
class PlainRoom:
    """`scene`: what the page shows. `yours`: one's own text, number or remark, as it was typed."""

    workshop: Workshop
    scene: str
    role: str
    size: int
    state: Mapping[str, Any]
    question: Question | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    yours: str = ""
    remark: str = ""
    is_in: bool = False
    charts: tuple[Bars, ...] = ()
    agreed: str = ""
    reason: str = ""
    ideas: tuple[OwnIdea, ...] = ()

    @property
    def refreshes(self) -> bool:
        """Never while somebody may be filling in something."""
        return self.scene not in {"voting", "ideas", "ranking", "ended"}

    @property
    def step_title(self) -> str:
        return _say(self.state["step"]["title"]) if self.state["step"] else ""


def has_ended(workshop_id: uuid.UUID) -> bool:
    """For who had a seat in it: its key is erased by then."""
    with unscoped():
        return Workshop.objects.filter(pk=workshop_id, status=Status.ENDED).exists()


def _say(words: Mapping[str, str]) -> str:
    return words.get((get_language() or "nl")[:2]) or next(iter(words.values()), "")


def plain_room(workshop: Workshop, seat: Respondent) -> PlainRoom:
    """Within the scope of the workshop."""
    state = public_state(workshop)
    (mine,) = mine_of([(workshop, seat)])
    question = question_of(workshop) if workshop.question else None
    scene = _scene(state, question)
    base: dict[str, Any] = {
        "workshop": workshop, "scene": scene, "role": str(Role(seat.role).label), "size": seat.size, "state": state,
        "question": question,
    }  # fmt: skip
    yours = mine["yours"]
    if scene == "voting" and question is not None:
        return PlainRoom(**base, **_asked(question, yours["value"]))
    if scene in {"shown", "agreed"} and question is not None:
        agreed = state["consensus"] or {}
        return PlainRoom(
            **base,
            charts=_charts(question, state["spread"] or {}, yours["value"] or {}),
            agreed=_say(agreed["text"]) if agreed else "",
            reason=agreed.get("reason", ""),
        )
    if scene in {"ideas", "ranking", "ranked"}:
        return PlainRoom(**base, ideas=_ideas(scene, state["ideas"], yours))
    return PlainRoom(**base)


def _scene(state: Mapping[str, Any], question: Question | None) -> str:
    if state["status"] != Status.OPEN:
        return str(state["status"])
    if question is not None:
        return _PHASES.get(state["phase"], "waiting")
    if state["phase"] == "collecting":
        return "ideas"
    if state["phase"] == "ranking":
        return "ranking"
    is_ranked = state["step"] is not None and state["step"]["kind"] == "ranking" and state["phase"] == "shown"
    return "ranked" if is_ranked else "waiting"


def _asked(question: Question, value: Any) -> dict[str, Any]:
    """The question with what was answered before."""
    given: dict[str, Any] = value or {}
    asked = question.field
    chosen = {str(each) for each in given.get("choices", [given.get("choice")])}
    choices = [
        Choice(str(number), str(option), str(number) in chosen, chr(64 + number))
        for number, option in enumerate(asked.options, 1)
    ]
    if asked.extra:
        choices.append(Choice(asked.extra, str(asked.extra_label), asked.extra in chosen, "–"))
    shares, cells = given.get("shares", {}), given.get("rows", {})
    rows = [
        Row(
            row.id,
            str(row.label),
            tuple(
                Choice(str(number), str(option), cells.get(row.id) == number)
                for number, option in enumerate(asked.options, 1)
            ),
            str(shares.get(row.id, "")),
        )
        for row in asked.rows
    ]
    yours = given.get("text") or str(given.get("percent", "")) or richtext.words(given.get("html", ""))
    if question.kind == "list" and asked.columns:
        yours = "\n".join(str(item.get(asked.columns[0].id, "")) for item in given.get("items", []))
    return {
        "choices": tuple(choices), "rows": tuple(rows), "yours": yours, "remark": given.get("remark", ""),
        "is_in": value is not None,
    }  # fmt: skip


def _charts(question: Question, spread: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[Bars, ...]:
    if not spread or not spread["answered"]:
        return ()
    groups = [("", spread), *((_say(role["label"]), role) for role in spread["roles"])]
    return tuple(each for title, tally in groups for each in _bars_of(question, tally, title, own if not title else {}))


def _bars_of(question: Question, tally: Mapping[str, Any], title: str, own: Mapping[str, Any]) -> list[Bars]:
    asked, whole = question.field, max(1, tally["answered"])
    if question.kind in {"single", "multi"}:
        chosen = {str(each) for each in own.get("choices", [own.get("choice")])}
        lines = [(str(number), str(option), count) for number, (option, count) in enumerate(_pairs(asked, tally), 1)]
        if asked.extra:
            lines.append((asked.extra, str(asked.extra_label), tally["extra"]))
        bars = tuple(Bar(label, str(count), 100 * count / whole, value in chosen) for value, label, count in lines)
        return [Bars(title, bars)]
    if question.kind == "matrix":
        return [
            Bars(
                f"{title} · {row.label}" if title else str(row.label),
                tuple(
                    Bar(str(option), str(count), 100 * count / whole, own.get("rows", {}).get(row.id) == number)
                    for number, (option, count) in enumerate(
                        zip(asked.options, tally["rows"].get(row.id, []), strict=False), 1
                    )
                ),
            )
            for row in asked.rows
        ]
    if question.kind == "shares":
        shares = tally["shares"]
        means = [(str(row.label), round(shares.get(row.id, 0), 1)) for row in asked.rows]
        return [Bars(title, tuple(Bar(label, f"{mean:g} %", mean) for label, mean in means))]
    return []


def _pairs(asked: Any, tally: Mapping[str, Any]) -> Sequence[tuple[Any, int]]:
    return list(zip(asked.options, tally["counts"], strict=False))


def _ideas(scene: str, ideas: Sequence[Mapping[str, Any]], yours: Mapping[str, Any]) -> tuple[OwnIdea, ...]:
    points = yours["points"]
    shown = [each for each in ideas if scene != "ideas" or each["id"] in yours["ideas"]]
    return tuple(OwnIdea(each["id"], each["text"], points.get(str(each["id"]), 0), each["points"]) for each in shown)
