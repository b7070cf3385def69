"""Rounds, and versions of a whole workbook: what stood there at one moment, readable for ever."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models.answers import Workbook


class VersionKind(models.TextChoices):
    NAMED = "named", _("Named version")
    ROUND = "round", _("Closed round")
    BEFORE_RESTORE = "before-restore", _("Before a restore")


def round_words(name: str, number: int) -> str:
    """A round in the language of who reads."""
    return name or gettext("Round %(number)s") % {"number": number}


def version_words(name: str, number: int, put_back: dict[str, Any]) -> str:
    """A version in the language of who reads: only names that people gave are kept in words."""
    if put_back:
        return gettext("Before “%(name)s” was put back") % {"name": version_words(**put_back)}
    return round_words(name, number)


class Version(TenantModel):
    """A version of a whole workbook: names, per field, the revision that stood there. Revisions never change.

    `content`: ``{field key: {"revision": primary key, "number": 12, "standing": "agreed"}}``; the revision of a field
    that was only marked is null. `edition_version` is the version of the playbook whose questions were answered.
    Nobody named the version of a round without a name, nor one that was kept before another was put back; `put_back`
    tells which one, as `identity` gives it.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(_("name"), max_length=160, blank=True)
    kind = models.CharField(max_length=16, choices=VersionKind, default=VersionKind.NAMED)
    round = models.PositiveSmallIntegerField(default=1)
    edition_version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    content = models.JSONField(default=dict)
    put_back = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workbook", "-at"])]

    def __str__(self) -> str:
        return version_words(**self.identity)

    @property
    def identity(self) -> dict[str, Any]:
        """What says which version it is, in any language."""
        return {"name": self.name, "number": self.round, "put_back": self.put_back}


class Round(TenantModel):
    """One lap of the course. Closing it freezes it as a version; the next one starts from its answers."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=160, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.OneToOneField(Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="of_round")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workbook", "number"], name="one_round_a_number")]

    def __str__(self) -> str:
        return round_words(self.name, self.number)
