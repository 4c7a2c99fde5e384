"""Trials of matching: people of mistakable.py on record with a referral each, and notes about them matched."""

import random
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from referrals.identifiers import new_referral_number
from referrals.models import Office, Patient, PatientIdentifier, PatientName, Provider, Referral, Specialty
from referrals.reconcile.matching import match
from tests import factories
from tests.benchmarks.mistakable import OURS, Case, note_about, written


@dataclass
class Tally:
    """Of notes about people on record: attached by themselves, and where the right one stood when a person is asked.

    ``clean`` are those that say name and birth date as on record, ``reasons`` why a person is asked for one of them."""

    trials: int = 0
    wrong: list[str] = field(default_factory=list)
    outcome: Counter = field(default_factory=Counter)
    clean: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    attached: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)


def put_on_record(rng: random.Random, cases: list[Case], template: Referral, *, doctors: int = 60) -> None:
    """Make patients of those who are on record, each with a referral (three for ``three referrals``) as ``template``."""
    specialties, offices = list(Specialty.objects.all()), list(Office.objects.filter(is_ours=False))
    made = [
        factories.provider(offices[n % len(offices)], specialty=rng.choice(specialties), given_name=f"Ada{n}")
        for n in range(doctors)
    ]
    made = list(Provider.objects.filter(pk__in=[doctor.pk for doctor in made]).prefetch_related("offices"))
    for case in cases:
        if not case.is_on_record:
            continue
        case.patient = Patient.objects.create(
            family_name=case.family, given_name=case.given, birth_date=case.born, sex=case.sex, phone=case.phone,
            suffix=case.suffix, created_at=factories.NOW,
        )  # fmt: skip
        PatientIdentifier.objects.create(patient=case.patient, assigner=OURS, value=case.number)
        if case.former:
            PatientName.objects.create(patient=case.patient, family_name=case.former, given_name=case.given)
        asks = 3 if case.kind == "three referrals" else 1
        case.referrals = tuple(_like(template, case, doctor) for doctor in rng.sample(made, asks))


def _like(template: Referral, case: Case, doctor: Provider) -> Referral:
    made = copy(template)
    made.pk, made.number, made.patient = None, new_referral_number(), case.patient
    made.receiving_provider, made.receiving_office = doctor, doctor.offices.first()
    made.specialty = doctor.specialties.first()
    return Referral.objects.bulk_create([made])[0]


def run(rng: random.Random, cases: list[Case], trials: int, *, each: Callable[[], None] = lambda: None) -> Tally:
    """Match ``trials`` notes; ``each`` is called after every one. A person who is not on record writes as if the
    referral of another of the group were theirs: the same specialist, the same day."""
    tally = Tally()
    for _ in range(trials):
        case = rng.choice(cases)
        referrals = case.referrals or tuple(r for other in case.group for r in other.referrals)
        referral = rng.choice(referrals)
        says = written(rng, case)
        found = match(note_about(rng, case, referral, says), now=factories.NOW)
        _count(tally, case, referral, says, found)
        each()
    return tally


def _count(tally: Tally, case: Case, referral: Referral, says, found) -> None:
    tally.trials += 1
    chosen = found.chosen
    if chosen is not None and (not case.is_on_record or chosen.pk != referral.pk):
        tally.wrong.append(f"{case.kind}: {says} attached to {chosen.patient} born {chosen.patient.birth_date}")
    if not case.is_on_record:
        tally.outcome["not on record"] += 1
        return
    tally.kinds[case.kind] += 1
    tally.attached[case.kind] += chosen is not None
    places = [option.referral for option in found.options]
    where = "missed" if referral.pk not in places else "first" if places[0] == referral.pk else "listed"
    tally.outcome["attached" if chosen is not None else where] += 1
    if says.is_clean:
        tally.clean["notes"] += 1
        tally.clean["attached"] += chosen is not None
        if chosen is None:
            tally.reasons[f"{case.kind}: {found.verdict.because}"] += 1
