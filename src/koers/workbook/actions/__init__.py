"""What people do with a workbook: named verbs that take the actor. Call them within the administration's scope."""

from koers.workbook.actions.answers import NOT_GIVEN, Outcome, Save, Saved, save_answer, save_answers
from koers.workbook.actions.books import create_workbook, rename_workbook
from koers.workbook.actions.conflicts import settle_conflict
from koers.workbook.actions.imports import import_answers

__all__ = [
    "NOT_GIVEN",
    "Outcome",
    "Save",
    "Saved",
    "create_workbook",
    "import_answers",
    "rename_workbook",
    "save_answer",
    "save_answers",
    "settle_conflict",
]
