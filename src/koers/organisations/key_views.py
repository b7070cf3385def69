"""The page of one's own keys of the API; for a lead those of everybody in the administration."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from koers.organisations import keys
from koers.organisations.access import Ability, opens_administration
from koers.organisations.actions import DeedRefused
from koers.organisations.key_forms import KeyForm
from koers.organisations.models import Administration, ApiKey, User


def _may_manage(request: HttpRequest) -> bool:
    return Ability.MANAGE in request.abilities  # type: ignore[attr-defined]


def _page(
    request: HttpRequest, administration: Administration, form: KeyForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    assert isinstance(request.user, User)
    found = list(keys.keys_of(administration, None if _may_manage(request) else request.user))
    context = {
        "administration": administration,
        "form": form,
        "own": [each for each in found if each.person_id == request.user.pk],
        "others": [each for each in found if each.person_id != request.user.pk],
        "may_write": Ability.ANSWER in request.abilities,  # type: ignore[attr-defined]
        **more,
    }
    return render(request, "organisations/keys.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_administration(Ability.READ)
def api_keys(request: HttpRequest, administration: Administration) -> HttpResponse:
    """Make a key; its secret is shown once, in the answer to the post itself, because it is kept nowhere."""
    assert isinstance(request.user, User)
    form = KeyForm(request.POST or None)
    if request.method != "POST":
        return _page(request, administration, form)
    if not form.is_valid():
        return _page(request, administration, form, status=422)
    given: Any = form.made()
    try:
        made = keys.make_key(administration, actor=request.user, **given)
    except DeedRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, administration, form, status=422)
    return _page(request, administration, KeyForm(), made=made)


@require_POST
@opens_administration(Ability.READ)
def withdraw_api_key(request: HttpRequest, administration: Administration, key_id: int) -> HttpResponse:
    """One's own key; a lead withdraws any. A key of somebody else is not there for who may not see it."""
    assert isinstance(request.user, User)
    key = keys.keys_of(administration, None if _may_manage(request) else request.user).filter(pk=key_id).first()
    if key is None:
        raise Http404
    assert isinstance(key, ApiKey)
    keys.withdraw_key(key, request.user)
    messages.success(request, _("The key “%(name)s” is withdrawn: it opens nothing any more.") % {"name": key.name})
    return redirect("api_keys", administration.pk)
