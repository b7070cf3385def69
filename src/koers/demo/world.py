"""The demo world: fictional Flemish administrations to try the product on. Everybody in it has the same password."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from koers.demo.measuring import measure_together
from koers.demo.together import work_together
from koers.editions.loading import edition as load_edition
from koers.editions.structure import Edition
from koers.kit.located import read
from koers.kit.tenancy import unscoped
from koers.organisations.access import Ability, abilities
from koers.organisations.actions import record
from koers.organisations.models import Administration, Membership, User
from koers.workbook.actions import create_workbook, import_answers
from koers.workbook.exchange import ExchangeFile, read_exchange
from koers.workbook.models import Origin, Workbook
from koers.workbook.values import Value, read_value

DATA: Final = Path(__file__).resolve().parent / "data"
PASSWORD: Final = "koers-demo-2026"
RICH: Final = ("kastelbeke", "duinrode", "vaartstad")
POPULATION: Final = {"kastelbeke": 23_140, "duinrode": 8_960, "vaartstad": 75_400}


def sign_in_lines() -> list[str]:
    """How to sign in to the demo world: the lead of each rich administration, and a reader."""
    people = _people()
    leads = [next(person for person in people[name] if person["role"] == "lead") for name in RICH]
    reader = next(person for person in people[RICH[0]] if person["role"] == "viewer")
    lines = [f"Sign in with password {PASSWORD} as"]
    for person, name in zip([*leads, reader], (*RICH, RICH[0]), strict=True):
        lines.append(f"  {person['email']:<38} {person['role']} of {name.capitalize()}")
    return lines


def _people() -> dict[str, list[dict[str, str]]]:
    given = read((DATA / "people.yaml").read_bytes(), "people.yaml").value
    return {each["administration"]: each["people"] for each in given}


def make_world(say: Callable[[str], None]) -> bool:
    """Make the demo world in one transaction; nothing when it is there already. Returns whether it was made."""
    people = _people()
    emails = [person["email"] for team in people.values() for person in team]
    if User.objects.filter(email__in=emails).exists():
        return False
    say("Making the demo world …")
    password = make_password(PASSWORD)
    with transaction.atomic(), unscoped():
        for name in RICH:
            _rich(name, people.get(name, []), password)
        _light(password)
    return True


def _rich(name: str, team: list[dict[str, str]], password: str) -> Workbook:
    file = read_exchange((DATA / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    administration = Administration.objects.create(
        name=file.administration_name, kind=file.administration_kind, population=POPULATION[name], population_year=2020
    )
    team = sorted(team, key=lambda person: person["role"] != "lead")
    lead = _person(team[0], password)
    record(administration, lead, "administration.create", str(administration))
    members = [_member(administration, lead, team[0]["role"])]
    for person in team[1:]:
        members.append(_member(administration, _person(person, password), person["role"]))
        record(administration, lead, "member.add", str(members[-1].user), role=person["role"])
    workbook = create_workbook(administration, members[0].user, file.edition.id, file.title)
    writers = [member.user for member in members if Ability.ANSWER in abilities(member.role)]
    people = {member.user.email.split("@")[0]: member.user for member in members}
    measuring = _measuring(name)
    measure_together(workbook, people, (each for each in measuring if each.get("before")), lead)
    _write(workbook, file, writers)
    measure_together(workbook, people, (each for each in measuring if not each.get("before")), lead)
    together = DATA / f"together-{name}.yaml"
    if together.exists():
        work_together(workbook, people, read(together.read_bytes(), together.name).value)
    return workbook


def _measuring(name: str) -> list[dict[str, Any]]:
    file = DATA / f"measuring-{name}.yaml"
    return list(read(file.read_bytes(), file.name).value) if file.exists() else []


def _person(person: dict[str, str], password: str) -> User:
    return User.objects.create(email=person["email"], name=person["name"], password=password, language="nl")


def _member(administration: Administration, user: User, role: str) -> Membership:
    return Membership.objects.create(administration=administration, user=user, role=role)


def _write(workbook: Workbook, file: ExchangeFile, writers: list[User]) -> None:
    """Write the answers as a team would have: section after section, one colleague after another, over some weeks."""
    sections = [
        section for section in file.edition.sections.values() if any(f.key in file.values for f in section.fields)
    ]
    now = timezone.now()
    for index, section in enumerate(sections):
        values = {field.key: file.values[field.key] for field in section.fields if field.key in file.values}
        at = now - timedelta(days=2 * (len(sections) - index) - 1, hours=3 * (index % 3), minutes=17 * (index % 4))
        import_answers(workbook, values, writers[index % len(writers)], origin=Origin.EDIT, at=at)


def _light(password: str) -> None:
    """The light ones: for lists and comparisons. Their lead is one person, so that a long list can be seen."""
    edition = load_edition("draaiboek")
    located = read((DATA / "light.yaml").read_bytes(), "light.yaml")
    guide = User.objects.create(
        email="begeleider@provincie.example.test", name="Begeleider van de demo", password=password, language="nl"
    )
    for index, given in enumerate(located.value):
        administration = Administration.objects.create(
            name=given["name"], kind=given["kind"], population=given.get("population"),
            population_year=2020 if given.get("population") else None,
        )  # fmt: skip
        Membership.objects.create(administration=administration, user=guide, role="lead")
        workbook = create_workbook(administration, guide)
        at = timezone.now() - timedelta(days=5 + 3 * index, hours=index)
        import_answers(workbook, _values(edition, given["answers"]), guide, origin=Origin.EDIT, at=at)


def _values(edition: Edition, answers: dict[str, Any]) -> dict[str, Value]:
    return {key: read_value(edition.fields[key], raw, "markdown") for key, raw in answers.items()}
