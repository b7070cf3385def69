"""Tables as files for a spreadsheet: CSV and XLSX, out and in.

CSV is written as Excel of a Belgian or Dutch machine opens it: UTF-8 with a byte order mark, semicolons, a comma in
decimals, CRLF, each text in quotes (RFC 4180). Texts are never formulas (CWE-1236): in XLSX they are stored as text; in
CSV an apostrophe stands before what a spreadsheet could run, also after a comma or line break within a text, in case
the file is cut at another separator. `read_csv` takes those apostrophes away, so that what went in comes out again.
What neither file can hold (control characters) is left out.
"""

import codecs
import csv
import datetime
import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | None

MAX_TEXT: Final = 32_767
"""Characters in one cell of XLSX; what is longer ends in `CUT`."""
CUT: Final = " […]"


@dataclass(frozen=True)
class Sheet:
    """One table. Numbers are numbers, everything else is text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


# The control characters that XML cannot hold, lone halves of surrogate pairs, and the two that are no characters.
_NOT_HELD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RUNS: Final = "[=+\\-@＝＋－＠]"
_GUARDED: Final = f"^(?='*[\\t\\r\\n]|['\"\\s]*{_RUNS})|(?<=[,;\\t\\r\\n])(?=['\" \u00a0]*{_RUNS})"
_BEFORE_GUARDED: Final = re.compile(_GUARDED)
_GUARD: Final = re.compile(_GUARDED.replace("(?=", "'(?="))


def _held(text: str) -> str:
    return _NOT_HELD.sub("", text)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int) or (isinstance(cell, float) and math.isfinite(cell))


# ---- CSV, out


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) or not _is_number(cell):
        guarded = _BEFORE_GUARDED.sub("'", _held(str(cell)))
        return '"' + guarded.replace('"', '""') + '"'
    return repr(cell + 0).replace(".", ",")


def to_csv(sheet: Sheet) -> bytes:
    """The table as CSV; it has no place for the title."""
    lines = (";".join(_csv_cell(cell) for cell in row) or '""' for row in (sheet.head, *sheet.rows))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


# ---- XLSX, out

_HEAD: Final = Font(bold=True)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_TOP: Final = Alignment(vertical="top")
_NARROWEST, _WIDEST, _LOOKED_AT = 9, 60, 300


def _sheet_title(title: str, taken: set[str]) -> str:
    """A name that Excel accepts and that no sheet before has."""
    bare = re.sub(r"[\[\]:*?/\\]", " ", _held(title)).strip().strip("'").strip()
    base = bare[:31].strip().strip("'") or "1"
    name, number = base, 1
    while name.lower() in taken or name.lower() == "history":
        number += 1
        name = f"{base[: 30 - len(str(number))]} {number}"
    taken.add(name.lower())
    return name


def _widths(sheet: Sheet) -> list[int]:
    widest = [0] * len(sheet.head)
    for row in (sheet.head, *sheet.rows[:_LOOKED_AT]):
        for column, cell in enumerate(row[: len(widest)]):
            lines = str("" if cell is None else cell).splitlines() or [""]
            widest[column] = max(widest[column], *map(len, lines))
    return [min(max(each + 2, _NARROWEST), _WIDEST) for each in widest]


def _text_of_xlsx(text: str) -> str:
    # "_x000D_" would be read as a carriage return: the underscore is escaped, as Excel does it itself.
    said = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", _held(text)).replace("\r", "_x000D_")
    return said if len(said) <= MAX_TEXT else said[: MAX_TEXT - len(CUT)] + CUT


def _written(page: Any, cell: Cell, *, bold: bool = False) -> Any:
    if cell is None:
        return None
    if _is_number(cell):
        made = WriteOnlyCell(page, value=cell)
        made.alignment = _TOP
        return made
    text = _text_of_xlsx(str(cell))
    made = WriteOnlyCell(page, value=text)
    made.data_type = "s"
    made.alignment = _WRAPPED
    if re.match(_RUNS, text):
        made.quotePrefix = True  # stays text when somebody edits the cell
    if bold:
        made.font = _HEAD
    return made


def _fill(book: Book, sheet: Sheet, taken: set[str]) -> None:
    page = book.create_sheet(_sheet_title(sheet.title, taken))
    page.freeze_panes = "A2"
    widths = _widths(sheet)
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width

    page.append([_written(page, str(cell), bold=True) for cell in sheet.head])
    for row in sheet.rows:
        page.append([_written(page, cell) for cell in row])
    if sheet.rows and sheet.head:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.head))}{len(sheet.rows) + 1}"


def to_xlsx(sheets: Iterable[Sheet], *, title: str = "", subject: str = "") -> bytes:
    """The tables as sheets of one workbook: heads bold and frozen, columns as wide as what stands in them."""
    book = Book(write_only=True)
    book.properties.title = _held(title) or None
    book.properties.subject = _held(subject) or None
    book.properties.creator = book.properties.lastModifiedBy = "Koers"
    book.properties.created = book.properties.modified = timezone.now().replace(tzinfo=None, microsecond=0)
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book, sheet, taken)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- In

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 24 * 1024 * 1024
MAX_PART: Final = 1024 * 1024
"""Of anything in an XLSX file but its cells and their texts: styles, names, properties."""
MAX_PARTS: Final = 200
MAX_ROWS: Final = 25_000
MAX_COLUMNS: Final = 100
MAX_SHEETS: Final = 20


class Unreadable(ValueError):
    """The file cannot be read as a table; the message says why, to whoever sent it."""


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    return data


def _sheet(title: str, rows: Iterable[Sequence[Cell]]) -> Sheet | None:
    """The head and the rows under it, each as long as the head; rows without anything are left out."""
    head: list[str] | None = None
    read: list[tuple[Cell, ...]] = []
    for number, cells in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise Unreadable(_("There are more than %(count)s rows.") % {"count": MAX_ROWS})
        row = list(cells)
        while row and row[-1] in {None, ""}:
            row.pop()
        if not row:
            continue
        if len(row) > MAX_COLUMNS:
            raise Unreadable(_("There are more than %(count)s columns.") % {"count": MAX_COLUMNS})
        if head is None:
            head = ["" if cell is None else str(cell).strip() for cell in row]
        elif len(row) > len(head):
            raise Unreadable(_("Row %(number)s has more cells than the head of the table.") % {"number": number})
        else:
            read.append((*row, *([""] * (len(head) - len(row)))))
    return None if head is None else Sheet(title, tuple(head), tuple(read))


def _decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, or else the code page of Windows."""
    encoding = "utf-16" if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise Unreadable(_("This is not a text file with a table (CSV)."))
    return text


