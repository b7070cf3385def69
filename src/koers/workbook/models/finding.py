"""What search looks in: one row a text, kept beside the index of the database (see queries/search.py)."""

from django.db import models

from koers.kit.tenancy import TenantModel
from koers.workbook.models.answers import Workbook


class FoundKind(models.TextChoices):
    ANSWER = "answer"
    COMMENT = "comment"
    CONVERSATION = "conversation"
    TASK = "task"


class SearchEntry(TenantModel):
    """A text that can be found. `stamp` tells which state of its source it holds."""

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=FoundKind)
    ref = models.CharField(max_length=120)
    section_id = models.CharField(max_length=32)
    field_key = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    stems = models.TextField()
    stamp = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workbook", "kind", "ref"], name="one_search_entry")]
