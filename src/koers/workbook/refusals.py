"""What is said when a save was not written."""

from django.utils.translation import gettext as _

from koers.workbook.actions.answers import Outcome, Saved


def why_refused(saved: Saved) -> str:
    """A sentence for a save that was not written, in the active language; empty for one that was."""
    match saved.outcome:
        case Outcome.CLOSED:
            return _("This round is closed: nothing is changed in it any more.")
        case Outcome.UNKNOWN_BASE:
            return _("The text that you started from is not known here. Below are yours and what stands here now.")
        case Outcome.TOO_LONG:
            return _("Together with what a colleague wrote this gets too long. Make it shorter; nothing is lost.")
        case _:
            return ""
