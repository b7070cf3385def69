"""How the people of a demo administration work together: done with the verbs of the product, as the data says."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from koers.organisations.models import AuditEntry, User
from koers.workbook.actions.history import keep_version
from koers.workbook.actions.rounds import close_round, start_round
from koers.workbook.actions.talk import begin_thread, log_conversation, reply, resolve_thread
from koers.workbook.actions.tasks import add_task
from koers.workbook.actions.work import assign_section, mark_field
from koers.workbook.models import (
    Answer,
    Assignment,
    Comment,
    Conversation,
    Notification,
    Round,
    Standing,
    Task,
    Thread,
    Version,
    Workbook,
)
from koers.workbook.queries.talk import Place, place_at

_MOMENTS = (
    (Answer, "standing_at"), (Assignment, "at"), (AuditEntry, "at"), (Comment, "at"), (Conversation, "at"),
    (Conversation, "updated_at"), (Notification, "at"), (Task, "created_at"), (Thread, "created_at"),
    (Thread, "resolved_at"), (Version, "at"), (Round, "closed_at"), (Round, "started_at"),
)  # fmt: skip


class _Together:
    """Does what the data says, one deed after another."""

    def __init__(self, workbook: Workbook, people: Mapping[str, User]) -> None:
        self.workbook = workbook
        self.people = people
        self.threads: dict[str, Thread] = {}
        self.today = timezone.localdate()

    def do(self, deed: Mapping[str, Any]) -> None:
        verbs: dict[str, Callable[[Mapping[str, Any], User], None]] = {
            "give": self._give, "mark": self._mark, "talk": self._talk, "reply": self._reply, "close": self._close,
            "task": self._task, "conversation": self._conversation, "keep": self._keep, "lap": self._lap,
        }  # fmt: skip
        (verb,) = verbs.keys() & deed.keys()
        start = timezone.now()
        verbs[verb](deed, self.people[deed["who"]])
        for model, column in _MOMENTS:
            made = model._default_manager.filter(**{f"{column}__gte": start})
            made.update(**{column: F(column) - timedelta(days=deed["days"])})

    def _due(self, deed: Mapping[str, Any]) -> Any:
        return self.today + timedelta(days=deed["due"]) if "due" in deed else None

    def _place(self, given: str) -> Place:
        place = place_at(self.workbook, given, given if "/" in given else "")
        assert place is not None, given
        return place

    def _give(self, deed: Mapping[str, Any], who: User) -> None:
        section = self.workbook.edition.sections[deed["give"]]
        assign_section(self.workbook, section, self.people[deed["to"]], self._due(deed), who)

    def _mark(self, deed: Mapping[str, Any], who: User) -> None:
        for key in deed["fields"]:
            mark_field(self.workbook, self.workbook.edition.fields[key], Standing(deed["mark"]), who)

    def _talk(self, deed: Mapping[str, Any], who: User) -> None:
        self.threads[deed["as"]] = begin_thread(self.workbook, self._place(deed["talk"]), deed["say"], who)

    def _reply(self, deed: Mapping[str, Any], who: User) -> None:
        reply(self.workbook, self.threads[deed["in"]], deed["reply"], who)

    def _close(self, deed: Mapping[str, Any], who: User) -> None:
        resolve_thread(self.workbook, self.threads[deed["close"]], who)

    def _task(self, deed: Mapping[str, Any], who: User) -> None:
        owner = self.people[deed["to"]]
        add_task(self.workbook, self._place(deed["place"]), who, title=deed["task"], owner=owner, due=self._due(deed))

    def _conversation(self, deed: Mapping[str, Any], who: User) -> None:
        day = self.today - timedelta(days=deed["days"])
        log_conversation(
            self.workbook, deed["conversation"], who, with_whom=deed["with"], day=day, outcome=deed["outcome"]
        )

    def _keep(self, deed: Mapping[str, Any], who: User) -> None:
        keep_version(self.workbook, deed["keep"], who)

    def _lap(self, deed: Mapping[str, Any], who: User) -> None:
        """The round is closed, and the next one starts."""
        close_round(self.workbook, who)
        start_round(self.workbook, deed["lap"], who)


def work_together(workbook: Workbook, people: Mapping[str, User], deeds: list[Mapping[str, Any]]) -> None:
    """Do all of it. `people` by the name in their address. Of news that is older nobody gets mail."""
    together = _Together(workbook, people)
    for deed in deeds:
        together.do(deed)
    Notification.objects.filter(workbook=workbook).update(mail_after=None)
