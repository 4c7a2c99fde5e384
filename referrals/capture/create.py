"""Capture: the one way a referral comes into being, whatever it came from."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from referrals.capture.ask import NewReferral
from referrals.capture.duplicates import likely_duplicates
from referrals.capture.patients import Resolved, resolve_patient
from referrals.capture.receipts import LONGEST_KEY, Key, claim
from referrals.capture.validate import (
    DETAIL_FIELDS,
    Problems,
    check_details,
    check_text,
    clean_patient,
    find_specialty,
)
from referrals.errors import InvalidInput, NotPermitted
from referrals.identifiers import new_referral_number
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import may_capture
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import Change, move_to
from referrals.models import CaptureReceipt, Office, Patient, Provider, Referral, Specialty
from referrals.practice.calendar import practice_calendar
from referrals.prepared import Prepared
from referrals.routing.assign import choose_owner
from referrals.routing.candidates import Ask, Ranking, rank
from referrals.routing.choose import direction_between, refuse_unsuitable, route_automatically, route_by_hand


@dataclass
class Captured:
    """The referral, whether this call made it, and what staff should look at.

    ``receipts`` are this call's fresh ones: a caller that must repeat its answer to the letter stores it there."""

    referral: Referral
    created: bool
    duplicates: list[Referral] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    receipts: list[CaptureReceipt] = field(default_factory=list)
    first_answer: Any = None


@dataclass(frozen=True)
class _Checked:
    specialty: Specialty
    details: dict[str, Any]
    patient_values: dict[str, Any] | None
    patient: Patient | None
    referring_office: Office
    referring_provider: Provider | None
    receiving_office: Office | None
    receiving_provider: Provider | None
    direction: str


def capture(*, ask: NewReferral, actor: Actor, now: datetime, idempotency_key: str = "") -> Captured:
    """Record a referral once, give it a number and an owner, and route it.

    1. Claim the idempotency key and the office's external id; a repeat returns the first referral, created False, even
       when its content would be refused today (its needed-by date has passed).
    2. Validate everything; InvalidInput lists every problem and leaves the keys free.
    3. Find or make the patient; look for likely duplicates.
    4. Choose specialist and owner; write the referral and its ``captured`` event.
    5. Route it (or say which criterion left nobody).

    Raises NotPermitted, InvalidInput or IdempotencyConflict."""
    if not may_capture(actor):
        raise NotPermitted("You may not capture referrals.")
    keys = _keys(ask, actor, idempotency_key)
    with transaction.atomic():
        fresh, earlier = claim(
            keys=keys,
            content_sha256=ask.content_sha256(),
            may_name=lambda referral: actor.office is None or bool(actor.roles_on(referral)),
            now=now,
        )
        if earlier is not None:
            _point(fresh, earlier.referral)
            return Captured(earlier.referral, created=False, first_answer=earlier.answer)
        captured = _write(ask, _check(ask, now), actor, now)
        _point(fresh, captured.referral)
        captured.receipts = fresh
    return captured


def _keys(ask: NewReferral, actor: Actor, idempotency_key: str) -> list[Key]:
    """What a repeat of this create is known by. Raises InvalidInput for keys that cannot be stored."""
    problems = Problems()
    check_text(problems, "Idempotency-Key", idempotency_key, LONGEST_KEY)
    check_text(problems, "external_id", ask.external_id, 80)
    problems.raise_if_any()
    keys = [Key(CaptureReceipt.Kind.KEY, actor.scope, idempotency_key)] if idempotency_key else []
    if ask.external_id:
        keys.append(Key(CaptureReceipt.Kind.EXTERNAL_ID, f"office:{ask.referring_office_id}", ask.external_id))
    return keys


def _point(receipts: list[CaptureReceipt], referral: Referral) -> None:
    for receipt in receipts:
        receipt.referral = referral
        receipt.save(update_fields=["referral"])


def _write(ask: NewReferral, checked: _Checked, actor: Actor, now: datetime) -> Captured:
    if checked.patient is not None:
        who = Resolved(checked.patient, [])
    else:
        who = resolve_patient(ask.patient, checked.patient_values, office=checked.referring_office, now=now)
    patient, warnings = who.patient, who.warnings
    duplicates = [] if who.is_new else likely_duplicates(patient, checked.specialty, now=now)
    today = practice_calendar().local_date(now)
    ranking = None if checked.receiving_office else _rank(checked, patient, today)
    place = checked.receiving_office or (ranking.best.office if ranking.best else None)
    direction = direction_between(checked.referring_office, place)
    ours = place if direction == Referral.Direction.INBOUND else checked.referring_office
    ownership = choose_owner(direction=direction, specialty=checked.specialty, office=ours, today=today)
    referral = Referral(
        direction=checked.direction or direction,
        specialty=checked.specialty,
        patient=patient,
        patient_as_sent=_as_sent(ask, patient),
        referring_office=checked.referring_office,
        referring_provider=checked.referring_provider,
        source=ask.source,
        external_id=ask.external_id,
        owner=ownership.owner,
        captured_at=now,
        **checked.details,
    )
    _write_first(referral, actor, now, duplicates, warnings, ownership.reason)
    if checked.receiving_office is None:
        referral = route_automatically(referral=referral, actor=Actor.system("Routing"), now=now, ranking=ranking)
    else:
        referral = route_by_hand(
            referral=referral,
            office=checked.receiving_office,
            provider=checked.receiving_provider,
            actor=Actor.system(actor.label),
            now=now,
            comment="Asked for at capture",
        )
    return Captured(referral, created=True, duplicates=duplicates, warnings=warnings)


