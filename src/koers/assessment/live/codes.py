"""The code that lets people into a workshop, and the link of its projector."""

import base64
import binascii
import hmac
import re
import secrets
import uuid
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.crypto import salted_hmac

from koers.assessment.models import Status, Workshop
from koers.kit.tenancy import unscoped

# No two that look alike on a wall (0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V), and no vowels: a code is never a word.
ALPHABET: Final = "CDFGHJKMNPRTVWXY34679"
LENGTH: Final = 6
LASTS: Final = timedelta(hours=12)
_KEPT: Final = 32


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def read_code(given: str) -> str:
    """A code as it was typed: capitals, spaces and dashes do not matter. Empty when it cannot be one."""
    code = re.sub(r"[\s\-]+", "", given[:40]).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def code_holds(workshop: Workshop) -> bool:
    """Whether the code of a workshop lets people in now."""
    expires = workshop.code_expires_at
    return bool(workshop.code) and workshop.status == Status.OPEN and expires is not None and expires > timezone.now()


def _signature(workshop_id: uuid.UUID, code: str) -> str:
    return salted_hmac("koers.screen", f"{workshop_id}:{code}", algorithm="sha256").hexdigest()[:_KEPT]


def screen_token(workshop: Workshop) -> str:
    """The secret in the link of the projector: it opens this workshop for as long as this code holds. Empty without."""
    if not code_holds(workshop):
        return ""
    name = base64.urlsafe_b64encode(workshop.pk.bytes).decode().rstrip("=")
    return f"{name}.{_signature(workshop.pk, workshop.code)}"


def workshop_of_token(token: str) -> Workshop | None:
    """The workshop that the link of a projector shows, while it may. Call it without a scope."""
    name, _dot, signature = token.partition(".")
    try:
        workshop_id = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{name}=="))
    except (ValueError, binascii.Error):
        return None
    with unscoped():
        found = Workshop.objects.select_related("measurement", "step").filter(pk=workshop_id)
        workshop = found.filter(measurement__workbook__deleted_at=None).first()
    if workshop is None or not code_holds(workshop):
        return None
    expected = _signature(workshop.pk, workshop.code)
    return workshop if hmac.compare_digest(signature.encode(), expected.encode()) else None
