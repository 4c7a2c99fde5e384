"""Patients on record who could be the person in a document: found by indexed keys, then compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from referrals.models import Patient, PatientIdentifier
from referrals.names import sound
from referrals.reconcile.identity.birth import slips_of
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.comparison import Comparison
from referrals.reconcile.identity.names import given_variants
from referrals.reconcile.identity.person import Person, PersonName
from referrals.reconcile.identity.weights import WORTH_A_LOOK
from referrals.reconcile.records import of_records

MOST = 200  # patients one look-up may bring; a telephone number many share brings strangers
OLDEST = date(1880, 1, 1)


@dataclass(frozen=True)
class Likely:
    """A patient on record, by key, and how the document's person compares."""

    patient: int
    comparison: Comparison


@dataclass(frozen=True)
class Found:
    """``is_cut``: more than MOST people have the name or its sound about the birth date, so one of them, who could be taken
    for the person, may not be among these."""

    likely: list[Likely]
    is_cut: bool


def likely(person: Person, *, also: Iterable[int] = ()) -> list[Likely]:
    """Patients who may be ``person``, best first, those of ``also`` in any case (named by a referral number).

    Indexed look-ups, never a scan: identifiers; telephone; other names on record; family and given name with its short
    forms, also in each other's place; birth date with a name that resembles; birth dates one slip away with the name
    or its sound; sound of the family name in the year of birth."""
    return look(person, also=also).likely


def look(person: Person, *, also: Iterable[int] = ()) -> Found:
    """The same, and whether anybody was left out."""
    pks, is_cut = set(also), False
    for lookup, is_near in _lookups(person):
        keys = list(lookup.values_list("pk", flat=True)[: MOST + 1])
        is_cut |= is_near and len(keys) > MOST
        pks.update(keys[:MOST])
    wanted = set(also)
    compared = [Likely(patient, compare(person, record)) for patient, record in of_records(pks).items()]
    ordered = sorted(
        (one for one in compared if one.comparison.points >= WORTH_A_LOOK or one.patient in wanted),
        key=lambda one: (-one.comparison.points, one.patient),
    )
    return Found(ordered, is_cut)


def _lookups(person: Person) -> Iterable[tuple[QuerySet[Patient], bool]]:
    """Each with whether it is the one that finds whoever could be taken for the person."""
    people = Patient.objects.order_by()
    values = {value for _, value in person.identifiers | person.shared_numbers if len(value) >= 3}
    if values:
        yield people.filter(pk__in=PatientIdentifier.objects.filter(value_key__in=values).values("patient")), False
    if person.phones:
        yield people.filter(phone__in={f"{n[:3]}-{n[3:6]}-{n[6:]}" for n in person.phones}), False
    families = {key for name in person.names for key in (name.family, *name.parts) if key}
    givens = frozenset().union(*(given_variants(name.given) for name in person.names if name.given))
    if families and givens:
        yield people.filter(other_names__family_key__in=families, given_key__in=givens), False
    # Each arm of a query is answered by an index, and the database joins what they find. Who could be taken for the
    # person is looked up apart from who merely resembles, so that a common name's many never crowd a twin out.
    for arms_of in (_near, _far):
        arms = [arm for name in person.names for arm in arms_of(name, person, families, givens)]
        if arms:
            yield people.filter(reduce(or_, arms)), arms_of is _near


def _near(name: PersonName, person: Person, families: set[str], givens: frozenset[str]) -> Iterable[Q]:
    """The birth date or one a slip away, with the family name or its sound; the very day with the given name."""
    born = person.born
    if born is None or born < OLDEST:
        return
    days = slips_of(born) | {born}
    yield Q(birth_date__in=days, family_key__in=families | {name.given} - {""})
    if name.family:
        yield Q(birth_date__in=days, family_sound=sound(name.family))
    if givens:
        yield Q(birth_date=born, given_key__in=givens)


def _far(name: PersonName, person: Person, families: set[str], givens: frozenset[str]) -> Iterable[Q]:
    """By name alone, by the birth date with a name that resembles, by sound in the year of birth."""
    if families and givens:
        yield Q(family_key__in=families, given_key__in=givens)
        yield Q(family_key=name.given, given_key=name.family)
    born, year = person.born, person.birth[:4]
    if born is not None and born >= OLDEST:
        yield Q(birth_date=born) & _resembles(name.family, name.given)
    if name.family and year.isdigit() and OLDEST.year <= int(year) <= 2200:
        days = (date(int(year), 1, 1), date(int(year), 12, 31))
        yield Q(family_sound=sound(name.family), birth_date__range=days)
    elif name.family and not givens:
        yield Q(family_key=name.family)


def _resembles(family: str, given: str) -> Q:
    """On the very day of birth a first letter of either name is enough: few are born on one day."""
    letters = {name[0] for name in (family, given) if name}
    return Q(*[Q(family_key__startswith=c) | Q(given_key__startswith=c) for c in sorted(letters)], _connector=Q.OR)
