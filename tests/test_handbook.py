"""The handbook tells the whole product, in Dutch and English alike, and in the words that stand on the screen."""

import html
import re
from pathlib import Path
from typing import Final, get_args

import pytest
from django.utils import translation
from django.utils.translation import gettext

from koers.editions.loading import edition as load_edition
from koers.editions.structure import Kind
from koers.organisations.models import Role
from scripts import messages
from tests.test_permissions import TABLE

ROOT: Final = Path(__file__).resolve().parents[1]
LANGUAGES: Final = ("nl", "en")

# What a page is called: its heading, or the tab that leads to it.
PAGES: Final = {
    "home": "My work",
    "new_administration": "For which administration?",
    "administration": "People",
    "audit_log": "Who did what",
    "invitation": "Invitation",
    "course_map": "Course",
    "section": "A section",
    "workbook_settings": "Settings of this workbook",
    "import_workbook": "Take over answers from a file",
    "export_workbook": "Download the answers (YAML)",
    "analysis": "Results",
    "method": "The whole method, with examples",
    "measurements": "Measurements",
    "new_measurement": "New measurement",
    "measurement": "Who answers",
    "close_measurement": "Close this measurement",
    "delete_measurement": "Delete this measurement",
    "own_questions": "Questions of your own",
    "measured_question": "What we agree on",
    "add_respondents": "Add an interview",
    "respondent": "Make a personal link",
    "withdraw_respondent": "No longer ask this person",
    "answer_link": "Answer these questions",
    "answer_link_page": "Stop for now",
    "stop_reminders": "No more mail",
    "own_estimate": "Your own estimate",
    "own_estimate_page": "Stop for now",
    "note_answers": "Note the answers",
    "note_answers_page": "Stop for now",
    "workshops": "Workshops",
    "plan_workshop": "Plan a workshop",
    "workshop": "Agenda",
    "edit_workshop": "Title and moment",
    "change_step": "Save the step",
    "delete_workshop": "Delete this workshop",
    "workshop_console": "Console",
    "workshop_report": "The report of the workshop",
    "join": "Join a workshop",
    "room": "Send my answer",
    "room_plain": "Look again",
    "screen": "Open the projector screen",
    "measured_results": "Read the result",
    "compare_measurements": "Compare with an earlier measurement",
    "workbook_figure": "Download",
    "measured_figure": "Download",
    "compared_figure": "Download",
    "instruments": "All instruments side by side",
    "new_outcome": "Record an outcome",
    "edit_outcome": "Change the outcome",
    "delete_outcome": "Delete this outcome",
    "outcome_report": "Report",
    "export_measurement": "Excel (XLSX)",
    "import_measurement": "Take over a measurement from a file",
    "api_keys": "API keys",
    "api_page": "What the API can do",
    "note": "Note",
    "compose_note": "Compose the note",
    "download_note": "Without the appendix:",
    "search": "Find",
    "search_workbook": "Only in this workbook",
    "news": "News",
    "stop_mail": "No more mail about your work?",
    "waiting": "What needs attention",
    "assign_section": "Give this section to a colleague",
    "talk": "Talk about it",
    "all_talk": "All talk in this workbook",
    "edit_comment": "Change your comment",
    "tasks": "All tasks",
    "new_task": "New task",
    "edit_task": "Change the task",
    "conversations": "Conversations",
    "edit_conversation": "Change the conversation",
    "field_history": "History",
    "section_history": "History of this section",
    "earlier": "A round earlier",
    "versions": "Versions",
    "version": "Read this version",
    "restore_version": "Put back the whole version",
    "rounds": "Rounds",
    "close_round": "Close this round",
    "delete_workbook": "Delete this workbook",
    "deleted_workbooks": "Deleted workbooks",
    "erase_workbook": "Erase it for good",
    "account_login": "Sign in",
    "account_signup": "Make an account",
    "account_logout": "Sign out",
    "account_profile": "My profile",
    "account_change_password": "Change password",
    "account_reset_password": "Forgot your password?",
    "account_reset_password_from_key": "Choose a new password",
    "account_reset_password_done": "Look in your mailbox",
    "account_email_verification_sent": "Look in your mailbox",
    "account_confirm_email": "Confirm your address",
}
# Answers without a page of their own, pages that say one sentence, and the page of components (for developers).
NO_PAGES: Final = {
    "components", "health", "favicon", "service_worker",
    "room_state", "screen_state", "console_state", "console_qr", "api_root", "api_nowhere",
    "start_workbook", "one_field", "section_state", "news_count", "open_news",
    "account_inactive", "account_reset_password_from_key_done",
    "account_set_password",
}  # fmt: skip
# A section is called as the edition calls it; see the test of the sections.
NAMED_BY_THE_EDITION: Final = "section"

