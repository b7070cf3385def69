"""A live workshop: its agenda, where it is now, and the ideas of the room. Everything that a restart must survive."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.assessment.models.measuring import Measurement, Respondent
from koers.kit.tenancy import TenantModel


class Status(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Under way")
    ENDED = "ended", _("Ended")


class StepKind(models.TextChoices):
    """What happens in one step of the agenda."""

    WELCOME = "welcome", _("Welcome")
    TERMS = "terms", _("Explaining terms")
    QUESTIONS = "questions", _("Questions")
    IDEAS = "ideas", _("Collecting ideas")
    RANKING = "ranking", _("Ranking ideas")
    BREAK = "break", _("Break")
    CLOSING = "closing", _("Closing")


class Phase(models.TextChoices):
    """Where the room is within a step. A question goes waiting → voting → shown (→ voting → shown) → agreed."""

    WAITING = "waiting", _("Not begun")
    VOTING = "voting", _("Voting")
    SHOWN = "shown", _("Spread shown")
    AGREED = "agreed", _("Agreed")
    COLLECTING = "collecting", _("Collecting ideas")
    RANKING = "ranking", _("Ranking ideas")


class Workshop(TenantModel):
    """One workshop of a measurement. `version` counts what hosts did: a host who acts on an older one is told so.

    `unshown`: the questions that the host left in the middle of a vote; going back goes on with the vote.
    `code` lets people join until `code_expires_at`; it is empty while nobody can join. The timer runs until
    `timer_ends_at`, or stands still with `timer_left` seconds to go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="workshops")
    title = models.CharField(_("title"), max_length=160)
    planned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=16, choices=Status, default=Status.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=8, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    door_open = models.BooleanField(default=True)
    step = models.ForeignKey("assessment.Step", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=96, blank=True)
    phase = models.CharField(max_length=16, choices=Phase, default=Phase.WAITING)
    ballot = models.PositiveSmallIntegerField(default=1)
    unshown = models.JSONField(default=list, blank=True)
    timer_ends_at = models.DateTimeField(null=True, blank=True)
    timer_left = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_workshop_a_code")]

    def __str__(self) -> str:
        return self.title


class Step(TenantModel):
    """One step of the agenda, with the minutes that are planned for it and what the host wants to say."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=StepKind)
    title = models.CharField(_("title"), max_length=160, blank=True)
    note = models.TextField(_("note for the host"), blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    questions = models.JSONField(default=list, blank=True)
    idea_kind = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title or str(StepKind(self.kind).label)


class IdeaKind(models.TextChoices):
    """What an idea is about, and so where in the workbook it lands."""

    HOOK = "hook", _("Hook")
    OBSTACLE = "obstacle", _("Obstacle")
    ACTION = "action", _("Action")


class Idea(TenantModel):
    """An idea of the room. A merged one counts with the one it was merged into; `placed`: the field it landed in."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="ideas")
    kind = models.CharField(max_length=16, choices=IdeaKind)
    text = models.CharField(_("idea"), max_length=400)
    respondent = models.ForeignKey(Respondent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    hidden = models.BooleanField(default=False)
    placed = models.CharField(max_length=96, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["workshop", "kind"])]

    def __str__(self) -> str:
        return self.text


class IdeaVote(TenantModel):
    """The points that one participant gives to one idea when ideas are ranked."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "respondent"], name="one_vote_an_idea")]

    def __str__(self) -> str:
        return f"{self.points}"
