"""Find the referral an incoming document answers: candidates by index, evidence, and whether it is beyond doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, prefetch_related_objects

from referrals.among import among
from referrals.identifiers import clean_referral_number
from referrals.intake.reading import Reading
from referrals.models import Office, Referral
from referrals.reconcile.asks import asks
from referrals.reconcile.fit import Asked, fit
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.comparison import Comparison
from referrals.reconcile.identity.person import Person, of_reading
from referrals.reconcile.parties import answered
from referrals.reconcile.people import Likely, likely, look
from referrals.reconcile.records import of_record
from referrals.reconcile.verdict import Option, Verdict, decide
from referrals.reconcile.versions import earlier_versions

SHOWN = 8  # suggestions kept for the reviewer
LOOKED_INTO = 20  # people, besides those who could be taken for the person, whose referrals are compared
MOST = 200  # of their referrals, the latest
LONG_AGO = timedelta(days=730)  # referrals that ended before are not suggested unless named by number


@dataclass(frozen=True)
class Match:
    """``options`` are the best SHOWN."""

    options: tuple[Option, ...]
    verdict: Verdict

    @cached_property
    def chosen(self) -> Referral | None:
        """The referral it may be attached to without asking. A query."""
        chosen = self.verdict.chosen
        return Referral.objects.get(pk=chosen.referral) if chosen else None

    def as_json(self) -> list[dict[str, Any]]:
        """What the review page shows of each suggestion; points are rounded to a tenth."""
        return [
            {
                "referral": option.referral,
                "points": round(option.points, 1),
                "certain": option is self.verdict.chosen,
                "evidence": option.evidence,
                "against": option.against,
            }
            for option in self.options
        ]


def weigh(reading: Reading | None, referrals: Sequence[Referral]) -> dict[int, Option]:
    """What speaks for and against each of ``referrals`` (by key), whoever brought them up. Half a dozen queries."""
    prefetch_related_objects(referrals, "patient__other_names", "patient__identifiers")
    reading = reading or Reading(format="")
    person = of_reading(reading.patient) if reading.patient is not None else Person()
    who = {referral.patient_id: compare(person, of_record(referral.patient)) for referral in referrals}
    asked, offices = asks(Referral.objects.filter(pk__in=[referral.pk for referral in referrals]))
    facts = answered(reading, offices, versions_of=_versions(reading))
    return {one.referral: Option(one.patient, one.referral, who[one.patient], fit(facts, one)) for one in asked}


SEVERAL = 3  # patients of one document for whom suggestions are looked up
NOBODY = Verdict(None, "No patient could be read from it.")


def match(reading: Reading, *, now: datetime) -> Match:
    """The referrals ``reading`` may answer. About a dozen indexed queries, whatever the number of referrals."""
    if len(reading.patients) > 1:
        return _of_several(reading, now)
    named, versions_of = _named(reading), _versions(reading)
    if reading.patient is None or not reading.patient.is_usable:
        # A number alone shows where to look; it never attaches by itself.
        people = likely(Person(), also=named.values())
        options = _options(reading, people, versions_of, *asks(Referral.objects.filter(pk__in=named)))
        return Match(tuple(options[:SHOWN]), NOBODY)
    found = look(of_reading(reading.patient), also={*named.values(), *versions_of.values()})
    recent = Q(ended_at__isnull=True) | Q(ended_at__gte=now - LONG_AGO)
    theirs = Referral.objects.filter(recent, patient__in=among(_looked_into(found.likely))).order_by(
        "-captured_at", "pk"
    )
    pointed_to = {*named, *versions_of}
    sources = (Referral.objects.filter(pk__in=pointed_to), theirs[:MOST]) if pointed_to else (theirs[:MOST],)
    options = _options(reading, found.likely, versions_of, *asks(*sources))
    verdict = decide(
        options,
        [(one.patient, one.comparison) for one in found.likely],
        named=frozenset(named),
        is_cut=found.is_cut,
    )
    return Match(tuple(options[:SHOWN]), verdict)


def _of_several(reading: Reading, now: datetime) -> Match:
    """Suggestions for each patient of a document about several; whose it is, a person says."""
    found: dict[int, Option] = {}
    for patient in reading.patients[:SEVERAL]:
        for option in match(replace(reading, patients=(patient,)), now=now).options:
            if option.referral not in found or option.points > found[option.referral].points:
                found[option.referral] = option
    options = sorted(found.values(), key=_best_first)
    return Match(tuple(options[:SHOWN]), Verdict(None, f"It speaks of {len(reading.patients)} patients."))


def _named(reading: Reading) -> dict[int, int]:
    """The referrals whose numbers stand in it, each with its patient."""
    numbers = set()
    for found in reading.referral_numbers:
        try:
            numbers.add(clean_referral_number(found.value))
        except ValueError:
            continue
    return dict(Referral.objects.filter(number__in=numbers).values_list("pk", "patient")) if numbers else {}


def _versions(reading: Reading) -> dict[int, int]:
    """The referrals with earlier versions of it, each with its patient."""
    if not reading.relations and reading.set_id is None:
        return {}
    return dict(earlier_versions(reading).values_list("referral", "referral__patient"))


def _looked_into(people: Sequence[Likely]) -> list[int]:
    """The best, and whoever might be taken for the person: what one further down has asked for changes nothing."""
    return [one.patient for place, one in enumerate(people) if place < LOOKED_INTO or _is_in_question(one.comparison)]


def _is_in_question(found: Comparison) -> bool:
    return found.is_rival or found.is_plausible or found.hard or found.has_any_number


def _options(
    reading: Reading, people: Sequence[Likely], versions_of: Iterable[int], asked: list[Asked], offices: list[Office]
) -> list[Option]:
    """Best first."""
    facts = answered(reading, offices, versions_of=versions_of)
    who = {one.patient: one.comparison for one in people}
    found = [
        Option(one.patient, one.referral, who[one.patient], fit(facts, one)) for one in asked if one.patient in who
    ]
    return sorted(found, key=_best_first)


def _best_first(option: Option) -> tuple[float, int]:
    return -option.points, option.referral
