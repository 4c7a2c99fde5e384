"""The worklist as a file: exactly what is filtered, in its order, harmless in a spreadsheet, only for who may."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from referrals.admin import downloads
from referrals.admin.referral import export
from referrals.models import Patient, Referral
from tests import factories
from tests.referrals.admin.conftest import as_role

LIST = reverse("admin:referrals_referral_changelist")


def address(form: str) -> str:
    return reverse("admin:referrals_referral_export", kwargs={"form": form})


def table(answer, form: str) -> list[list]:
    content = b"".join(answer.streaming_content)
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.fixture
def several(world) -> list[Referral]:
    made = [
        factories.referral(world, status, now=timezone.now()) for status in ("routed", "seen", "closed", "received")
    ]
    Referral.objects.filter(pk=made[1].pk).update(priority="urgent")
    return made


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "query", [{}, {"queue": "note_pending"}, {"queue": "all"}, {"priority__exact": "urgent"}, {"q": "public"}]
)
def test_it_holds_what_the_list_holds(form, query, several, coordinator):
    shown = [row.number for row in coordinator.get(LIST, {"queue": "open"} | query).context["cl"].result_list]
    head, *rows = table(coordinator.get(address(form), {"queue": "open"} | query), form)
    assert head == list(export.COLUMNS)
    assert [row[0] for row in rows] == shown


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_odd_characters_do_no_harm(form, several, coordinator):
    Patient.objects.update(family_name='=HYPERLINK("http://x")', given_name="Zoë \x07")
    _, *rows = table(coordinator.get(address(form), {"queue": "open"}), form)
    assert {row[1][:2] for row in rows} == {"'="}
    if form == "xlsx":
        content = b"".join(coordinator.get(address(form), {"queue": "open"}).streaming_content)
        cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2) for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
        assert {cell.value.date() for cell in cells if cell.column == 3} == {date(1961, 3, 4)}, "a day stays a day"


def test_the_file_is_streamed_and_kept_by_no_cache(several, coordinator):
    answer = coordinator.get(address("csv"), {"queue": "open"})
    assert answer.streaming and "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="referrals-open-')


def test_too_many_for_excel_is_said(several, coordinator, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_IN_EXCEL", 2)
    answer = coordinator.get(address("xlsx"), {"queue": "open"})
    assert answer.status_code == 302
    assert "take the CSV file" in [str(m) for m in answer.wsgi_request._messages][-1]
    assert len(table(coordinator.get(address("csv"), {"queue": "open"}), "csv")) == 4


@pytest.mark.parametrize(
    ("role", "status"),
    [("Coordinator", 200), ("Manager", 200), ("Auditor", 200), ("Directory editor", 403), ("", 403)],
)
def test_who_may(role, status, several):
    client = as_role(role)
    assert {client.get(address(form)).status_code for form in ("csv", "xlsx")} == {status}


def test_the_permission_alone_decides(several):
    user = factories.user("Coordinator")
    group = user.groups.get()
    group.permissions.remove(group.permissions.get(codename="export_referral"))
    client = as_role("Coordinator")
    assert client.get(address("csv")).status_code == 403
    assert "Excel file" not in client.get(LIST, {"queue": "open"}).content.decode()


def test_strange_addresses(several, coordinator):
    assert coordinator.get(address("pdf")).status_code == 404
    assert coordinator.post(address("csv")).status_code == 405
    assert coordinator.get(address("csv"), {"priority__nonsense": "1"}).status_code in (400, 404)
