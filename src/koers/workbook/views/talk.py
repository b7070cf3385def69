"""Talking about a field or a section: threads and their comments."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.organisations.access import Ability, require
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.actions import talk as actions
from koers.workbook.forms.talk import CommentForm, quoted
from koers.workbook.mentions import named_in
from koers.workbook.models import Comment, Thread, Workbook
from koers.workbook.queries import talk as queries
from koers.workbook.queries.talk import Place, Shown
from koers.workbook.views.asked import person
from koers.workbook.views.places import asked_place, back_to_talk, reader, show, the_place

A_PAGE = 30


def _talk_page(
    request: HttpRequest,
    workbook: Workbook,
    place: Place,
    *,
    people: list[User] | None = None,
    begin: CommentForm | None = None,
    replies: dict[int, CommentForm] | None = None,
) -> HttpResponse:
    """The threads of a place. A form that was refused shows what was typed."""
    people = people or queries.colleagues(workbook)
    others = [each for each in people if each != request.user]
    refused = replies or {}
    threads = queries.threads_at(workbook, place, reader(request))
    quote = quoted(request.GET.get("quote", "")) if place.field else ""
    context = {
        "place": place,
        "others": others,
        "begin": begin or CommentForm(people, initial={"quote": quote}, auto_id="begin-%s"),
        "open": [
            (each, refused.get(each.pk) or CommentForm(people, auto_id=f"reply-{each.pk}-%s"))
            for each in threads
            if each.state == "open" or each.pk in refused
        ],
        "resolved": [each for each in threads if each.state == "resolved" and each.pk not in refused],
        "deleted": [
            each for each in threads if each.state == "deleted" and any(comment.may_change for comment in each.comments)
        ],
        "tasks": queries.tasks_at(workbook, place, reader(request)),
        "elsewhere": [] if place.field else queries.elsewhere_in(workbook, place.section),
    }
    return show(request, workbook, "place.html", context, 422 if begin or replies else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.READ)
def talk(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """What is said about a field or a section; begin to talk about it."""
    place = asked_place(request, workbook)
    if request.method != "POST":
        return _talk_page(request, workbook, place)
    require(workbook.role, Ability.COMMENT)
    people = queries.colleagues(workbook)
    form = CommentForm(people, request.POST, auto_id="begin-%s")
    if not form.is_valid():
        return _talk_page(request, workbook, place, people=people, begin=form)
    given = form.cleaned_data
    thread = actions.begin_thread(
        workbook, place, given["body"], person(request), quote=given["quote"], attention=given["attention"]
    )
    return back_to_talk(workbook, place, f"thread-{thread.pk}")


@require_safe
@opens_workbook(Ability.READ)
def all_talk(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """All threads of the workbook: open, resolved, or one's own; of one section when asked."""
    asked = request.GET.get("show", "open")
    shown: Shown = "resolved" if asked == "resolved" else "mine" if asked == "mine" else "open"
    section_id = request.GET.get("section", "")
    if section_id and section_id not in workbook.edition.sections:
        raise Http404
    threads = queries.all_threads(workbook, reader(request), shown, section_id)
    page = Paginator(threads, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "section_id": section_id,
        "parts": workbook.edition.parts,
        "page": page,
        "threads": queries.views_of(workbook, page.object_list, reader(request)),
    }
    return show(request, workbook, "all.html", context)


def _thread(workbook: Workbook, thread_id: int) -> Thread:
    return get_object_or_404(Thread.objects.select_related("created_by"), pk=thread_id, workbook=workbook)


def _place_of(workbook: Workbook, thread: Thread) -> Place:
    return the_place(workbook, thread.section_id, thread.field_key)


@require_POST
@opens_workbook(Ability.COMMENT)
def reply_to_thread(request: HttpRequest, workbook: Workbook, thread_id: int) -> HttpResponse:
    thread = _thread(workbook, thread_id)
    place = _place_of(workbook, thread)
    people = queries.colleagues(workbook)
    form = CommentForm(people, request.POST, auto_id=f"reply-{thread.pk}-%s")
    if not form.is_valid():
        return _talk_page(request, workbook, place, people=people, replies={thread.pk: form})
    actions.reply(
        workbook, thread, form.cleaned_data["body"], person(request), attention=form.cleaned_data["attention"]
    )
    return back_to_talk(workbook, place, f"thread-{thread.pk}")


@require_POST
@opens_workbook(Ability.COMMENT)
def resolve_thread(request: HttpRequest, workbook: Workbook, thread_id: int) -> HttpResponse:
    thread = _thread(workbook, thread_id)
    actions.resolve_thread(workbook, thread, person(request))
    messages.success(request, _("Resolved. It stands below, and you can reopen it."))
    return back_to_talk(workbook, _place_of(workbook, thread))


@require_POST
@opens_workbook(Ability.COMMENT)
def reopen_thread(request: HttpRequest, workbook: Workbook, thread_id: int) -> HttpResponse:
    thread = _thread(workbook, thread_id)
    actions.reopen_thread(workbook, thread, person(request))
    return back_to_talk(workbook, _place_of(workbook, thread), f"thread-{thread.pk}")


def _comment(workbook: Workbook, comment_id: int) -> Comment:
    return get_object_or_404(Comment.objects.select_related("thread"), pk=comment_id, workbook=workbook)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMMENT)
def edit_comment(request: HttpRequest, workbook: Workbook, comment_id: int) -> HttpResponse:
    """Change one's own words."""
    comment = _comment(workbook, comment_id)
    if comment.deleted_at:
        raise Http404
    if not reader(request).owns(comment.author_id):
        raise PermissionDenied
    place = _place_of(workbook, comment.thread)
    people = queries.colleagues(workbook)
    mentioned = [each for each in people if each.pk in set(comment.mentions.values_list("person_id", flat=True))]
    in_text = named_in(comment.body, mentioned)
    called = [each.pk for each in mentioned if each not in in_text]
    form = CommentForm(people, request.POST or None, initial={"body": comment.body, "attention": called})
    if request.method == "POST" and form.is_valid():
        actions.edit_comment(
            workbook, comment, form.cleaned_data["body"], person(request), attention=form.cleaned_data["attention"]
        )
        return back_to_talk(workbook, place, f"thread-{comment.thread_id}")
    others = [each for each in people if each != request.user]
    context = {"place": place, "comment": comment, "form": form, "others": others}
    return show(request, workbook, "edit_comment.html", context, 422 if form.is_bound else 200)


@require_POST
@opens_workbook(Ability.COMMENT)
def delete_comment(request: HttpRequest, workbook: Workbook, comment_id: int) -> HttpResponse:
    comment = _comment(workbook, comment_id)
    if not reader(request).may_change(comment.author_id):
        raise PermissionDenied
    actions.delete_comment(workbook, comment, person(request))
    messages.success(request, _("Deleted. You can put it back."))
    return back_to_talk(workbook, _place_of(workbook, comment.thread), f"thread-{comment.thread_id}")


@require_POST
@opens_workbook(Ability.COMMENT)
def restore_comment(request: HttpRequest, workbook: Workbook, comment_id: int) -> HttpResponse:
    comment = _comment(workbook, comment_id)
    if not reader(request).may_change(comment.author_id):
        raise PermissionDenied
    actions.restore_comment(workbook, comment, person(request))
    return back_to_talk(workbook, _place_of(workbook, comment.thread), f"thread-{comment.thread_id}")
