"""What the log tells of secret addresses when a page breaks down."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/r/zS3cretOfALink_-1/2/", "/r/…/2/"),
        ("/screen/XzTW_2ZzQY2z.f42327ad0fa3/state", "/screen/…/state"),
        ("/invitations/abcdefghijkl/", "/invitations/…/"),
        ("/mail/stop/MTI6abc:1xyz:sig-nature/", "/mail/stop/…/"),
        ("/w/5f34d6ff-6673-418d-b349-702964b13912/", "/w/5f34d6ff-6673-418d-b349-702964b13912/"),
    ],
)
def test_a_line_of_the_log_tells_no_secret_address(path: str, told: str) -> None:
    config: Any = settings.LOGGING
    line = config["formatters"]["line"]
    formatter = import_string(line["()"])(line["format"])
    try:
        raise RuntimeError(path)
    except RuntimeError as error:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "%s: %s", ("Internal Server Error", path),
            (RuntimeError, error, error.__traceback__),
        )  # fmt: skip
    first, *_trace, last = formatter.format(record).splitlines()
    assert first.endswith(f" ERROR django.request: Internal Server Error: {told}")
    assert last == f"RuntimeError: {told}"
