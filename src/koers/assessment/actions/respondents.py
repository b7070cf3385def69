"""Who answers: adding people, their links, and what they do themselves with the questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.assessment.actions.measuring import announce, locked
from koers.assessment.links import secret_of
from koers.assessment.models import Measurement, Mode, Respondent, Response, Role
from koers.organisations.actions import DeedRefused, digest_of, record
from koers.organisations.models import User

MOST_PEOPLE: Final = 500
REMIND_AT_MOST_EVERY: Final = timedelta(days=1)


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is asked to answer."""

    name: str
    email: str = ""
    role: str = Role.OTHER
    department: str = ""


@dataclass(frozen=True)
class Linked:
    """A respondent with the secret of the link, which is nowhere kept."""

    respondent: Respondent
    secret: str


def add_respondents(
    measurement: Measurement,
    people: Sequence[NewPerson],
    actor: User,
    *,
    by_link: bool,
    questions: list[str] | None,
    due: date | None,
    language: str,
) -> list[Linked]:
    """Add people to be interviewed: with a personal link each, or (no links) by somebody who notes the answers."""
    with transaction.atomic():
        present = locked(measurement)
        there = Respondent.objects.filter(measurement_id=present.pk, workshop=None).count()
        if there + len(people) > MOST_PEOPLE:
            raise DeedRefused(_("A measurement has at most %(limit)s people.") % {"limit": MOST_PEOPLE})
        made = [
            Respondent.objects.create(
                administration_id=present.administration_id, measurement=measurement, mode=Mode.INTERVIEW,
                name=each.name, email=each.email if by_link else "", role=each.role, department=each.department,
                questions=questions, due=due if by_link else None, language=language,
            )
            for each in people
        ]  # fmt: skip
        links = [_link(each) for each in made] if by_link else []
        record(
            measurement.workbook.administration, actor, "respondent.add", measurement.name,
            workbook=str(measurement.workbook_id), people=len(made), links=len(links),
        )  # fmt: skip
        announce(measurement)
    return links


def _link(respondent: Respondent) -> Linked:
    """Give her a link; the one that she had works no longer."""
    respondent.invited_at = timezone.now()
    secret = secret_of(respondent)
    respondent.digest = digest_of(secret)
    respondent.save(update_fields=["invited_at", "digest"])
    return Linked(respondent, secret)


def new_link(respondent: Respondent, actor: User) -> Linked:
    """Make another link: the old one is dead at once. Also for who had none, or was withdrawn."""
    measurement = respondent.measurement
    with transaction.atomic():
        locked(measurement)
        if respondent.mode != Mode.INTERVIEW:
            raise DeedRefused(_("An own estimate needs no link: its maker signs in."))
        respondent.withdrawn_at = None
        respondent.save(update_fields=["withdrawn_at"])
        linked = _link(respondent)
        record(
            measurement.workbook.administration, actor, "respondent.link", measurement.name,
            workbook=str(measurement.workbook_id),
        )  # fmt: skip
        announce(measurement)
    return linked


def withdraw_respondent(respondent: Respondent, actor: User, *, keep_answers: bool) -> None:
    """Her link is dead at once. Her answers go on counting, or are removed; without any she goes altogether."""
    measurement = respondent.measurement
    with transaction.atomic():
        locked(measurement)
        answers = Response.objects.filter(respondent_id=respondent.pk)
        if not keep_answers:
            answers.delete()
        record(
            measurement.workbook.administration, actor, "respondent.withdraw", measurement.name,
            workbook=str(measurement.workbook_id), kept=keep_answers,
        )  # fmt: skip
        if respondent.digest is None and not answers.exists():
            respondent.delete()
        else:
            respondent.withdrawn_at = timezone.now()
            respondent.email = ""
            respondent.save(update_fields=["withdrawn_at", "email"])
        announce(measurement)


def claim_reminder(respondent: Respondent, now: datetime) -> bool:
    """Whether she may be reminded now; if so it counts as done. At most one a day, whoever sends it."""
    free = Q(reminded_at=None) | Q(reminded_at__lte=now - REMIND_AT_MOST_EVERY)
    asked = Respondent.objects.filter(free, pk=respondent.pk, withdrawn_at=None, finished_at=None).exclude(email="")
    return bool(asked.filter(measurement__closed_at=None).update(reminded_at=now))


def record_reminder(respondent: Respondent, actor: User) -> None:
    """Note that somebody sent a reminder by hand."""
    record(
        respondent.measurement.workbook.administration, actor, "respondent.remind", respondent.measurement.name,
        workbook=str(respondent.measurement.workbook_id),
    )  # fmt: skip


# What a respondent does herself. No audit rows: that somebody answers is not a deed in the workbook.


def begin_estimate(measurement: Measurement, person: User, *, role: str, department: str) -> Respondent:
    """A member begins an estimate of her own, or says anew from where she answers."""
    with transaction.atomic():
        # One writer at a time: two tabs must not begin twice.
        Measurement.objects.select_for_update(of=("self",)).get(pk=measurement.pk)
        locked(measurement)
        found = Respondent.objects.filter(measurement_id=measurement.pk, mode=Mode.ESTIMATE, person=person).first()
        mine = found or Respondent(
            administration_id=measurement.administration_id, measurement=measurement, mode=Mode.ESTIMATE, person=person
        )
        mine.name, mine.role, mine.department, mine.withdrawn_at = str(person)[:120], role, department[:120], None
        mine.save()
        announce(measurement)
    return mine


def mark_opened(respondent: Respondent) -> None:
    """She looked at the questions."""
    if respondent.opened_at is None:
        respondent.opened_at = timezone.now()
        respondent.save(update_fields=["opened_at"])
        announce(respondent.measurement)


def finish(respondent: Respondent) -> None:
    """She is done. Until the measurement is closed she can still change what she answered."""
    with transaction.atomic():
        locked(respondent.measurement)
        respondent.finished_at = timezone.now()
        respondent.save(update_fields=["finished_at"])
        announce(respondent.measurement)


def choose_language(respondent: Respondent, language: str) -> None:
    respondent.language = language
    respondent.save(update_fields=["language"])


def stop_reminders(respondent: Respondent) -> None:
    """No more mail: her address is forgotten, her link goes on working."""
    respondent.email = ""
    respondent.save(update_fields=["email"])
