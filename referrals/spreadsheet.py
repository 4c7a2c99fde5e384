"""Rows as a CSV file that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

# What a spreadsheet runs when a cell begins with it (OWASP, "CSV injection").
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


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


def cell(value: Any) -> str:
    """A value as text: days as 2026-11-04, what could run with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text
