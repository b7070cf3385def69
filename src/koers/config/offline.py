"""The service worker as it is served: the built script, after what it must know of this version."""

import functools
import json
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from koers.kit.templatetags.koers import built, built_file

# Of the page that the worker makes itself.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
KEPT: Final = (".js", ".css", ".woff2", ".svg")


def worker_script() -> bytes:
    return _made() if settings.DEBUG else _kept()


def _made() -> bytes:
    known = {
        "assets": sorted(each for each in built() if each.endswith(KEPT) and "/worker-" not in each),
        "logout": reverse("account_logout"),
        "offline": render_to_string("config/offline.html"),
        "policy": POLICY,
    }
    return f"self.KOERS = {json.dumps(known)};\n".encode() + built_file("worker.ts")


_kept: Final = functools.lru_cache(maxsize=1)(_made)
