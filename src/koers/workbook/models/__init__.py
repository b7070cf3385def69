"""The tables of a workbook."""

from koers.workbook.models.answers import (
    Answer,
    Conflict,
    Origin,
    Revision,
    Settled,
    Standing,
    Workbook,
    standing_after_change,
)
from koers.workbook.models.finding import FoundKind, SearchEntry
from koers.workbook.models.rounds import Round, Version, VersionKind, round_words, version_words
from koers.workbook.models.talk import Comment, Conversation, Mention, Thread
from koers.workbook.models.work import Assignment, NewsKind, Notification, Task

__all__ = [
    "Answer",
    "Assignment",
    "Comment",
    "Conflict",
    "Conversation",
    "FoundKind",
    "Mention",
    "NewsKind",
    "Notification",
    "Origin",
    "Revision",
    "Round",
    "SearchEntry",
    "Settled",
    "Standing",
    "Task",
    "Thread",
    "Version",
    "VersionKind",
    "Workbook",
    "round_words",
    "standing_after_change",
    "version_words",
]
