"""What the rows of the audit log say, in the words of the page."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koers.organisations.models import AuditEntry, Role

_ROLES: Final = dict(Role.choices)

_SENTENCES: Final[Mapping[str, Promise]] = {
    "administration.create": _("Created %(subject)s"),
    "administration.rename": _("Renamed “%(before)s” to “%(subject)s”"),
    "invitation.create": _("Invited %(subject)s as %(role)s"),
    "invitation.resend": _("Sent the invitation of %(subject)s again"),
    "invitation.withdraw": _("Withdrew the invitation of %(subject)s"),
    "invitation.accept": _("Accepted the invitation for %(email)s and became %(role)s"),
    "member.add": _("Added %(subject)s as %(role)s"),
    "member.role": _("Made %(subject)s %(role)s (was %(before)s)"),
    "member.remove": _("Removed %(subject)s, who was %(role)s"),
    "member.leave": _("Left (was %(role)s)"),
    "workbook.create": _("Opened the workbook %(subject)s"),
    "workbook.rename": _("Renamed the workbook to “%(subject)s”"),
    "workbook.import": _("Took over %(answers)s answers from a file into %(subject)s"),
    "field.draft": _("Marked %(subject)s as a draft"),
    "field.discuss": _("Marked %(subject)s as to discuss"),
    "field.agreed": _("Marked %(subject)s as agreed"),
    "section.assign": _("Gave %(subject)s to %(owner)s"),
    "section.withdraw": _("Took %(subject)s back from %(owner)s"),
    "comment.begin": _("Began to talk about %(subject)s"),
    "comment.reply": _("Replied in a talk about %(subject)s"),
    "comment.edit": _("Changed a comment on %(subject)s"),
    "comment.delete": _("Deleted a comment on %(subject)s"),
    "comment.restore": _("Put back a comment on %(subject)s"),
    "comment.resolve": _("Resolved a talk about %(subject)s"),
    "comment.reopen": _("Reopened a talk about %(subject)s"),
    "conversation.log": _("Noted a conversation about %(subject)s"),
    "conversation.edit": _("Changed a conversation about %(subject)s"),
    "conversation.delete": _("Deleted a conversation about %(subject)s"),
    "conversation.restore": _("Put back a conversation about %(subject)s"),
    "task.add": _("Added the task “%(subject)s”"),
    "task.edit": _("Changed the task “%(subject)s”"),
    "task.done": _("Did the task “%(subject)s”"),
    "task.reopen": _("Reopened the task “%(subject)s”"),
    "task.delete": _("Deleted the task “%(subject)s”"),
    "task.restore": _("Put back the task “%(subject)s”"),
    "workbook.delete": _("Deleted the workbook %(subject)s"),
    "workbook.put-back": _("Put back the workbook %(subject)s"),
    "workbook.erase": _(
        "Erased the workbook %(subject)s for good: %(answers)s answers, %(versions)s versions, %(comments)s comments"
    ),
    "version.keep": _("Kept the version “%(subject)s”"),
    "version.restore": _("Put back the version “%(subject)s”: %(answers)s answers changed"),
    "round.close": _("Closed %(subject)s"),
    "round.start": _("Started %(subject)s"),
    "measurement.import": _("Took over the measurement “%(subject)s” from a file (answers: %(answers)s)"),
    "key.create": _("Made the API key “%(subject)s”"),
    "key.withdraw": _("Withdrew the API key “%(subject)s”"),
    "measurement.create": _("Began the measurement “%(subject)s”"),
    "measurement.rename": _("Renamed the measurement “%(before)s” to “%(subject)s”"),
    "measurement.questions": _("Changed the own questions of the measurement “%(subject)s” (now: %(questions)s)"),
    "measurement.agree": _("Recorded what is agreed on “%(subject)s” in “%(measurement)s”"),
    "measurement.close": _("Closed the measurement “%(subject)s”"),
    "measurement.delete": _("Deleted the measurement “%(subject)s” (people who answered: %(people)s)"),
    "respondent.add": _("Asked people to answer in “%(subject)s”: %(people)s, by a personal link: %(links)s"),
    "respondent.link": _("Made a personal link for “%(subject)s” anew"),
    "respondent.remind": _("Sent a reminder for “%(subject)s”"),
    "respondent.withdraw": _("No longer asks somebody in “%(subject)s”"),
    "outside.add": _("Recorded the outcome “%(subject)s”"),
    "outside.change": _("Changed the outcome “%(subject)s”"),
    "outside.delete": _("Deleted the outcome “%(subject)s”"),
    "note.compose": _("Composed the note “%(subject)s”"),
    "workshop.plan": _("Planned the workshop “%(subject)s” of %(measurement)s"),
    "workshop.agenda": _("Changed the agenda of the workshop “%(subject)s”"),
    "workshop.delete": _("Deleted the workshop “%(subject)s” of %(measurement)s"),
    "workshop.open": _("Opened the workshop “%(subject)s”"),
    "workshop.end": _("Ended the workshop “%(subject)s” (participants: %(participants)s)"),
    "workshop.place": _("Put ideas of the workshop “%(subject)s” in the workbook: %(ideas)s"),
}


_namings: Final[list[Callable[[AuditEntry], str]]] = []


def name_subjects(naming: Callable[[AuditEntry], str]) -> None:
    """An app above this one says what its subjects are called in the language of the page, empty for others."""
    _namings.append(naming)


def _subject(entry: AuditEntry) -> str:
    return next(filter(None, (naming(entry) for naming in _namings)), entry.subject)


def _word(value: object) -> str:
    role = _ROLES.get(str(value))
    return str(role).lower() if role else str(value)


def described(entry: AuditEntry) -> str:
    """A sentence for a row; a verb without one is shown as it is written, with its subject."""
    sentence, subject = _SENTENCES.get(entry.verb), _subject(entry)
    values = {"subject": subject, **{key: _word(value) for key, value in entry.detail.items()}}
    try:
        return str(sentence) % values if sentence else f"{entry.verb} {subject}".strip()
    except KeyError:
        return f"{entry.verb} {subject}".strip()
