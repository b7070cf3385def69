"""What the screens of a live workshop show: one JSON for all of them, more for a host, one's own for a participant.

Call these within a scope; the workshop comes with its measurement and its step.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Q, Sum
from django.utils import timezone, translation

from koers.assessment.instruments.loading import asked_by
from koers.assessment.instruments.structure import Question
from koers.assessment.live.codes import screen_token
from koers.assessment.live.counting import Counts, counts_of, points_of
from koers.assessment.models import (
    Consensus,
    Idea,
    IdeaVote,
    Measurement,
    Phase,
    Respondent,
    Response,
    Role,
    Status,
    Step,
    StepKind,
    Workshop,
)
from koers.assessment.spread import Spread, spread_of
from koers.assessment.suppression import shown_groups
from koers.assessment.values import answer_text
from koers.workbook.values import Value, is_answered

LANGUAGES: Final = ("nl", "en")
_NUMBERED: Final = re.compile(r"[A-Z](\.\d+)*/\d+\Z")
IDEA_STEPS: Final = frozenset({StepKind.IDEAS, StepKind.RANKING})


def in_each_language(text: object) -> dict[str, str]:
    """A text of the interface in every language of the product."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(text)
    return said


def question_of(workshop: Workshop, key: str = "") -> Question | None:
    """A question of the workshop's measurement: the one it is at, unless another is named."""
    return asked_by(workshop.measurement).questions.get(key or workshop.question)


def title_of(step: Step) -> dict[str, str]:
    if step.title:
        return dict.fromkeys(LANGUAGES, step.title)
    return in_each_language(StepKind(step.kind).label)


def public_state(workshop: Workshop, counts: Counts | None = None) -> dict[str, Any]:
    """What everybody may see now: the room, the projector, the console."""
    step = workshop.step
    counts = counts or counts_of(workshop)
    question = question_of(workshop) if workshop.question else None
    return {
        "v": workshop.version,
        "id": str(workshop.pk),
        "title": workshop.title,
        "status": workshop.status,
        "door": workshop.door_open,
        "step": _step(workshop, step) if step else None,
        "phase": workshop.phase,
        "ballot": workshop.ballot,
        "question": _question(workshop.measurement, question, step) if question else None,
        "timer": _timer(workshop),
        "now": _milliseconds(timezone.now()),
        "joined": counts.joined,
        "voted": counts.voted,
        "spread": _spread(workshop, question) if question else None,
        "consensus": _consensus(workshop, question) if question else None,
        "ideas": visible_ideas(workshop),
    }


def _milliseconds(moment: Any) -> int:
    return int(moment.timestamp() * 1000)


def _step(workshop: Workshop, step: Step) -> dict[str, Any]:
    positions = list(Step.objects.filter(workshop_id=workshop.pk).order_by("position", "pk").values_list("pk"))
    return {
        "id": step.pk, "kind": step.kind, "title": title_of(step), "position": positions.index((step.pk,)) + 1,
        "count": len(positions), "minutes": step.minutes, "idea_kind": step.idea_kind,
    }  # fmt: skip


def _timer(workshop: Workshop) -> dict[str, Any] | None:
    if workshop.timer_ends_at is not None:
        return {"ends": _milliseconds(workshop.timer_ends_at), "left": None}
    return {"ends": None, "left": workshop.timer_left} if workshop.timer_left is not None else None


def _question(measurement: Measurement, question: Question, step: Step | None) -> dict[str, Any]:
    field = question.field
    keys = [key for key in (step.questions if step else []) if key in asked_by(measurement).questions]
    dimension = asked_by(measurement).by_id.get(question.dimension)
    return {
        "key": question.key,
        "kind": question.kind,
        "number": question.key if _NUMBERED.match(question.key) else "",
        "dimension": dict(dimension.title) if dimension else {},
        "label": dict(field.label),
        "help": dict(field.help),
        "options": [dict(option) for option in field.options],
        "extra": {"value": field.extra, "label": dict(field.extra_label)} if field.extra else None,
        "rows": [{"id": row.id, "label": dict(row.label)} for row in field.rows],
        "columns": [{"id": column.id, "label": dict(column.label)} for column in field.columns],
        "total": question.total,
        "remark": field.remark,
        "index": keys.index(question.key) + 1 if question.key in keys else 1,
        "of": max(1, len(keys)),
    }


# The spread


def _spread(workshop: Workshop, question: Question) -> dict[str, Any] | None:
    """The spread of the present ballot, once the host showed it; with that of the first ballot in a second."""
    if workshop.phase not in {Phase.SHOWN, Phase.AGREED}:
        return None
    rows = Response.objects.filter(
        respondent__workshop_id=workshop.pk, respondent__withdrawn_at=None, question=question.key
    ).values_list("ballot", "respondent__role", "respondent__size", "value")
    ballots: dict[int, list[tuple[str, int, Value]]] = {}
    for ballot, role, size, value in rows:
        ballots.setdefault(ballot, []).append((role, size, value))
    present = spread_by_role(question, ballots.get(workshop.ballot, []))
    first = spread_by_role(question, ballots.get(1, [])) if workshop.ballot > 1 else None
    return {**present, "first": first}


