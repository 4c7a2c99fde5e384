"""Time of a match: ``DATABASE_URL=… python -m tests.benchmarks.matching [--rows 320000] [--trials 1000] [--plans]``.

Fills a PostgreSQL database with referrals, a third of them open, of ordinary patients, of people made to be mistaken for
each other (mistakable.py), and of a crowd: 10,000 patients called Garcia, a third of them born on 1 January 1900 as far
as anybody knows, a third with one clinic's telephone. Notes about each are matched; printed are queries a match, and
the median and 95th percentile of its time, on the wall and of this process, database not counted. ``--plans`` prints how
PostgreSQL runs the queries of one match of each. Whether matches are right is for ``tests.benchmarks.adversarial``."""

import argparse
import random
import statistics
import time
from copy import copy
from datetime import date, timedelta

from tests.benchmarks.databases import fresh_database
from tests.benchmarks.mistakable import GIVEN, Case, note_about, people, written

CROWD = 10_000
CLINIC = "608-555-0001"
# A record number for everybody and a booked visit for every fourth referral, so that no table is small enough to be read whole.
_RECORD_NUMBERS = """INSERT INTO referrals_patientidentifier (type, assigner, value, value_key, patient_id)
    SELECT 'MR', 'urn:oid:1.2.3.9', 'K' || id, 'K' || id, id FROM referrals_patient"""
_VISITS = """INSERT INTO referrals_appointment (kind, status, starts_at, ends_at, instructions, status_reason, external_id,
        booked_at, office_id, referral_id)
    SELECT 'initial', 'fulfilled', captured_at + interval '9 days', captured_at + interval '9 days 1 hour', '', '', '', captured_at,
        referring_office_id, id FROM referrals_referral WHERE id % 4 = 0"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=320_000)
    parser.add_argument("--trials", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    with fresh_database("refloop_bench_matching"):
        rng = random.Random(options.seed)
        measure(rng, put_on_record(rng, options.rows), options.trials, plans=options.plans)


def put_on_record(rng: random.Random, rows: int) -> dict[str, list[Case]]:
    """Fill the database; some of each sort of patient, to write notes about."""
    from django.db import connection

    from referrals.models import Referral
    from tests import factories
    from tests.benchmarks import trials
    from tests.benchmarks.fill import fill

    fill(rows, now=factories.NOW)
    template = Referral.objects.filter(status="seen").select_related("receiving_provider").first()
    seen = Referral.objects.filter(status="seen").select_related("patient", "receiving_provider")
    ordinary = list(seen.exclude(receiving_provider=None)[:500])  # before anybody else is on record
    mistakable = people(rng, 600)
    trials.put_on_record(rng, mistakable, template)
    crowd = _crowd(rng, template)
    with connection.cursor() as cursor:
        cursor.execute(_RECORD_NUMBERS)
        cursor.execute(_VISITS)
        cursor.execute("ANALYZE")
    return {
        "ordinary": [_case(referral) for referral in ordinary],
        "mistakable": [case for case in mistakable if case.referrals],
        "crowd": rng.sample(crowd, 500),
    }


def _crowd(rng: random.Random, template) -> list[Case]:
    from referrals.identifiers import new_referral_number
    from referrals.models import Patient, Referral
    from referrals.names import name_key, sound
    from tests import factories

    days = 365 * 80
    made = [
        Patient(
            family_name="Garcia", given_name=(given := rng.choice(GIVEN)), family_key="garcia",
            given_key=name_key(given), family_sound=sound("garcia"), zip_code="53703", created_at=factories.NOW,
            birth_date=date(1900, 1, 1) if n % 3 == 0 else date(1930, 1, 1) + timedelta(days=rng.randrange(days)),
            phone=CLINIC if rng.random() < 0.33 else f"608-555-{rng.randrange(10_000):04d}",
        )
        for n in range(CROWD)
    ]  # fmt: skip
    referrals, numbers = [], set()
    while len(numbers) < CROWD:
        numbers.add(new_referral_number())
    taken = set(Referral.objects.filter(number__in=numbers).values_list("number", flat=True))
    for patient, number in zip(Patient.objects.bulk_create(made), numbers, strict=True):
        row = copy(template)
        row.pk, row.number, row.patient = None, number, patient
        referrals.append(row)
    made = Referral.objects.bulk_create(row for row in referrals if row.number not in taken)
    return [_case(referral) for referral in made]


def _case(referral) -> Case:
    one = referral.patient
    return Case(
        "", one.family_name, one.given_name, one.birth_date, one.sex, one.phone, "10000019", patient=one,
        referrals=(referral,),
    )  # fmt: skip


def measure(rng: random.Random, cases: dict[str, list[Case]], trials: int, *, plans: bool = False) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from referrals.reconcile.matching import match
    from tests.factories import NOW

    def note(some: list[Case]):
        case = rng.choice(some)
        return note_about(rng, case, rng.choice(case.referrals), written(rng, case))

    for kind, some in cases.items():
        for _ in range(50):  # the first ones read tables and put queries together
            match(note(some), now=NOW)
        wall, own = [], []
        for reading in [note(some) for _ in range(trials)]:
            began, used = time.perf_counter(), time.process_time()
            match(reading, now=NOW)
            own.append(time.process_time() - used)
            wall.append(time.perf_counter() - began)
        asked = []
        for _ in range(50):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                match(note(some), now=NOW)
            asked.append(len(queries))
        say(f"{kind}: {statistics.mean(asked):.1f} queries; wall {_spread(wall)}; own CPU {_spread(own)}")
        for query in queries if plans else ():
            say(query["sql"][:400])
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + query["sql"].replace("%", "%%"), ())
                say("\n".join(f"    {line}" for (line,) in cursor.fetchall()))


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"median {1000 * statistics.median(ordered):.1f} ms, p95 {1000 * p95:.1f} ms"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
