"""The secret of a personal link. It is kept nowhere: the table has its digest, and the installation's own key makes it
anew for a reminder."""

import base64
from typing import Final

from django.utils.crypto import salted_hmac

from koers.assessment.models import Respondent
from koers.kit.tenancy import unscoped
from koers.organisations.actions import digest_of

_SALT: Final = "koers.assessment.link"


def secret_of(respondent: Respondent) -> str:
    """The secret of the link that she got at `invited_at`: a later one is another."""
    assert respondent.invited_at is not None
    made = salted_hmac(_SALT, f"{respondent.pk}:{respondent.invited_at.isoformat()}", algorithm="sha256")
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def known_secret(respondent: Respondent) -> str | None:
    """The secret of the link that works now; None when there is none, or the key of the installation was changed."""
    if respondent.digest is None or respondent.invited_at is None:
        return None
    secret = secret_of(respondent)
    return secret if digest_of(secret) == respondent.digest else None


def respondent_by_secret(secret: str) -> Respondent | None:
    """Whose link it is, also when it was withdrawn; None when nobody's, or its workbook is gone.

    With the measurement, the workbook and the administration. A seat in a workshop is no personal link.
    """
    with unscoped():
        found = Respondent.objects.select_related(
            "measurement__workbook__administration", "measurement__created_by"
        ).filter(digest=digest_of(secret), workshop=None, measurement__workbook__deleted_at=None)
        return found.first()
