"""A workbook with answers, and somebody who reads its results."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from conftest import Cast
from koers.kit.tenancy import scope
from koers.workbook.actions import import_answers
from koers.workbook.values import Value

Fill = Callable[[Mapping[str, Value]], str]


@pytest.fixture
def fill(cast: Cast) -> Fill:
    """Give Kastelbeke answers; returns the address of its results."""

    def filled(values: Mapping[str, Value]) -> str:
        with scope(cast.administration.pk):
            import_answers(cast.workbook, values, cast.lead)
        return f"/w/{cast.workbook.pk}/analysis/"

    return filled


@pytest.fixture
def viewer(cast: Cast) -> Client:
    return cast.client("viewer")
