"""Tables as files for a spreadsheet: CSV and XLSX, out and in.

CSV is written as Excel of a Belgian or Dutch machine opens it: UTF-8 with a byte order mark, semicolons, a comma in
decimals, CRLF, each text in quotes (RFC 4180). Texts are never formulas (CWE-1236): in XLSX they are stored as text; in
CSV an apostrophe stands before what a spreadsheet could run, also after a comma or line break within a text, in case
the file is cut at another separator. `read_csv` takes those apostrophes away, so that what went in comes out again.
What neither file can hold (control characters) is left out.
"""

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook as Book
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
_GUARDED: Final = f"^(?='*[\\t\\r\\n]|['\\s]*{_RUNS})|(?<=[,;\\t\\r\\n])(?=[' \u00a0]*{_RUNS})"
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


def _fill(book: Book, sheet: Sheet, taken: set[str]) -> None:
    page = book.create_sheet(_sheet_title(sheet.title, taken))
    page.freeze_panes = "A2"
    widths = _widths(sheet)
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width

    def written(cell: Cell, font: Font | None = None) -> WriteOnlyCell | None:
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
        if font is not None:
            made.font = font
        return made

    page.append([written(str(cell), _HEAD) for cell in sheet.head])
    for row in sheet.rows:
        page.append([written(cell) for cell in row])
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
MAX_UNPACKED: Final = 32 * 1024 * 1024
MAX_ROWS: Final = 25_000
MAX_COLUMNS: Final = 100
MAX_SHEETS: Final = 20


class Unreadable(ValueError):
    """The file cannot be read as a table; the message says why, to whoever sent it."""


def read_csv(data: bytes, title: str = "") -> Sheet:
    """The table in a CSV file: semicolons, commas or tabs; UTF-8, UTF-16 or the Windows code page.

    Every cell is text, every row as long as the head. Raises `Unreadable`.
    """
    raise NotImplementedError


def read_xlsx(data: bytes) -> list[Sheet]:
    """The tables of an XLSX file: of each sheet the first row is the head. Text, numbers, dates as ISO text.

    Of a formula the value that was stored; nothing is ever computed or fetched. Raises `Unreadable`.
    """
    raise NotImplementedError
