"""Lines of the log without the addresses that are secrets: personal links, projectors, invitations, mail that stops."""

import logging
import re
from typing import Final

_SECRET: Final = re.compile(r"(/(?:r|screen|invitations|mail/stop)/)[\w.:%+=-]{8,}")


class LineFormatter(logging.Formatter):
    """Also when a page breaks down its line, and what led to it, tell nobody the link."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1…", super().format(record))
