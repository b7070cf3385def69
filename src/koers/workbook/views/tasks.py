"""The tasks of a workbook: all of them, and making and changing one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.organisations.access import Ability
from koers.organisations.models import User
from koers.workbook.access import opens_workbook
from koers.workbook.actions import tasks as actions
from koers.workbook.actions.talk import first_words
from koers.workbook.forms.talk import TaskForm
from koers.workbook.models import Comment, Task, Workbook
from koers.workbook.queries import talk as queries
from koers.workbook.views.asked import number_asked, person
from koers.workbook.views.places import asked_place, back_to_talk, reader, show, the_place


@require_safe
@opens_workbook(Ability.READ)
def tasks(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """All tasks of the workbook, or those of the reader."""
    mine = request.GET.get("who") == "mine"
    context = {"mine": mine, "tasks": queries.tasks_in(workbook, reader(request), mine=mine)}
    return show(request, workbook, "tasks.html", context)


def _back(request: HttpRequest, workbook: Workbook, task: Task) -> HttpResponse:
    """To the list from which it was done, else to the talk about the task's place."""
    back = request.POST.get("back", "")
    if back in {"all", "mine"}:
        return redirect(f"{reverse('tasks', args=[workbook.pk])}?who={back}#task-{task.pk}")
    return back_to_talk(workbook, the_place(workbook, task.section_id, task.field_key), f"task-{task.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMMENT)
def new_task(request: HttpRequest, workbook: Workbook) -> HttpResponse:
    """Give somebody something to do about a field or a section; from a comment, with its first words."""
    comment = None
    if asked := number_asked(request.GET.get("comment")):
        found = Comment.objects.filter(workbook=workbook, deleted_at=None).select_related("thread")
        comment = get_object_or_404(found, pk=asked)
        place = the_place(workbook, comment.thread.section_id, comment.thread.field_key)
    else:
        place = asked_place(request, workbook)
    people = queries.colleagues(workbook)
    initial = {"title": first_words(comment.body) if comment else "", "owner": person(request).pk}
    form = TaskForm(people, request.POST if request.method == "POST" else None, initial=initial, new=True)
    if form.is_valid():
        task = actions.add_task(workbook, place, person(request), comment=comment, **form.cleaned_data)
        messages.success(request, _("The task is added."))
        return _back(request, workbook, task)
    context = {"place": place, "form": form, "comment": comment}
    return show(request, workbook, "task_form.html", context, 422 if form.is_bound else 200)


def _own(request: HttpRequest, workbook: Workbook, task_id: int) -> Task:
    """A task that the reader has or made, or any for a lead."""
    task = get_object_or_404(Task.objects.select_related("owner", "comment__thread"), pk=task_id, workbook=workbook)
    if not reader(request).may_change(task.owner_id, task.created_by_id):
        raise PermissionDenied
    return task


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMMENT)
def edit_task(request: HttpRequest, workbook: Workbook, task_id: int) -> HttpResponse:
    task = _own(request, workbook, task_id)
    if task.deleted_at:
        raise Http404
    initial = {"title": task.title, "owner": task.owner_id, "due": task.due}
    form = TaskForm(
        queries.colleagues(workbook), request.POST if request.method == "POST" else None,
        initial=initial, before=task.due, new=False,
    )  # fmt: skip
    if form.is_valid():
        actions.edit_task(workbook, task, person(request), **form.cleaned_data)
        messages.success(request, _("The task is saved."))
        return _back(request, workbook, task)
    back = request.POST.get("back", request.GET.get("back", ""))
    place = the_place(workbook, task.section_id, task.field_key)
    context = {"place": place, "form": form, "task": task, "back": back if back in {"all", "mine"} else ""}
    return show(request, workbook, "task_form.html", context, 422 if form.is_bound else 200)


def _does(
    request: HttpRequest, workbook: Workbook, task_id: int, deed: Callable[[Workbook, Task, User], None]
) -> HttpResponse:
    task = _own(request, workbook, task_id)
    deed(workbook, task, person(request))
    return _back(request, workbook, task)


@require_POST
@opens_workbook(Ability.COMMENT)
def finish_task(request: HttpRequest, workbook: Workbook, task_id: int) -> HttpResponse:
    return _does(request, workbook, task_id, actions.finish_task)


@require_POST
@opens_workbook(Ability.COMMENT)
def reopen_task(request: HttpRequest, workbook: Workbook, task_id: int) -> HttpResponse:
    return _does(request, workbook, task_id, actions.reopen_task)


@require_POST
@opens_workbook(Ability.COMMENT)
def delete_task(request: HttpRequest, workbook: Workbook, task_id: int) -> HttpResponse:
    return _does(request, workbook, task_id, actions.delete_task)


@require_POST
@opens_workbook(Ability.COMMENT)
def restore_task(request: HttpRequest, workbook: Workbook, task_id: int) -> HttpResponse:
    return _does(request, workbook, task_id, actions.restore_task)
