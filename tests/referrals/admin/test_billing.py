"""The billing lists: what is on each, who may see it, and a CSV file that runs nothing."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.reconcile.decide import reconcile
from referrals.spreadsheet import cell, csv_lines
from tests import factories
from tests.referrals.admin.conftest import ROLES, as_role

CARE = {"Coordinator", "Manager", "Auditor"}
KEYS = ("ready", "waiting", "notes")
ALL_DAYS = {"first": "2000-01-01"}


def of(key: str, export: bool = False) -> str:
    return reverse("billing-export" if export else "billing", args=(key,))


def exported(client, key: str, **query) -> list[list[str]]:
    answer = client.get(of(key, export=True), ALL_DAYS | query)
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def three(world):
    """One referral for each list."""
    statuses = {"ready": "closed", "waiting": "seen", "notes": "note_returned"}
    return {key: factories.in_status(world, status) for key, status in statuses.items()}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("key", KEYS)
def test_who_opens_them(key, role, world):
    for export in (False, True):
        assert as_role(role).get(of(key, export)).status_code == (200 if role in CARE else 403)


@pytest.mark.parametrize("key", KEYS)
def test_each_list_holds_its_own(key, three, coordinator):
    body = coordinator.get(of(key), ALL_DAYS).content.decode()
    assert [other for other, on in three.items() if on.number in body] == [key]
    head, *rows = exported(coordinator, key)
    assert len(rows) == 1 and rows[0][0] == three[key].number and len(rows[0]) == len(head)
    assert str(three[key].patient) in rows[0] and "1961-03-04" in rows[0]


def test_an_inbound_note_that_is_reconciled_but_not_delivered_is_billable(world, coordinator):
    on = factories.referral(world, "note_returned", inbound=True)
    reconcile(referral=on, actor=factories.SYSTEM, now=factories.NOW)
    assert on.number not in coordinator.get(of("notes"), ALL_DAYS).content.decode()
    assert on.number in coordinator.get(of("ready"), ALL_DAYS).content.decode()


def test_days_are_those_of_the_visit(three, coordinator):
    assert len(exported(coordinator, "ready", first="2026-11-04", last="2026-11-04")) == 2
    for key in KEYS:
        assert len(exported(coordinator, key, first="2026-11-05")) == 1
        assert len(exported(coordinator, key, last="2026-11-03")) == 1
    body = coordinator.get(of("ready"), {"first": "2026-11-05", "last": "2026-11-04"}).content.decode()
    assert "The last day is before the first." in body


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_list_says_so(key, world, coordinator):
    assert "Nothing here." in coordinator.get(of(key)).content.decode()


def test_an_unknown_list_and_a_post(world, coordinator):
    assert coordinator.get("/admin/billing/else/").status_code == 404
    assert coordinator.post(of("ready")).status_code == 405


@pytest.mark.parametrize("key", KEYS)
def test_more_rows_cost_no_more_queries(key, world, coordinator):
    def queries() -> int:
        coordinator.get(of(key), ALL_DAYS)
        with CaptureQueriesContext(connection) as captured:
            coordinator.get(of(key), ALL_DAYS)
        return len(captured)

    status = {"ready": "closed", "waiting": "seen", "notes": "note_returned"}[key]
    factories.in_status(world, status)
    few = queries()
    for _ in range(3):
        factories.in_status(world, status)
    assert queries() == few <= 14


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_a_formula(text):
    assert cell(text) == f"'{text}"
    assert cell("O'Hara, Una") == "O'Hara, Una"
    assert (cell(date(2026, 11, 4)), cell(None)) == ("2026-11-04", "")


def test_a_patient_called_like_a_formula_is_exported_as_text(world, coordinator):
    factories.in_status(world, "seen", patient=factories.patient_data(family_name="=cmd|calc"))
    assert exported(coordinator, "waiting")[1][1].startswith("'=cmd|calc")
    assert "\ufeff" in next(csv_lines(["a"], []))
