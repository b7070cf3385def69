"""What participants do: join, vote, give ideas and points. Many at once, in one transaction, with the workshop locked.

Of who they are nothing is kept but a role, how many answer together, and the digest of a secret until it ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from koers.assessment.actions.ideas import clean_idea
from koers.assessment.actions.joining import Joining, admit
from koers.assessment.actions.workshops import workshop_channel
from koers.assessment.live.state import IDEA_STEPS, mine_of, public_state, question_of
from koers.assessment.models import Idea, IdeaVote, Phase, Respondent, Response, Status, StepKind, Workshop
from koers.assessment.values import read_response
from koers.kit import events
from koers.kit.rows import insert_rows
from koers.kit.tenancy import unscoped
from koers.organisations.actions import DeedRefused
from koers.workbook.values import InvalidValue, Value

MAX_IDEAS: Final = 20
POINTS: Final = 3

Reply = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Deed:
    """What a participant asks; `digest` is of the secret of her seat. `given` is the JSON as it came."""

    workshop_id: UUID
    digest: str
    name: Literal["vote", "idea", "unidea", "points", "leave"]
    given: Mapping[str, Any]
    language: str = "nl"


class _Refused(Exception):
    """It cannot be done. With 409 the reply holds the state as it is now."""

    def __init__(self, status: HTTPStatus, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def perform(asked: Sequence[Deed | Joining]) -> list[Reply]:
    """Do what a group asks, in one transaction: a fixed number of statements, however many ask."""
    with transaction.atomic(), unscoped():
        return _Group(asked).run()


@dataclass
class _Group:
    asked: Sequence[Deed | Joining]
    workshops: dict[UUID, Workshop] = field(default_factory=dict)
    seats: dict[tuple[UUID, str], Respondent] = field(default_factory=dict)
    replies: dict[int, Reply] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    states: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def run(self) -> list[Reply]:
        joins = [(at, each) for at, each in enumerate(self.asked) if isinstance(each, Joining)]
        if joins:
            for (at, _join), (reply, workshop_id) in zip(joins, admit([join for _at, join in joins]), strict=True):
                self.replies[at] = reply
                if workshop_id is not None:
                    self.touched.add(workshop_id)
        deeds = [(at, each) for at, each in enumerate(self.asked) if isinstance(each, Deed)]
        if deeds:
            self._lock([deed for _at, deed in deeds])
            self._do(deeds)
        for workshop_id in self.touched:
            events.publish(workshop_channel(workshop_id), "count", {})
        return [self.replies[at] for at in range(len(self.asked))]

    def _lock(self, deeds: Sequence[Deed]) -> None:
        """The workshops as they stand now: no host moves one on, nobody closes its measurement, before the commit."""
        found = (
            Workshop.objects.select_for_update(of=("self", "measurement"), no_key=True)
            .select_related("measurement__workbook", "step")
            .filter(pk__in={deed.workshop_id for deed in deeds}, measurement__workbook__deleted_at=None)
            .order_by("pk")
        )
        self.workshops = {each.pk: each for each in found}
        seats = Respondent.objects.filter(
            workshop_id__in=self.workshops, digest__in={deed.digest for deed in deeds}, withdrawn_at=None
        )
        for seat in seats:
            if seat.workshop_id is not None:
                self.seats[seat.workshop_id, seat.digest or ""] = seat

    def _do(self, deeds: Sequence[tuple[int, Deed]]) -> None:
        done: list[tuple[int, Deed]] = []
        ideas = _Ideas(self, deeds)
        parts: tuple[_Part, ...] = (_Votes(), ideas, _Points())
        work: dict[str, _Part] = {"vote": parts[0], "idea": ideas, "unidea": ideas, "points": parts[2]}
        for at, deed in deeds:
            seat = self.seats.get((deed.workshop_id, deed.digest))
            try:
                with translation.override(deed.language):
                    workshop = self._open(deed, seat)
                    assert seat is not None
                    if deed.name == "leave":
                        self.replies[at] = self._leave(workshop, seat)
                        continue
                    work[deed.name].take(workshop, seat, deed)
                done.append((at, deed))
            except _Refused as refused:
                self.replies[at] = (int(refused.status), {"error": refused.error})
        for part in parts:
            part.write()
        self.touched |= {deed.workshop_id for _at, deed in done}
        here = [(self.workshops[deed.workshop_id], self.seats[deed.workshop_id, deed.digest]) for _at, deed in done]
        for (at, _deed), mine in zip(done, mine_of(here), strict=True):
            self.replies[at] = (int(HTTPStatus.OK), {"mine": mine})
        self._tell_late(deeds)

    def _tell_late(self, deeds: Sequence[tuple[int, Deed]]) -> None:
        """Who came too late gets the state as it is now."""
        for at, deed in deeds:
            status, content = self.replies[at]
            if status == HTTPStatus.CONFLICT:
                if deed.workshop_id not in self.states:
                    self.states[deed.workshop_id] = public_state(self.workshops[deed.workshop_id])
                self.replies[at] = (status, {**content, "state": self.states[deed.workshop_id]})

    def _open(self, deed: Deed, seat: Respondent | None) -> Workshop:
        workshop = self.workshops.get(deed.workshop_id)
        if workshop is None or seat is None:
            raise _Refused(HTTPStatus.NOT_FOUND, _("You have no place in this workshop. Join it with the code."))
        if workshop.status != Status.OPEN:
            raise _Refused(HTTPStatus.CONFLICT, _("This workshop has ended."))
        measurement, book = workshop.measurement, workshop.measurement.workbook
        if not measurement.is_open or book.closed_at or book.deleted_at or book.round != measurement.round:
            raise _Refused(HTTPStatus.CONFLICT, _("Nothing more is answered in this measurement: it was closed."))
        return workshop

    def _leave(self, workshop: Workshop, seat: Respondent) -> Reply:
        """A seat in which nothing was said is given up. With answers it stays: she can come back to them."""
        said = (
            Response.objects.filter(respondent=seat).exists()
            or Idea.objects.filter(respondent=seat).exists()
            or IdeaVote.objects.filter(respondent=seat).exists()
        )
        if not said:
            events.publish(workshop_channel(workshop.pk), "gone", {"seats": [seat.pk]})
            Respondent.objects.filter(pk=seat.pk).delete()
            self.touched.add(workshop.pk)
        return int(HTTPStatus.OK), {"mine": None, "left": True, "kept": said}


# What a vote writes.
_VOTE: Final = ("administration_id", "measurement_id", "respondent_id", "question", "ballot", "value")


class _Part(Protocol):
    """Deeds of one kind: taken one by one, written together."""

    def take(self, workshop: Workshop, seat: Respondent, deed: Deed) -> None: ...

    def write(self) -> None: ...


class _Votes:
    def __init__(self) -> None:
        # The same question once more, in the same group: the last one counts.
        self.votes: dict[tuple[int, str, int], tuple[Workshop, Value]] = {}

    def take(self, workshop: Workshop, seat: Respondent, deed: Deed) -> None:
        given = deed.given
        question = question_of(workshop)
        is_now = (
            workshop.phase == Phase.VOTING
            and question is not None
            and (given.get("question"), given.get("ballot", workshop.ballot)) == (workshop.question, workshop.ballot)
        )
        if not is_now:
            raise _Refused(HTTPStatus.CONFLICT, _("This vote is over. Here is where the room is now."))
        assert question is not None
        raw = given.get("value")
        try:
            value = None if raw is None else read_response(question, raw)
        except InvalidValue as error:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, error.message) from None
        self.votes[seat.pk, workshop.question, workshop.ballot] = (workshop, value)

    def write(self) -> None:
        rows = [
            (book.administration_id, book.measurement_id, seat, question, ballot, value)
            for (seat, question, ballot), (book, value) in self.votes.items()
            if value is not None
        ]
        if rows:
            insert_rows(Response, _VOTE, rows, unique=("respondent_id", "question", "ballot"), update=("value",))
        for (seat, question, ballot), (_book, value) in self.votes.items():
            if value is None:
                Response.objects.filter(respondent_id=seat, question=question, ballot=ballot).delete()


class _Ideas:
    def __init__(self, group: _Group, deeds: Sequence[tuple[int, Deed]]) -> None:
        digests = {(deed.workshop_id, deed.digest) for _at, deed in deeds if deed.name in {"idea", "unidea"}}
        here = {group.seats[pair].pk for pair in digests if pair in group.seats}
        # By seat: how each idea of hers is found.
        self.had: dict[int, dict[tuple[str, str], int | None]] = {pk: {} for pk in here}
        if here:
            rows = Idea.objects.filter(respondent_id__in=here).values_list("respondent_id", "kind", "text", "pk")
            for seat, kind, text, pk in rows:
                if seat is not None:
                    self.had[seat][kind, text] = pk
        self.new: list[Idea] = []
        self.gone: set[int] = set()

    def take(self, workshop: Workshop, seat: Respondent, deed: Deed) -> None:
        step = workshop.step
        if step is None or step.kind != StepKind.IDEAS or workshop.phase != Phase.COLLECTING:
            raise _Refused(HTTPStatus.CONFLICT, _("No ideas are collected now."))
        mine = self.had[seat.pk]
        if deed.name == "unidea":
            self._take_back(mine, deed)
            return
        text = deed.given.get("text")
        try:
            text = clean_idea(text if isinstance(text, str) else "")
        except DeedRefused as refused:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused)) from None
        if (step.idea_kind, text) in mine:
            return
        if len(mine) >= MAX_IDEAS:
            error = _("You gave %(limit)s ideas: that is the most one can give here.") % {"limit": MAX_IDEAS}
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, error)
        mine[step.idea_kind, text] = None
        self.new.append(
            Idea(administration_id=workshop.administration_id, workshop=workshop, kind=step.idea_kind, text=text,
                 respondent=seat)
        )  # fmt: skip

    def _take_back(self, mine: dict[tuple[str, str], int | None], deed: Deed) -> None:
        wanted = deed.given.get("id")
        found = [key for key, pk in mine.items() if pk is not None and pk == wanted]
        if not found or not isinstance(wanted, int):
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("That is not an idea of yours."))
        in_use = Idea.objects.filter(pk=wanted).exclude(placed="", merged_into=None, merged=None).exists()
        if in_use:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("The host works with this idea already: it stays."))
        del mine[found[0]]
        self.gone.add(wanted)

    def write(self) -> None:
        if self.gone:
            Idea.objects.filter(pk__in=self.gone).delete()
        if self.new:
            Idea.objects.bulk_create(self.new)


class _Points:
    def __init__(self) -> None:
        self.given: dict[int, tuple[Workshop, dict[int, int]]] = {}
        self.visible: dict[UUID, set[int]] = {}

    def take(self, workshop: Workshop, seat: Respondent, deed: Deed) -> None:
        step = workshop.step
        if step is None or step.kind not in IDEA_STEPS or workshop.phase != Phase.RANKING:
            raise _Refused(HTTPStatus.CONFLICT, _("Nobody is ranking now."))
        points = self._read(deed.given.get("points"))
        if workshop.pk not in self.visible:
            ideas = Idea.objects.filter(workshop=workshop, kind=step.idea_kind, hidden=False, merged_into=None)
            self.visible[workshop.pk] = set(ideas.values_list("pk", flat=True))
        if not points.keys() <= self.visible[workshop.pk]:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("One of these ideas is not there any more."))
        self.given[seat.pk] = (workshop, points)

    def _read(self, raw: Any) -> dict[int, int]:
        unreadable = _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("This could not be read."))
        if not isinstance(raw, Mapping) or len(raw) > 100:
            raise unreadable
        points: dict[int, int] = {}
        for key, number in raw.items():
            if not (isinstance(key, str) and key.isdecimal() and len(key) < 16):
                raise unreadable
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= POINTS:
                raise unreadable
            if number:
                points[int(key)] = number
        if sum(points.values()) > POINTS:
            error = _("You have %(points)s points to give.") % {"points": POINTS}
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, error)
        return points

    def write(self) -> None:
        if not self.given:
            return
        kinds = {(book.pk, book.step.idea_kind) for book, _points in self.given.values() if book.step}
        for workshop_id, kind in kinds:
            IdeaVote.objects.filter(
                idea__workshop_id=workshop_id, idea__kind=kind, respondent_id__in=self.given
            ).delete()
        IdeaVote.objects.bulk_create(
            IdeaVote(administration_id=book.administration_id, idea_id=idea, respondent_id=seat, points=number)
            for seat, (book, points) in self.given.items()
            for idea, number in points.items()
        )
