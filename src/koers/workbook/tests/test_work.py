"""What is agreed, who does what by when, and what needs attention."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import DeedRefused
from koers.organisations.models import AuditEntry, Membership, User
from koers.workbook.actions import import_answers, save_answer
from koers.workbook.actions.work import assign_section, mark_field
from koers.workbook.models import Answer, Assignment, Conflict, NewsKind, Notification, Standing, Task, Thread

WHY = "A.3/why"
HOSTILE = '<script>alert("x")</script>'


def text_of(response: HttpResponse) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def get(cast: Cast, path: str = "", who: str = "lead") -> HttpResponse:
    response = cast.client(who).get(f"/w/{cast.workbook.pk}/{path}")
    assert isinstance(response, HttpResponse)
    return response


def mark(cast: Cast, standing: str, who: str = "contributor", **headers: str) -> HttpResponse:
    address = f"/w/{cast.workbook.pk}/standing"
    response = cast.client(who).post(address, {"field": WHY, "standing": standing}, headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def fill(cast: Cast, section: str, who: str = "editor") -> None:
    """Answer every field of a section."""
    values: dict[str, Any] = {}
    for field in cast.workbook.edition.sections[section].fields:
        values[field.key] = {"html": "<p>x</p>"} if field.is_rich else {"items": [{field.columns[0].id: "x"}]}
    with scope(cast.administration.pk):
        import_answers(cast.workbook, values, cast.people[who])


def give(cast: Cast, section: str, who: str, due: date | None = None) -> Assignment:
    with scope(cast.administration.pk):
        return assign_section(cast.workbook, cast.workbook.edition.sections[section], cast.people[who], due, cast.lead)


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


# Marks


def test_a_plain_form_marks_a_field_and_comes_back_to_it(cast: Cast) -> None:
    response = cast.client("contributor").post(f"/w/{cast.workbook.pk}/standing", {"standing": f"{WHY}=agreed"})
    anchor = cast.workbook.edition.fields[WHY].anchor
    assert (response.status_code, response["Location"]) == (302, f"/w/{cast.workbook.pk}/s/A.3/#{anchor}")
    with scope(cast.administration.pk):
        answer = Answer.objects.get(field_key=WHY)
        assert (answer.standing, answer.standing_by, answer.revision) == ("agreed", cast.people["contributor"], 0)
        assert AuditEntry.objects.filter(verb="field.agreed", subject=WHY).count() == 1


def test_a_script_gets_no_page_and_a_second_time_changes_nothing(cast: Cast) -> None:
    assert mark(cast, "discuss", **{"X-Requested-With": "fetch"}).status_code == 204
    assert mark(cast, "discuss", **{"X-Requested-With": "fetch"}).status_code == 204
    with scope(cast.administration.pk):
        assert AuditEntry.objects.filter(verb="field.discuss").count() == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"field": WHY, "standing": "perfect"}, 400),
        ({"field": "Z.9/x", "standing": "agreed"}, 404),
        ({"standing": f"{HOSTILE}=agreed"}, 404),
        ({}, 404),
    ],
)
def test_a_mark_that_does_not_exist_is_refused(cast: Cast, form: dict[str, str], status: int) -> None:
    assert cast.client("lead").post(f"/w/{cast.workbook.pk}/standing", form).status_code == status


def test_the_page_says_who_agreed_and_has_a_button_for_each_standing(cast: Cast) -> None:
    mark(cast, "agreed")
    page = get(cast, "s/A.3/").content.decode()
    assert f'name="standing" value="{WHY}=agreed" data-mark="agreed" aria-pressed="true"' in page
    assert f'name="standing" value="{WHY}=draft" data-mark="draft" aria-pressed="false"' in page
    assert f"Contributor, {timezone.localdate().day} " in page
    assert 'id="standing-form"' in page


def test_a_reader_sees_the_mark_and_no_buttons(cast: Cast) -> None:
    mark(cast, "discuss")
    page = get(cast, "s/A.3/", "viewer").content.decode()
    assert "data-mark" not in page
    assert "To discuss" in page


def test_a_change_of_what_was_agreed_is_to_be_discussed_again(scoped: Cast) -> None:
    field = scoped.workbook.edition.fields[WHY]
    save_answer(scoped.workbook, field, {"html": "<p>een</p>"}, 0, scoped.lead)
    mark_field(scoped.workbook, field, Standing.AGREED, scoped.lead)
    save_answer(scoped.workbook, field, {"html": "<p>twee</p>"}, 1, scoped.people["editor"])
    answer = Answer.objects.get(field_key=WHY)
    assert (answer.standing, answer.standing_by) == ("discuss", scoped.people["editor"])


def test_a_draft_that_changes_stays_a_draft(scoped: Cast) -> None:
    field = scoped.workbook.edition.fields[WHY]
    save_answer(scoped.workbook, field, {"html": "<p>een</p>"}, 0, scoped.lead)
    assert Answer.objects.get(field_key=WHY).standing == "draft"


def test_nothing_is_marked_in_a_closed_round(cast: Cast) -> None:
    with scope(cast.administration.pk):
        cast.workbook.closed_at = timezone.now()
        cast.workbook.save(update_fields=["closed_at"])
        with pytest.raises(DeedRefused):
            mark_field(cast.workbook, cast.workbook.edition.fields[WHY], Standing.AGREED, cast.lead)
    assert mark(cast, "agreed", **{"X-Requested-With": "fetch"}).status_code == 409


# The states of a section


def state_of(cast: Cast, section: str = "A.0") -> str:
    found = re.search(
        rf'<li class="([\w-]+)"><a href="\.\./{re.escape(section)}/"', get(cast, "s/A.1/").content.decode()
    )
    assert found
    return found[1]


def test_a_section_goes_from_not_started_to_agreed(cast: Cast) -> None:
    states = [state_of(cast)]
    keys = [field.key for field in cast.workbook.edition.sections["A.0"].fields]
    with scope(cast.administration.pk):
        import_answers(cast.workbook, {keys[0]: {"html": "<p>x</p>"}}, cast.lead)
    states.append(state_of(cast))
    fill(cast, "A.0")
    states.append(state_of(cast))
    with scope(cast.administration.pk):
        Answer.objects.update(standing="agreed")
        states.append(state_of(cast))
        Answer.objects.filter(field_key=keys[0]).update(standing="discuss")
    states.append(state_of(cast))
    assert states == ["not-started", "under-way", "complete", "agreed", "to-discuss"]


@pytest.mark.parametrize("open_at", ["standing", "conflicts", "threads", "section"])
def test_whatever_is_open_makes_a_section_to_discuss(cast: Cast, open_at: str) -> None:
    fill(cast, "A.0")
    with scope(cast.administration.pk):
        changes: dict[str, dict[str, Any]] = {
            "standing": {"standing": "discuss"},
            "conflicts": {"conflicts": 1},
            "threads": {"threads": 2},
        }
        if open_at == "section":
            talk_about_section(cast)
        else:
            Answer.objects.filter(field_key="A.0/digital-government").update(**changes[open_at])
    assert state_of(cast) == "to-discuss"


def talk_about_section(cast: Cast) -> None:
    from koers.workbook.actions.talk import begin_thread
    from koers.workbook.queries.talk import place_at

    place = place_at(cast.workbook, "A.0")
    assert place
    begin_thread(cast.workbook, place, "Klopt dit?", cast.lead)


def test_a_thread_that_was_resolved_is_not_open(cast: Cast) -> None:
    fill(cast, "A.0")
    with scope(cast.administration.pk):
        talk_about_section(cast)
        Thread.objects.update(resolved_at=timezone.now())
    assert state_of(cast) == "complete"


# Assignments


def assign(cast: Cast, form: dict[str, object], section: str = "A.1", who: str = "lead") -> HttpResponse:
    response = cast.client(who).post(f"/w/{cast.workbook.pk}/s/{section}/assign/", form)
    assert isinstance(response, HttpResponse)
    return response


def test_the_lead_gives_a_section_and_its_owner_hears_it(cast: Cast) -> None:
    owner = cast.people["editor"]
    response = assign(cast, {"owner": owner.pk, "due": "2030-12-03"})
    assert (response.status_code, response["Location"]) == (302, f"/w/{cast.workbook.pk}/s/A.1/assign/")
    with scope(cast.administration.pk):
        assert Assignment.objects.values_list("section_id", "owner", "due").get() == (
            "A.1",
            owner.pk,
            date(2030, 12, 3),
        )
        news = Notification.objects.get()
        assert (news.recipient, news.kind, news.section_id) == (owner, NewsKind.ASSIGNED, "A.1")
        assert AuditEntry.objects.filter(verb="section.assign").count() == 1
    assert "Editor, by 3 December" in text_of(get(cast, "s/A.1/", "viewer"))


def test_the_same_once_more_tells_nobody_and_another_owner_takes_over(cast: Cast) -> None:
    for who in ("editor", "editor", "contributor"):
        assign(cast, {"owner": cast.people[who].pk})
    with scope(cast.administration.pk):
        assert Assignment.objects.get().owner == cast.people["contributor"]
        assert [each.recipient for each in Notification.objects.order_by("pk")] == [
            cast.people["editor"], cast.people["contributor"],
        ]  # fmt: skip


def test_the_log_names_fields_and_sections_in_the_language_of_its_reader(cast: Cast) -> None:
    mark(cast, "agreed")
    give(cast, "A.1", "editor")
    place = cast.workbook.edition.sections["A.1"]
    title = {language: f"A.1 {place.title.say(language)}" for language in ("en", "nl")}
    said = {
        "en": [f"Gave {title['en']} to Editor", "Marked A.3 Our reason as agreed"],
        "nl": [f"Gaf {title['nl']} aan Editor", "Zette A.3 Onze reden op afgesproken"],
    }
    for language, rows in said.items():
        log = f"/administrations/{cast.administration.pk}/log/"
        page = cast.client("lead").get(log, headers={"accept-language": language}).content.decode()
        assert re.findall(r'<td role="cell">([^<]*)</td></tr>', html.unescape(page))[:2] == rows


def test_a_section_is_taken_back(cast: Cast) -> None:
    give(cast, "A.1", "editor")
    assert assign(cast, {"withdraw": "yes"}).status_code == 302
    with scope(cast.administration.pk):
        assert Assignment.objects.count() == 0
        assert AuditEntry.objects.filter(verb="section.withdraw").count() == 1
    assert assign(cast, {"withdraw": "yes"}).status_code == 302


@pytest.mark.parametrize("owner", ["", "0", "999999", HOSTILE])
def test_only_a_member_can_take_a_section(cast: Cast, owner: str) -> None:
    assert assign(cast, {"owner": owner}).status_code == 422
    assert assign(cast, {"owner": cast.outsider.pk}).status_code == 422
    assert assign(cast, {"owner": cast.people["editor"].pk, "due": "tomorrow"}).status_code == 422
    with scope(cast.administration.pk):
        assert Assignment.objects.count() == 0


def test_who_left_meanwhile_gets_no_section(scoped: Cast) -> None:
    Membership.objects.filter(user=scoped.people["editor"]).delete()
    with pytest.raises(DeedRefused):
        assign_section(
            scoped.workbook, scoped.workbook.edition.sections["A.1"], scoped.people["editor"], None, scoped.lead
        )


def test_a_section_that_is_not_there_is_not_found(cast: Cast) -> None:
    assert get(cast, "s/Z.9/assign/").status_code == 404
    assert assign(cast, {"owner": cast.lead.pk}, "Z.9").status_code == 404


def test_a_panel_gets_the_form_alone(cast: Cast) -> None:
    response = cast.client("lead").get(f"/w/{cast.workbook.pk}/s/A.1/assign/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert 'name="owner"' in response.content.decode()


# The course map and what needs attention


def test_the_map_shows_owners_dates_and_what_is_late_in_words(cast: Cast) -> None:
    give(cast, "A.1", "editor", day(-3))
    give(cast, "A.2", "contributor", day(4))
    page = text_of(get(cast, "", "viewer"))
    assert "3 days late" in page
    assert f"by {day(4).day} {day(4):%B}" in page
    assert "1 late" in page


def test_what_is_agreed_is_not_late(cast: Cast) -> None:
    fill(cast, "A.0")
    give(cast, "A.0", "editor", day(-3))
    with scope(cast.administration.pk):
        Answer.objects.update(standing="agreed")
    page = text_of(get(cast))
    assert "days late" not in page
    assert " late " not in page
    assert "3 agreed" in page


def test_the_counts_lead_to_the_places(cast: Cast) -> None:
    fill(cast, "A.0")
    give(cast, "A.1", "editor", day(-1))
    with scope(cast.administration.pk):
        keys = ["A.0/digital-government", "A.0/digital-transformation", "A.0/digital-leadership"]
        Answer.objects.filter(field_key=keys[0]).update(standing="discuss")
        Answer.objects.filter(field_key=keys[1]).update(conflicts=1)
        Answer.objects.filter(field_key=keys[2]).update(standing="agreed")
        Task.objects.create(
            administration=cast.administration, workbook=cast.workbook, section_id="A.3", field_key=WHY,
            title=HOSTILE, owner=cast.lead, due=day(-5),
        )  # fmt: skip
    page = text_of(get(cast))
    for count in ("2 late", "1 to discuss", "1 contested", "1 agreed"):
        assert count in page
    places = get(cast, "waiting/", "viewer")
    assert HOSTILE not in places.content.decode()
    shown = text_of(places)
    assert shown.index("5 days late") < shown.index("1 day late") < shown.index("Contested")
    assert get(cast).content.decode().count(f"/w/{cast.workbook.pk}/waiting/#") == 4


def test_without_anything_to_do_the_page_says_so(cast: Cast) -> None:
    assert "Nothing needs attention now" in text_of(get(cast, "waiting/"))
    assert "course-counts" not in get(cast).content.decode()


def queries(cast: Cast, path: str) -> int:
    client = cast.client("lead")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def make_work(cast: Cast, number: int) -> None:
    """Sections, tasks and conflicts for the lead."""
    with scope(cast.administration.pk):
        for section in list(cast.workbook.edition.sections)[:number]:
            give(cast, section, "lead", day(-number))
            Task.objects.create(
                administration=cast.administration, workbook=cast.workbook, section_id=section, title="x",
                owner=cast.lead, due=day(-2),
            )  # fmt: skip
            Conflict.objects.create(
                administration=cast.administration, workbook=cast.workbook, field_key=WHY, revision=1,
                stored_by=cast.lead, incoming_by=cast.people["editor"],
            )  # fmt: skip
            Notification.objects.create(
                administration=cast.administration, workbook=cast.workbook, recipient=cast.lead,
                actor=cast.people["editor"], kind=NewsKind.MENTION, section_id=section,
            )  # fmt: skip


@pytest.mark.parametrize(("path", "most"), [("", 8), ("s/A.1/", 5), ("waiting/", 6), ("/", 12), ("/news/", 4)])
def test_pages_take_as_many_queries_for_one_as_for_three(cast: Cast, path: str, most: int) -> None:
    address = path if path.startswith("/") else f"/w/{cast.workbook.pk}/{path}"
    make_work(cast, 1)
    one = queries(cast, address)
    make_work(cast, 3)
    assert queries(cast, address) == one <= most


# My work


def test_my_work_shows_what_waits_late_first(cast: Cast) -> None:
    make_work(cast, 1)
    page = text_of(cast.client("lead").get("/"))  # type: ignore[arg-type]
    order = ["x", "Bring this section to agreement", "Editor and you changed the same words", "Editor named you"]
    found = [page.index(f" {words} ") for words in order]
    assert max(found[:2]) < min(found[2:])


def test_what_is_done_agreed_or_read_waits_no_more(cast: Cast) -> None:
    fill(cast, "A.0")
    make_work(cast, 1)
    with unscoped():
        Task.objects.update(done_at=timezone.now())
        Conflict.objects.update(settled_at=timezone.now())
        Answer.objects.update(standing="agreed")
        Notification.objects.update(read_at=timezone.now())
    assert "Nothing waits for you" in text_of(cast.client("lead").get("/"))  # type: ignore[arg-type]


def test_nothing_waits_in_an_administration_that_somebody_left(cast: Cast) -> None:
    make_work(cast, 1)
    with unscoped():
        user = User.objects.get(pk=cast.lead.pk)
        Membership.objects.filter(user=user).delete()
        Membership.objects.create(administration=cast.other_administration, user=user, role="viewer")
    page = text_of(cast.client("lead").get("/"))  # type: ignore[arg-type]
    assert "Nothing waits for you" in page
    assert "Kastelbeke" not in page
