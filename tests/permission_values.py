"""What the addresses of the permission table lead to: one of everything in Kastelbeke."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import OutsideReport, OutsideResult, Respondent, Step, Workshop
from koers.kit.tenancy import scope
from koers.organisations.keys import make_key
from koers.organisations.models import ApiKey, Invitation, Membership, User
from koers.workbook.actions import import_answers
from koers.workbook.actions.history import keep_version
from koers.workbook.models import Answer, Comment, Conflict, Conversation, Notification, Task, Thread, Version, Workbook


def values_in(cast: Cast) -> dict[str, Any]:
    """A value for every argument of an address that has an id in it."""
    return {
        "workbook_id": cast.workbook.pk,
        "administration_id": cast.administration.pk,
        "invitation_id": _invitation(cast).pk,
        "member_id": _member(cast).pk,
        "version_id": _version(cast).pk,
        **_talk(cast),
        **_measurement(cast),
        "key_id": _key(cast).pk,
        "pk": _news(cast).pk,
        **_workshop(cast),
        "deleted_id": _deleted(cast).pk,
        "result_id": _outcome(cast).pk,
    }


def _news(cast: Cast) -> Notification:
    """News for the contributor."""
    with scope(cast.administration.pk):
        return Notification.objects.create(
            administration=cast.administration, workbook=cast.workbook, recipient=cast.people["contributor"],
            kind="comment",
        )  # fmt: skip


def _invitation(cast: Cast) -> Invitation:
    """An open invitation to Kastelbeke."""
    with scope(cast.administration.pk):
        return Invitation.objects.create(
            administration=cast.administration, email="x@example.test", role="viewer", digest="0" * 64,
            expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip


def _key(cast: Cast) -> ApiKey:
    """A key of the viewer."""
    with scope(cast.administration.pk):
        return make_key(cast.administration, "x", cast.people["viewer"], may_write=False, days=30).key


def _member(cast: Cast) -> Membership:
    """One more member of Kastelbeke."""
    with scope(cast.administration.pk):
        user = User.objects.create_user("more@kastelbeke.example.test", "x")
        return Membership.objects.create(administration=cast.administration, user=user, role="viewer")


def _talk(cast: Cast) -> dict[str, int]:
    """What the viewer wrote."""
    with scope(cast.administration.pk):
        viewer = cast.people["viewer"]
        here: dict[str, Any] = {"administration": cast.administration, "workbook": cast.workbook}
        thread = Thread.objects.create(section_id="A.3", **here)
        comment = Comment.objects.create(thread=thread, author=viewer, body="x", **here)
        conversation = Conversation.objects.create(section_id="A.3", with_whom="x", outcome="x", by=viewer, **here)
        task = Task.objects.create(section_id="A.3", title="x", owner=viewer, **here)
    return {
        "thread_id": thread.pk, "comment_id": comment.pk, "conversation_id": conversation.pk, "task_id": task.pk
    }  # fmt: skip


def _measurement(cast: Cast) -> dict[str, Any]:
    """A measurement, with somebody who has a personal link."""
    with scope(cast.administration.pk):
        measurement = create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "x", ["B.4.1"], cast.lead)
        respondent = Respondent.objects.create(
            administration=cast.administration, measurement=measurement, mode="interview", name="x", digest="1" * 64
        )
    return {"measurement_id": measurement.pk, "respondent_id": respondent.pk}


def _outcome(cast: Cast) -> OutsideResult:
    """The outcome of an instrument from outside, with its report."""
    here: dict[str, Any] = {"administration": cast.administration}
    with scope(cast.administration.pk):
        result = OutsideResult.objects.create(
            workbook=cast.workbook, instrument="audit", name="x", date="2026-01-12", **here
        )
        OutsideReport.objects.create(result=result, name="x.pdf", type="application/pdf", size=5, data=b"%PDF-", **here)
    return result


def conflict_in(cast: Cast) -> None:
    """A conflict to settle, with the number that the body names."""
    with scope(cast.administration.pk):
        here: dict[str, Any] = {"administration": cast.administration, "workbook": cast.workbook}
        Answer.objects.create(field_key="A.3/why", revision=1, conflicts=1, **here)
        Conflict.objects.create(pk=1, field_key="A.3/why", revision=1, **here)


def _version(cast: Cast) -> Version:
    """A version of the workbook, with one answer in it."""
    with scope(cast.administration.pk):
        import_answers(cast.workbook, {"A.0/digital-government": {"html": "<p>x</p>"}}, cast.lead)
        return keep_version(cast.workbook, "x", cast.lead)


def _workshop(cast: Cast) -> dict[str, Any]:
    """A workshop that is planned, with one step."""
    with scope(cast.administration.pk):
        here: dict[str, Any] = {"administration": cast.administration}
        measurement = create_measurement(cast.workbook, instrument(PLAYBOOK, 1), "x", ["B.4.1"], cast.lead)
        workshop = Workshop.objects.create(measurement=measurement, title="x", **here)
        step = Step.objects.create(workshop=workshop, position=1, kind="welcome", **here)
    return {"workshop_id": workshop.pk, "step_id": step.pk}


def _deleted(cast: Cast) -> Workbook:
    """A workbook of Kastelbeke that its lead deleted."""
    with scope(cast.administration.pk):
        return Workbook.objects.create(
            administration=cast.administration, edition_id="draaiboek", edition_version=1, deleted_at=timezone.now()
        )
