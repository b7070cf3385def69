"""Keys of the API: making and withdrawing them, and recognising whose key a request brings."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.kit.tenancy import unscoped
from koers.organisations.actions import DeedRefused, digest_of, record
from koers.organisations.models import Administration, ApiKey, Membership, User

PREFIX: Final = "koers_"
LASTS: Final = {"month": 30, "half-year": 182, "year": 365}
"""For how many days a key can be made; a year at most."""
MOST_KEYS: Final = 20


@dataclass(frozen=True)
class MadeKey:
    """A key with its secret, which is nowhere kept."""

    key: ApiKey
    secret: str


def make_key(administration: Administration, name: str, actor: User, *, may_write: bool, days: int) -> MadeKey:
    """Make a key of the actor's own. It can never do more than she may."""
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        if ApiKey.objects.filter(administration=administration, person=actor).count() >= MOST_KEYS:
            raise DeedRefused(_("You have %(count)s keys already. Withdraw one first.") % {"count": MOST_KEYS})
        key = ApiKey.objects.create(
            administration=administration, person=actor, name=" ".join(name.split()), digest=digest_of(secret),
            may_write=may_write, expires_at=timezone.now() + timedelta(days=min(days, LASTS["year"])),
        )  # fmt: skip
        record(administration, actor, "key.create", key.name, may_write=may_write)
    return MadeKey(key, secret)


def withdraw_key(key: ApiKey, actor: User) -> None:
    """From now on the key opens nothing."""
    with transaction.atomic():
        record(key.administration, actor, "key.withdraw", key.name, of=str(key.person))
        key.delete()


def keys_of(administration: Administration, person: User | None) -> QuerySet[ApiKey]:
    """The keys of a person in an administration, or of everybody. Call it within its scope."""
    found = ApiKey.objects.filter(administration=administration).select_related("person")
    return found if person is None else found.filter(person=person)


def recognised(secret: str) -> ApiKey | None:
    """The key with this secret, if it still opens anything, with the `role` that its person has now. One query."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    with unscoped():
        held = Membership.objects.filter(
            administration_id=OuterRef("administration_id"), user_id=OuterRef("person_id"), user__is_active=True
        )
        key = (
            ApiKey.objects.filter(digest=digest_of(secret), expires_at__gt=timezone.now())
            .select_related("person", "administration")
            .annotate(held=Subquery(held.values("role")[:1]))
            .first()
        )
        if key is None or vars(key)["held"] is None:
            return None
        key.role = vars(key)["held"]
        today = timezone.localdate()
        if key.last_used_on != today:
            ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return key
