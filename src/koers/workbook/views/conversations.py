"""The log of conversations with colleagues about a section: its first seeds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koers.organisations.access import Ability, require
from koers.workbook.access import opens_workbook
from koers.workbook.actions import talk as actions
from koers.workbook.forms.talk import ConversationForm
from koers.workbook.models import Conversation, Workbook
from koers.workbook.queries import talk as queries
from koers.workbook.views.asked import person
from koers.workbook.views.places import reader, show, the_place


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.READ)
def conversations(request: HttpRequest, workbook: Workbook, section_id: str) -> HttpResponse:
    """What came out of talking with colleagues about a section; note one more."""
    place = the_place(workbook, section_id)
    form = ConversationForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST":
        require(workbook.role, Ability.COMMENT)
        form = ConversationForm(request.POST)
        if form.is_valid():
            actions.log_conversation(workbook, section_id, person(request), **form.cleaned_data)
            messages.success(request, _("The conversation is noted."))
            return redirect("conversations", workbook.pk, section_id)
    found = queries.conversations_of(workbook, place.section, reader(request))
    context = {
        "place": place,
        "form": form,
        "conversations": [each for each in found if not each.deleted],
        "deleted": [each for each in found if each.deleted],
    }
    return show(request, workbook, "conversations.html", context, 422 if form.is_bound else 200)


def _own(request: HttpRequest, workbook: Workbook, conversation_id: int) -> Conversation:
    """A conversation that the reader noted, or any for a lead."""
    conversation = get_object_or_404(Conversation, pk=conversation_id, workbook=workbook)
    if not reader(request).may_change(conversation.by_id):
        raise PermissionDenied
    return conversation


@require_http_methods(["GET", "HEAD", "POST"])
@opens_workbook(Ability.COMMENT)
def edit_conversation(request: HttpRequest, workbook: Workbook, conversation_id: int) -> HttpResponse:
    conversation = _own(request, workbook, conversation_id)
    if conversation.deleted_at:
        raise Http404
    initial = {name: getattr(conversation, name) for name in ("with_whom", "day", "outcome")}
    form = ConversationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.edit_conversation(workbook, conversation, person(request), **form.cleaned_data)
        messages.success(request, _("The conversation is saved."))
        return redirect("conversations", workbook.pk, conversation.section_id)
    context = {"place": the_place(workbook, conversation.section_id), "form": form}
    return show(request, workbook, "edit_conversation.html", context, 422 if form.is_bound else 200)


@require_POST
@opens_workbook(Ability.COMMENT)
def delete_conversation(request: HttpRequest, workbook: Workbook, conversation_id: int) -> HttpResponse:
    conversation = _own(request, workbook, conversation_id)
    actions.delete_conversation(workbook, conversation, person(request))
    messages.success(request, _("Deleted. You can put it back."))
    return redirect("conversations", workbook.pk, conversation.section_id)


@require_POST
@opens_workbook(Ability.COMMENT)
def restore_conversation(request: HttpRequest, workbook: Workbook, conversation_id: int) -> HttpResponse:
    conversation = _own(request, workbook, conversation_id)
    actions.restore_conversation(workbook, conversation, person(request))
    return redirect("conversations", workbook.pk, conversation.section_id)
