"""Instruments that an operator added: kept in the database, so that every process and machine knows them."""

from django.db import models
from django.utils import timezone


class InstrumentFile(models.Model):
    """One version of an instrument as it was added: the text of its file. A version never changes."""

    instrument_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    text = models.TextField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["instrument_id", "version"]
        constraints = [models.UniqueConstraint(fields=["instrument_id", "version"], name="one_file_an_instrument")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.version}"
