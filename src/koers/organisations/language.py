"""The language of a person, kept with the account and in the browser."""

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import translation


def active_language() -> str:
    """The language of the present page, one of those that the product speaks."""
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Remember a language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