KINDS: Final[dict[str, tuple[str, str]]] = {
    "text": ("Tekst", "Text"),
    "open": ("Open vraag", "Open question"),
    "line": ("Regel", "Line"),
    "single": ("Eén keuze", "One choice"),
    "multi": ("Meer keuzes", "Several choices"),
    "matrix": ("Tabel", "Table"),
    "list": ("Lijst", "List"),
    "percent": ("Percentage", "Percentage"),
}
# Names of formats: the same in every language, so not among the messages.
FORMATS: Final = {"Word", "PDF", "YAML", "JSON", "CSV", "XLSX", "SVG", "PNG"}
# The word itself, where the handbook says what bold means.
ITSELF: Final = {"nl": {"vet"}, "en": {"bold"}}


def handbook(language: str) -> str:
    return (ROOT / "docs" / "handbook" / f"{language}.md").read_text()


def bold(language: str) -> set[str]:
    return set(re.findall(r"\*\*([^*]+)\*\*", handbook(language)))


def on_screen(language: str) -> set[str]:
    """Every whole message of the interface, and every title, option and extra of the edition."""
    said: set[str] = set()
    for message in messages.read("nl"):
        given = message.string if language == "nl" else message.id
        said |= {given} if isinstance(given, str) else {str(form) for form in given or ()}
    edition = load_edition("draaiboek")
    for part in edition.parts:
        said |= {part.id, part.title.say(language), *(section.title.say(language) for section in part.sections)}
    for field in edition.fields.values():
        said.add(field.extra_label.say(language))
    return {html.unescape(each) for each in said}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_named_as_on_the_screen(language: str) -> None:
    reached = {name for method, name in TABLE if method == "GET"}
    assert reached - NO_PAGES == PAGES.keys(), "a page was added or is gone: name it in PAGES and in the handbook"
    with translation.override(language):
        names = {gettext(title) for name, title in PAGES.items() if name != NAMED_BY_THE_EDITION}
    assert sorted(names - bold(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_bold_is_on_the_screen(language: str) -> None:
    assert sorted(bold(language) - on_screen(language) - FORMATS - ITSELF[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_is_told_with_its_title(language: str) -> None:
    text = handbook(language)
    sections = load_edition("draaiboek").sections.values()
    missing = [each.id for each in sections if f"| {each.id} | {each.title.say(language)} |" not in text]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_its_column(language: str) -> None:
    with translation.override(language):
        roles = [str(label) for label in reversed(Role.labels)]
    assert f"| | {' | '.join(roles)} |" in handbook(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_field_is_explained(language: str) -> None:
    assert set(get_args(Kind)) == KINDS.keys()
    text = handbook(language)
    assert [kind for kind, names in KINDS.items() if f"\n| {names[LANGUAGES.index(language)]} | " not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_of_fields_is_right(language: str) -> None:
    fields = load_edition("draaiboek").fields.values()
    own = sum(field.own for field in fields)
    found = [int(number) for number in re.findall(r"\b(\d{3})\b", handbook(language))]
    assert found[:3] == [len(fields), len(fields) - own, own]


def test_both_languages_have_the_same_chapters() -> None:
    levels = {language: re.findall(r"^#+", handbook(language), re.MULTILINE) for language in LANGUAGES}
    assert len(levels["nl"]) > 30
    assert levels["nl"] == levels["en"]


def test_both_languages_have_the_same_tables_and_lists() -> None:
    shapes = {
        language: [line[0] + str(line.count("|")) for line in handbook(language).splitlines() if line[:1] in {"|", "-"}]
        for language in LANGUAGES
    }
    assert shapes["nl"] == shapes["en"]
