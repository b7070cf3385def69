"""Talking about the work: threads of comments, and the log of conversations with colleagues."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from koers.kit import events
from koers.organisations.actions import record
from koers.organisations.models import User
from koers.workbook.actions.answers import locked_answers
from koers.workbook.actions.news import tell
from koers.workbook.mentions import named_in
from koers.workbook.models import Assignment, Comment, Conversation, Mention, NewsKind, Thread, Workbook
from koers.workbook.queries.talk import Place, colleagues, open_threads


def announce_talk(workbook: Workbook, section_id: str, field_key: str, actor: User) -> None:
    """Count what is open at the place, so that its answer says so exactly, and tell the open pages.

    Call it last within the transaction: whoever counts at the same time waits for the row of the answer.
    """
    answer = locked_answers({(workbook.pk, field_key): workbook})[workbook.pk, field_key] if field_key else None
    threads = open_threads(workbook).filter(section_id=section_id, field_key=field_key).count()
    if answer and answer.threads != threads:
        answer.threads = threads
        answer.save(update_fields=["threads"])
    data = {"section": section_id, "field": field_key, "threads": threads, "by": str(actor)}
    events.publish(events.workbook_channel(workbook.pk), "talk", data)


def first_words(text: str) -> str:
    """What a comment begins with, on one line."""
    return Truncator(" ".join(text.split())).chars(160)


def begin_thread(
    workbook: Workbook, place: Place, body: str, actor: User, *, quote: str = "", attention: Collection[int] = ()
) -> Thread:
    """Begin to talk about a field, words in it, or a section; who the section was given to hears it."""
    with transaction.atomic():
        thread = Thread.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, section_id=place.section.id,
            field_key=place.field_key, quote=quote if place.field else "", created_by=actor,
        )  # fmt: skip
        _comment, named = _say(workbook, thread, body, actor, attention)
        given = Assignment.objects.filter(workbook=workbook, section_id=place.section.id).select_related("owner")
        owners = [each.owner for each in given if each.owner_id not in named]
        _tell(workbook, NewsKind.COMMENT, owners, actor, thread, body)
        record(workbook.administration, actor, "comment.begin", place.subject, workbook=str(workbook.pk))
        announce_talk(workbook, thread.section_id, thread.field_key, actor)
    return thread


def reply(workbook: Workbook, thread: Thread, body: str, actor: User, *, attention: Collection[int] = ()) -> Comment:
    """Add to a thread; who took part in it hears it. What was resolved in the meantime is open again."""
    with transaction.atomic():
        comment, named = _say(workbook, thread, body, actor, attention)
        Thread.objects.filter(pk=thread.pk).exclude(resolved_at=None).update(resolved_at=None, resolved_by=None)
        said = Comment.objects.filter(thread=thread, deleted_at=None, author__isnull=False).select_related("author")
        part = {each.author_id: each.author for each in said if each.author and each.author_id not in named}
        _tell(workbook, NewsKind.REPLY, part.values(), actor, thread, body)
        record(workbook.administration, actor, "comment.reply", _subject(thread), workbook=str(workbook.pk))
        announce_talk(workbook, thread.section_id, thread.field_key, actor)
    return comment


def edit_comment(
    workbook: Workbook, comment: Comment, body: str, actor: User, *, attention: Collection[int] = ()
) -> None:
    """Change one's own words; who is named anew hears it."""
    thread = comment.thread
    with transaction.atomic():
        if comment.body != body:
            comment.body = body
            comment.edited_at = timezone.now()
            comment.save(update_fields=["body", "edited_at"])
            record(workbook.administration, actor, "comment.edit", _subject(thread), workbook=str(workbook.pk))
        _mention(workbook, comment, attention, actor)
        announce_talk(workbook, thread.section_id, thread.field_key, actor)


def delete_comment(workbook: Workbook, comment: Comment, actor: User) -> None:
    """Take a comment away; its text is kept, so that it can be put back."""
    with transaction.atomic():
        there = Comment.objects.filter(pk=comment.pk, deleted_at=None)
        if there.update(deleted_at=timezone.now(), deleted_by=actor):
            subject = _subject(comment.thread)
            record(workbook.administration, actor, "comment.delete", subject, workbook=str(workbook.pk))
            announce_talk(workbook, comment.thread.section_id, comment.thread.field_key, actor)


def restore_comment(workbook: Workbook, comment: Comment, actor: User) -> None:
    """Put a deleted comment back."""
    with transaction.atomic():
        gone = Comment.objects.filter(pk=comment.pk).exclude(deleted_at=None)
        if gone.update(deleted_at=None, deleted_by=None):
            subject = _subject(comment.thread)
            record(workbook.administration, actor, "comment.restore", subject, workbook=str(workbook.pk))
            announce_talk(workbook, comment.thread.section_id, comment.thread.field_key, actor)


