from datetime import date

import pytest

from koers.documents.composing import Choices, Note, compose
from koers.documents.tests.filling import Filling, fill
from koers.editions.loading import edition as load_edition
from koers.editions.structure import Edition

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def playbook() -> Edition:
    return load_edition("draaiboek")


@pytest.fixture(scope="session")
def filling(playbook: Edition) -> Filling:
    return fill(playbook)


@pytest.fixture(scope="session")
def full_note(playbook: Edition, filling: Filling) -> Note:
    return compose(playbook, filling.values, "Gemeente Kastelbeke", Choices(author="De trekker"), "nl", today=TODAY)


@pytest.fixture(scope="session")
def empty_note(playbook: Edition) -> Note:
    return compose(playbook, {}, "Gemeente Kastelbeke", Choices(), "nl", today=TODAY)
