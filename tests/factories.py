"""Objects tests start from. Everything that has a service is made through it."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Group, User

from referrals import tokens
from referrals.actions import answering, notes, scheduling, visits
from referrals.capture.ask import NewReferral, PatientData
from referrals.capture.create import Captured, capture
from referrals.identifiers import npi_check_digit
from referrals.intake.receive import store
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Document, EndingReason, Office, Patient, Payer, Provider, Referral, Specialty
from referrals.reconcile import decide

NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Chicago
SYSTEM = Actor.system()
_count = itertools.count(1)


def npi() -> str:
    """A fresh valid NPI."""
    first_nine = f"1{next(_count):08d}"
    return first_nine + npi_check_digit(first_nine)


def office(name: str = "", **values) -> Office:
    values.setdefault("zip_code", "53703")
    values.setdefault("phone", "608-555-0100")
    return Office.objects.create(name=name or f"Office {next(_count)}", npi=npi(), **values)


def provider(*offices: Office, specialty: Specialty | None = None, payers=(), **values) -> Provider:
    values.setdefault("given_name", "Ama")
    values.setdefault("family_name", f"Osei{next(_count)}")
    values.setdefault("credentials", "MD")
    made = Provider.objects.create(npi=npi(), **values)
    made.offices.set(offices)
    made.payers.set(payers)
    if specialty:
        made.specialties.set([specialty])
    return made


def patient_data(**values) -> PatientData:
    """A patient nobody else is."""
    defaults = {
        "family_name": f"Public{next(_count)}",
        "given_name": "Jane",
        "birth_date": date(1961, 3, 4),
        "sex": "female",
        "phone": f"608-555-{next(_count) % 10000:04d}",
        "zip_code": "53704",
    }
    return PatientData(**defaults | values)


def user(role: str = "Coordinator", **values) -> User:
    """A staff user in the group of a role; ``role`` empty: in none."""
    made = User.objects.create_user(f"user{next(_count)}", password="secret-enough", is_staff=True, **values)
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


def token(of: Office, *, now: datetime = NOW, manages_endpoints: bool = False) -> str:
    """The text of a fresh token that never expires."""
    return tokens.issue(office=of, name="test", now=now, manages_endpoints=manages_endpoints).text


@dataclass
class World:
    ours: Office
    ours_too: Office
    outside: Office
    stranger: Office
    cardiology: Specialty
    aetna: Payer
    our_cardiologist: Provider
    outside_cardiologist: Provider
    outside_gp: Provider
    coordinator: Coordinator


def make_world() -> World:
    cardiology = Specialty.objects.get(code="cardiology")
    aetna = Payer.objects.create(code="aetna-ppo", name="Aetna PPO")
    ours = office("Lakeside Clinic", is_ours=True)
    ours_too = office("Lakeside Heart", is_ours=True, zip_code="53711")
    outside = office("Capitol Heart Center", zip_code="53715")
    stranger = office("Elsewhere Clinic", zip_code="53717")
    return World(
        ours=ours,
        ours_too=ours_too,
        outside=outside,
        stranger=stranger,
        cardiology=cardiology,
        aetna=aetna,
        our_cardiologist=provider(ours_too, specialty=cardiology, payers=[aetna], capacity=20),
        outside_cardiologist=provider(outside, specialty=cardiology, payers=[aetna], capacity=20),
        outside_gp=provider(outside, specialty=Specialty.objects.get(code="family-medicine")),
        coordinator=Coordinator.objects.create(name="Casey Jones"),
    )


def ask(world: World, **values) -> NewReferral:
    """An outbound cardiology ask of our clinic to the outside heart center, unless ``values`` say otherwise."""
    defaults = {
        "specialty": "cardiology",
        "clinical_question": "Exertional chest pain: is it the heart?",
        "referring_office_id": world.ours.pk,
        "direction": "outbound",
        "patient": None if values.get("patient_id") else patient_data(),
        "diagnoses": ["I20.9"],
        "payer": "aetna-ppo",
    }
    return NewReferral(**defaults | values)


def inbound_ask(world: World, **values) -> NewReferral:
    return ask(world, **{"referring_office_id": world.outside.pk, "direction": ""} | values)


def captured(world: World, *, now: datetime = NOW, **values) -> Captured:
    return capture(ask=ask(world, **values), actor=SYSTEM, now=now)


def referral(world: World, status: str = "routed", *, inbound: bool = False, now: datetime = NOW) -> Referral:
    """A referral in ``status``, brought there by the real services."""
    made = capture(ask=inbound_ask(world) if inbound else ask(world), actor=SYSTEM, now=now).referral
    return advance(made, status, now=now)


def in_status(world: World, status: str, *, now: datetime = NOW, **asked) -> Referral:
    """A referral of an ask with ``asked`` values in ``status``."""
    return advance(capture(ask=ask(world, **asked), actor=SYSTEM, now=now).referral, status, now=now)


def patient_on_record(*, now: datetime = NOW, **values) -> Patient:
    """A patient nobody referred."""
    return Patient.objects.create(**vars_of_patient(values), created_at=now)


def vars_of_patient(values: dict) -> dict:
    data = patient_data(**values)
    return {
        name: getattr(data, name) for name in ("family_name", "given_name", "birth_date", "sex", "phone", "zip_code")
    }


def note_bytes(text: str = "") -> bytes:
    """A text note no other test has."""
    return f"Consult note {next(_count)}. {text}".encode()


def attach_note(on: Referral, *, now: datetime = NOW, content: bytes | None = None, actor: Actor = SYSTEM, **details):
    stored = store(content or note_bytes(), filename="note.txt")
    return notes.attach(referral=on, stored=stored, details=notes.NoteDetails(**details), actor=actor, now=now)


def reason(ends_as: str, *, excluded: bool = False) -> EndingReason:
    return EndingReason.objects.filter(ends_as=ends_as, excludes_from_cohort=excluded).first()


def advance(on: Referral, status: str, *, now: datetime = NOW) -> Referral:
    """Walk a routed referral to ``status`` along the usual path."""
    from referrals.actions import ending, holding

    def act(action, **values):
        return action(referral=on, actor=SYSTEM, now=now, **values)

    if status == "received":
        # Every candidate declines, the whole office each time, until nobody is left.
        while on.status != "received":
            on = act(answering.decline, reason="full", whole_office=True)
        return on
    if status == "routed":
        return on
    if status == "on_hold":
        return act(holding.hold, reason="authorization", until=now + timedelta(days=3))
    if status == "cancelled":
        return act(ending.cancel, comment="not needed")
    if status == "lost":
        return act(ending.mark_lost, reason=reason("lost"))
    on = act(answering.accept)
    if status == "accepted":
        return on
    if status == "cancel_requested":
        return act(ending.cancel, comment="not needed")
    on = act(scheduling.book, starts_at=now - timedelta(hours=2))
    if status == "scheduled":
        return on
    on = act(visits.mark_seen)
    if status == "seen":
        return on
    if status == "closed_without_note":
        return act(ending.close_without_note, reason=reason("closed_without_note"))
    attach_note(on, now=now)
    on.refresh_from_db()
    if status == "note_returned":
        return on
    on = act(decide.reconcile)
    if on.direction == Referral.Direction.INBOUND:
        on = act(decide.acknowledge, how="fax confirmed")
    return on


NOTE = Document.Kind.CONSULT_NOTE
