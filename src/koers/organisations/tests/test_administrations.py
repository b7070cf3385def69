"""Finding and making an administration, its people and their roles, its log."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from koers.kit.tenancy import scope, unscoped
from koers.organisations import actions
from koers.organisations.models import Administration, Membership, User
from koers.organisations.queries import memberships_of
from koers.organisations.reference import find_municipalities, municipalities
from koers.organisations.tests.conftest import address, browser, logged, person

Join = Callable[..., Membership]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr("koers.kit.events.publish", lambda channel, name, data: heard.append((channel, name)))
    return heard


def role_of(user: User, town: Administration) -> str | None:
    with scope(town.pk):
        return Membership.objects.filter(user=user).values_list("role", flat=True).first()


# The municipalities


def test_there_are_285_municipalities_with_a_population() -> None:
    assert len(municipalities()) == 285
    assert all(each.population > 0 and len(each.nis) == 5 for each in municipalities().values())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gent", "Gent"), ("GENT ", "Gent"), ("kruibeke", "Beveren-Kruibeke-Zwijndrecht"), ("gooik", "Pajottegem"),
        ("puurs", "Puurs-Sint-Amands"), ("st. niklaas", "Sint-Niklaas"), ("wachtebeke", "Lochristi"),
        ("lo", "Lo-Reninge"),
    ],
)  # fmt: skip
def test_a_municipality_is_found_by_its_name_and_former_names(typed: str, first: str) -> None:
    assert find_municipalities(typed, 5)[0].name == first


@pytest.mark.parametrize("typed", ["", "   ", "zzz", "<script>", "%"])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert find_municipalities(typed, 5) == []


# Making one


def test_the_search_page_shows_the_matches_with_the_year_of_the_population(outsider: User) -> None:
    page = browser(outsider).get(address("new_administration"), {"q": "gooik"}).content.decode()
    assert "Pajottegem" in page
    assert "24,724 inhabitants (2020)" in page
    assert 'value="23106"' in page


def test_who_creates_a_municipality_leads_it_and_goes_on_to_the_workbook(outsider: User) -> None:
    answer = browser(outsider).post(address("new_administration"), {"nis": "44021"})
    (membership,) = memberships_of(outsider)
    town = membership.administration
    assert answer.headers["Location"] == address("start_workbook", town.pk)
    assert (town.name, town.kind, town.nis, town.population_year) == ("Gent", "municipality", "44021", 2020)
    assert membership.role == "lead"
    assert logged(town) == [("Otto", "administration.create", "Gent")]


def test_another_kind_of_administration_has_a_name(outsider: User) -> None:
    browser(outsider).post(address("new_administration"), {"kind": "police-zone", "name": " Politiezone  Vaart "})
    (membership,) = memberships_of(outsider)
    assert (membership.administration.name, membership.administration.kind) == ("Politiezone Vaart", "police-zone")


@pytest.mark.parametrize(
    "form", [{"nis": "99999"}, {"nis": ""}, {"kind": "municipality", "name": "Gent"}, {"kind": "other", "name": ""}, {}]
)
def test_what_is_no_administration_is_refused(outsider: User, form: dict[str, str]) -> None:
    assert browser(outsider).post(address("new_administration"), form).status_code == 422
    assert not Administration.objects.exists()


def test_a_municipality_is_there_once_and_its_members_stay_unnamed(lead: User, outsider: User) -> None:
    browser(lead).post(address("new_administration"), {"nis": "44021"})
    answer = browser(outsider).post(address("new_administration"), {"nis": "44021"})
    page = answer.content.decode()
    assert (answer.status_code, Administration.objects.count()) == (409, 1)
    assert "Gent takes part already" in page
    assert "Lea" not in page
    assert "lea@example.test" not in page


def test_who_is_a_member_already_is_led_to_the_administration(lead: User) -> None:
    client = browser(lead)
    client.post(address("new_administration"), {"nis": "44021"})
    (membership,) = memberships_of(lead)
    answer = client.post(address("new_administration"), {"nis": "44021"})
    assert answer.headers["Location"] == address("administration", membership.administration_id)


def test_signed_out_leads_to_signing_in() -> None:
    answer = browser().get(address("new_administration"))
    assert answer.headers["Location"] == "/accounts/login/?next=/administrations/new/"


# Who may


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("viewer", (200, 403, 403, 403, 403)),
        ("contributor", (200, 403, 403, 403, 403)),
        ("editor", (200, 403, 403, 403, 403)),
        ("lead", (200, 200, 422, 422, 302)),
    ],
)
def test_what_a_role_may(town: Administration, join: Join, role: str, statuses: tuple[int, ...]) -> None:
    client = browser(join("Mia", role).user)
    other = join("Ed", "editor")
    assert (
        client.get(address("administration", town.pk)).status_code,
        client.get(address("audit_log", town.pk)).status_code,
        client.post(address("invite", town.pk)).status_code,
        client.post(address("rename_administration", town.pk)).status_code,
        client.post(address("remove_member", town.pk, other.pk)).status_code,
    ) == statuses


def test_outsiders_find_nothing(town: Administration, outsider: User, join: Join) -> None:
    client = browser(outsider)
    member = join("Ed", "editor")
    gets = [client.get(address(name, town.pk)).status_code for name in ("administration", "audit_log")]
    posts = [
        client.post(url, {"role": "lead"}).status_code
        for url in (
            address("invite", town.pk), address("rename_administration", town.pk),
            address("leave_administration", town.pk), address("change_role", town.pk, member.pk),
            address("remove_member", town.pk, member.pk),
        )
    ]  # fmt: skip
    assert gets + posts == [404] * 7
    assert client.get(address("administration", uuid.uuid4())).status_code == 404


def test_a_member_of_another_administration_cannot_be_reached_through_ones_own(
    town: Administration, outsider: User, join: Join
) -> None:
    theirs = join("Ed", "editor")
    own = actions.create_administration(Administration(name="Elders", kind="other"), outsider)
    client = browser(outsider)
    assert client.post(address("change_role", own.pk, theirs.pk), {"role": "viewer"}).status_code == 404
    assert client.post(address("remove_member", own.pk, theirs.pk)).status_code == 404
    assert role_of(theirs.user, town) == "editor"


def test_members_see_each_other_but_nothing_to_change(town: Administration, join: Join) -> None:
    page = browser(join("Vic", "viewer").user).get(address("administration", town.pk)).content.decode()
    assert "Lea" in page
    assert "lea@example.test" not in page
    assert "Invite a colleague" not in page


# Verbs


def test_the_lead_renames(town: Administration, lead: User) -> None:
    browser(lead).post(address("rename_administration", town.pk), {"name": "Nieuwe naam"})
    town.refresh_from_db()
    assert town.name == "Nieuwe naam"
    assert logged(town)[-1] == ("Lea", "administration.rename", "Nieuwe naam")


def test_a_changed_role_closes_the_open_streams(
    town: Administration, lead: User, join: Join, announced: list[tuple[str, str]]
) -> None:
    ed = join("Ed", "editor")
    browser(lead).post(address("change_role", town.pk, ed.pk), {"role": "viewer"})
    assert role_of(ed.user, town) == "viewer"
    assert logged(town)[-1] == ("Lea", "member.role", "Ed")
    assert announced == [(f"person:{ed.user_id}", "access-changed")]


def test_an_unknown_role_changes_nothing(town: Administration, lead: User, join: Join) -> None:
    ed = join("Ed", "editor")
    browser(lead).post(address("change_role", town.pk, ed.pk), {"role": "god"})
    assert role_of(ed.user, town) == "editor"


def test_who_is_removed_loses_access_at_once(
    town: Administration, lead: User, join: Join, announced: list[tuple[str, str]]
) -> None:
    ed = join("Ed", "editor")
    client = browser(ed.user)
    assert client.get(address("administration", town.pk)).status_code == 200
    browser(lead).post(address("remove_member", town.pk, ed.pk))
    assert client.get(address("administration", town.pk)).status_code == 404
    assert logged(town)[-1] == ("Lea", "member.remove", "Ed")
    assert announced == [(f"person:{ed.user_id}", "access-changed")]


def test_a_member_leaves(town: Administration, join: Join, announced: list[tuple[str, str]]) -> None:
    ed = join("Ed", "editor")
    answer = browser(ed.user).post(address("leave_administration", town.pk))
    assert (answer.headers["Location"], role_of(ed.user, town)) == ("/", None)
    assert logged(town)[-1] == ("Ed", "member.leave", "Ed")
    assert announced == [(f"person:{ed.user_id}", "access-changed")]


@pytest.mark.parametrize("way", ["leave", "remove", "demote"])
def test_the_last_lead_stays(town: Administration, lead: User, way: str) -> None:
    with scope(town.pk):
        own = Membership.objects.get()
    url, form = {
        "leave": (address("leave_administration", town.pk), {}),
        "remove": (address("remove_member", town.pk, own.pk), {}),
        "demote": (address("change_role", town.pk, own.pk), {"role": "viewer"}),
    }[way]
    page = browser(lead).post(url, form, follow=True).content.decode()
    assert "An administration needs a lead." in page
    assert role_of(lead, town) == "lead"
    assert len(logged(town)) == 1


def test_with_a_second_lead_the_first_can_go(town: Administration, lead: User, join: Join) -> None:
    join("Bo", "lead")
    browser(lead).post(address("leave_administration", town.pk))
    assert role_of(lead, town) is None


# Constant queries


def queries_of(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_as_many_queries_for_thirty_members_as_for_one(town: Administration, lead: User, join: Join) -> None:
    client = browser(lead)
    with scope(town.pk):
        actions.invite(town, "first@example.test", "viewer", lead)
    before = [queries_of(client, address(name, town.pk)) for name in ("administration", "audit_log")]
    with scope(town.pk):
        for number in range(30):
            actions.invite(town, f"p{number}@example.test", "viewer", lead)
    for number in range(30):
        join(f"P{number}", "viewer")
    after = [queries_of(client, address(name, town.pk)) for name in ("administration", "audit_log")]
    assert after == before
    assert max(after) <= 12


def test_the_log_has_pages_and_says_who_did_what(town: Administration, lead: User) -> None:
    with scope(town.pk):
        for number in range(60):
            actions.record(town, lead, "member.add", f"P{number}", role="viewer")
        actions.record(town, None, "something.new", "of a later layer")
    client = browser(lead)
    first = client.get(address("audit_log", town.pk)).content.decode()
    second = client.get(address("audit_log", town.pk), {"page": "2"}).content.decode()
    assert "Added P59 as viewer" in first
    assert "something.new of a later layer" in first
    assert "Created Voorbeeldstad" not in first
    assert "Created Voorbeeldstad" in second


def test_memberships_come_with_their_administration_in_one_query(
    lead: User, town: Administration, django_assert_num_queries: Any
) -> None:
    actions.create_administration(Administration(name="Aalst", kind="other"), lead)
    with django_assert_num_queries(1):
        listed = [(each.administration.name, each.role) for each in memberships_of(lead)]
    assert listed == [("Aalst", "lead"), ("Voorbeeldstad", "lead")]


def test_names_are_escaped_everywhere(lead: User, outsider: User) -> None:
    evil = "<script>alert(1)</script>"
    User.objects.filter(pk=lead.pk).update(name=evil)
    lead.refresh_from_db()
    town = actions.create_administration(Administration(name=evil, kind="other"), lead)
    for name in ("administration", "audit_log"):
        assert evil not in browser(lead).get(address(name, town.pk)).content.decode()
    with unscoped():
        assert Membership.objects.count() == 1
    assert person("An").name == "An"
