"""A query on a tenant's table outside a scope fails, and a scope sees its own rows only."""

import pytest
from django.apps import apps

from koers.kit.tenancy import TenantModel, UnscopedQuery, scope, unscoped
from koers.organisations.models import Administration
from koers.workbook.models import Answer, Workbook

pytestmark = pytest.mark.django_db


def test_a_query_without_a_scope_raises() -> None:
    with pytest.raises(UnscopedQuery):
        Workbook.objects.count()


def test_a_related_query_without_a_scope_raises() -> None:
    administration = Administration.objects.create(name="A", kind="municipality")
    with pytest.raises(UnscopedQuery):
        administration.workbooks.count()


def test_a_scope_sees_its_own_rows_only() -> None:
    ours = Administration.objects.create(name="A", kind="municipality")
    theirs = Administration.objects.create(name="B", kind="municipality")
    with unscoped():
        for administration in (ours, theirs):
            Workbook.objects.create(administration=administration, edition_id="draaiboek", edition_version=1)
    with scope(ours.pk):
        assert [workbook.administration_id for workbook in Workbook.objects.all()] == [ours.pk]
        assert Answer.objects.count() == 0
    with unscoped():
        assert Workbook.objects.count() == 2


def test_every_table_with_an_administration_is_a_tenants_table() -> None:
    for model in apps.get_models():
        if any(field.name == "administration" for field in model._meta.fields):
            assert issubclass(model, TenantModel), model
