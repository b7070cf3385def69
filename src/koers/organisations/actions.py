"""What people do with administrations and memberships. Every verb takes the actor and leaves an audit row."""

from typing import Any

from koers.organisations.models import Administration, AuditEntry, User


def record(
    administration: Administration, actor: User | None, verb: str, subject: str = "", **detail: Any
) -> AuditEntry:
    """Write an audit row; call it inside the transaction of the deed. Without an actor it was the command line."""
    return AuditEntry.objects.create(
        administration=administration,
        actor=actor,
        actor_name=str(actor) if actor else "koers",
        verb=verb,
        subject=subject[:254],
        detail=detail,
    )