def spread_by_role(question: Question, given: Sequence[tuple[str, int, Value]]) -> dict[str, Any]:
    """The spread of all, and of each role that may be shown. `given`: role, how many answer together, answer."""
    # A remark alone is no answer, and does not make a group large enough.
    given = [each for each in given if is_answered(each[2])]
    sizes: dict[str, int] = {}
    for role, size, _value in given:
        sizes[role] = sizes.get(role, 0) + size
    shown = shown_groups(sizes)
    roles = [
        {
            "role": role.value,
            "label": in_each_language(role.label),
            **_told(spread_of(question, [(value, size) for each, size, value in given if each == role])),
        }
        for role in Role
        if role in shown
    ]
    # One group that is all of them says nothing more.
    return {
        **_told(spread_of(question, [(value, size) for _role, size, value in given])),
        "roles": roles if len(sizes) > 1 else [],
    }


def _told(spread: Spread) -> dict[str, Any]:
    return {
        "answered": spread.answered,
        "counts": list(spread.counts),
        "extra": spread.extra,
        "rows": {row: list(counts) for row, counts in spread.rows.items()},
        "shares": dict(spread.shares),
        "percent": _percent(spread),
    }


def _percent(spread: Spread) -> dict[str, float] | None:
    """Of a percentage: the lowest, the one in the middle, the highest."""
    middle = (spread.middle or {}).get("percent")
    if middle is None or spread.apart is None:
        return None
    low, high = spread.apart
    return {"low": low, "middle": middle, "high": high}


def _consensus(workshop: Workshop, question: Question) -> dict[str, Any] | None:
    if workshop.phase != Phase.AGREED:
        return None
    agreed = Consensus.objects.filter(measurement_id=workshop.measurement_id, question=question.key).first()
    if agreed is None:
        return None
    text = {language: answer_text(question, agreed.value, language) for language in LANGUAGES}
    return {"value": agreed.value, "text": text, "reason": agreed.reason}


# Ideas


def visible_ideas(workshop: Workshop) -> list[dict[str, Any]]:
    """The ideas of this step that everybody sees; with their points once the ranking was shown."""
    step = workshop.step
    if step is None or step.kind not in IDEA_STEPS:
        return []
    shown = step.kind == StepKind.RANKING and workshop.phase == Phase.SHOWN
    points = points_of(workshop) if shown else {}
    ideas = Idea.objects.filter(workshop_id=workshop.pk, kind=step.idea_kind, hidden=False, merged_into=None)
    told = [
        {"id": pk, "text": text, "kind": kind, "points": points.get(pk, 0) if shown else None}
        for pk, text, kind in ideas.order_by("pk").values_list("pk", "text", "kind")
    ]
    return sorted(told, key=lambda idea: -idea["points"]) if shown else told


def _all_ideas(workshop: Workshop) -> list[dict[str, Any]]:
    """Every idea for the host. The points of a ranking that goes on are for nobody yet."""
    step = workshop.step
    ranked = step.idea_kind if step and step.kind == StepKind.RANKING and workshop.phase == Phase.RANKING else None
    points = points_of(workshop)
    rows = Idea.objects.filter(workshop_id=workshop.pk).order_by("pk")
    return [
        {
            "id": pk, "text": text, "kind": kind, "hidden": hidden, "merged": merged, "placed": placed,
            "points": points.get(pk, 0) if kind != ranked else None,
        }
        for pk, text, kind, hidden, merged, placed in rows.values_list(
            "pk", "text", "kind", "hidden", "merged_into_id", "placed"
        )
    ]  # fmt: skip


# The host


def host_state(workshop: Workshop, base: str) -> dict[str, Any]:
    """All that the console shows. `base` is the address of the site as this host's browser knows it, with its slash."""
    token = screen_token(workshop)
    public = public_state(workshop)
    expires = workshop.code_expires_at
    joined: dict[str, int] = dict(
        Respondent.objects.filter(workshop_id=workshop.pk, withdrawn_at=None)
        .values_list("role")
        .annotate(people=Sum("size"))
    )
    shown = shown_groups(joined)
    question = question_of(workshop) if workshop.question else None
    return {
        **public,
        "code": workshop.code,
        "code_expires": _milliseconds(expires) if expires else None,
        "join_url": f"{base}join/?code={workshop.code}" if workshop.code else "",
        "screen_url": f"{base}screen/{token}/" if token else "",
        "agenda": _agenda(workshop),
        "note": workshop.step.note if workshop.step else "",
        "roles_joined": {role: people for role, people in joined.items() if role in shown},
        "all_ideas": _all_ideas(workshop),
        "texts": _texts(workshop, question) if question and public["spread"] else [],
        "consensus": _with_arguments(workshop, public["consensus"]),
    }


