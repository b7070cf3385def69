"""What people do with a workbook: named verbs that take the actor. Call them within the administration's scope."""

from koers.workbook.actions.answers import Save, Saved, import_answers, save_answer, save_answers
from koers.workbook.actions.books import create_workbook, rename_workbook

__all__ = [
    "Save",
    "Saved",
    "create_workbook",
    "import_answers",
    "rename_workbook",
    "save_answer",
    "save_answers",
]
