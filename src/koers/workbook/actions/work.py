"""What is agreed, and who does what by when."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.editions.structure import Field, Section
from koers.kit import events
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import Membership, User
from koers.workbook.actions.answers import locked_answers, locked_rounds
from koers.workbook.actions.news import tell
from koers.workbook.models import Assignment, NewsKind, Standing, Workbook


def mark_field(workbook: Workbook, field: Field, standing: Standing, actor: User) -> bool:
    """Mark where a field stands: a draft, to discuss, agreed. Returns whether that changed anything.

    Raises `DeedRefused` in a closed round.
    """
    with transaction.atomic():
        _number, is_open = locked_rounds([workbook.pk]).get(workbook.pk, (0, False))
        if not is_open:
            raise DeedRefused(_("This round is closed: nothing is changed in it any more."))
        answer = locked_answers({(workbook.pk, field.key): workbook})[workbook.pk, field.key]
        if answer.standing == standing:
            return False
        answer.standing, answer.standing_at, answer.standing_by = standing, timezone.now(), actor
        answer.save(update_fields=["standing", "standing_at", "standing_by"])
        record(
            workbook.administration, actor, f"field.{standing.value}", field.key, workbook=str(workbook.pk)
        )  # fmt: skip
        data = {"fields": {field.key: standing.value}, "by": str(actor)}
        events.publish(events.workbook_channel(workbook.pk), "standing", data)
    return True


def assign_section(workbook: Workbook, section: Section, owner: User, due: date | None, actor: User) -> Assignment:
    """Give a section to a member, by a date if there is one; who had it before has it no more.

    The owner is told when the section or its date is new to her. Raises `DeedRefused` when she is no member.
    """
    with transaction.atomic():
        if not Membership.objects.filter(administration_id=workbook.administration_id, user=owner).exists():
            raise DeedRefused(_("This person is no longer a member."))
        given = Assignment.objects.select_for_update().filter(workbook=workbook, section_id=section.id).first()
        if given is not None and (given.owner_id, given.due) == (owner.pk, due):
            return given
        given, _made = Assignment.objects.update_or_create(
            workbook=workbook, section_id=section.id,
            defaults={"administration_id": workbook.administration_id, "owner": owner, "due": due, "by": actor,
                      "at": timezone.now()},
        )  # fmt: skip
        record(
            workbook.administration, actor, "section.assign", section.id,
            workbook=str(workbook.pk), owner=str(owner), due=due.isoformat() if due else "",
        )  # fmt: skip
        tell(workbook, NewsKind.ASSIGNED, [owner], actor, section_id=section.id, text=due.isoformat() if due else "")
    return given


def withdraw_assignment(workbook: Workbook, section: Section, actor: User) -> bool:
    """Take a section back. Returns whether somebody had it."""
    with transaction.atomic():
        given = Assignment.objects.select_related("owner").filter(workbook=workbook, section_id=section.id).first()
        if given is None:
            return False
        given.delete()
        record(
            workbook.administration, actor, "section.withdraw", section.id,
            workbook=str(workbook.pk), owner=str(given.owner),
        )  # fmt: skip
    return True
