"""What the rows of the audit log say, in the words of the page."""

from collections.abc import Mapping
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
    "note.compose": _("Composed the note “%(subject)s”"),
}


def _word(value: object) -> str:
    role = _ROLES.get(str(value))
    return str(role).lower() if role else str(value)


def described(entry: AuditEntry) -> str:
    """A sentence for a row; a verb without one is shown as it is written, with its subject."""
    sentence = _SENTENCES.get(entry.verb)
    values = {"subject": entry.subject, **{key: _word(value) for key, value in entry.detail.items()}}
    try:
        return str(sentence) % values if sentence else f"{entry.verb} {entry.subject}".strip()
    except KeyError:
        return f"{entry.verb} {entry.subject}".strip()
