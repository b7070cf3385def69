"""Run on an installation: forgets how often somebody tried something."""

import django

django.setup()

from django.core.cache import cache  # noqa: E402 (after the set-up)

cache.clear()
