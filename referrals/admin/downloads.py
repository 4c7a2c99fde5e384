"""A table as a file to keep: CSV, or an Excel file. It may hold patients, so nothing on the way keeps a copy."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect

from referrals.admin.counting import count_up_to
from referrals.spreadsheet import csv_lines, xlsx_file

FORMS = ("csv", "xlsx")
MOST_IN_EXCEL = 100_000  # beyond that no spreadsheet is pleasant; CSV has no limit


def too_long(
    request: HttpRequest, rows: QuerySet | Sequence[Any], *, form: str, back: str, of: str = "rows"
) -> HttpResponse | None:
    """The way ``back`` with a message, when ``rows`` are more than an Excel file is made of; None when they are not.
    Nobody gets a file that was cut."""
    if form != "xlsx":
        return None
    count = count_up_to(rows, MOST_IN_EXCEL) if isinstance(rows, QuerySet) else len(rows)
    if count <= MOST_IN_EXCEL:
        return None
    messages.error(request, f"More than {MOST_IN_EXCEL:,} {of}: take the CSV file, or filter first.")
    return redirect(back)


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
