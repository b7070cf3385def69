"""One table of every address x everybody. An address that is missing from it fails the test.

404 to outsiders, 403 to members who may not, a way to sign in for who is signed out.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import Cast
from koers.config.api import NAMESPACE as API
from tests.permission_values import conflict_in, values_in

WHO = ("anonymous", "outsider", "viewer", "contributor", "editor", "lead")

# Per address (and method): what each of WHO gets. 302 for the signed out leads to signing in.
PUBLIC = (200,) * 6
READ = (302, 404, 200, 200, 200, 200)
COMPOSE = (302, 404, 403, 403, 200, 200)
MANAGE = (302, 404, 403, 403, 403, 200)
COMMENT = (302, 404, 302, 302, 302, 302)
OWN = (302, 404, 302, 403, 403, 302)
SIGNED_IN = (302, 200, 200, 200, 200, 200)

TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "home"): PUBLIC,
    ("GET", "components"): PUBLIC,
    ("GET", "method"): PUBLIC,
    ("GET", "health"): PUBLIC,
    ("GET", "favicon"): (302,) * 6,
    ("GET", "service_worker"): PUBLIC,
    ("POST", "choose_language"): (302,) * 6,
    ("GET", "start_workbook"): (302, 404, 302, 302, 302, 302),
    ("POST", "start_workbook"): (302, 404, 403, 403, 403, 302),
    ("GET", "course_map"): READ,
    ("GET", "section"): READ,
    ("POST", "section"): (302, 404, 403, 302, 302, 302),
    ("GET", "one_field"): READ,
    ("POST", "save"): (401, 404, 403, 200, 200, 200),
    ("GET", "section_state"): READ,
    ("POST", "settle"): (302, 404, 403, 302, 302, 302),
    ("POST", "presence"): (401, 404, 204, 204, 204, 204),
    ("GET", "workbook_settings"): MANAGE,
    ("POST", "workbook_settings"): (302, 404, 403, 403, 403, 302),
    ("GET", "export_workbook"): READ,
    ("GET", "search"): SIGNED_IN,
    ("GET", "search_workbook"): READ,
    ("GET", "import_workbook"): COMPOSE,
    ("POST", "import_workbook"): (302, 404, 403, 403, 422, 422),
    ("GET", "analysis"): READ,
    ("GET", "measured_results"): READ,
    ("GET", "compare_measurements"): READ,
    # Nothing was answered that could be drawn: documents/tests/test_chart_downloads.py has who gets what.
    ("GET", "workbook_figure"): (302, 404, 404, 404, 404, 404),
    ("GET", "measured_figure"): (302, 404, 404, 404, 404, 404),
    ("GET", "compared_figure"): (302, 404, 404, 404, 404, 404),
    # One that was not held has no report.
    ("GET", "workshop_report"): (302, 404, 404, 404, 404, 404),
    ("GET", "note"): READ,
    ("GET", "compose_note"): COMPOSE,
    ("GET", "download_note"): READ,
    ("POST", "compose_note"): (302, 404, 403, 403, 422, 422),
    # Going back, versions, rounds, deleting.
    ("GET", "field_history"): READ,
    ("POST", "restore_revision"): (302, 404, 403, 302, 302, 302),
    ("GET", "section_history"): READ,
    ("GET", "earlier"): READ,
    ("GET", "versions"): READ,
    ("POST", "versions"): (302, 404, 403, 302, 302, 302),
    ("GET", "version"): READ,
    ("GET", "restore_version"): COMPOSE,
    ("POST", "restore_version"): (302, 404, 403, 403, 302, 302),
    ("POST", "restore_field"): (302, 404, 403, 302, 302, 302),
    ("GET", "rounds"): READ,
    ("GET", "close_round"): MANAGE,
    ("POST", "close_round"): (302, 404, 403, 403, 403, 302),
    ("POST", "start_round"): (302, 404, 403, 403, 403, 302),
    ("GET", "delete_workbook"): MANAGE,
    ("POST", "delete_workbook"): (302, 404, 403, 403, 403, 302),
    ("GET", "deleted_workbooks"): MANAGE,
    ("POST", "put_back_workbook"): (302, 404, 403, 403, 403, 302),
    ("GET", "erase_workbook"): MANAGE,
    ("POST", "erase_workbook"): (302, 404, 403, 403, 403, 302),
    # Talk, conversations and tasks: everybody who may comment; what the viewer wrote, she and the lead.
    ("GET", "talk"): READ,
    ("POST", "talk"): COMMENT,
    ("GET", "all_talk"): READ,
    ("POST", "reply_to_thread"): COMMENT,
    ("POST", "resolve_thread"): COMMENT,
    ("POST", "reopen_thread"): COMMENT,
    ("GET", "edit_comment"): (302, 404, 200, 403, 403, 403),
    ("POST", "edit_comment"): (302, 404, 302, 403, 403, 403),
    ("POST", "delete_comment"): OWN,
    ("POST", "restore_comment"): OWN,
    ("GET", "conversations"): READ,
    ("POST", "conversations"): COMMENT,
    ("GET", "edit_conversation"): (302, 404, 200, 403, 403, 200),
    ("POST", "edit_conversation"): OWN,
    ("POST", "delete_conversation"): OWN,
    ("POST", "restore_conversation"): OWN,
    ("GET", "tasks"): READ,
    ("GET", "new_task"): READ,
    ("POST", "new_task"): (302, 404, 422, 422, 422, 422),
    ("GET", "edit_task"): (302, 404, 200, 403, 403, 200),
    ("POST", "edit_task"): (302, 404, 422, 403, 403, 422),
    ("POST", "finish_task"): OWN,
    ("POST", "reopen_task"): OWN,
    ("POST", "delete_task"): OWN,
    ("POST", "restore_task"): OWN,
    # Who does what by when; one's own news; the link in a mail, which is its own right.
    ("POST", "mark_field"): (302, 404, 403, 302, 302, 302),
    ("GET", "assign_section"): MANAGE,
    ("POST", "assign_section"): (302, 404, 403, 403, 403, 302),
    ("GET", "waiting"): READ,
    ("GET", "news"): SIGNED_IN,
    ("GET", "news_count"): SIGNED_IN,
    ("POST", "read_news"): (302,) * 6,
    ("GET", "open_news"): (302, 404, 404, 302, 404, 404),
    ("GET", "stop_mail"): (404,) * 6,
    ("POST", "stop_mail"): (404,) * 6,
    # Live workshops: the seat, or the projector's link, is its own right; a second host is told what the first did.
    ("GET", "join"): PUBLIC,
    ("POST", "join"): (422,) * 6,
    ("POST", "room_language"): (302,) * 6,
    ("GET", "room"): (302,) * 6,
    ("GET", "room_plain"): (302,) * 6,
    ("POST", "room_plain"): (302,) * 6,
    ("GET", "screen"): (404,) * 6,
    ("GET", "room_state"): (404,) * 6,
    ("POST", "room_do"): (404,) * 6,
    ("GET", "screen_state"): (404,) * 6,
    ("GET", "workshops"): READ,
    ("GET", "plan_workshop"): COMPOSE,
    ("POST", "plan_workshop"): (302, 404, 403, 403, 422, 422),
    ("GET", "workshop"): READ,
    ("GET", "edit_workshop"): COMPOSE,
    ("POST", "edit_workshop"): (302, 404, 403, 403, 422, 422),
    ("POST", "add_step"): (302, 404, 403, 403, 302, 302),
    ("GET", "change_step"): COMPOSE,
    ("POST", "change_step"): (302, 404, 403, 403, 422, 422),
    ("POST", "arrange_step"): (302, 404, 403, 403, 302, 302),
    ("GET", "delete_workshop"): COMPOSE,
    ("POST", "delete_workshop"): (302, 404, 403, 403, 302, 404),
    ("GET", "workshop_console"): COMPOSE,
    ("GET", "console_qr"): (302, 404, 403, 403, 404, 404),
    ("GET", "console_state"): COMPOSE,
    ("POST", "console_do"): (302, 404, 403, 403, 200, 409),
    # Measuring: read by all, own estimates by who answers, the rest by who prepares it; a link is its own right.
    ("GET", "measurements"): READ,
    ("GET", "new_measurement"): COMPOSE,
    ("POST", "new_measurement"): (302, 404, 403, 403, 422, 422),
    ("GET", "measurement"): READ,
    ("POST", "rename_measurement"): (302, 404, 403, 403, 302, 302),
    ("GET", "close_measurement"): MANAGE,
    ("POST", "close_measurement"): (302, 404, 403, 403, 403, 302),
    ("GET", "delete_measurement"): MANAGE,
    ("POST", "delete_measurement"): (302, 404, 403, 403, 403, 302),
    ("GET", "own_questions"): COMPOSE,
    ("POST", "own_questions"): (302, 404, 403, 403, 422, 422),
    ("GET", "measured_question"): READ,
    ("POST", "agree"): (302, 404, 403, 403, 422, 422),
    ("GET", "add_respondents"): COMPOSE,
    ("POST", "add_respondents"): (302, 404, 403, 403, 422, 422),
    ("GET", "respondent"): COMPOSE,
    ("POST", "new_link"): COMPOSE,
    ("POST", "remind"): (302, 404, 403, 403, 302, 302),
    ("GET", "withdraw_respondent"): COMPOSE,
    ("POST", "withdraw_respondent"): (302, 404, 403, 403, 302, 302),
    ("GET", "own_estimate"): (302, 404, 403, 200, 200, 200),
    ("POST", "own_estimate"): (302, 404, 403, 200, 200, 200),
    ("GET", "own_estimate_page"): (302, 404, 403, 302, 302, 302),
    ("POST", "own_estimate_page"): (302, 404, 403, 302, 302, 302),
    ("POST", "own_estimate_save"): (302, 404, 403, 403, 403, 403),
    ("GET", "note_answers"): COMPOSE,
    ("POST", "note_answers"): (302, 404, 403, 403, 302, 302),
    ("GET", "note_answers_page"): COMPOSE,
    ("POST", "note_answers_page"): (302, 404, 403, 403, 302, 302),
    ("POST", "note_answers_save"): (302, 404, 403, 403, 400, 400),
    ("GET", "answer_link"): (404,) * 6,
    ("POST", "answer_link"): (404,) * 6,
    ("GET", "answer_link_page"): (404,) * 6,
    ("POST", "answer_link_page"): (404,) * 6,
    ("POST", "answer_link_save"): (404,) * 6,
    ("GET", "stop_reminders"): (404,) * 6,
    ("POST", "stop_reminders"): (404,) * 6,
    # Administrations, their people and invitations.
    ("GET", "new_administration"): SIGNED_IN,
    ("POST", "new_administration"): (302, 422, 422, 422, 422, 422),
    ("GET", "administration"): READ,
    ("GET", "audit_log"): MANAGE,
    ("POST", "rename_administration"): (302, 404, 403, 403, 403, 302),
    ("POST", "invite"): (302, 404, 403, 403, 403, 200),
    ("POST", "resend_invitation"): (302, 404, 403, 403, 403, 200),
    ("POST", "withdraw_invitation"): (302, 404, 403, 403, 403, 302),
    ("POST", "change_role"): (302, 404, 403, 403, 403, 302),
    ("POST", "remove_member"): (302, 404, 403, 403, 403, 302),
    ("POST", "leave_administration"): (302, 404, 302, 302, 302, 302),
    ("GET", "invitation"): (404,) * 6,
    ("GET", "import_measurement"): COMPOSE,
    ("POST", "import_measurement"): (302, 404, 403, 403, 422, 422),
    ("GET", "export_measurement"): READ,
    # The API has a table of its own, tests/test_api_permissions.py; keys are of oneself, and a lead's to withdraw.
    ("GET", "api_page"): PUBLIC,
    ("GET", "api_root"): (302,) * 6,
    ("GET", "api_nowhere"): (404,) * 6,
    ("POST", "api_nowhere"): (404,) * 6,
    ("GET", "api_keys"): READ,
    ("POST", "api_keys"): READ,
    ("POST", "withdraw_api_key"): (302, 404, 302, 404, 404, 404),
    # Outcomes of other instruments; what the editor deleted is gone for the lead.
    ("GET", "instruments"): READ,
    ("GET", "new_outcome"): COMPOSE,
    ("POST", "new_outcome"): (302, 404, 403, 403, 422, 422),
    ("GET", "edit_outcome"): COMPOSE,
    ("POST", "edit_outcome"): (302, 404, 403, 403, 422, 422),
    ("GET", "delete_outcome"): COMPOSE,
    ("POST", "delete_outcome"): (302, 404, 403, 403, 302, 404),
    ("GET", "outcome_report"): READ,
    # Accounts: one's own only.
    ("GET", "account_login"): (200, 302, 302, 302, 302, 302),
    ("GET", "account_signup"): (200, 302, 302, 302, 302, 302),
    ("GET", "account_logout"): (302, 200, 200, 200, 200, 200),
    ("GET", "account_inactive"): PUBLIC,
    ("GET", "account_profile"): SIGNED_IN,
    ("GET", "account_email_verification_sent"): PUBLIC,
    ("GET", "account_confirm_email"): PUBLIC,
    ("GET", "account_change_password"): SIGNED_IN,
    ("GET", "account_set_password"): (302, 302, 302, 302, 302, 302),
    ("GET", "account_reset_password"): PUBLIC,
    ("GET", "account_reset_password_done"): PUBLIC,
    ("GET", "account_reset_password_from_key_done"): PUBLIC,
    ("GET", "account_reset_password_from_key"): PUBLIC,
}

ARGUMENTS: dict[str, Any] = {
    "rest": "nowhere",
    "section_id": "A.0",
    "form": "docx",
    "file_form": "json",
    "figure": "profile",
    "token": "no-such-token",
    "key": "no-such-key",
    "number": 1,
    "uidb36": "1",
}
BODY: dict[tuple[str, str], tuple[Any, str]] = {
    ("POST", "save"): ('{"field": "A.3/why", "base": 0, "value": null}', "application/json"),
    ("POST", "settle"): ("settle=1:both", "application/x-www-form-urlencoded"),
    ("POST", "presence"): ('{"tab": "abcdef123", "field": ""}', "application/json"),
    ("POST", "room_do"): ('{"deed": "vote"}', "application/json"),
    ("POST", "console_do"): ('{"v": 1, "deed": "open"}', "application/json"),
    ("POST", "mark_field"): ("field=A.3/why&standing=agreed", "application/x-www-form-urlencoded"),
    ("POST", "assign_section"): ("withdraw=yes", "application/x-www-form-urlencoded"),
    ("POST", "workbook_settings"): ("title=x", "application/x-www-form-urlencoded"),
    ("POST", "choose_language"): ("language=nl", "application/x-www-form-urlencoded"),
    ("POST", "room_language"): ("language=nl", "application/x-www-form-urlencoded"),
    ("POST", "rename_administration"): ("name=Gemeente X", "application/x-www-form-urlencoded"),
    ("POST", "invite"): ("email=new@example.test&role=viewer", "application/x-www-form-urlencoded"),
    ("POST", "change_role"): ("role=editor", "application/x-www-form-urlencoded"),
    ("POST", "restore_revision"): ("field=A.0/digital-government&revision=1", "application/x-www-form-urlencoded"),
    ("POST", "versions"): ("name=x", "application/x-www-form-urlencoded"),
    ("POST", "restore_field"): ("field=A.0/digital-government", "application/x-www-form-urlencoded"),
    ("POST", "erase_workbook"): ("typed=Gemeente Kastelbeke", "application/x-www-form-urlencoded"),
}
BODY[("POST", "api_keys")] = ("name=x&may_write=no&lasts=month", "application/x-www-form-urlencoded")
BODY |= {
    ("POST", name): (body, "application/x-www-form-urlencoded")
    for name, body in {
        "talk": "body=x",
        "reply_to_thread": "body=x",
        "edit_comment": "body=x",
        "agree": "key=B.4.1/1",
        "add_step": "kind=break",
        "arrange_step": "do=longer",
        "conversations": "with_whom=x&day=2026-01-12&outcome=x",
        "edit_conversation": "with_whom=x&day=2026-01-12&outcome=x",
    }.items()
}
QUERY = {
    "talk": "?section=A.3",
    "new_task": "?section=A.3",
    "field_history": "?field=A.3/why",
    "earlier": "?field=A.3/why",
    "one_field": "?key=A.3/why",
    "measured_question": "?key=B.4.1/1",
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != API:
                yield from patterns(entry)
        else:
            yield entry


def address(name: str, cast: Cast) -> str:
    (pattern,) = [each for each in patterns() if each.name == name]
    values = {**values_in(cast), **ARGUMENTS}
    kwargs = {key: values[key] for key in pattern.pattern.converters}
    return reverse(name, kwargs=kwargs) + QUERY.get(name, "")


def test_every_address_is_in_the_table() -> None:
    named = {name for _method, name in TABLE}
    assert {pattern.name for pattern in patterns()} - named == set()
    assert named - {pattern.name for pattern in patterns()} == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "name"), sorted(TABLE), ids=lambda part: part)
def test_who_gets_what(cast: Cast, method: str, name: str) -> None:
    # Guesses at links are counted over all of these.
    cache.clear()
    url = address(name, cast)
    if name == "settle":
        conflict_in(cast)
    body, kind = BODY.get((method, name), ("", "application/x-www-form-urlencoded"))
    got = tuple(cast.client(who).generic(method, url, body, content_type=kind).status_code for who in WHO)
    assert got == TABLE[method, name]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "name"), sorted(TABLE), ids=lambda part: part)
def test_an_id_that_is_not_there_is_not_found(cast: Cast, method: str, name: str) -> None:
    url = address(name, cast)
    nowhere = str(UUID(int=7))
    changed = url.replace(str(cast.workbook.pk), nowhere).replace(str(cast.administration.pk), nowhere)
    if changed == url:
        return
    body, kind = BODY.get((method, name), ("", "application/x-www-form-urlencoded"))
    assert cast.client("lead").generic(method, changed, body, content_type=kind).status_code == 404
