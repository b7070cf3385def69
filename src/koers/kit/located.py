"""Reading YAML and JSON from outside: plain values with the line they stand on, and nothing that can run or expand.

The YAML read here is a plain subset: no anchors or aliases (a few lines of them expand without end), no tags, one
document. Booleans are ``true`` and ``false`` only; a date is text. JSON is a subset of it.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 60_000

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_NUMBER = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}\Z")
# JSON writes a character outside the basic plane as two escapes, which YAML does not know.
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: what, and on which line (1-based; 0 when it concerns the whole file)."""

    message: str
    line: int = 0
    file: str = ""

    def __str__(self) -> str:
        where = ":".join(part for part in (self.file, str(self.line) if self.line else "") if part)
        return f"{where}: {self.message}" if where else self.message


class Refused(Exception):
    """A file was refused whole; `problems` says why, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Located:
    """A parsed file: `value` in plain Python, `lines` from a path (keys and indices) to its 1-based line."""

    value: Any
    lines: dict[Path, int]
    file: str = ""

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(message, self.line(path), self.file)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in _CONSTANTS and text in {text.lower(), text.capitalize(), text.upper()}:
        return _CONSTANTS[text.lower()]
    if _INTEGER.match(text):
        return int(text)
    if _NUMBER.match(text):
        return float(text)
    return text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Builder:
    """Turns parser events into values without recursion, so that depth is a limit and not a crash."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.root: Any = None
        self.nodes = 0
        # Per open collection: its value, its path, and (for a mapping) the key that waits for its value.
        self.stack: list[tuple[Any, Path]] = []
        self.keys: list[str | None] = []

    def refuse(self, message: str, line: int) -> Refused:
        return Refused([Problem(message, line, self.file)])

    def place(self, value: Any, line: int) -> Path:
        """Put a value where it belongs and return its path."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refuse(_("The file has too many values."), line)
        if not self.stack:
            self.root = value
            path: Path = ()
        else:
            parent, parent_path = self.stack[-1]
            if isinstance(parent, list):
                path = (*parent_path, len(parent))
                parent.append(value)
            else:
                key = self.keys[-1]
                assert key is not None
                path = (*parent_path, key)
                parent[key] = value
                self.keys[-1] = None
                line = self.lines.get(path, line)
        self.lines[path] = line
        return path

    def waits_for_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None

    def key(self, event: yaml.ScalarEvent, line: int) -> None:
        parent, parent_path = self.stack[-1]
        if event.value in parent:
            raise self.refuse(_("“%(key)s” stands here a second time.") % {"key": event.value[:80]}, line)
        self.keys[-1] = event.value
        self.lines[(*parent_path, event.value)] = line

    def open(self, value: Any, line: int) -> None:
        if self.waits_for_key():
            raise self.refuse(_("A key must be plain text."), line)
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse(_("The file is nested too deeply."), line)
        self.stack.append((value, self.place(value, line)))
        self.keys.append(None)

    def take(self, event: yaml.Event) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(_("Anchors and aliases (& and *) are not accepted: they can expand without end."), line)
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self.refuse(_("Tags (!) are not accepted."), line)
        if isinstance(event, yaml.ScalarEvent):
            if self.waits_for_key():
                self.key(event, line)
            else:
                self.place(_scalar(event), line)
        elif isinstance(event, yaml.MappingStartEvent):
            self.open({}, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            self.open([], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.keys.pop()


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def read(data: bytes, file: str = "") -> Located:
    """Parse YAML or JSON. Raises `Refused` with the line for anything that is not plain, finite data."""
    if len(data) > MAX_BYTES:
        raise Refused([Problem(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 2**20}, 0, file)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused([Problem(_("The file is not text in UTF-8."), 0, file)]) from None
    if text.lstrip()[:1] == "{":
        text = _PAIR.sub(_joined, text)
    builder = _Builder(file)
    documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise builder.refuse(_("The file holds more than one document."), _line(event))
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        message = _("This is not valid YAML or JSON. Look at this line and the one before it.")
        raise Refused([Problem(message, mark.line + 1 if mark else 0, file)]) from None
    return Located(builder.root, builder.lines, file)
