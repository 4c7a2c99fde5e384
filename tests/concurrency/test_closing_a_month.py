"""A referral that ends while its month is being closed is in the figures and in the rows alike, or in neither."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection

from referrals.actions import ending
from reporting.measures.period import Period
from reporting.periods import closing
from tests import factories

CAPTURED, NOW = datetime(2026, 6, 20, 15, tzinfo=UTC), datetime(2026, 7, 2, 14, tzinfo=UTC)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_figures_and_rows_are_of_one_instant(monkeypatch):
    world = factories.make_world()
    referral = factories.referral(world, "routed", now=CAPTURED)
    reason, chase = factories.reason("lost"), closing.chase

    def ends() -> None:
        ending.mark_lost(referral=referral, reason=reason, actor=factories.SYSTEM, now=NOW)
        connection.close()

    def chase_while_it_ends(*args, **kwargs):
        """Between the figures and the rows, somebody else ends the referral."""
        other = Thread(target=ends)
        other.start()
        other.join()
        referral.refresh_from_db()
        return chase(*args, **kwargs)

    monkeypatch.setattr(closing, "chase", chase_while_it_ends)
    closed = closing.close(period=Period.month(2026, 6), by="Grace", now=NOW)
    assert type(referral).objects.get().status == "lost"
    assert closed.figures["total"]["counts"]["in_progress"] == closed.rows.filter(bucket="in_progress").count() == 1
