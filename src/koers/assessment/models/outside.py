"""The outcome of an instrument that was used elsewhere (playbook B.2): LORDIMAS, the BOSA Quickscan, an audit."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.kit.tenancy import TenantModel
from koers.workbook.models import Workbook


class OutsideResult(TenantModel):
    """What an instrument elsewhere said. `scores`: ``[{"dimension", "score", "low", "high", "covers": [theme, …]}]``.

    `low` and `high` are the ends of the scale of that score, which is written as the report writes it.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="outside_results")
    round = models.PositiveSmallIntegerField(default=1)
    instrument = models.CharField(max_length=32)
    name = models.CharField(_("name"), max_length=160)
    date = models.DateField(_("date"))
    scores = models.JSONField(default=list)
    findings = models.TextField(_("findings"), blank=True)
    url = models.URLField(_("web address"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return self.name


class OutsideReport(TenantModel):
    """The report that came with it, as it was attached."""

    result = models.OneToOneField(OutsideResult, on_delete=models.CASCADE, related_name="report")
    name = models.CharField(max_length=160)
    type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.name
