"""Who does what by when: assigned sections, tasks that came out of a talk, and the news that tells of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models.answers import Workbook
from koers.workbook.models.talk import Comment, Thread


class Assignment(TenantModel):
    """A section that the lead gave to a colleague, with a date."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="assignments")
    section_id = models.CharField(max_length=32)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due = models.DateField(_("by when"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workbook", "section_id"], name="one_assignment_a_section")]


class Task(TenantModel):
    """Something to do, with an owner and a date; it may come from a comment."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="tasks")
    section_id = models.CharField(max_length=32)
    field_key = models.CharField(max_length=120, blank=True)
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    title = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["workbook", "section_id"])]


class NewsKind(models.TextChoices):
    """Why somebody is told something."""

    MENTION = "mention", _("Mention")
    REPLY = "reply", _("Reply")
    COMMENT = "comment", _("Comment")
    RESOLVED = "resolved", _("Resolved")
    ASSIGNED = "assigned", _("Assignment")
    TASK = "task", _("Task")
    CONFLICT = "conflict", _("Conflict")
    LATE = "late", _("Date reached")
    ROUND = "round", _("Round")


class Notification(TenantModel):
    """News for one person. `mail_after` is when it is mailed unless she read it first; null when it never is."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="notifications")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=NewsKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    section_id = models.CharField(max_length=32, blank=True)
    field_key = models.CharField(max_length=120, blank=True)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_after = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"]),
            models.Index(fields=["mail_after"], condition=models.Q(mailed_at=None, read_at=None), name="mail_waiting"),
        ]
