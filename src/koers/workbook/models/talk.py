"""Talking about the work: comments in threads, and the log of conversations with colleagues."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models.answers import Workbook


class Thread(TenantModel):
    """A talk about a section, a field of it, or some words in that field (`quote`)."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="threads")
    section_id = models.CharField(max_length=32)
    field_key = models.CharField(max_length=120, blank=True)
    quote = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["workbook", "section_id"])]


class Comment(TenantModel):
    """One contribution to a thread, as plain text. A deleted one keeps its text, so that it can be put back."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="comments")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("comment"), max_length=6000)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]


class Mention(TenantModel):
    """Somebody who is named in a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="one_mention")]


class Conversation(TenantModel):
    """A talk with colleagues about a section (the playbook's first seeds): with whom, when, what came out of it."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="conversations")
    section_id = models.CharField(max_length=32)
    with_whom = models.CharField(_("with whom"), max_length=300)
    day = models.DateField(_("when"), default=timezone.localdate)
    outcome = models.TextField(_("what came out of it"), max_length=6000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["workbook", "section_id"])]
