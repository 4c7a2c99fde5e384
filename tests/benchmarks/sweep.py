"""Speed of the sweep: ``DATABASE_URL=… python -m tests.benchmarks.sweep [--totals 10000 100000 1000000]``.

10,000 referrals are due among ever more open ones. Beside RefLoop's sweep stand one SQL statement that claims the due
rows, updates them and inserts an event and a firing each, and the row-at-a-time way. Printed: rows a second and the
ratio to the statement; the shape to look for is at least half of it, and flat in the total.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.benchmarks.databases import fresh_database

DUE = 10_000
ROWS_ONE_BY_ONE = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--totals", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3, help="The best of this many is shown.")
    options = parser.parse_args()
    print(f"{'open':>10} {'sweep/s':>9} {'one statement/s':>16} {'ratio':>6} {'row by row/s':>13}")  # noqa: T201
    for total in options.totals:
        with fresh_database("refloop_bench_sweep"):
            now = _prepare(total)
            ours = max(_rate(lambda: _ours(now), DUE) for _ in range(options.runs))
            raw = max(_rate(lambda: _one_statement(now), DUE) for _ in range(options.runs))
            single = _rate(lambda: _row_by_row(now), ROWS_ONE_BY_ONE)
            print(f"{total:>10,} {ours:>9,.0f} {raw:>16,.0f} {ours / raw:>6.2f} {single:>13,.0f}")  # noqa: T201


def _rate(run: Callable[[], None], rows: int) -> float:
    _make_due()
    start = time.perf_counter()
    run()
    return rows / (time.perf_counter() - start)


def _prepare(total: int) -> datetime:
    """``total`` open referrals, copies of one made by the services, none due yet."""
    from django.db import connection

    from referrals.models import Referral
    from tests import factories

    template = factories.captured(factories.make_world()).referral
    columns = [f.column for f in Referral._meta.concrete_fields if f.column not in ("id", "number")]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO referrals_referral (number, {listed}) "
            f"SELECT 'B' || lpad(n::text, 9, '0'), {listed} FROM referrals_referral, generate_series(2, %s) n "
            "WHERE referrals_referral.id = %s",
            [total, template.pk],
        )
        cursor.execute("UPDATE referrals_referral SET next_escalation_at = now() + interval '90 days'")
        cursor.execute("VACUUM ANALYZE referrals_referral")
    return template.captured_at + timedelta(days=8)


def _make_due() -> None:
    """Make 10,000 spread-out rows due at once, in a new stay so that no rung has fired in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH chosen AS (SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS c "
            "FROM referrals_referral) rows WHERE n %% greatest(c / %s, 1) = 0 LIMIT %s) "
            "UPDATE referrals_referral r SET next_escalation_at = clock_from + interval '7 days', "
            "stage_stay = stage_stay + 1 FROM chosen WHERE r.id = chosen.id",
            [DUE, DUE],
        )
        cursor.execute("ANALYZE referrals_referral")


def _ours(now: datetime) -> None:
    from referrals.lifecycle import stalls

    swept = stalls.sweep(now=now)
    assert swept.escalated == DUE, swept


def _row_by_row(now: datetime) -> None:
    from referrals.lifecycle import stalls

    assert stalls.sweep(now=now, batch=1, most=ROWS_ONE_BY_ONE).escalated == ROWS_ONE_BY_ONE
    from referrals.models import Referral

    Referral.objects.filter(next_escalation_at__lte=now).update(next_escalation_at=now + timedelta(days=90))


def _one_statement(now: datetime) -> None:
    """The same work as one statement a batch of 1,000: claim, update, an event and a firing for each row."""
    from django.db import connection, transaction

    from referrals.models import EscalationRung

    rung = EscalationRung.objects.filter(policy__stage="unscheduled", policy__priority="", after=5).get()
    statement = """
        WITH due AS (
            SELECT id FROM referrals_referral WHERE ended_at IS NULL AND next_escalation_at <= %(now)s
            ORDER BY next_escalation_at LIMIT 1000 FOR UPDATE SKIP LOCKED
        ), moved AS (
            UPDATE referrals_referral r SET version = version + 1, changed_at = %(now)s, next_escalation_at = %(next)s
            FROM due WHERE r.id = due.id RETURNING r.id, r.version, r.status, r.stage_stay, r.clock_from
        ), told AS (
            INSERT INTO referrals_referralevent (referral_id, version, kind, at, actor_kind, actor_label, from_status,
                to_status, data, xact_id)
            SELECT id, version, 'escalated', %(now)s, 'system', 'RefLoop', status, status,
                '{"stage": "unscheduled", "told": ["owner"], "missed": []}', 0 FROM moved RETURNING id, referral_id
        )
        INSERT INTO referrals_escalationfiring (referral_id, stay, rung_id, repetition, audience, due_at, at, outcome,
            event_id)
        SELECT moved.id, stage_stay, %(rung)s, 0, 'owner', clock_from + interval '7 days', %(now)s, 'sent', told.id
        FROM moved JOIN told ON told.referral_id = moved.id
    """
    done = 0
    while done < DUE:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"now": now, "next": now + timedelta(days=3), "rung": rung.pk})
            assert cursor.rowcount > 0
            done += cursor.rowcount


if __name__ == "__main__":
    main()
