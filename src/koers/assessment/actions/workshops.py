"""What hosts do with a live workshop. Each verb locks the workshop, and is refused to who acts on an older version."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import announce, asked_question, record_consensus, require_open_round
from koers.assessment.instruments.loading import asked_by
from koers.assessment.live.codes import LASTS, new_code
from koers.assessment.models import Consensus, Idea, Phase, Respondent, Response, Status, Step, StepKind, Workshop
from koers.assessment.values import read_response
from koers.kit import events
from koers.kit.tenancy import unscoped
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.values import InvalidValue

MAX_BALLOTS: Final = 2
MAX_TIMER: Final = 8 * 3600
MAX_ARGUMENT: Final = 4_000
FORGOTTEN_AFTER: Final = timedelta(days=1)
# How a step begins.
_PHASES: Final = {StepKind.IDEAS: Phase.COLLECTING, StepKind.RANKING: Phase.RANKING}


class OutOfStep(DeedRefused):
    """Another host did something since: what was asked was meant for an older state."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else moved the workshop on meanwhile. This is how it stands now."))


def workshop_channel(workshop_id: UUID) -> str:
    return f"workshop:{workshop_id}"


def locked_workshop(pk: UUID) -> Workshop:
    """The workshop with its measurement: nobody changes either until the transaction ends."""
    found = (
        Workshop.objects.select_for_update(of=("self", "measurement"), no_key=True)
        .select_related("measurement__workbook", "step")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise DeedRefused(_("This workshop was deleted."))
    return found


@contextmanager
def hosting(workshop: Workshop, version: int | None, *, status: tuple[str, ...] = (Status.OPEN,)) -> Iterator[Workshop]:
    """Change the workshop as it stands now; afterwards every screen hears of it.

    Raises `OutOfStep` when `version` is older, `DeedRefused` when it does not stand like `status`.
    """
    with transaction.atomic():
        present = locked_workshop(workshop.pk)
        if version is not None and version != present.version:
            raise OutOfStep
        if present.status not in status:
            raise DeedRefused(_WHY_NOT[Status(present.status)]())
        yield present
        present.version += 1
        present.save()
        events.publish(workshop_channel(present.pk), "state", {"v": present.version})


_WHY_NOT: Final = {
    Status.PLANNED: lambda: _("This workshop is not open yet."),
    Status.OPEN: lambda: _("This workshop is open already."),
    Status.ENDED: lambda: _("This workshop has ended."),
}


def require_open(present: Workshop) -> None:
    """Nothing is answered or agreed in a closed measurement, or a closed round."""
    if not present.measurement.is_open:
        raise DeedRefused(_("This measurement is closed: nothing is changed in it any more."))
    require_open_round(present.measurement.workbook, present.measurement.round)


# Beginning and ending


def open_workshop(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """Open the doors: there is a code, and the agenda is at its first step."""
    with hosting(workshop, version, status=(Status.PLANNED,)) as present:
        _open(present, actor)


def _open(present: Workshop, actor: User) -> None:
    require_open(present)
    first = present.steps.order_by("position", "pk").first()
    if first is None:
        raise DeedRefused(_("The agenda is empty: give it at least one step."))
    now = timezone.now()
    present.status, present.opened_at, present.door_open = Status.OPEN, now, True
    present.code, present.code_expires_at = _free_code(), now + LASTS
    _enter(present, first)
    record(present.administration, actor, "workshop.open", present.title, workbook=str(present.measurement.workbook_id))


def _free_code() -> str:
    with unscoped():
        while True:
            code = new_code()
            if not Workshop.objects.filter(code=code).exists():
                return code


def renew_code(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """Another code: the former one, and the projector's link made with it, open nothing any more."""
    with hosting(workshop, version) as present:
        present.code, present.code_expires_at = _free_code(), timezone.now() + LASTS


def set_door(workshop: Workshop, actor: User, is_open: bool, version: int | None = None) -> None:
    """Let nobody else in, or let people in again. Who has a seat keeps it."""
    with hosting(workshop, version) as present:
        present.door_open = is_open


def end_workshop(workshop: Workshop, actor: User | None, version: int | None = None) -> None:
    """Close the room. What tied seats to browsers, and ideas to seats, is erased; the answers stay."""
    with hosting(workshop, version, status=(Status.PLANNED, Status.OPEN)) as present:
        present.status, present.ended_at = Status.ENDED, timezone.now()
        present.code, present.code_expires_at, present.door_open = "", None, False
        present.timer_ends_at = present.timer_left = None
        if present.phase == Phase.VOTING:
            _show(present)
        Respondent.objects.filter(workshop_id=present.pk).update(digest=None)
        # What somebody wrote might tell who she is, and then how she voted.
        Idea.objects.filter(workshop_id=present.pk).update(respondent=None)
        people = Respondent.objects.filter(workshop_id=present.pk, withdrawn_at=None).count()
        record(
            present.administration, actor, "workshop.end", present.title,
            workbook=str(present.measurement.workbook_id), participants=people,
        )  # fmt: skip


def end_forgotten(now: datetime | None = None) -> int:
    """End the workshops that nobody ended, a day after their code expired: until then they hold what ties seats to
    browsers. Returns how many. Several processes may do so at the same time."""
    moment = now or timezone.now()
    ended = 0
    with unscoped():
        for workshop in Workshop.objects.filter(status=Status.OPEN, code_expires_at__lt=moment - FORGOTTEN_AFTER):
            with suppress(DeedRefused):
                end_workshop(workshop, None)
                ended += 1
    return ended


# The agenda


def _keys(present: Workshop) -> list[str]:
    """The questions of the present step that the measurement asks."""
    asked = asked_by(present.measurement).questions
    return [key for key in (present.step.questions if present.step else []) if key in asked]


def _enter(present: Workshop, step: Step, question: str = "") -> None:
    """Begin a step, with its timer; of its questions the one that is named, or the first that is not agreed."""
    _set_aside(present)
    present.step, present.question, present.ballot = step, "", 1
    present.phase = _PHASES.get(StepKind(step.kind), Phase.WAITING)
    if step.kind == StepKind.QUESTIONS and (keys := _keys(present)):
        agreed = set(_agreed_here(present).values_list("question", flat=True))
        _ask(present, question or next((key for key in keys if key not in agreed), keys[0]))
    _start_timer(present, 60 * step.minutes)


def _agreed_here(present: Workshop) -> Any:
    return Consensus.objects.filter(measurement_id=present.measurement_id, workshop_id=present.pk)


def _set_aside(present: Workshop) -> None:
    """Remember the vote that is left before its spread was shown.

    One in which nobody voted is none: what was shown of the first ballot stays shown, and is not voted on again.
    """
    if present.phase == Phase.VOTING and present.question:
        votes = Response.objects.filter(
            respondent__workshop_id=present.pk, question=present.question, ballot=present.ballot
        )
        left = {present.question} if votes.exists() else set()
        present.unshown = sorted({*present.unshown} - {present.question} | left)


def _ask(present: Workshop, key: str) -> None:
    """Go to a question: as it was left, when it was voted on before."""
    _set_aside(present)
    last = Response.objects.filter(respondent__workshop_id=present.pk, question=key).aggregate(last=Max("ballot"))
    present.question, present.ballot = key, last["last"] or 1
    if last["last"] and key in present.unshown:
        present.phase = Phase.VOTING
    elif _agreed_here(present).filter(question=key).exists():
        present.phase = Phase.AGREED
    else:
        present.phase = Phase.SHOWN if last["last"] else Phase.WAITING


def go_to(
    workshop: Workshop, actor: User, step_id: int | None = None, question: str = "", version: int | None = None
) -> None:
    """Go to a step of the agenda, or to one of its questions."""
    with hosting(workshop, version) as present:
        step = present.step if step_id is None else present.steps.filter(pk=step_id).first()
        if step is None:
            raise DeedRefused(_("That step is not in the agenda."))
        if question and question not in step.questions:
            raise DeedRefused(_("That question is not in this step."))
        if present.step_id == step.pk and question:
            _ask(present, question)
        else:
            _enter(present, step, question)


def go_on(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """The one obvious next thing: open, vote, show, the next question, the next step."""
    with hosting(workshop, version, status=(Status.PLANNED, Status.OPEN)) as present:
        if present.status == Status.PLANNED:
            _open(present, actor)
        elif present.phase == Phase.WAITING and present.question:
            require_open(present)
            present.phase = Phase.VOTING
        elif present.phase in {Phase.VOTING, Phase.RANKING}:
            _show(present)
        else:
            _leave(present)


def skip(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """To the next question or step, without agreeing on anything."""
    with hosting(workshop, version) as present:
        _leave(present)


def _leave(present: Workshop) -> None:
    keys = _keys(present)
    if present.question in keys[:-1]:
        _ask(present, keys[keys.index(present.question) + 1])
        return
    steps = list(present.steps.order_by("position", "pk"))
    at = next((number for number, step in enumerate(steps) if step.pk == present.step_id), -1)
    if at + 1 >= len(steps):
        raise DeedRefused(_("This was the last step. End the workshop when everybody is done."))
    _enter(present, steps[at + 1])


# Voting


def start_vote(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """Let everybody answer the present question."""
    with hosting(workshop, version) as present:
        require_open(present)
        if not present.question or present.phase != Phase.WAITING:
            raise DeedRefused(_("There is nothing to vote on now."))
        present.phase = Phase.VOTING


def reveal(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """End the vote and show its spread. No vote lands after it."""
    with hosting(workshop, version) as present:
        if present.phase != Phase.VOTING:
            raise DeedRefused(_("Nobody is voting now."))
        _show(present)


def _show(present: Workshop) -> None:
    """The pages of the measurement look again too: its spread changed."""
    present.phase = Phase.SHOWN
    present.unshown = [key for key in present.unshown if key != present.question]
    announce(present.measurement)


def vote_again(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """A second vote, after the talk. The first stays readable."""
    with hosting(workshop, version) as present:
        require_open(present)
        if not present.question or present.phase not in {Phase.SHOWN, Phase.AGREED}:
            raise DeedRefused(_("There is nothing to vote on again now."))
        if present.ballot >= MAX_BALLOTS:
            raise DeedRefused(_("This question was voted on twice already."))
        present.ballot += 1
        present.phase = Phase.VOTING


def agree(
    workshop: Workshop,
    actor: User,
    raw: Any,
    *,
    reason: str = "",
    arguments_for: str = "",
    arguments_against: str = "",
    version: int | None = None,
) -> None:
    """Write down what the room agrees on: the answer of the measurement, and of the workbook."""
    with hosting(workshop, version) as present:
        require_open(present)
        question = asked_question(present.measurement, present.question) if present.question else None
        if question is None or present.phase not in {Phase.SHOWN, Phase.AGREED}:
            raise DeedRefused(_("First vote, and show the spread."))
        try:
            value = read_response(question, raw)
        except InvalidValue as error:
            raise DeedRefused(error.message) from None
        record_consensus(
            present.measurement, question, value, actor, reason=reason[:MAX_ARGUMENT],
            arguments_for=arguments_for[:MAX_ARGUMENT], arguments_against=arguments_against[:MAX_ARGUMENT],
            workshop=present,
        )  # fmt: skip
        present.phase = Phase.AGREED


def show_ranking(workshop: Workshop, actor: User, version: int | None = None) -> None:
    """End the ranking and show the points."""
    with hosting(workshop, version) as present:
        if present.phase != Phase.RANKING:
            raise DeedRefused(_("Nobody is ranking now."))
        present.phase = Phase.SHOWN


# The timer


def _start_timer(present: Workshop, seconds: int) -> None:
    present.timer_left = None
    present.timer_ends_at = timezone.now() + timedelta(seconds=seconds) if seconds else None


def set_timer(workshop: Workshop, actor: User, seconds: int, version: int | None = None) -> None:
    """Let the timer run for so long from now."""
    if not 0 < seconds <= MAX_TIMER:
        raise DeedRefused(_("A timer runs for at most eight hours."))
    with hosting(workshop, version) as present:
        _start_timer(present, seconds)


def pause_timer(workshop: Workshop, actor: User, version: int | None = None) -> None:
    with hosting(workshop, version) as present:
        if present.timer_ends_at is not None:
            present.timer_left = _seconds_until(present.timer_ends_at)
            present.timer_ends_at = None


def _seconds_until(moment: datetime) -> int:
    return max(0, round((moment - timezone.now()).total_seconds()))


def resume_timer(workshop: Workshop, actor: User, version: int | None = None) -> None:
    with hosting(workshop, version) as present:
        if present.timer_left is not None:
            _start_timer(present, present.timer_left)


def stop_timer(workshop: Workshop, actor: User, version: int | None = None) -> None:
    with hosting(workshop, version) as present:
        present.timer_ends_at = present.timer_left = None