def _write_first(referral, actor, now, duplicates, warnings, owner_reason) -> None:
    change = Change(referral, Action.CAPTURE, actor, now)
    change.data = {
        "source": referral.source,
        "owner": referral.owner.name,
        "owner_because": owner_reason,
        "likely_duplicates": [duplicate.number for duplicate in duplicates],
        "warnings": warnings,
    }
    for attempt in range(5):
        referral.number = new_referral_number()
        try:
            with transaction.atomic():
                move_to(change, "", Status.RECEIVED)
            return
        except IntegrityError:
            # One in 34 billion per existing referral: the number is taken.
            if attempt == 4 or not Referral.objects.filter(number=referral.number).exists():
                raise
            referral.pk, referral.version, referral.stage, referral.stage_stay = None, 0, "", 0


def _rank(checked: _Checked, patient: Patient, today) -> Ranking:
    ask = Ask(
        specialty=checked.specialty,
        payer=checked.details["payer"],
        patient_zip=patient.zip_code,
        priority=checked.details["priority"],
        direction=checked.direction,
        referring_provider_id=checked.referring_provider.pk if checked.referring_provider else None,
        needed_by=checked.details["needed_by"],
    )
    return rank(ask, today=today)


def _as_sent(ask: NewReferral, patient: Patient) -> dict:
    """The demographics to show back to the sender: what they sent, or the record staff chose."""
    if ask.patient is not None:
        return {**asdict(ask.patient), "birth_date": ask.patient.birth_date.isoformat()}
    return {
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "phone": patient.phone,
        "zip_code": patient.zip_code,
    }


def _check(ask: NewReferral, now: datetime) -> _Checked:
    problems = Problems()
    details = check_details({name: getattr(ask, name) for name in DETAIL_FIELDS}, now=now, problems=problems)
    specialty = find_specialty(problems, ask.specialty)
    if ask.source not in Referral.Source.values:
        problems.add("source", f"Choose one of {', '.join(Referral.Source.values)}.")
    patient, patient_values = _check_patient(ask, now, problems)
    referring = _office(problems, "referring_office", ask.referring_office_id)
    referring_provider = _provider(problems, "referring_provider", ask.referring_provider_id, referring)
    receiving = _office(problems, "receiving_office", ask.receiving_office_id)
    receiving_provider = _provider(problems, "receiving_provider", ask.receiving_provider_id, receiving)
    direction = ""
    if referring is not None:
        direction = _direction(problems, ask.direction, referring)
        if receiving is not None:
            _refuse_place(problems, referring, receiving, receiving_provider)
    problems.raise_if_any()
    if receiving_provider is not None and receiving is None:
        # An outside office's referral comes to us, also when the provider practises elsewhere as well.
        places = receiving_provider.offices.filter(active=True)
        receiving = places.first() if referring.is_ours else places.filter(is_ours=True).first()
        if receiving is None:
            side = "" if referring.is_ours else " of ours; an inbound referral goes to one of them"
            problems.add("receiving_provider", f"{receiving_provider} practises at no active office{side}.")
            problems.raise_if_any()
    return _Checked(
        specialty, details, patient_values, patient,
        referring, referring_provider, receiving, receiving_provider, direction,
    )  # fmt: skip


def _check_patient(ask: NewReferral, now: datetime, problems: Problems) -> tuple[Patient | None, dict | None]:
    if ask.patient_id is not None:
        patient = Patient.objects.filter(pk=ask.patient_id).first()
        if patient is None:
            problems.add("patient_id", "No such patient.")
        return patient, None
    if ask.patient is None:
        problems.add("patient", "Give the patient's demographics.")
        return None, None
    return None, clean_patient(ask.patient, today=practice_calendar().local_date(now), problems=problems)


_OFFICE = Prepared(lambda: Office.objects.filter(pk=0, active=True).order_by())
_PROVIDER = Prepared(lambda: Provider.objects.filter(pk=0, active=True).order_by())
_PRACTISES_AT = Prepared(
    lambda: Provider.offices.through.objects.filter(provider=0).filter(office=0).values_list("office")
)


def _office(problems: Problems, path: str, pk: int | None) -> Office | None:
    if pk is None:
        if path == "referring_office":
            problems.add(path, "Say which office refers.")
        return None
    office = _OFFICE.first(pk)
    if office is None:
        problems.add(path, "No such active office.")
    return office


def _provider(problems: Problems, path: str, pk: int | None, office: Office | None) -> Provider | None:
    if pk is None:
        return None
    provider = _PROVIDER.first(pk)
    if provider is None:
        problems.add(path, "No such active provider.")
    elif office is not None and not _PRACTISES_AT.first(pk, office.pk):
        problems.add(path, f"{provider} does not practise at {office.name}.")
    return provider


def _direction(problems: Problems, direction: str, referring: Office) -> str:
    """The direction asked for, or "" when routing may choose; refused when it contradicts the referring office."""
    if not referring.is_ours:
        if direction not in ("", Referral.Direction.INBOUND):
            problems.add("direction", "A referral from an outside office is inbound; leave the direction out.")
        return Referral.Direction.INBOUND
    if direction == Referral.Direction.INBOUND:
        problems.add("direction", "A referral from one of our offices is outbound or internal.")
    elif direction and direction not in Referral.Direction.values:
        problems.add("direction", f"Choose one of {', '.join(Referral.Direction.values)}.")
    return direction


def _refuse_place(problems: Problems, referring: Office, receiving: Office, provider: Provider | None) -> None:
    try:
        refuse_unsuitable(Referral(referring_office=referring), office=receiving, provider=provider)
    except InvalidInput as error:
        for path, message in error.fields:
            problems.add(f"receiving_{path}", message)
