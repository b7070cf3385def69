"""The pages of an administration, its people and its invitations."""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.organisations import actions, limits, queries
from koers.organisations.access import Ability, administration_for, invitation_for, opens_administration
from koers.organisations.actions import DeedRefused, Invited, MunicipalityTaken
from koers.organisations.adapter import SESSION_INVITATION
from koers.organisations.forms import (
    InviteForm,
    MunicipalityForm,
    OtherAdministrationForm,
    RenameForm,
    RoleForm,
    SearchForm,
)
from koers.organisations.history import described
from koers.organisations.mail import mail_invitation
from koers.organisations.models import Administration, Invitation, InvitationState, Membership, Role, User
from koers.organisations.reference import POPULATION_YEAR, find_municipalities

LOG_PAGE = 50
SEARCH_LIMIT = 12


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


# A new administration


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_administration(request: HttpRequest) -> HttpResponse:
    """Choose a municipality, or name another administration. Who makes it is its lead."""
    if request.method == "GET":
        return _choose_administration(request)
    if "nis" in request.POST:
        return _create_municipality(request)
    form = OtherAdministrationForm(request.POST)
    if not form.is_valid():
        return _choose_administration(request, other=form, status=422)
    made = actions.create_administration(form.save(commit=False), _person(request))
    return redirect("start_workbook", made.pk)


def _create_municipality(request: HttpRequest) -> HttpResponse:
    form = MunicipalityForm(request.POST)
    if not form.is_valid():
        return _choose_administration(request, unknown=True, status=422)
    try:
        made = actions.create_municipality(form.cleaned_data["nis"], _person(request))
    except MunicipalityTaken as refusal:
        return _municipality_taken(request, refusal.administration)
    return redirect("start_workbook", made.pk)


def _municipality_taken(request: HttpRequest, administration: Administration) -> HttpResponse:
    """Say that it takes part already, and nothing of who is in it. A member is led to it."""
    try:
        administration_for(_person(request), administration.pk, Ability.READ)
    except Http404:
        return render(request, "organisations/taken.html", {"name": administration.name}, status=409)
    messages.info(request, _("You are a member of this administration already."))
    return redirect("administration", administration.pk)


def _choose_administration(
    request: HttpRequest,
    *,
    other: OtherAdministrationForm | None = None,
    unknown: bool = False,
    status: int = 200,
) -> HttpResponse:
    wanted = request.GET.get("q", "").strip() or request.POST.get("q", "").strip()
    context = {
        "search": SearchForm({"q": wanted} if wanted else None),
        "wanted": wanted,
        "found": find_municipalities(wanted, SEARCH_LIMIT),
        "limit": SEARCH_LIMIT,
        "population_year": POPULATION_YEAR,
        "other": other or OtherAdministrationForm(),
        "unknown": unknown,
    }
    return render(request, "organisations/new_administration.html", context, status=status)


# An administration and its people


@require_safe
@opens_administration(Ability.READ)
def administration_page(request: HttpRequest, administration: Administration) -> HttpResponse:
    """Who takes part in what role; for the lead also the invitations and everything that can be changed."""
    return _page(request, administration)


def _page(request: HttpRequest, administration: Administration, *, status: int = 200, **more: Any) -> HttpResponse:
    members = list(queries.members_of(administration))
    may_manage = Ability.MANAGE in request.abilities  # type: ignore[attr-defined]
    own: Membership = request.membership  # type: ignore[attr-defined]
    leads = [member for member in members if member.role == Role.LEAD]
    context = {
        "administration": administration,
        "members": members,
        "invitations": queries.invitations_of(administration) if may_manage else (),
        "roles": Role.choices,
        "own": own,
        "may_manage": may_manage,
        "may_leave": own.role != Role.LEAD or len(leads) > 1,
        "only_lead": leads[0] if len(leads) == 1 else None,
        "invite_form": InviteForm(),
        "rename_form": RenameForm(initial={"name": administration.name}),
        **more,
    }
    return render(request, "organisations/administration.html", context, status=status)


def _back(administration: Administration) -> HttpResponse:
    return redirect("administration", administration.pk)


@require_POST
@opens_administration(Ability.MANAGE)
def rename_administration(request: HttpRequest, administration: Administration) -> HttpResponse:
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _page(request, administration, rename_form=form, status=422)
    actions.rename_administration(administration, form.cleaned_data["name"], _person(request))
    messages.success(request, _("The name is changed."))
    return _back(administration)


