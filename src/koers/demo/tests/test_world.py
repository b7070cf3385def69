"""The demo world: made once, believable, and right by the product's own rules."""

import csv
from pathlib import Path

import pytest

from koers.demo.world import DATA, PASSWORD, RICH, make_world, sign_in_lines
from koers.editions.loading import edition
from koers.kit.tenancy import unscoped
from koers.organisations.models import Administration, AuditEntry, Membership, User
from koers.workbook.exchange import read_exchange
from koers.workbook.models import Answer, Revision, Round, Version, Workbook

pytestmark = pytest.mark.django_db


def test_the_world_is_made_once() -> None:
    said: list[str] = []
    assert make_world(said.append)
    assert not make_world(said.append)
    assert Administration.objects.count() == 12
    with unscoped():
        assert Workbook.objects.count() == 12


def test_everybody_signs_in_with_the_password_that_is_shown() -> None:
    make_world(lambda _line: None)
    shown = "\n".join(sign_in_lines())
    assert PASSWORD in shown
    for name in RICH:
        lead = User.objects.get(email__startswith="lead@", email__contains=name)
        assert lead.email in shown
        assert lead.check_password(PASSWORD)


def test_one_administration_is_finished_and_the_others_are_under_way() -> None:
    make_world(lambda _line: None)
    total = len(edition("draaiboek").fields)
    with unscoped():
        counts = {
            name: Answer.objects.filter(workbook__administration__name__icontains=name, answered=True).count()
            for name in RICH
        }
        authors = set(
            Revision.objects.filter(workbook__administration__name__icontains="kastelbeke").values_list("author")
        )
        assert AuditEntry.objects.filter(verb="member.add").exists()
    assert counts["kastelbeke"] == total
    assert 0.3 * total < counts["duinrode"] < counts["vaartstad"] < 0.9 * total
    assert len(authors) >= 4


def test_roles_differ_and_each_has_a_lead() -> None:
    make_world(lambda _line: None)
    with unscoped():
        for name in RICH:
            roles = set(Membership.objects.filter(administration__name__icontains=name).values_list("role", flat=True))
            assert "lead" in roles
            assert len(roles) >= 3


@pytest.mark.parametrize("name", RICH)
def test_the_shares_of_a_rich_file_add_up(name: str) -> None:
    file = read_exchange((DATA / f"{name}.yaml").read_bytes(), name)
    shares = [value["percent"] for key, value in file.values.items() if key.endswith("/share") and value]
    assert shares == [] or sum(shares) == 100


def test_no_fictional_name_is_a_real_municipality() -> None:
    make_world(lambda _line: None)
    real = Path(__file__).resolve().parents[2] / "organisations" / "data" / "municipalities.csv"
    names = {row["name"].casefold() for row in csv.DictReader(real.open(encoding="utf-8"))}
    for administration in Administration.objects.all():
        assert not {word.casefold() for word in administration.name.split()} & names


def test_one_administration_is_in_its_second_round_and_another_keeps_a_version() -> None:
    make_world(lambda _line: None)
    with unscoped():
        second = Workbook.objects.get(administration__name__icontains="vaartstad")
        laps = [(lap.number, lap.closed_at is None) for lap in Round.objects.filter(workbook=second)]
        names = set(Version.objects.values_list("workbook__administration__name", "kind"))
    assert (second.round, laps) == (2, [(1, False), (2, True)])
    assert {kind for name, kind in names if "Kastelbeke" in name} == {"named"}
    assert {kind for name, kind in names if "Vaartstad" in name} == {"named", "round"}
