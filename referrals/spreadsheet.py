"""Rows as a CSV or Excel file that no spreadsheet takes for formulas."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

# What a spreadsheet runs when a cell begins with it (OWASP, "CSV injection").
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
EXCEL_ROWS = 1_048_576  # of one sheet, its head among them
# Characters an Excel file cannot hold.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class _Line:
    """What csv writes to: the line itself."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, with the byte order mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> IO[bytes]:
    """The file, open at its beginning. It is written row by row to disk, so its length costs no memory. Raises ValueError
    when there are more rows than a sheet holds.

    A day stays a day that can be sorted; an instant is written as it reads in its own zone, which Excel cannot keep."""
    from openpyxl import Workbook  # heavy to import and rarely needed
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for index, name in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, len(name) + 4)

    def cells(row: Sequence[Any], **style: Any) -> Iterator[WriteOnlyCell]:
        for value in row:
            made = WriteOnlyCell(sheet, value=_plain(value))
            if isinstance(made.value, str):
                made.data_type = "s"  # text, also when it begins with an equals sign
            for name, look in style.items():
                setattr(made, name, look)
            yield made

    sheet.append(list(cells(head, font=Font(bold=True))))
    for number, row in enumerate(rows, start=2):
        if number > EXCEL_ROWS:
            raise ValueError(f"a sheet holds {EXCEL_ROWS:,} rows")
        sheet.append(list(cells(row)))
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, date | int | float):
        return value
    return _UNPRINTABLE.sub(" ", cell(value))


def cell(value: Any) -> str:
    """A value as text: days as 2026-11-04, what could run with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text
