"""Speed and queries of the lists: ``DATABASE_URL=… python -m tests.benchmarks.lists [--rows 100000]``.

Fills a PostgreSQL database of its own, then asks for each list as a signed-in coordinator or by an office's token.
Printed: queries, median milliseconds of five, and the same with a hundredth of the rows as the reference; a list that
is paged and indexed costs about the same in both."""

import argparse
import statistics
import time
from collections.abc import Callable

from tests.benchmarks.databases import fresh_database

ADMIN = {
    "worklist: open": "/admin/referrals/referral/",
    "worklist: overdue": "/admin/referrals/referral/?queue=overdue",
    "worklist: all": "/admin/referrals/referral/?queue=all",
    "search a number": "/admin/referrals/referral/?q={number}",
    "search a name": "/admin/referrals/referral/?q=garcia",
    "search a birth date": "/admin/referrals/referral/?q=03/04/1961",
    "home": "/admin/",
}
API = {
    "api: newest": "/api/v1/referrals/",
    "api: overdue": "/api/v1/referrals/?overdue=true",
    "api: by status": "/api/v1/referrals/?status=lost",
    "api: changed since": "/api/v1/referrals/?changed_after=2026-11-01T00:00:00Z&ordering=changed_at",
    "api: events": "/api/v1/events/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    small, large = _measure(rows // 100), _measure(rows)
    print(f"{'list':<22} {'queries':>7} {'ms':>7} {'ms at 1/100':>12} {'ratio':>6} unbounded counts")  # noqa: T201
    for name, (queries, ms, counts) in large.items():
        before = small[name][1]
        print(f"{name:<22} {queries:>7} {ms:>7.0f} {before:>12.0f} {ms / before:>6.1f} {counts}")  # noqa: T201


def _measure(rows: int) -> dict[str, tuple[int, float, int]]:
    with fresh_database("refloop_bench_lists"):
        from django.test import Client

        from referrals.models import Office, Referral
        from tests import factories
        from tests.benchmarks.fill import fill

        fill(rows, now=factories.NOW)
        staff = Client(SERVER_NAME="localhost")
        staff.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
        token = factories.token(Office.objects.filter(is_ours=True).first())
        office = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
        number = Referral.objects.order_by("pk").values_list("number", flat=True)[rows // 2]
        lists = {name: (staff, address.format(number=number)) for name, address in ADMIN.items()}
        lists |= {name: (office, address) for name, address in API.items()}
        return {name: _ask(lambda c=client, a=address: c.get(a)) for name, (client, address) in lists.items()}


def _ask(get: Callable) -> tuple[int, float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get()
    with CaptureQueriesContext(connection) as captured:
        response = get()
    assert response.status_code == 200, response
    counts = sum(
        "COUNT(" in q["sql"] and "LIMIT" not in q["sql"] and 'referrals_referral"' in q["sql"] for q in captured
    )
    queries = len(captured)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        get()
        times.append((time.perf_counter() - start) * 1000)
    return queries, statistics.median(times), counts


if __name__ == "__main__":
    main()
