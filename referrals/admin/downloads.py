"""A table as a file to keep: CSV, or an Excel file. It may hold patients, so nothing on the way keeps a copy."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from referrals.spreadsheet import csv_lines, xlsx_file

FORMS = ("csv", "xlsx")


def table_file(
    head: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str, form: str = "csv", title: str = "Report"
) -> HttpResponseBase:
    """``form`` is one of FORMS and ends the file's name; ``title`` names the sheet of an Excel file. CSV is streamed."""
    if form == "csv":
        response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    else:
        file = xlsx_file(head, rows, title=title)
        response = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
