"""What every part of the API shares: how it refuses, what it reads, how it pages."""

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.parser import Parser
from pydantic import AfterValidator, ConfigDict, Field, Strict

MAX_BODY: Final = 512 * 1024
MOST: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")

T = TypeVar("T")


class Refusal(Exception):
    """The answer to a request that cannot be granted: a status and a sentence, with whatever else helps."""

    def __init__(self, status: int, error: str, path: Sequence[str | int] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, **({"path": list(path)} if path is not None else {}), **more}


class Error(Schema):
    """Why a request was refused, in a sentence; `path` says where in what was sent."""

    error: str
    path: list[str | int] | None = None


class Problem(Schema):
    line: int
    message: str


class FileError(Error):
    """Why a file was refused: everything that is wrong, each with its line (0: of the file as a whole)."""

    problems: list[Problem] | None = None


class Body(Schema):
    """What is sent: a key that is not known is refused rather than overlooked."""

    model_config = ConfigDict(extra="forbid")


def _held(text: str) -> str:
    return _CONTROL.sub("", text).strip()


Line = Annotated[str, Field(max_length=160, pattern=r"^[^\n\r]*$"), AfterValidator(_held)]
Text = Annotated[str, Field(max_length=6_000), AfterValidator(_held)]
Limit = Annotated[int, Field(ge=1, le=MOST)]
Cursor = Annotated[str, Field(pattern=r"^[0-9]{0,8}$")]
Number = Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)]


class Page(Schema, Generic[T]):
    """Part of a list. `next` is the cursor of what follows; null at the end."""

    items: list[T]
    next: str | None = None


def paged(rows: Sequence[T], limit: int, cursor: str) -> tuple[Sequence[T], str | None]:
    """A page out of a list that was read whole; the cursor is the place of its first row."""
    start = int(cursor or 0)
    end = start + limit
    return rows[start:end], str(end) if end < len(rows) else None


def replies(success: Any, *statuses: int, code: int = 200) -> dict[Any, Any]:
    """The answers that an operation documents: its success, those of every operation with a key, and these."""
    return {code: success, **dict.fromkeys(sorted({400, 401, 404, 422, 429, *statuses}), Error)}


def _no_constant(name: str) -> None:
    raise ValueError(name)


class LimitedParser(Parser):
    """Reads JSON of a limited length, and nothing that is not JSON (NaN, Infinity)."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if len(request.body) > MAX_BODY:
            raise Refusal(413, _("This is too long: at most %(size)s kB fit.") % {"size": MAX_BODY // 1024})
        read: dict[str, Any] = json.loads(request.body, parse_constant=_no_constant)
        return read
