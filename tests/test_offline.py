"""The service worker as the server hands it out. What it does, a browser shows: tests/browser/test_offline.py."""

import json
import re
from typing import Any

from django.test import Client


def known(text: str) -> dict[str, Any]:
    """What the server tells the worker."""
    found = re.match(r"self\.KOERS = (\{.*\});\n", text)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_the_worker_may_serve_every_page_and_is_asked_for_anew() -> None:
    response = Client().get("/sw.js")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert response["Service-Worker-Allowed"] == "/"
    assert "worker-src 'self'" in response["Content-Security-Policy"]


def test_the_worker_knows_what_an_open_section_needs() -> None:
    values = known(Client().get("/sw.js").content.decode())
    names = {re.sub(r"-[\w-]{8}\.", ".", path.rsplit("/", 1)[1]) for path in values["assets"]}
    assert {"app.js", "boot.js", "editor.js", "app.css"} <= names
    assert "worker.js" not in names
    assert all(path.startswith("/static/koers/dist/assets/") for path in values["assets"])
    assert values["logout"] == "/accounts/logout/"


def test_the_page_without_a_connection_is_in_both_languages_and_for_nobody() -> None:
    page = known(Client(headers={"accept-language": "en"}).get("/sw.js").content.decode())["offline"]
    assert re.findall(r'<div class="empty" lang="(\w\w)">', page) == ["nl", "en"]
    assert page.count("<!--pages-->") == 1
    assert "csrf" not in page
    assert "data-user" not in page
