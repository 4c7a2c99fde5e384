"""Watcher and readers as real processes that can be killed (tests/concurrency/forking.py): ``watch`` and ``read`` run
the commands of RefLoop."""

import os
from datetime import date, timedelta
from functools import partial

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from referrals import pipeline  # noqa: E402
from referrals.intake.sandbox import Sandbox  # noqa: E402
from referrals.management.commands import process_documents  # noqa: E402
from referrals.models import DocumentVersion, IncomingDocument, MatchDecision, Patient, Referral  # noqa: E402
from tests import factories  # noqa: E402
from tests.concurrency.forking import serve  # noqa: E402

FAMILIES = ("Delgado", "Okonkwo", "Varga", "Lindqvist", "Haddad", "Marchetti", "Nakamura", "Brzezinski", "Fitzgerald",
            "Thorsen", "Castellanos", "Wickramasinghe", "Ouellette", "Papadakis", "Jankowski", "Abernathy", "Quispe",
            "Rosenthal", "Mbeki", "Sandoval", "Eriksen", "Yamaguchi", "Kowalczyk", "Underhill", "Zielinski")  # fmt: skip
GIVEN = ("Rosa", "Chidi", "Miklos", "Astrid", "Samir", "Paola", "Kenji", "Wanda", "Maeve", "Ingrid")


def migrate(job: dict) -> None:
    call_command("migrate", verbosity=0)


def prepare(job: dict) -> list[dict]:
    """Patients with a referral they were seen for, and as many strangers again by a third."""
    world = factories.make_world()
    now, people = timezone.now(), []
    visit = (now - timedelta(hours=2)).astimezone(timezone.get_default_timezone()).date()
    for number in range(job["people"]):
        who = {
            "family": FAMILIES[number % len(FAMILIES)] + "aeiou"[number // len(FAMILIES)] * (number >= len(FAMILIES)),
            "given": GIVEN[number % len(GIVEN)],
            "birth": str(date(1940 + number, 1 + number % 12, 1 + number % 28)),
            "visit": str(visit),
            "known": number % 4 != 3,
        }
        by = world.outside_cardiologist
        if who["known"]:
            patient = factories.patient_data(
                family_name=who["family"], given_name=who["given"], birth_date=date.fromisoformat(who["birth"])
            )
            by = factories.in_status(world, "seen", patient=patient, now=now).receiving_provider
        office = by.offices.first()
        people.append(
            who | {"npi": by.npi, "author_family": by.family_name, "author_given": by.given_name, "organization": office.name}
        )  # fmt: skip
    return people


def state(job: dict) -> dict:
    return dict(IncomingDocument.objects.order_by().values_list("state").annotate(Count("pk")))


def outcome(job: dict) -> dict:
    """Everything the test compares, as plain values."""
    standing = MatchDecision.objects.filter(undone_at__isnull=True).select_related(
        "referral__patient", "version__document"
    )
    return {
        "documents": [
            {"sha256": d.sha256, "state": d.state, "error": d.error, "because": d.review_because, "part": bool(d.part_of_id),
             "stored": _stored(d), "arrivals": d.arrivals.count(), "attempts": d.attempts}
            for d in IncomingDocument.objects.order_by("pk")
        ],
        "decisions": [
            {"sha256": one.document.sha256, "referral": one.referral_id, "family": one.referral.patient.family_name, "named": _named(one),
             "version": one.version_id, "on": one.version and one.version.document.referral_id,
             "bytes": one.version and one.version.sha256}
            for one in standing.select_related("document").exclude(kind=MatchDecision.Kind.SPLIT)
        ],
        "split": list(standing.filter(kind=MatchDecision.Kind.SPLIT).values_list("document__sha256", flat=True)),
        "versions": list(DocumentVersion.objects.values_list("pk", flat=True)),
        "referrals": [
            {"status": r.status, "kinds": list(r.events.order_by("version").values_list("kind", flat=True)),
             "versions": list(r.events.order_by("version").values_list("version", flat=True))}
            for r in Referral.objects.order_by("pk")
        ],
        "patients": Patient.objects.count(),
    }  # fmt: skip


def _named(decision: MatchDecision) -> str:
    """The patient's family name when the document's own bytes have it."""
    family = decision.referral.patient.family_name
    return family if family.encode() in decision.document.file.read() else ""


def _stored(document: IncomingDocument) -> int:
    return os.path.getsize(document.file.path)


def watch(job: dict) -> None:
    call_command("watch_inbox", job["folder"], every=job["every"], label="fax")


def read(job: dict) -> None:
    pipeline.LEASE = timedelta(seconds=job["lease"])
    process_documents.Sandbox = partial(Sandbox, seconds=job["lease"] * 0.8)
    call_command("process_documents", forever=True)


if __name__ == "__main__":
    commands = {"migrate": migrate, "prepare": prepare, "state": state, "outcome": outcome}
    serve(commands, {"watch": watch, "read": read})
