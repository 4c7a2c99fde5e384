"""Whatever was attached, amended and taken back in whatever order: once every decision is taken back, the referral stands
where it stood, and each time it was said on its timeline."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from referrals.actions import incoming, reviewing
from referrals.errors import ReferralError
from referrals.intake.reading import Found, Identifier, Patient, Relation
from referrals.lifecycle.actor import Actor
from referrals.models import IncomingDocument, MatchDecision, Provider, Referral
from referrals.reconcile.doubts import doubts
from tests import factories
from tests.factories import patient_data
from tests.referrals.admin.incoming_documents import arrived, note, patient

STANDING = ("status", "stage", "note_id", "note_at", "reconciled_at", "encounter_id", "document_status", "seen_at",
            "hold_until", "hold_reason", "appointment_id", "appointment_status", "delivered_at", "ended_at",
            "receiving_office_id", "receiving_provider_id")  # fmt: skip
FAMILIES = ("Abernathy", "Brzezinski", "Castellanos", "Delgado", "Eriksen", "Fitzgerald", "Haddad", "Jankowski", "Kowalczyk",
            "Lindqvist", "Marchetti", "Nakamura", "Okonkwo", "Papadakis", "Quispe", "Rosenthal", "Sandoval", "Thorsen",
            "Underhill", "Varga", "Wickramasinghe", "Yamaguchi", "Zielinski")  # fmt: skip
STEPS = ("final", "preliminary", "amend", "by hand", "letter", "retract", "undo")


def facts(referral: Referral) -> dict:
    fresh = Referral.objects.get(pk=referral.pk)
    return {name: getattr(fresh, name) for name in STANDING}


def standing() -> list[MatchDecision]:
    return list(MatchDecision.objects.filter(undone_at__isnull=True).order_by("decided_at", "pk"))


def take_back(decision: MatchDecision, referral: Referral, now) -> None:
    before = referral.events.count()
    incoming.undo(decision=decision, reason="wrong", actor=Actor.system(), now=now)
    assert referral.events.count() > before
    decision.document.refresh_from_db()
    assert decision.document.state == IncomingDocument.State.REVIEW


def somebody(number: int) -> dict:
    """Another patient for each example: of one name and birth date nothing would be attached by itself."""
    born = date(1930 + number % 70, 1 + number % 12, 1 + number * 7 % 28)
    return {"family_name": FAMILIES[number % len(FAMILIES)], "given_name": "Rosa", "birth_date": born}


def step(what: str, about: Patient, referral: Referral, number: int, now) -> None:
    own = Found(Identifier(f"D{number}", "1.2.3"))
    if what == "undo":
        if decisions := standing():
            take_back(decisions[number % len(decisions)], referral, now)
    elif what == "by hand":
        document = arrived(note(referral, patients=(about,), status=None, document_id=own), now=now)
        if document.state == IncomingDocument.State.REVIEW:
            reading = reviewing.reading_of(document)
            reviewing.attach_by_hand(
                document=document, referral=referral, taken_for=incoming.As(status="final"),
                confirmed=doubts(reading, referral.patient).key, actor=Actor.system(), now=now,
            )  # fmt: skip
    elif what == "letter":
        arrived(note(referral, patients=(about,), kind=Found("result"), document_id=own), now=now)
    elif what == "retract":
        if named := [d.document.document_key.partition("|")[2] for d in standing() if d.version_id]:
            back = Found(Relation("retracts", Identifier(named[number % len(named)], "1.2.3")))
            arrived(
                note(referral, patients=(about,), status=Found("retracted"), document_id=own, relations=(back,)),
                now=now,
            )
    else:
        reading = note(referral, patients=(about,), status=Found("final" if what == "amend" else what), document_id=own)
        last = [d.document.document_key.partition("|")[2] for d in standing()]
        if what == "amend" and last:
            earlier = Found(Relation("replaces", Identifier(last[-1], "1.2.3")))
            reading = replace(reading, status=Found("amended"), relations=(earlier,))
        arrived(reading, now=now)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(["scheduled", "seen"]),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99)), min_size=1, max_size=6),
)
def test_taking_every_decision_back_restores_the_referral(world, status, steps):
    now = factories.NOW + timedelta(days=20)
    Provider.objects.update(capacity=1000)  # one referral of each example stays with them
    who = somebody(Referral.objects.count())
    referral = factories.in_status(world, status, patient=patient_data(**who), now=factories.NOW)
    about = patient(who["birth_date"].isoformat(), who["family_name"], who["given_name"])
    started = facts(referral)
    for number, (what, pick) in enumerate(steps):
        now += timedelta(hours=1)
        with suppress(ReferralError):  # refused with its reason: nothing was changed
            step(what, about, referral, pick if what == "undo" else number, now)
    for decision in reversed(standing()):
        now += timedelta(hours=1)
        take_back(decision, referral, now)
    assert facts(referral) == started, steps
    event(f"decisions: {MatchDecision.objects.filter(referral=referral).count()}")
