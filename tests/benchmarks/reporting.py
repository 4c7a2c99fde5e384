"""Speed of a month's report: ``DATABASE_URL=… python -m tests.benchmarks.reporting [--rows 1000000 3000000]``.

Each number of referrals is two years for every million, so a month holds as many in all of them. Printed are
milliseconds, the median of several runs taken in turn, for a month a year ago and for the latest (half of it open):

    report      reporting.measures.breakdown.report: all figures, of the whole and by all eight dimensions, with names
    scan        one hand-written statement that reads the month once and counts the figures of the whole
    by hand     one hand-written statement with GROUPING SETS that counts what the report does, by all dimensions
    of scan     how many times the scan the report takes; below 3 is the aim, and so is half a second

On a busy machine ``--cpu`` counts processor seconds of this process and of its server process, which others do not distort
(see sweep.py).

The rows are copies of some thousand that fill.py made. First they lie in no order of capture, so that the pages of a month
are all over the table, as after years of updates; then in order of capture, as they came. The scan gains more by order than
a report does.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.benchmarks.databases import fresh_database
from tests.benchmarks.sweep import processor_seconds

BASE = 4_000
OPEN_EVERY = 8  # copies of the base bring its open referrals once: then about half of the last 60 days' are open
COUNTS = """
    count(*), count(*) FILTER (WHERE status = 'closed'),
    count(*) FILTER (WHERE status = 'closed' AND ended_at <= captured_at + interval '14 days'),
    count(*) FILTER (WHERE status IN ('lost', 'closed_without_note') OR status = 'cancelled' AND leaks),
    count(*) FILTER (WHERE ended_at IS NULL AND quiet_since < %(window)s),
    count(*) FILTER (WHERE ended_at IS NULL AND quiet_since >= %(window)s),
    count(*) FILTER (WHERE status = 'cancelled' AND NOT leaks),
    count(first_scheduled_at), count(seen_at), count(note_at),
    avg(ended_at - captured_at) FILTER (WHERE status = 'closed'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - captured_at)::float8)
        FILTER (WHERE status = 'closed'),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - captured_at)::float8)
        FILTER (WHERE status = 'closed')
"""
FROM = """
    FROM referrals_referral r
    LEFT JOIN (SELECT id reason, counts_as_leakage leaks, excludes_from_cohort void FROM referrals_endingreason) e
        ON e.reason = r.ending_reason_id
    WHERE captured_at >= %(first)s AND captured_at < %(last)s AND void IS NOT TRUE