def _with_arguments(workshop: Workshop, told: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a host wrote down beside the reason, so that changing what was agreed loses nothing."""
    if told is None:
        return None
    agreed = Consensus.objects.filter(measurement_id=workshop.measurement_id, question=workshop.question).first()
    return {
        **told,
        "for": agreed.arguments_for if agreed else "",
        "against": agreed.arguments_against if agreed else "",
    }


def screen_state(workshop: Workshop, base: str) -> dict[str, Any]:
    """What the projector shows: the public state, and how to come in."""
    return {
        **public_state(workshop),
        "code": workshop.code,
        "join_url": f"{base}join/?code={workshop.code}" if workshop.code else "",
    }


def _texts(workshop: Workshop, question: Question) -> list[str]:
    """Open answers and remarks, in the order of the alphabet: not in that in which they came."""
    rows = Response.objects.filter(
        respondent__workshop_id=workshop.pk, question=question.key, ballot=workshop.ballot
    ).values_list("value", "respondent__size")
    return sorted(spread_of(question, list(rows)).texts)


def question_states(workshop: Workshop) -> dict[str, str]:
    """How far each question is that was voted on here or agreed: its phase."""
    voted = Response.objects.filter(respondent__workshop_id=workshop.pk).values_list("question").distinct()
    states: dict[str, str] = {key: Phase.SHOWN.value for (key,) in voted}
    agreed = Consensus.objects.filter(measurement_id=workshop.measurement_id).values_list("question", "workshop_id")
    for key, here in agreed:
        if here == workshop.pk:
            states[key] = Phase.AGREED.value
    if workshop.question:
        states[workshop.question] = workshop.phase
    return states


def _agenda(workshop: Workshop) -> list[dict[str, Any]]:
    states = question_states(workshop)
    asked = asked_by(workshop.measurement).questions
    present = workshop.step.position if workshop.step else None
    steps = Step.objects.filter(workshop_id=workshop.pk).order_by("position", "pk")
    return [
        {
            "id": step.pk,
            "kind": step.kind,
            "title": title_of(step),
            "minutes": step.minutes,
            "position": number,
            "idea_kind": step.idea_kind,
            "done": workshop.status == Status.ENDED or (present is not None and step.position < present),
            "questions": [
                {"key": key, "label": dict(asked[key].field.short or asked[key].field.label),
                 "state": states.get(key, Phase.WAITING.value)}
                for key in step.questions
                if key in asked
            ],
        }
        for number, step in enumerate(steps, 1)
    ]  # fmt: skip


# One's own


def mine_of(seats: Sequence[tuple[Workshop, Respondent]]) -> list[dict[str, Any]]:
    """What each participant gave in the step and the ballot that her workshop is at. A fixed number of queries."""
    values = _values_of(seats)
    with_ideas = [(book, seat) for book, seat in seats if book.step is not None and book.step.kind in IDEA_STEPS]
    ideas: dict[int, list[int]] = {}
    points: dict[int, dict[str, int]] = {}
    if with_ideas:
        kinds = {(book.pk, book.step.idea_kind) for book, _seat in with_ideas if book.step}
        here = {seat.pk for _book, seat in with_ideas}
        rows = Idea.objects.filter(respondent_id__in=here).values_list("pk", "workshop_id", "kind", "respondent_id")
        for pk, workshop_id, kind, respondent in rows.order_by("pk"):
            if (workshop_id, kind) in kinds:
                ideas.setdefault(respondent, []).append(pk)
        given = IdeaVote.objects.filter(respondent_id__in=here, idea__merged_into=None)
        for respondent, idea, each, workshop_id, kind in given.values_list(
            "respondent_id", "idea_id", "points", "idea__workshop_id", "idea__kind"
        ):
            if (workshop_id, kind) in kinds:
                points.setdefault(respondent, {})[str(idea)] = each
    return [
        {
            "seat": {"role": seat.role, "size": seat.size},
            "yours": {
                "value": values.get(seat.pk), "ideas": ideas.get(seat.pk, []), "points": points.get(seat.pk, {}),
            },
        }
        for _book, seat in seats
    ]  # fmt: skip


def _values_of(seats: Sequence[tuple[Workshop, Respondent]]) -> Mapping[int, Value]:
    asked: dict[tuple[str, int], set[int]] = {}
    for book, seat in seats:
        if book.question:
            asked.setdefault((book.question, book.ballot), set()).add(seat.pk)
    if not asked:
        return {}
    wanted = Q()
    for (question, ballot), here in asked.items():
        wanted |= Q(question=question, ballot=ballot, respondent_id__in=here)
    return dict(Response.objects.filter(wanted).values_list("respondent_id", "value"))
