"""Fill a PostgreSQL database with many referrals at once, for benchmarks: rows are inserted, no service runs.

The mix of statuses is that of a group with open work: about a third open, the rest ended over two years."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from referrals.identifiers import new_referral_number
from referrals.lifecycle.states import STAGE_OF
from referrals.models import (
    Coordinator,
    Document,
    Encounter,
    EndingReason,
    Office,
    Patient,
    Provider,
    Referral,
    ReferralEvent,
    Specialty,
)
from referrals.names import sound
from referrals.reconcile.identity import commonness
from tests.factories import npi

BATCH = 5_000
PATIENTS_PER_REFERRAL = 0.6
STATUSES = {
    "received": 2,
    "routed": 8,
    "accepted": 8,
    "seen": 10,
    "on_hold": 3,
    "cancelled": 10,
    "lost": 9,
    "closed": 50,
}
BOOKED = {"closed": 0.97, "seen": 0.95, "lost": 0.3, "cancelled": 0.2}  # how many of them had a visit booked


def fill(count: int, *, now: datetime, seed: int = 7) -> None:
    """Insert ``count`` referrals with patients, a directory and two events each. About 6,000 referrals a second."""
    rng = random.Random(seed)
    offices, providers, owners = _directory(rng)
    specialties = list(Specialty.objects.all())
    lost, cancelled = (EndingReason.objects.filter(ends_as=e).first() for e in ("lost", "cancelled"))
    patients = _patients(max(1, int(count * PATIENTS_PER_REFERRAL)), rng, now)
    numbers: set[str] = set()
    while len(numbers) < count:  # among so many the random numbers repeat
        numbers.add(new_referral_number())
    statuses, weights = list(STATUSES), list(STATUSES.values())
    note = visit = None  # made with the first row, and then that of every closed one
    for start in (0, *range(1, count, BATCH)):
        rows = []
        for _ in range(min(BATCH, count - start) if start else 1):
            status = rng.choices(statuses, weights)[0]
            if status == "closed" and note is None:
                status = "lost"
            captured = now - timedelta(minutes=rng.randrange(60 * 24 * (60 if status in STAGE_OF else 730)))
            ours, outside = rng.choice(offices[:5]), rng.choice(offices[5:])
            inbound = rng.random() < 0.4
            stage = STAGE_OF.get(status, "")
            ended = None if stage else captured + timedelta(minutes=rng.randrange(3 * 24 * 60, 45 * 24 * 60))
            booked = captured + timedelta(days=rng.randrange(8)) if rng.random() < BOOKED.get(status, 0) else None
            closed = status == "closed"
            rows.append(
                Referral(
                    number=numbers.pop(), direction="inbound" if inbound else "outbound",
                    priority=rng.choices(["routine", "urgent", "asap"], [85, 12, 3])[0],
                    specialty=rng.choice(specialties), clinical_question="Please assess.", diagnoses=["I20.9"],
                    patient_id=rng.choice(patients), referring_office=outside if inbound else ours,
                    receiving_office=None if status == "received" else ours if inbound else outside,
                    receiving_provider=None if status == "received" else rng.choice(providers),
                    receiving_since_version=2, source="api", owner=rng.choice(owners), status=status, version=2,
                    stage=stage, stage_since=captured if stage else None, clock_from=captured if stage else None,
                    next_escalation_at=captured + timedelta(days=7) if stage else None,
                    captured_at=captured, changed_at=captured, quiet_since=captured, ended_at=ended,
                    first_scheduled_at=booked, seen_at=ended if closed else booked if status == "seen" else None,
                    note_at=ended if closed else None, note=note if closed else None,
                    encounter=visit if closed else None, reconciled_at=ended if closed else None,
                    ending_reason={"lost": lost, "cancelled": cancelled}.get(status),
                )
            )  # fmt: skip
        made = Referral.objects.bulk_create(rows)
        if note is None:
            visit = Encounter.objects.create(patient_id=made[0].patient_id, occurred_on=now.date(), created_at=now)
            note = Document.objects.create(referral=made[0], created_at=now)
        ReferralEvent.objects.bulk_create(
            ReferralEvent(
                referral=row, version=version, kind=kind, at=row.captured_at, actor_kind="system",
                actor_label="RefLoop", to_status=row.status,
            )
            for row in made
            for version, kind in ((1, "captured"), (2, "routed"))
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _directory(rng: random.Random) -> tuple[list[Office], list[Provider], list[Coordinator]]:
    offices = [
        Office.objects.create(name=f"Office {i}", npi=npi(), is_ours=i < 5, zip_code=f"537{rng.randrange(3, 20):02d}")
        for i in range(60)
    ]
    providers = Provider.objects.bulk_create(
        Provider(npi=npi(), given_name="Ama", family_name=f"Osei{i}", name_key=f"osei{i} ama") for i in range(200)
    )
    owners = Coordinator.objects.bulk_create(Coordinator(name=f"Coordinator {i}") for i in range(12))
    return offices, providers, owners


def _patients(count: int, rng: random.Random, now: datetime) -> list[int]:
    """Called as people in the United States are, the rarer half of the names left out."""
    families, given = _census("family"), _census("given")
    born = now.date() - timedelta(days=365 * 90)
    ids: list[int] = []
    for start in range(0, count, BATCH):
        some = min(BATCH, count - start)
        names = zip(rng.choices(*families, k=some), rng.choices(*given, k=some), strict=True)
        batch = [
            Patient(
                family_name=family.title(), given_name=first.title(), family_key=family, given_key=first,
                family_sound=sound(family), birth_date=born + timedelta(days=rng.randrange(365 * 89)),
                zip_code=f"537{rng.randrange(20):02d}", phone=f"608-{rng.randrange(200, 999)}-{rng.randrange(10000):04d}",
                created_at=now,
            )
            for family, first in names
        ]  # fmt: skip
        ids += [patient.pk for patient in Patient.objects.bulk_create(batch)]
    return ids


def _census(kind: str) -> tuple[list[str], list[int]]:
    """Names, and how many have each."""
    lines = (Path(commonness.__file__).parent / f"{kind}_names.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [name for name, *_ in rows], [sum(map(int, counts)) for _, *counts in rows]