def resolve_thread(workbook: Workbook, thread: Thread, actor: User) -> None:
    """Call a thread settled; who began it hears it."""
    with transaction.atomic():
        still_open = Thread.objects.filter(pk=thread.pk, resolved_at=None)
        if not still_open.update(resolved_at=timezone.now(), resolved_by=actor):
            return
        first = Comment.objects.filter(thread=thread, deleted_at=None).first()
        began = [thread.created_by] if thread.created_by else []
        _tell(workbook, NewsKind.RESOLVED, began, actor, thread, first.body if first else "")
        record(workbook.administration, actor, "comment.resolve", _subject(thread), workbook=str(workbook.pk))
        announce_talk(workbook, thread.section_id, thread.field_key, actor)


def reopen_thread(workbook: Workbook, thread: Thread, actor: User) -> None:
    """Take a resolved thread up again."""
    with transaction.atomic():
        resolved = Thread.objects.filter(pk=thread.pk).exclude(resolved_at=None)
        if resolved.update(resolved_at=None, resolved_by=None):
            record(workbook.administration, actor, "comment.reopen", _subject(thread), workbook=str(workbook.pk))
            announce_talk(workbook, thread.section_id, thread.field_key, actor)


def _subject(thread: Thread) -> str:
    return thread.field_key or thread.section_id


def _tell(workbook: Workbook, kind: NewsKind, people: Iterable[User], actor: User, thread: Thread, body: str) -> None:
    tell(
        workbook, kind, people, actor,
        section_id=thread.section_id, field_key=thread.field_key, thread=thread, text=first_words(body),
    )  # fmt: skip


def _say(
    workbook: Workbook, thread: Thread, body: str, actor: User, attention: Collection[int]
) -> tuple[Comment, set[int]]:
    """Write a comment; returns it and who is named in it, who hear that already."""
    comment = Comment.objects.create(
        administration_id=workbook.administration_id, workbook=workbook, thread=thread, author=actor, body=body
    )
    return comment, _mention(workbook, comment, attention, actor)


def _mention(workbook: Workbook, comment: Comment, attention: Collection[int], actor: User) -> set[int]:
    """Note who is named in the text or called, members only; who was not named before hears it. Gives who is named."""
    people = colleagues(workbook)
    named = {person.pk for person in named_in(comment.body, people)}
    wanted = {person.pk: person for person in people if person.pk in named or person.pk in attention}
    before = set(Mention.objects.filter(comment=comment).values_list("person_id", flat=True))
    Mention.objects.filter(comment=comment, person_id__in=before - wanted.keys()).delete()
    new = [person for pk, person in wanted.items() if pk not in before]
    Mention.objects.bulk_create(
        [Mention(administration_id=workbook.administration_id, comment=comment, person=person) for person in new],
        ignore_conflicts=True,
    )
    _tell(workbook, NewsKind.MENTION, new, actor, comment.thread, comment.body)
    return set(wanted)


# Conversations


def log_conversation(
    workbook: Workbook, section_id: str, actor: User, *, with_whom: str, day: date, outcome: str
) -> Conversation:
    """Note a conversation with colleagues about a section."""
    with transaction.atomic():
        conversation = Conversation.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, section_id=section_id,
            with_whom=with_whom, day=day, outcome=outcome, by=actor,
        )  # fmt: skip
        record(workbook.administration, actor, "conversation.log", section_id, workbook=str(workbook.pk))
        announce_talk(workbook, section_id, "", actor)
    return conversation


def edit_conversation(
    workbook: Workbook, conversation: Conversation, actor: User, *, with_whom: str, day: date, outcome: str
) -> None:
    with transaction.atomic():
        conversation.with_whom, conversation.day, conversation.outcome = with_whom, day, outcome
        conversation.updated_at = timezone.now()
        conversation.save(update_fields=["with_whom", "day", "outcome", "updated_at"])
        section_id = conversation.section_id
        record(workbook.administration, actor, "conversation.edit", section_id, workbook=str(workbook.pk))
        announce_talk(workbook, section_id, "", actor)


def delete_conversation(workbook: Workbook, conversation: Conversation, actor: User) -> None:
    """Take a conversation away; it can be put back."""
    with transaction.atomic():
        there = Conversation.objects.filter(pk=conversation.pk, deleted_at=None)
        if there.update(deleted_at=timezone.now(), deleted_by=actor):
            section_id = conversation.section_id
            record(workbook.administration, actor, "conversation.delete", section_id, workbook=str(workbook.pk))
            announce_talk(workbook, section_id, "", actor)


def restore_conversation(workbook: Workbook, conversation: Conversation, actor: User) -> None:
    with transaction.atomic():
        gone = Conversation.objects.filter(pk=conversation.pk).exclude(deleted_at=None)
        if gone.update(deleted_at=None, deleted_by=None):
            section_id = conversation.section_id
            record(workbook.administration, actor, "conversation.restore", section_id, workbook=str(workbook.pk))
            announce_talk(workbook, section_id, "", actor)
