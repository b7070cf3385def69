"""Tenancy that fails closed: a query on a tenant's table without a scope raises.

Every table with an ``administration`` column inherits `TenantModel`. Its default manager refuses to build a query
outside `scope` (one administration) or `unscoped` (a named, searchable exception for the one door and for operators).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar
from uuid import UUID

from django.db import models


class UnscopedQuery(RuntimeError):
    """A tenant's table was queried outside any scope."""


class _Everything:
    """Marks that every administration is in scope."""


M = TypeVar("M", bound=models.Model)

_EVERYTHING: Final = _Everything()
_scope: ContextVar[UUID | _Everything | None] = ContextVar("koers_scope", default=None)


@contextmanager
def scope(administration_id: UUID) -> Iterator[None]:
    """Within it, queries see the rows of this administration only."""
    token = _scope.set(administration_id)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def unscoped() -> Iterator[None]:
    """Within it, queries see every administration: for the one door, the command line and migrations of content."""
    token = _scope.set(_EVERYTHING)
    try:
        yield
    finally:
        _scope.reset(token)


class TenantManager(models.Manager[M]):
    """The default manager of a tenant's table: filters by the scope, raises without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        current = _scope.get()
        if current is None:
            raise UnscopedQuery(f"{self.model.__name__} was queried outside a scope; load it through access.py")
        queryset = super().get_queryset()
        if isinstance(current, UUID):
            return queryset.filter(administration_id=current)
        return queryset


class TenantModel(models.Model):
    """A row that belongs to one administration."""

    administration = models.ForeignKey("organisations.Administration", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
