"""An office's token gets the counts of its own referrals in closed months, and nobody else's."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from reporting.api.months import rows_of
from reporting.measures.period import Period
from reporting.periods import closing
from tests import factories

CAPTURED, NOW = datetime(2026, 6, 3, 15, tzinfo=UTC), datetime(2026, 7, 2, 14, tzinfo=UTC)


@pytest.fixture
def ask(client, world):
    def get(office):
        token = factories.token(office)
        return client.get("/api/v1/reports/months/", HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def test_own_referrals_as_frozen(ask, world):
    for status in ("closed", "seen", "lost"):
        factories.referral(world, status, now=CAPTURED)
    closing.close(period=Period.month(2026, 6), by="Grace", now=NOW)
    (mine,) = ask(world.outside).json()["results"]
    assert (mine["period"], mine["cohort"], mine["closed"], mine["leaked_known"]) == ("2026-06", 3, 1, 1)
    assert mine["in_progress"] == 1
    (theirs,) = ask(world.stranger).json()["results"]
    assert {theirs[key] for key in ("cohort", "closed", "leaked_known", "in_progress")} == {0}


def test_a_reopened_month_is_not_given(ask, world):
    closed = closing.close(period=Period.month(2026, 6), by="Grace", now=NOW)
    closing.reopen(closed=closed, because="late", by="Grace", now=NOW)
    assert ask(world.outside).json() == {"results": []}


def test_an_office_does_not_wait_for_the_rows_of_others(db):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the table is empty here
    plan = rows_of(office=1).explain()
    assert "period_row_referring" in plan and "period_row_receiving" in plan


def test_without_a_token_nothing(client, db):
    assert client.get("/api/v1/reports/months/").status_code == 401
