"""Find the referral an incoming document answers: candidates by index, evidence, and whether it is beyond doubt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, prefetch_related_objects

from referrals.identifiers import clean_referral_number
from referrals.intake.reading import Reading
from referrals.models import Office, Referral
from referrals.practice.business_time import BusinessCalendar
from referrals.practice.calendar import practice_calendar
from referrals.reconcile.fit import Answered, Asked, fit
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.person import Person, of_reading
from referrals.reconcile.parties import answered
from referrals.reconcile.people import Likely, likely, look, of_record
from referrals.reconcile.verdict import Option, Verdict, decide
from referrals.reconcile.versions import earlier_versions

SHOWN = 8  # suggestions kept for the reviewer
LONG_AGO = timedelta(days=730)  # referrals that ended before are not suggested unless named by number


@dataclass(frozen=True)
class Match:
    """``options`` best first, each with its referral; ``chosen`` when it may be attached without asking."""

    options: tuple[tuple[Referral, Option], ...]
    verdict: Verdict

    @property
    def chosen(self) -> Referral | None:
        return next((r for r, option in self.options if option is self.verdict.chosen), None)

    def as_json(self) -> list[dict[str, Any]]:
        """What the review page shows of each suggestion; points are rounded to a tenth."""
        return [
            {
                "referral": referral.pk,
                "points": round(option.points, 1),
                "certain": option is self.verdict.chosen,
                "evidence": option.evidence,
                "against": option.against,
            }
            for referral, option in self.options[:SHOWN]
        ]


def weigh(reading: Reading | None, referrals: Sequence[Referral]) -> dict[int, Option]:
    """What speaks for and against each of ``referrals`` (by key), whoever brought them up. Half a dozen queries."""
    prefetch_related_objects(
        referrals, "patient__other_names", "patient__identifiers", "appointments", "appointment", "encounter"
    )
    reading = reading or Reading(format="")
    person = of_reading(reading.patient) if reading.patient is not None else Person()
    facts = answered(reading, {r.receiving_office for r in referrals if r.receiving_office is not None})
    calendar, mixed = practice_calendar(), _mixed_offices(referrals)
    return {
        referral.pk: Option(
            referral.patient_id,
            referral.pk,
            compare(person, of_record(referral.patient)),
            fit(facts, asked(referral, calendar, mixed)),
        )
        for referral in referrals
    }


SEVERAL = 3  # patients of one document for whom suggestions are looked up
NOBODY = Verdict(None, "No patient could be read from it.")


def match(reading: Reading, *, now: datetime) -> Match:
    """The referrals ``reading`` may answer. About a dozen indexed queries, whatever the number of referrals."""
    if len(reading.patients) > 1:
        return _of_several(reading, now)
    named = _named(reading)
    before = list(_with_facts().filter(pk__in=earlier_versions(reading).values("referral")))
    if reading.patient is None or not reading.patient.is_usable:
        # A number alone shows where to look; it never attaches by itself.
        return Match(tuple(_options_of_named(named, reading)), NOBODY)
    pointed_to = [*named, *before]
    found = look(of_reading(reading.patient), also={referral.patient_id for referral in pointed_to})
    people = found.likely
    referrals = _referrals(people, pointed_to, now)
    facts = answered(reading, {r.receiving_office for r in referrals if r.receiving_office is not None})
    options = _options(people, referrals, facts)
    verdict = decide(
        [option for _, option in options],
        [(one.patient.pk, one.comparison) for one in people],
        named=frozenset(referral.pk for referral in named),
        is_cut=found.is_cut,
    )
    return Match(tuple(options), verdict)


def _of_several(reading: Reading, now: datetime) -> Match:
    """Suggestions for each patient of a document about several; whose it is, a person says."""
    found: dict[int, tuple[Referral, Option]] = {}
    for patient in reading.patients[:SEVERAL]:
        for referral, option in match(replace(reading, patients=(patient,)), now=now).options:
            if referral.pk not in found or option.points > found[referral.pk][1].points:
                found[referral.pk] = (referral, option)
    options = sorted(found.values(), key=lambda pair: (-pair[1].points, pair[1].referral))
    return Match(tuple(options), Verdict(None, f"It speaks of {len(reading.patients)} patients."))


def _named(reading: Reading) -> list[Referral]:
    numbers = set()
    for found in reading.referral_numbers:
        try:
            numbers.add(clean_referral_number(found.value))
        except ValueError:
            continue
    return list(_with_facts().filter(number__in=numbers)) if numbers else []


def _with_facts():
    return Referral.objects.select_related(
        "patient", "specialty", "receiving_office", "receiving_provider", "appointment", "encounter"
    ).prefetch_related("appointments")


def _referrals(people: Sequence[Likely], pointed_to: list[Referral], now: datetime) -> list[Referral]:
    recent = Q(ended_at__isnull=True) | Q(ended_at__gte=now - LONG_AGO)
    found = _with_facts().filter(recent, patient__in=[one.patient.pk for one in people]).order_by("-captured_at", "pk")
    return list({r.pk: r for r in (*pointed_to, *found[:200])}.values())


def _options(people: Sequence[Likely], referrals: list[Referral], facts: Answered) -> list[tuple[Referral, Option]]:
    calendar = practice_calendar()
    who = {one.patient.pk: one.comparison for one in people}
    mixed = _mixed_offices(referrals)
    found = [
        (
            referral,
            Option(
                referral.patient_id, referral.pk, who[referral.patient_id], fit(facts, asked(referral, calendar, mixed))
            ),
        )
        for referral in referrals
        if referral.patient_id in who
    ]
    return sorted(found, key=lambda pair: (-pair[1].points, pair[1].referral))


def _options_of_named(named: list[Referral], reading: Reading) -> list[tuple[Referral, Option]]:
    people = likely(Person(), also={r.patient_id for r in named})
    return _options(people, named, answered(reading, {r.receiving_office for r in named if r.receiving_office}))


def _mixed_offices(referrals: Sequence[Referral]) -> set[int]:
    """Receiving offices whose providers are of several specialties."""
    offices = Office.objects.filter(pk__in={r.receiving_office_id for r in referrals} - {None}).order_by()
    counted = offices.annotate(specialties=Count("providers__specialties", distinct=True))
    return set(counted.filter(specialties__gt=1).values_list("pk", flat=True))


def asked(referral: Referral, calendar: BusinessCalendar, mixed: set[int]) -> Asked:
    """A referral as compared; select_related and prefetched as ``_with_facts`` does."""
    visits = [a for a in referral.appointments.all() if a.status not in ("cancelled", "noshow")]
    visit = referral.appointment or max(visits, key=lambda a: a.starts_at, default=None)
    seen = referral.encounter.occurred_on if referral.encounter else None
    return Asked(
        referral=referral.pk,
        number=referral.number,
        external_id=referral.external_id,
        status_label=referral.get_status_display(),
        is_open=referral.is_open,
        has_note=referral.note_id is not None,
        specialty=referral.specialty_id,
        specialty_name=referral.specialty.name,
        referring_office=referral.referring_office_id,
        referring_provider=referral.referring_provider_id,
        receiving_office=referral.receiving_office_id,
        receiving_provider=referral.receiving_provider_id,
        is_mixed=referral.receiving_office_id in mixed,
        captured_on=calendar.local_date(referral.captured_at),
        visit_on=calendar.local_date(visit.starts_at) if visit else None,
        seen_on=seen or (calendar.local_date(referral.seen_at) if referral.seen_at else None),
    )