@require_POST
@opens_administration(Ability.MANAGE)
def change_role(request: HttpRequest, administration: Administration, member_id: int) -> HttpResponse:
    member = get_object_or_404(Membership, pk=member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role from the list."))
        return _back(administration)
    try:
        actions.change_role(member, form.cleaned_data["role"], _person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role of %(name)s is changed.") % {"name": member.user})
    return _back(administration)


@require_POST
@opens_administration(Ability.MANAGE)
def remove_member(request: HttpRequest, administration: Administration, member_id: int) -> HttpResponse:
    member = get_object_or_404(Membership.objects.select_related("user"), pk=member_id)
    try:
        actions.remove_member(member, _person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is no longer a member.") % {"name": member.user})
    return redirect("home") if member.user == request.user else _back(administration)


@require_POST
@opens_administration(Ability.READ)
def leave_administration(request: HttpRequest, administration: Administration) -> HttpResponse:
    try:
        actions.leave(request.membership)  # type: ignore[attr-defined]
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return _back(administration)
    messages.success(request, _("You have left %(name)s.") % {"name": administration.name})
    return redirect("home")


# Invitations


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("invitation", args=[token]))


def _show_link(request: HttpRequest, administration: Administration, invited: Invited) -> HttpResponse:
    """Mail the link and show it, this once: in the answer to the post itself, because it is kept nowhere."""
    link = _link(request, invited.token)
    mailed = mail_invitation(invited.invitation, link, _person(request))
    return _page(request, administration, link=link, invited=invited.invitation, mailed=mailed)


@never_cache
@require_POST
@opens_administration(Ability.MANAGE)
def invite(request: HttpRequest, administration: Administration) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, administration, invite_form=form, status=422)
    if not limits.may_invite(request):
        return _too_many(request)
    try:
        invited = actions.invite(
            administration, form.cleaned_data["email"], form.cleaned_data["role"], _person(request)
        )
    except DeedRefused as refusal:
        form.add_error("email", str(refusal))
        return _page(request, administration, invite_form=form, status=422)
    return _show_link(request, administration, invited)


@never_cache
@require_POST
@opens_administration(Ability.MANAGE)
def resend_invitation(request: HttpRequest, administration: Administration, invitation_id: int) -> HttpResponse:
    waiting = get_object_or_404(Invitation.objects.select_related("administration"), pk=invitation_id)
    if not limits.may_invite(request):
        return _too_many(request)
    try:
        invited = actions.resend_invitation(waiting, _person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return _back(administration)
    return _show_link(request, administration, invited)


@require_POST
@opens_administration(Ability.MANAGE)
def withdraw_invitation(request: HttpRequest, administration: Administration, invitation_id: int) -> HttpResponse:
    waiting = get_object_or_404(Invitation.objects.select_related("administration"), pk=invitation_id)
    try:
        actions.withdraw_invitation(waiting, _person(request))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": waiting.email})
    return _back(administration)


def _too_many(request: HttpRequest) -> HttpResponse:
    return respond_429(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of an invitation leads to: who invites to what, and a button to accept."""
    if not limits.may_guess(request):
        return _too_many(request)
    found = invitation_for(token)
    if found is None:
        limits.count_guess(request)
        raise Http404
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.path)
        if found.state == InvitationState.OPEN:
            request.session[SESSION_INVITATION] = found.digest
    elif request.method == "POST":
        return _accept(request, found)
    return _invitation_page(request, found)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    try:
        membership = actions.accept_invitation(found, _person(request))
    except DeedRefused:
        # The page says why. A redirect, because an answer of 4xx would write the secret of the address into the log.
        return redirect(request.path)
    request.session.pop(SESSION_INVITATION, None)
    message = _("You now take part in %(name)s. Your role: %(role)s.")
    messages.success(request, message % {"name": membership.administration.name, "role": membership.get_role_display()})
    return redirect("home")


def _invitation_page(request: HttpRequest, found: Invitation) -> HttpResponse:
    context = {
        "invitation": found,
        "administration": found.administration,
        "case": _case(request, found),
    }
    return render(request, "organisations/invitation.html", context)


def _case(request: HttpRequest, found: Invitation) -> str:
    """Which of the states of the page this visitor sees."""
    if isinstance(request.user, User):
        try:
            administration_for(request.user, found.administration_id, Ability.READ)
        except Http404:
            pass
        else:
            return "member"
    if found.state != InvitationState.OPEN:
        return str(found.state)
    if not isinstance(request.user, User):
        return "signed-out"
    return "open" if actions.is_for(found, request.user) else "somebody-else"


# The log


@require_safe
@opens_administration(Ability.MANAGE)
def audit_log(request: HttpRequest, administration: Administration) -> HttpResponse:
    """Who did what, the newest first."""
    page = Paginator(queries.audit_of(administration), LOG_PAGE).get_page(request.GET.get("page"))
    entries = [(entry, described(entry)) for entry in page]
    context = {"administration": administration, "page": page, "entries": entries}
    return render(request, "organisations/audit_log.html", context)
