"""Speed of the sweep: ``DATABASE_URL=… python -m tests.benchmarks.sweep [--totals 10000 100000 1000000]``.

10,000 referrals are due among ever more open ones, in batches of 1,000. Printed are rows a second, the best of a few
runs taken in turn:

    quiet       RefLoop's sweep without messages: claim, update, event and firing
    statement   the same as one SQL statement a batch (raw_sweep.py), and ``of it`` the share RefLoop reaches
    sweep       RefLoop's sweep as it runs: also a message with its two contexts, and its delivery
    statement   that as one SQL statement, with the texts given
    row by row  RefLoop's sweep in batches of one

The shape to look for: at least half of the statement, far above row by row, and flat in the total. On a busy machine
count ``--cpu``: seconds of processor of this process and of its server process (PostgreSQL on this machine, Linux), which
others do not distort; they leave out waiting for the disk, so more rows a second than in truth.
"""

import argparse
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests.benchmarks.databases import fresh_database

DUE = 10_000
BATCH = 1_000
ROWS_ONE_BY_ONE = 500
PATIENTS = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--totals", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5, help="The best of this many is shown.")
    parser.add_argument("--cpu", action="store_true", help="Count processor seconds instead of the clock.")
    options = parser.parse_args()
    clock = processor_seconds if options.cpu else time.perf_counter
    heads = ("open", "quiet", "statement", "of it", "sweep", "statement", "of it", "row by row")
    print(("{:>10} " * len(heads)).format(*heads))  # noqa: T201
    for total in options.totals:
        with fresh_database("refloop_bench_sweep"):
            now = _prepare(total)
            quiet, bare, sweep, told, single = _measure(now, options.runs, clock)
            figures = (total, quiet, bare, quiet / bare, sweep, told, sweep / told, single)
            shapes = "{:>10,} {:>10,.0f} {:>10,.0f} {:>10.2f} {:>10,.0f} {:>10,.0f} {:>10.2f} {:>10,.0f}"
            print(shapes.format(*figures), flush=True)  # noqa: T201


def _measure(now: datetime, runs: int, clock: Callable[[], float]) -> list[float]:
    from tests.benchmarks import raw_sweep

    contenders: list[tuple[Callable[[], None], int]] = [
        (lambda: _quiet(now), DUE),
        (lambda: raw_sweep.bare(now, due=DUE, batch=BATCH), DUE),
        (lambda: _ours(now), DUE),
        (lambda: raw_sweep.told(now, due=DUE, batch=BATCH), DUE),
        (lambda: _row_by_row(now), ROWS_ONE_BY_ONE),
    ]
    _ours_once(now)  # warms up, and writes the message raw_sweep.told copies
    rates = [[_rate(run, rows, clock) for run, rows in contenders] for _ in range(runs)]
    return [max(column) for column in zip(*rates, strict=True)]


def _rate(run: Callable[[], None], rows: int, clock: Callable[[], float]) -> float:
    _make_due()
    start = clock()
    run()
    return rows / (clock() - start)


def processor_seconds() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    user, system = int(server[11]), int(server[12])
    return time.process_time() + (user + system) / os.sysconf("SC_CLK_TCK")


def _prepare(total: int) -> datetime:
    """``total`` open referrals, none due yet: copies of one made by the services, of many patients, captured at any
    moment of the day before."""
    from django.db import connection

    from referrals.models import Patient, Referral
    from tests import factories

    template = factories.captured(factories.make_world()).referral
    spread = "timestamptz {} - ((n::bigint * 7919) %% 86399999) * interval '1 millisecond'"
    values = {
        "number": "'B' || lpad(n::text, 9, '0')",
        "patient_id": f"(SELECT min(id) FROM referrals_patient) + n %% {PATIENTS}",
        "next_escalation_at": "%(now)s + interval '90 days'",
    } | dict.fromkeys(("captured_at", "stage_since", "clock_from"), spread.format("%(now)s"))
    with connection.cursor() as cursor:
        cursor.execute(*_copies(Patient, template.patient_id, PATIENTS, {"family_name": "'Garcia' || n"}, template))
        cursor.execute(*_copies(Referral, template.pk, total, values, template))
        cursor.execute("VACUUM ANALYZE")
    return template.captured_at + timedelta(days=8)


def _copies(model, pk: int, count: int, values: dict[str, str], template) -> tuple[str, dict]:
    """The statement that makes ``count - 1`` copies of a row, with ``values`` in SQL of the number ``n``."""
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    picked = ", ".join(values.get(column, column) for column in columns)
    table = model._meta.db_table
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table}, generate_series(2, %(count)s) n "
        f"WHERE {table}.id = %(pk)s"
    )
    return statement, {"count": count, "pk": pk, "now": template.captured_at}


def _make_due() -> None:
    """Make 10,000 spread-out rows due at once, in a new stay so that no rung has fired in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH ids AS (SELECT min(id) AS least, count(*) AS total FROM referrals_referral) "
            "UPDATE referrals_referral SET next_escalation_at = clock_from + interval '7 days', overdue_since = NULL, "
            "stage_stay = stage_stay + 1 FROM ids WHERE (id - least) %% greatest(total / %s, 1) = 0",
            [DUE],
        )
        cursor.execute("VACUUM ANALYZE referrals_referral")


def _ours(now: datetime) -> None:
    from referrals.lifecycle import stalls

    swept = stalls.sweep(now=now, batch=BATCH)
    assert swept.escalated == DUE, swept


def _quiet(now: datetime) -> None:
    from referrals.messages.quiet import quiet

    with quiet():
        _ours(now)


def _ours_once(now: datetime) -> None:
    _make_due()
    _ours(now)


def _row_by_row(now: datetime) -> None:
    from referrals.lifecycle import stalls
    from referrals.models import Referral

    assert stalls.sweep(now=now, batch=1, most=ROWS_ONE_BY_ONE).escalated == ROWS_ONE_BY_ONE
    Referral.objects.filter(next_escalation_at__lte=now).update(next_escalation_at=now + timedelta(days=90))


if __name__ == "__main__":
    main()
