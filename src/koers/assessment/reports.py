"""A report from outside: which kind of file it really is, and a name that can be trusted. It is never opened here."""

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_NAME: Final = 120
_MAX_ENTRIES: Final = 4_000

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
TYPES: Final = {
    "pdf": "application/pdf",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
    "pptx": f"{_OOXML}.presentationml.presentation",
    "odt": f"{_ODF}.text",
    "ods": f"{_ODF}.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_OFFICE: Final = {b"word/document.xml": "docx", b"xl/workbook.xml": "xlsx", b"ppt/presentation.xml": "pptx"}
_SPELLINGS: Final = {"jpeg": "jpg"}


class NotAReport(ValueError):
    """The file cannot be attached; the message says why."""


@dataclass(frozen=True)
class ReportFile:
    """A file that may be kept: `name` ends in what it really is."""

    name: str
    type: str
    data: bytes


def read_report(name: str, data: bytes) -> ReportFile:
    """A file that somebody attaches. Raises `NotAReport` for what is too large or of another kind."""
    if len(data) > MAX_BYTES:
        raise NotAReport(_("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 2**20})
    ending = _kind(data)
    if ending is None:
        raise NotAReport(_("Attach a PDF, Word, Excel, PowerPoint or OpenDocument file, or a PNG or JPEG picture."))
    return ReportFile(_clean_name(name, ending), TYPES[ending], data)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    return None


def _kind_of_zip(data: bytes) -> str | None:
    """Which document a zip is, by what it says at its very beginning or by the names in it; nothing is unpacked."""
    for ending in ("odt", "ods"):
        # OpenDocument: the first entry is called “mimetype”, is not compressed, and says what it is.
        if data[30:].startswith(b"mimetype" + TYPES[ending].encode() + b"PK"):
            return ending
    try:
        names = set(_names(data))
    except (struct.error, ValueError):
        return None
    if b"[Content_Types].xml" not in names:
        return None
    if any(name.lower().endswith(b"vbaproject.bin") for name in names):
        raise NotAReport(_("This file holds macros. Save it without them, or as PDF, and attach that."))
    return next((ending for part, ending in _OFFICE.items() if part in names), None)


def _names(data: bytes) -> Iterator[bytes]:
    """The names in the directory of a zip. Raises `ValueError` when it is not in order."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        raise ValueError("no directory")
    (start,) = struct.unpack_from("<L", data, end + 16)
    if start == 0xFFFFFFFF:
        if data[end - 20 : end - 16] != b"PK\x06\x07":
            raise ValueError("no large directory")
        (record,) = struct.unpack_from("<Q", data, end - 12)
        (start,) = struct.unpack_from("<Q", data, record + 48)
    for _entry in range(_MAX_ENTRIES):
        if data[start : start + 4] != b"PK\x01\x02":
            return
        name, extra, comment = struct.unpack_from("<3H", data, start + 28)
        yield data[start + 46 : start + 46 + name]
        start += 46 + name + extra + comment
    raise ValueError("too many entries")


def _clean_name(name: str, ending: str) -> str:
    """The name without folders, control characters and tricks of direction, and with the ending of what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", last))
    shown = "".join(each for each in shown if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    shown = " ".join("".join("-" if each in '<>:"|?*' else each for each in shown).split()).strip(". ")
    stem, _dot, given = shown.rpartition(".")
    if stem and _SPELLINGS.get(given.lower(), given.lower()) == ending:
        shown = stem
    shown = shown[: MAX_NAME - len(ending) - 1].strip(". ")
    return f"{shown or _('report')}.{ending}"