def _separator(text: str) -> str:
    """What stands between the cells of the first line, outside quotes."""
    first = re.match(r'(?:"(?:[^"]|"")*+"|[^"\r\n])*+', text.lstrip("\r\n"))
    bare = re.sub(r'"(?:[^"]|"")*+"', "", first.group() if first else "")
    return max(";,\t", key=bare.count)


def read_csv(data: bytes, title: str = "") -> Sheet:
    """The table in a CSV file: semicolons, commas or tabs; UTF-8, UTF-16 or the Windows code page.

    Every cell is text, every row as long as the head. Raises `Unreadable`.
    """
    text = _decoded(_checked(data))
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        sheet = _sheet(title, ([_GUARD.sub("", cell) for cell in row] for row in rows))
    except csv.Error as error:
        raise Unreadable(_("This is not a well-formed CSV file: %(reason)s.") % {"reason": error}) from None
    if sheet is None:
        raise Unreadable(_("The file is empty."))
    return sheet


_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([^\"']{1,40})")
_LARGE_PARTS: Final = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_OUTSIDE: Final = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[^>]*>", re.IGNORECASE)


def _check_part(name: str, part: bytes) -> None:
    """Refuses what an ordinary sheet never holds: entities, other encodings, links that a reader could follow."""
    encoding = _ENCODING.match(part.removeprefix(codecs.BOM_UTF8).lstrip()[:300])
    plain = encoding is None or encoding.group(1).lower() in {b"utf-8", b"utf8", b"us-ascii"}
    if not plain or b"\x00" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Unreadable(_("The file holds declarations that a sheet does not need (%(part)s).") % {"part": name})
    if name.endswith(".rels") and any(b"/hyperlink" not in found for found in _OUTSIDE.findall(part)):
        raise Unreadable(_("The file refers to other files. Save it without links to other workbooks."))


def _check_package(data: bytes) -> None:
    """Looks an XLSX file over before it is read. Python unpacks no more of a part than the size it declares."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is an old Excel file, or one with a password. Save it as .xlsx without a password."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable(_("The file is too large once unpacked."))
            for part in parts:
                name = part.filename
                if part.flag_bits & 1 or name.startswith("/") or ".." in name.split("/") or "\\" in name:
                    raise Unreadable(_("This is not a well-formed Excel file (.xlsx)."))
                if "externalLinks/" in name or name.lower().endswith(("vbaproject.bin", ".xlsb")):
                    raise Unreadable(_("The file refers to other files or holds macros. Save it as an ordinary .xlsx."))
                if not name.lower().endswith((".xml", ".rels", ".vml")):
                    continue
                if part.file_size > MAX_PART and not _LARGE_PARTS.fullmatch(name):
                    raise Unreadable(_("The file is too large once unpacked."))
                _check_part(name, package.read(part))
            package.getinfo("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, zlib.error, OSError, EOFError):
        raise Unreadable(_("This is not a well-formed Excel file (.xlsx).")) from None


def _read_cell(value: Any) -> Cell:
    match value:
        case None | bool() | int() | float():
            return value
        case datetime.datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), str(value))


def read_xlsx(data: bytes) -> list[Sheet]:
    """The tables of an XLSX file: of each sheet the first row is the head. Text, numbers, dates as ISO text.

    Of a formula the value that was stored; nothing is ever computed or fetched. Raises `Unreadable`.
    """
    _check_package(_checked(data))
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            if len(book.worksheets) > MAX_SHEETS:
                raise Unreadable(_("There are more than %(count)s sheets.") % {"count": MAX_SHEETS})
            sheets = []
            for page in book.worksheets:
                page.reset_dimensions()
                rows = page.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
                sheets.append(_sheet(page.title, ([_read_cell(cell) for cell in row] for row in rows)))
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise Unreadable(_("This is not a well-formed Excel file (.xlsx).")) from error
    found = [sheet for sheet in sheets if sheet is not None]
    if not found:
        raise Unreadable(_("The file is empty."))
    return found
