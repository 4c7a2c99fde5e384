"""The visit a note documents: found by patient, provider and day, or inferred and marked so."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referrals.models import Encounter, Referral

NEAR = timedelta(days=3)  # a visit recorded this many days off is still proposed, never more


@dataclass(frozen=True)
class FoundEncounter:
    encounter: Encounter
    evidence: list[str]


def find_or_infer(referral: Referral, *, service_date: date | None, seen_on: date, now: datetime) -> FoundEncounter:
    """The encounter for the referral's note, and why.

    1. The visit recorded on this referral, when the note names no day or the same day.
    2. A visit of the patient with the receiving provider (or, when either names none, at the office) on the day.
    3. The only such visit within three days.
    4. None: one is made for the day and marked inferred."""
    day = service_date or seen_on
    recorded = referral.encounter
    if recorded is not None and recorded.occurred_on == day:
        named = "the note's service date" if service_date else "the only day known"
        return FoundEncounter(recorded, [f"visit recorded on this referral for {day}", f"equal to {named}"])
    near = [e for e in _visits_near(referral, day) if _same_place(e, referral)]
    exact = [e for e in near if e.occurred_on == day]
    if len(exact) == 1:
        return FoundEncounter(exact[0], [f"patient and {_place(exact[0])} equal", f"visit on the day, {day}"])
    if recorded is not None and abs(recorded.occurred_on - day) <= NEAR and not exact:
        return FoundEncounter(
            recorded, [f"visit recorded on this referral for {recorded.occurred_on}", f"note says {day}"]
        )
    if len(near) == 1 and not exact:
        off = abs((near[0].occurred_on - day).days)
        return FoundEncounter(near[0], [f"patient and {_place(near[0])} equal", f"only visit within 3 days, {off} off"])
    inferred = Encounter.objects.create(
        patient=referral.patient,
        office=referral.receiving_office,
        provider=referral.receiving_provider,
        occurred_on=day,
        source=Encounter.Source.INFERRED,
        created_at=now,
    )
    why = f"{len(near)} recorded visits fit equally" if near else "no recorded visit fits"
    return FoundEncounter(inferred, [f"{why}; inferred from the note for {day}"])


def _visits_near(referral: Referral, day: date) -> list[Encounter]:
    return list(
        Encounter.objects.filter(
            patient=referral.patient_id, occurred_on__range=(day - NEAR, day + NEAR), documented_for_billing=False
        )
        .select_related("provider", "office")
        .order_by("occurred_on", "pk")
    )


def _same_place(encounter: Encounter, referral: Referral) -> bool:
    if encounter.provider_id and referral.receiving_provider_id:
        return encounter.provider_id == referral.receiving_provider_id
    return encounter.office_id is not None and encounter.office_id == referral.receiving_office_id


def _place(encounter: Encounter) -> str:
    return str(encounter.provider or encounter.office)


def drop_encounter(referral: Referral) -> None:
    """Take back the visit recorded on a locked referral, and delete it unless something else stands on it."""
    encounter = referral.encounter
    referral.encounter = None
    if encounter is None or encounter.source == Encounter.Source.INTERFACE:
        return
    others = Referral.objects.filter(encounter=encounter).exclude(pk=referral.pk)
    if others.exists() or encounter.reconciliations.exists():
        return
    Referral.objects.filter(pk=referral.pk).update(encounter=None)
    encounter.delete()
