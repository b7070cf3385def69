"""The news of a person, and the link in a mail that ends mail."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koers.workbook.actions import news as actions
from koers.workbook.mailing import person_of
from koers.workbook.queries.news import NewsItem, news_of, one_news, unread_news
from koers.workbook.views.asked import number_asked, person


@never_cache
@require_safe
@login_required
def news(request: HttpRequest) -> HttpResponse:
    """What concerns her, the newest first, by day."""
    page = news_of(person(request), number_asked(request.GET.get("before")))
    return render(request, "workbook/news.html", {"page": page, "unread": unread_news(person(request))})


@never_cache
@require_safe
@login_required
def news_count(request: HttpRequest) -> HttpResponse:
    """How much is unread, for the bell."""
    return JsonResponse({"unread": unread_news(person(request))})


@require_POST
@login_required
def read_news(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.read_news(person(request))
    return redirect("news")


@never_cache
@require_safe
@login_required
def open_news(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to where it happened; it is read then."""
    item = one_news(person(request), pk)
    if item is None:
        raise Http404
    actions.read_news(person(request), [item.pk])
    return redirect(_where(item))


def _where(item: NewsItem) -> str:
    """The page of the place that a piece of news is about."""
    if item.section is None:
        return reverse("course_map", args=[item.workbook.pk])
    if item.thread_id or item.task_id:
        place = f"field={item.field.key}" if item.field else f"section={item.section.id}"
        at = f"thread-{item.thread_id}" if item.thread_id else f"task-{item.task_id}"
        return f"{reverse('talk', args=[item.workbook.pk])}?{place}#{at}"
    anchor = f"#{item.field.anchor}" if item.field else ""
    return f"{reverse('section', args=[item.workbook.pk, item.section.id])}{anchor}"


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """No more mail, without signing in: the token says whose, and a mail program may post it by itself."""
    person_id = person_of(token)
    if person_id is None:
        raise Http404
    if request.method == "POST":
        actions.stop_mail(person_id)
    return render(request, "workbook/stop_mail.html", {"stopped": request.method == "POST"})
