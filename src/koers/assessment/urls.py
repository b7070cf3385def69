"""The addresses of measuring, a list a subject."""

from django.urls import URLPattern

_measuring: list[URLPattern] = []
_answering: list[URLPattern] = []
_workshops: list[URLPattern] = []
_room: list[URLPattern] = []
_outside: list[URLPattern] = []
_exchange: list[URLPattern] = []

urlpatterns = [*_measuring, *_answering, *_workshops, *_room, *_outside, *_exchange]
