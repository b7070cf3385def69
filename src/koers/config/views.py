"""Pages that belong to no app: home, errors, the choice of language, the living page of components."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from koers.config.offline import worker_script
from koers.editions.loading import edition
from koers.kit.templatetags.koers import asset
from koers.organisations.language import keep_language
from koers.organisations.models import User
from koers.organisations.queries import memberships_of
from koers.workbook.queries import places_with_deleted, workbooks_of
from koers.workbook.queries.waiting import waiting_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My work for who is signed in, a welcome for who is not."""
    if not isinstance(request.user, User):
        return render(request, "config/welcome.html", {"edition": edition("draaiboek")})
    context = {
        "waiting": waiting_for(request.user),
        "workbooks": workbooks_of(request.user),
        "memberships": memberships_of(request.user),
        "deleted": places_with_deleted(request.user),
    }
    return render(request, "config/home.html", context)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and with the person when signed in."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """The living page of the design system."""
    return render(request, "kit/components.html", {"edition": edition("draaiboek")})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when the process answers and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for it by its old name."""
    return redirect(asset("icon.svg"))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Lets pages open without a connection. It stands at the root: a worker serves only what is below it."""
    return HttpResponse(
        worker_script(),
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )


def _error(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"errors/{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)
