"""What is read of a workbook. Call these within the administration's scope."""

from koers.workbook.queries.answers import (
    Answered,
    Answers,
    FieldChange,
    ImportPreview,
    Values,
    answer_to,
    answers_of,
    one_answer,
    preview_import,
    section_answers,
    values_of,
)
from koers.workbook.queries.changes import Change, recent_changes
from koers.workbook.queries.conflicts import OpenConflict, Passage, open_conflicts
from koers.workbook.queries.course import (
    CourseMap,
    PartProgress,
    Progress,
    SectionProgress,
    answered_fields,
    course_map,
    section_progress,
    stretch_of,
)
from koers.workbook.queries.shelf import ListedWorkbook, workbooks_of

__all__ = [
    "Answered",
    "Answers",
    "Change",
    "CourseMap",
    "FieldChange",
    "ImportPreview",
    "ListedWorkbook",
    "OpenConflict",
    "PartProgress",
    "Passage",
    "Progress",
    "SectionProgress",
    "Values",
    "answer_to",
    "answered_fields",
    "answers_of",
    "course_map",
    "one_answer",
    "open_conflicts",
    "preview_import",
    "recent_changes",
    "section_answers",
    "section_progress",
    "stretch_of",
    "values_of",
    "workbooks_of",
]