"""
DIMENSIONS = "direction, specialty_id, priority, referring_office_id, receiving_office_id, receiving_provider_id, payer_id, owner_id"
SETS = ", ".join(f"({column})" for column in DIMENSIONS.split(", "))
SCAN = f"SELECT {COUNTS} {FROM}"
BY_HAND = f"SELECT {DIMENSIONS}, {COUNTS} {FROM} GROUP BY GROUPING SETS ((), {SETS})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 3_000_000])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--cpu", action="store_true", help="Count processor seconds instead of the clock.")
    options = parser.parse_args()
    clock = processor_seconds if options.cpu else time.perf_counter
    heads = ("rows", "order", "month", "in it", "report", "scan", "by hand", "of scan")
    print(("{:>10} " * len(heads)).format(*heads))  # noqa: T201
    for rows in options.rows:
        with fresh_database("refloop_bench_reporting"):
            from tests import factories

            grow(rows, now=factories.NOW)
            for order in ("scattered", "as it came"):
                if order == "as it came":
                    _put_in_order_of_capture()
                for back in (365, 5):
                    figures = _measure(factories.NOW, back, options.runs, clock)
                    shape = "{:>10,} {:>10} {:>10} {:>10,} {:>10.0f} {:>10.0f} {:>10.0f} {:>10.1f}"
                    print(shape.format(rows, order, *figures), flush=True)  # noqa: T201


def grow(rows: int, *, now: datetime) -> None:
    """``rows`` referrals over two years for every million."""
    from django.db import connection

    from referrals.models import Referral
    from tests.benchmarks.fill import fill

    fill(BASE, now=now)
    columns = [field.column for field in Referral._meta.concrete_fields if field.column != "id"]
    moments = {"captured_at", "ended_at", "quiet_since", "first_scheduled_at", "seen_at", "note_at", "reconciled_at"}
    years_back = max(1, round(rows / 1_000_000))
    # Open ones stay in the last 60 days; ended ones wander, and each copy may lie some times two years further back.
    shift = (
        "CASE WHEN ended_at IS NULL THEN (id * 7919 + n * 104729) % 1440 ELSE "
        f"(id * 7919 + n * 104729) % 43200 + n % {years_back} * 1051200 END * interval '1 minute'"
    )
    picked = [f"{column} - shift" if column in moments else column for column in columns]
    picked[columns.index("number")] = "'B' || lpad((id * 10000 + n)::text, 11, '0')"
    with connection.cursor() as cursor, _indexes_made_afterwards(cursor):
        n, total = 0, 0
        while total < rows:
            n += 1
            # Open work does not grow with history, and the months it was captured in hold no more than others.
            keep = "" if n % (OPEN_EVERY * years_back) == 0 else "WHERE ended_at IS NOT NULL"
            cursor.execute(
                f"INSERT INTO referrals_referral ({', '.join(columns)}) SELECT {', '.join(picked)} FROM "
                f"(SELECT r.*, {n} n, {shift.replace('n *', f'{n} *').replace('n %', f'{n} %')} shift "
                f"FROM (SELECT * FROM referrals_referral ORDER BY id LIMIT {BASE}) r {keep}) r"
            )
            total += cursor.rowcount
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _put_in_order_of_capture() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CLUSTER referrals_referral USING referral_captured")
        cursor.execute("VACUUM ANALYZE referrals_referral")


@contextmanager
def _indexes_made_afterwards(cursor) -> Iterator[None]:
    """Millions of rows are in faster without them, and without asking for each whether its patient is there."""
    cursor.execute(
        "SELECT set_config('session_replication_role', 'replica', false) FROM pg_roles "
        "WHERE rolname = current_user AND rolsuper"
    )
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'referrals_referral' "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("RESET session_replication_role")
    for _, definition in indexes:
        cursor.execute(definition)


def _measure(now: datetime, days_back: int, runs: int, clock: Callable[[], float]) -> tuple:
    from django.db import connection

    from reporting.measures.assumptions import current_assumptions
    from reporting.measures.breakdown import report
    from reporting.measures.cohort import Cohort
    from reporting.measures.period import Period

    period = Period.month_of((now - timedelta(days=days_back)).date())
    assumptions = current_assumptions()
    values = {"first": period.starts_at, "last": period.ends_at, "window": now - assumptions.window}

    def by_hand(statement: str) -> list:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    contenders: list[Callable[[], object]] = [
        lambda: report(Cohort(period), now=now, assumptions=assumptions),
        lambda: by_hand(SCAN),
        lambda: by_hand(BY_HAND),
    ]
    found = contenders[0]()
    counted = by_hand(SCAN)[0]
    total = found.total
    assert counted[:7] == (
        total.cohort, total.closed, total.closed_within_14, total.leaked_known, total.leaked_estimated,
        total.in_progress, total.cancelled_not_leaked,
    ), (counted, total)  # fmt: skip
    contenders[2]()
    times: list[list[float]] = [[_milliseconds(run, clock) for run in contenders] for _ in range(runs)]
    ours, scan, hand = (statistics.median(column) for column in zip(*times, strict=True))
    return period.key, found.total.cohort, ours, scan, hand, ours / scan


def _milliseconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    run()
    return (clock() - start) * 1000


if __name__ == "__main__":
    main()
