"""Closed months in the admin and by command."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from referrals.admin import downloads
from referrals.models import RecordRead, Referral
from reporting.measures.period import Period
from reporting.models import PeriodClose
from reporting.periods import closing
from tests import factories

NOW = datetime(2026, 7, 2, 14, tzinfo=UTC)
CAPTURED = datetime(2026, 6, 3, 15, tzinfo=UTC)
MONTHS = "/admin/reports/months/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client, world):
    factories.referral(world, "seen", now=CAPTURED)
    client.force_login(factories.user("Manager"))
    return client


def closed() -> PeriodClose:
    return closing.close(period=Period.month(2026, 6), by="Grace", now=NOW)


def test_a_manager_closes_looks_and_reopens(manager):
    assert "No month is closed yet" in manager.get(MONTHS).text
    page = manager.post(f"{MONTHS}close/", {"month": "2026-06"}, follow=True)
    assert "June 2026" in page.text
    assert "Late movement" in page.text
    assert manager.get(f"{MONTHS}2026-06/report.pdf").status_code == 200
    refused = manager.post(f"{MONTHS}2026-06/reopen/", {"because": ""}, follow=True)
    assert "Say why" in refused.text
    manager.post(f"{MONTHS}2026-06/reopen/", {"because": "a note was found"})
    assert PeriodClose.objects.get().reopened_because == "a note was found"
    assert "a note was found" in manager.get(f"{MONTHS}2026-06/?number=1").text


def test_a_month_that_is_not_over_is_refused_in_words(manager):
    assert "not over yet" in manager.post(f"{MONTHS}close/", {"month": "2026-07"}, follow=True).text
    assert manager.post(f"{MONTHS}close/", {"month": "soon"}, follow=True).status_code == 200


def test_who_may_only_read_cannot_close_or_reopen(client, world):
    closed()
    client.force_login(factories.user("Coordinator"))
    assert client.get(f"{MONTHS}2026-06/").status_code == 200
    assert client.post(f"{MONTHS}close/", {"month": "2026-05"}).status_code == 403
    assert client.post(f"{MONTHS}2026-06/reopen/", {"because": "x"}).status_code == 403
    client.force_login(factories.user("Directory editor"))
    for page in ("", "2026-06/", "2026-06/report.csv"):
        assert client.get(f"{MONTHS}{page}").status_code == 403


@pytest.mark.parametrize("page", ["2026-05/", "june/", "2026-06/report.exe", "2026-06/?number=9", "2026-06/?number=x"])
def test_what_is_not_there_is_not_found(manager, page):
    closed()
    assert manager.get(f"{MONTHS}{page}").status_code == 404


@pytest.mark.parametrize("page", [f"{MONTHS}close/", f"{MONTHS}2026-06/reopen/"])
def test_nothing_changes_by_get(manager, page):
    closed()
    assert manager.get(page).status_code == 405
    assert PeriodClose.objects.get().stands


@pytest.mark.parametrize("query", ["", "?year=2019", "?year=x", "?count=clinician&show=all", "?show=met"])
def test_cms50_page_opens(manager, query):
    assert manager.get(f"/admin/reports/cms50/{query}").status_code == 200


def test_cms50_rows_as_a_file(manager):
    response = manager.get("/admin/reports/cms50/rows.csv?year=2026&show=all")
    assert b"not met" in b"".join(response.streaming_content)
    assert manager.get("/admin/reports/cms50/rows.xlsx?year=2026").status_code == 200


class TestCommand:
    def run(self, *arguments) -> str:
        out = StringIO()
        call_command("close_period", *arguments, stdout=out)
        return out.getvalue()

    def test_whatever_is_due(self, world):
        factories.referral(world, "routed", now=CAPTURED)
        assert "June 2026 is closed with 1 referral;" in self.run()
        assert "No month is due." in self.run()
        assert "2026-06  2026-07-02  by operator  closed" in self.run("--list")
        assert "Referrals moved since: 0" in self.run("--month", "2026-06", "--moved")
        assert "open again" in self.run("--month", "2026-06", "--reopen", "wrong payer")

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--reopen", "x"], "Say which"),
            (["--month", "June"], "Write a day"),
            (["--month", "2026-05", "--moved"], "not closed"),
            (["--month", "2026-07"], "not over"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, db, arguments, says):
        with pytest.raises(CommandError, match=says):
            self.run(*arguments)


def test_the_frozen_rows_are_a_file_for_who_may_see_patients_and_noted(manager, world, monkeypatch):
    closed()
    response = manager.get(f"{MONTHS}2026-06/referrals.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, row, *more = text.splitlines()
    assert (len(more), row.split(",")[0]) == (0, Referral.objects.get().number)
    assert "Counted as" in head
    assert RecordRead.objects.get().way == "export"
    assert manager.get(f"{MONTHS}2026-06/referrals.xlsx").status_code == 200
    assert manager.get(f"{MONTHS}2026-06/referrals.pdf").status_code == 404
    monkeypatch.setattr(downloads, "MOST_IN_EXCEL", 0)
    assert "take the CSV file" in manager.get(f"{MONTHS}2026-06/referrals.xlsx", follow=True).text
    user = factories.user("Coordinator")
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="view_reportsettings"))
    manager.force_login(user)
    assert manager.get(f"{MONTHS}2026-06/referrals.csv").status_code == 403
    assert "referrals.csv" not in manager.get(f"{MONTHS}2026-06/").text


def test_a_reason_with_a_nul_is_kept_without_it(manager):
    closed()
    manager.post(f"{MONTHS}2026-06/reopen/", {"because": "late\x00 note"})
    assert PeriodClose.objects.get().reopened_because == "late note"
