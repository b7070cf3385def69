"""One administration's work in one edition of the playbook: answers and every revision of them."""

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
    """A workbook keeps the version of the edition in which its questions were answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    administration = models.ForeignKey(Administration, on_delete=models.CASCADE, related_name="workbooks")
    title = models.CharField(_("title"), max_length=160, blank=True)
    edition_id = models.CharField(max_length=64)
    edition_version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

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


class Answer(TenantModel):
    """The present value of one field. `value` is null when it was cleared; `revision` counts its changes from 1.

    `answered`: whether the value answers the field (a remark alone does not), so that progress need not read values.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="answers")
    field_key = models.CharField(max_length=120)
    revision = models.PositiveIntegerField(default=0)
    value = models.JSONField(null=True)
    answered = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workbook", "field_key"], name="one_answer_a_field")]


class Origin(models.TextChoices):
    """How a revision came about."""

    EDIT = "edit", _("written")
    IMPORT = "import", _("imported")


class Revision(TenantModel):
    """One change of one field: who, when, to what. Never changed, never removed but with its workbook."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="revisions")
    field_key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.EDIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workbook", "field_key", "number"], name="one_revision_a_number")
        ]
        indexes = [models.Index(fields=["workbook", "-id"])]
