"""Patients on record who could be the person in a document: found by indexed keys, then compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from referrals.models import Patient, PatientIdentifier
from referrals.names import number_key, sound
from referrals.reconcile.identity.birth import slips_of
from referrals.reconcile.identity.compare import Comparison, compare
from referrals.reconcile.identity.names import given_variants
from referrals.reconcile.identity.person import Person, digits, person_name, street_key
from referrals.reconcile.identity.weights import SAME_PERSON

MOST = 60  # patients one key may bring; a telephone number many share brings strangers
OLDEST = date(1880, 1, 1)


@dataclass(frozen=True)
class Likely:
    """A patient on record and how the document's person compares."""

    patient: Patient
    comparison: Comparison


def likely(person: Person, *, also: Iterable[int] = ()) -> list[Likely]:
    """Patients who may be ``person``, best first, those of ``also`` in any case (named by a referral number).

    Seven indexed look-ups, never a scan: identifiers; birth date with name; birth dates one slip away with the name;
    family and given name with its short forms, also in each other's place; sound of the family name in the year of
    birth; telephone; other names on record."""
    pks = set(also)
    for found in _lookups(person):
        pks.update(found.values_list("pk", flat=True)[:MOST])
    patients = Patient.objects.filter(pk__in=pks).prefetch_related("other_names", "identifiers")
    compared = [Likely(patient, compare(person, of_record(patient))) for patient in patients]
    wanted = set(also)
    return sorted(
        (one for one in compared if one.comparison.points >= SAME_PERSON or one.patient.pk in wanted),
        key=lambda one: (-one.comparison.points, one.patient.pk),
    )


def _lookups(person: Person) -> Iterable[QuerySet[Patient]]:
    people = Patient.objects.order_by()
    values = {value for _, value in person.identifiers if len(value) >= 3}
    if values:
        yield people.filter(pk__in=PatientIdentifier.objects.filter(value_key__in=values).values("patient"))
    if person.phones:
        yield people.filter(phone__in={f"{n[:3]}-{n[3:6]}-{n[6:]}" for n in person.phones})
    born = person.born if person.born and person.born >= OLDEST else None
    for name in person.names:
        variants = given_variants(name.given) if name.given else frozenset()
        families = {f for f in (name.family, *name.parts) if f}
        by_name = Q(family_key__in=families, given_key__in=variants) | Q(family_key=name.given, given_key=name.family)
        if families and variants:
            yield people.filter(by_name)
            yield people.filter(other_names__family_key__in=families, given_key__in=variants)
        if born is not None:
            slips = slips_of(born)
            yield people.filter(birth_date=born).filter(_resembles(name.family, name.given))
            yield people.filter(birth_date__in=slips, family_key__in=families | {name.given} - {""})
            yield people.filter(birth_date__in=slips, family_sound=sound(name.family)) if name.family else people.none()
        year = person.birth[:4]
        if len(year) == 4 and name.family and year.isdigit() and 1880 <= int(year) <= 2200:
            yield people.filter(
                family_sound=sound(name.family), birth_date__range=(date(int(year), 1, 1), date(int(year), 12, 31))
            )
        elif name.family and not variants:
            yield people.filter(family_key=name.family)


def _resembles(family: str, given: str) -> Q:
    """On the very day of birth a first letter of either name is enough: few are born on one day."""
    letters = {name[0] for name in (family, given) if name}
    return Q(*[Q(family_key__startswith=c) | Q(given_key__startswith=c) for c in sorted(letters)], _connector=Q.OR)


def of_record(patient: Patient) -> Person:
    """The person on record, with former and other names; ``other_names`` and ``identifiers`` prefetched."""
    first = person_name(patient.family_name, patient.given_name, patient.middle_name, patient.suffix)
    others = [
        person_name(
            other.family_name or patient.family_name, other.given_name or patient.given_name, patient.middle_name
        )
        for other in patient.other_names.all()
    ]
    return Person(
        names=(first, *others),
        birth=patient.birth_date.isoformat(),
        sex=patient.sex,
        identifiers=frozenset((number_key(i.assigner), i.value_key) for i in patient.identifiers.all()),
        phones=digits([patient.phone]),
        emails=frozenset([patient.email.lower()] if patient.email else []),
        zips=frozenset([patient.zip_code[:5]] if patient.zip_code else []),
        streets=frozenset([street_key(patient.street)] if patient.street else []),
    )
