"""One administration's work in one edition of the playbook: answers, every revision of them, and their conflicts."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.editions.loading import edition
from koers.editions.structure import Edition
from koers.kit.tenancy import TenantModel
from koers.organisations.models import Administration


class Workbook(TenantModel):
    """A workbook keeps the version of the edition in which its questions were answered.

    `round` is the number of the round it is in; once `closed_at` is set nothing is written until the next one starts.
    A deleted workbook (`deleted_at`) opens for nobody; its lead can put it back, or erase it for good.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="workbooks")
    title = models.CharField(_("title"), max_length=160, blank=True)
    edition_id = models.CharField(max_length=64)
    edition_version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    round = models.PositiveSmallIntegerField(default=1)
    closed_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # Set by the door (access.py): for whom it was opened, and what she is here.
    member_id: int
    role: str

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title or self.edition.title.say()

    @property
    def edition(self) -> Edition:
        return edition(self.edition_id, self.edition_version)


class Standing(models.TextChoices):
    """Where a field stands among the people who write it."""

    DRAFT = "draft", _("Draft")
    DISCUSS = "discuss", _("To discuss")
    AGREED = "agreed", _("Agreed")


class Answer(TenantModel):
    """The present value of one field. `value` is null when it was cleared; `revision` counts its changes from 1.

    `answered`: whether the value answers the field (a remark alone does not), so that progress need not read values.
    `conflicts` and `threads` count what is open at the field, so that a page need not ask. A field that was never
    answered but marked or talked about has a row too, with revision 0.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="answers")
    field_key = models.CharField(max_length=120)
    revision = models.PositiveIntegerField(default=0)
    value = models.JSONField(null=True)
    answered = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.DRAFT)
    standing_at = models.DateTimeField(null=True, blank=True)
    standing_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    conflicts = models.PositiveSmallIntegerField(default=0)
    threads = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workbook", "field_key"], name="one_answer_a_field")]


def standing_after_change(answer: Answer) -> None:
    """What was agreed is not what stands there any more: a change of it is to be discussed again.

    Call it when the answer was given its new value, with its `updated_at` and `updated_by`.
    """
    if answer.standing == Standing.AGREED:
        answer.standing = Standing.DISCUSS
        answer.standing_at, answer.standing_by = answer.updated_at, answer.updated_by


class Origin(models.TextChoices):
    """How a revision came about."""

    EDIT = "edit", _("written")
    MERGE = "merge", _("merged")
    IMPORT = "import", _("imported")
    RESTORE = "restore", _("restored")
    SETTLE = "settle", _("chosen")


class Revision(TenantModel):
    """One change of one field: who, when, to what. Never changed, never removed but with its workbook."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="revisions")
    field_key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.EDIT)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workbook", "field_key", "number"], name="one_revision_a_number")
        ]
        indexes = [models.Index(fields=["workbook", "-id"])]


class Settled(models.TextChoices):
    """How a conflict was ended."""

    STORED = "stored", _("the first version")
    INCOMING = "incoming", _("the second version")
    BOTH = "both", _("both versions")


class Conflict(TenantModel):
    """The same words changed by two people. Both versions stand in the field until somebody chooses.

    `revision` is the number of the revision that holds both; `stored` is that value with the words of who saved first
    alone, `incoming` with the words of who saved second. `passages` are the words of both sides, for showing:
    ``[{"before", "stored", "incoming", "after"}]``.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="conflicts")
    field_key = models.CharField(max_length=120)
    revision = models.PositiveIntegerField()
    stored = models.JSONField(null=True)
    incoming = models.JSONField(null=True)
    passages = models.JSONField(default=list)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    incoming_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_how = models.CharField(max_length=8, choices=Settled, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workbook", "field_key"], condition=models.Q(settled_at=None), name="open_conflicts")
        ]
