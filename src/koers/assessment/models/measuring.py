"""A measurement: one instrument asked in one round, its respondents, their answers, and what was agreed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models import Workbook


class Mode(models.TextChoices):
    """How an answer was given (playbook B.4: own estimate, separate interviews, or a workshop)."""

    ESTIMATE = "estimate", _("Own estimate")
    INTERVIEW = "interview", _("Interview")
    WORKSHOP = "workshop", _("Workshop")


class Role(models.TextChoices):
    """From where in the administration somebody answers."""

    MANAGEMENT = "management", _("Management team")
    COLLEGE = "college", _("College")
    HEAD = "head", _("Head of department")
    IT = "it", _("IT")
    STAFF = "staff", _("Staff")
    OTHER = "other", _("Other")


class Measurement(TenantModel):
    """One instrument asked in one round of a workbook, in any mix of modes.

    `dimensions` are those of the instrument that are asked; `custom` the questions of its own, as
    `instruments.custom` reads them. Once closed it never changes: `frozen` then holds the instrument as it was, so that
    nothing that changes later can change what it says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="measurements")
    round = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=160)
    instrument_id = models.CharField(max_length=64)
    instrument_version = models.PositiveIntegerField()
    dimensions = models.JSONField(default=list)
    custom = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    frozen = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Respondent(TenantModel):
    """Who answers, once. `digest` is of the secret of a personal link or of a seat in a workshop.

    An own estimate is of a member (`person`); an interview of somebody by name. A participant of a workshop has a role
    and nothing else: no name, no address, no time, and once the workshop ended no secret either. `size`: how many
    people answer together. `questions`: the keys that are asked; null is all of them.
    """

    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="respondents")
    workshop = models.ForeignKey(
        "assessment.Workshop", on_delete=models.CASCADE, null=True, blank=True, related_name="participants"
    )
    mode = models.CharField(max_length=16, choices=Mode)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.OTHER)
    department = models.CharField(_("department"), max_length=120, blank=True)
    size = models.PositiveSmallIntegerField(default=1)
    questions = models.JSONField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    due = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["measurement", "mode"]), models.Index(fields=["workshop"])]

    def __str__(self) -> str:
        return self.name or str(Role(self.role).label)


class Response(TenantModel):
    """What one respondent answered to one question in one ballot (1; 2 is the second vote of a workshop).

    `value` has the shapes of `assessment.values`.
    """

    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="responses")
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="responses")
    question = models.CharField(max_length=96)
    ballot = models.PositiveSmallIntegerField(default=1)
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["respondent", "question", "ballot"], name="one_response_a_ballot")
        ]
        indexes = [models.Index(fields=["measurement", "question", "ballot"])]

    def __str__(self) -> str:
        return f"{self.question} ({self.ballot})"


class Consensus(TenantModel):
    """What was agreed on one question, and why; it is also the answer of the workbook."""

    measurement = models.ForeignKey(Measurement, on_delete=models.CASCADE, related_name="consensuses")
    workshop = models.ForeignKey(
        "assessment.Workshop", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    question = models.CharField(max_length=96)
    value = models.JSONField()
    reason = models.TextField(_("reason"), blank=True)
    arguments_for = models.TextField(_("arguments for"), blank=True)
    arguments_against = models.TextField(_("arguments against"), blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measurement", "question"], name="one_consensus_a_question")]

    def __str__(self) -> str:
        return self.question
