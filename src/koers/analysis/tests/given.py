"""Answers of many people, made short: for the tests of what a measurement says."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.instruments.structure import Instrument
from koers.assessment.queries.answers import Given
from koers.workbook.values import Value

WORKSHOP = UUID(int=7)
_numbers = itertools.count(1)


def playbook() -> Instrument:
    return instrument(PLAYBOOK, 1)


def answers(
    question: str, role: str, *values: Any, mode: str = "workshop", size: int = 1, respondents: Sequence[int] = ()
) -> list[Given]:
    """One answer a respondent; a bare number is a choice."""
    numbers = respondents or [next(_numbers) for _each in values]
    return [
        Given(
            question=question, respondent=number, mode=mode, role=role, department="", name="", size=size,
            value={"choice": value} if isinstance(value, int | str) else value, first=None,
            workshop=WORKSHOP if mode == "workshop" else None,
        )
        for number, value in zip(numbers, values, strict=True)
    ]  # fmt: skip


def choices(given: Mapping[str, Any]) -> dict[str, Value]:
    """Values by question; a bare number is a choice."""
    return {key: {"choice": value} if isinstance(value, int | str) else value for key, value in given.items()}
