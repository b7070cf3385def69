"""How a workbook's note is composed; the note itself is made from the answers each time."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models import Workbook


class NoteSettings(TenantModel):
    """The composer's choices for the note of one workbook. Empty means: as the edition has it."""

    workbook = models.OneToOneField(Workbook, on_delete=models.CASCADE, related_name="note_settings")
    title = models.CharField(_("title"), max_length=120, blank=True)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    author = models.CharField(_("authors"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    hidden = models.JSONField(default=list, blank=True)
    order = models.JSONField(default=list, blank=True)
    titles = models.JSONField(default=dict, blank=True)
    with_appendix = models.BooleanField(_("with appendix"), default=True)
    introduction = models.TextField(_("introduction"), blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
