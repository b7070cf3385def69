"""The floor of a page: an empty Django view behind the product's own middleware, with as many queries as the page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from koers.organisations.models import User


def empty_view(request: HttpRequest, queries: int) -> HttpResponse:
    """As many queries as asked, and an empty page."""
    for _number in range(queries):
        User.objects.filter(pk=1).values_list("pk").first()
    return HttpResponse("")


urlpatterns = [path("floor/<int:queries>/", empty_view)]
