"""Patients on record who could be the person in a document: found by indexed keys, then compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, Value

from referrals.among import among
from referrals.models import Patient, PatientIdentifier, PatientName
from referrals.names import sound
from referrals.reconcile.identity.birth import slips_of
from referrals.reconcile.identity.compare import compare
from referrals.reconcile.identity.comparison import Comparison
from referrals.reconcile.identity.names import given_variants
from referrals.reconcile.identity.person import Person
from referrals.reconcile.identity.weights import WORTH_A_LOOK
from referrals.reconcile.records import COLUMNS, of_rows

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
    """The same, and whether anybody was left out. Five queries, one of them only for who was found by a key alone."""
    wanted, keys = set(also), _Keys(person)
    near, far = (_people(arms) for arms in (_near(person, keys), _far(person, keys)))
    rows = {row[0]: row for row in (*near[:MOST], *far[:MOST])}
    elsewhere = (wanted | _pointed_at(person, keys)) - rows.keys()
    if elsewhere:
        rows |= {
            row[0]: row for row in Patient.objects.filter(pk__in=among(elsewhere)).order_by().values_list(*COLUMNS)
        }
    compared = [Likely(patient, compare(person, record)) for patient, record in of_rows(rows.values()).items()]
    ordered = sorted(
        (one for one in compared if one.comparison.points >= WORTH_A_LOOK or one.patient in wanted),
        key=lambda one: (-one.comparison.points, one.patient),
    )
    return Found(ordered, is_cut=len(near) > MOST)


class _Keys:
    """``families`` with the parts of double ones, ``givens`` with their short forms, and both as they were written."""

    def __init__(self, person: Person):
        self.own_families = {name.family for name in person.names if name.family}
        self.own_givens = {name.given for name in person.names if name.given}
        self.families = self.own_families.union(*(name.parts for name in person.names))
        self.givens: set[str] = set().union(*(given_variants(given) for given in self.own_givens))


def _pointed_at(person: Person, keys: _Keys) -> set[int]:
    """Whom a number, another name on record or a telephone points to, in this order while there is room. One query."""
    found = []
    if values := {value for _, value in person.identifiers | person.shared_numbers if len(value) >= 3}:
        found.append(
            PatientIdentifier.objects.filter(value_key__in=values)
            .annotate(place=Value(0))
            .values_list("patient", "place")
        )
    if keys.families and keys.givens:
        others = PatientName.objects.filter(family_key__in=keys.families, patient__given_key__in=keys.givens)
        found.append(others.annotate(place=Value(1)).values_list("patient", "place"))
    if person.phones:
        written = {f"{n[:3]}-{n[3:6]}-{n[6:]}" for n in person.phones}
        found.append(Patient.objects.filter(phone__in=written).annotate(place=Value(2)).values_list("pk", "place"))
    if not found:
        return set()
    first, *rest = (rows.order_by() for rows in found)
    return {patient for patient, _ in first.union(*rest, all=True).order_by("place")[: 2 * MOST]}


def _people(arms: Iterable[Q]) -> list[tuple]:
    """Rows of whom any of ``arms`` finds, one more than MOST at most. Each arm is answered by an index, and the database
    joins what they find. Who could be taken for the person is looked up apart from who merely resembles, so that a
    common name's many never crowd a twin out."""
    some = list(arms)
    found = (
        Patient.objects.filter(reduce(or_, some)).order_by().values_list(*COLUMNS) if some else Patient.objects.none()
    )
    return list(found[: MOST + 1])


def _near(person: Person, keys: _Keys) -> Iterator[Q]:
    """The birth date or one a slip away, with the family name or its sound; the very day with the given name."""
    born = person.born
    if born is None or born < OLDEST:
        return
    if keys.families or keys.own_givens:
        sounds = {sound(key) for key in keys.families | keys.own_givens}
        yield Q(birth_date__in=slips_of(born) | {born}, family_sound__in=sounds)
    if keys.givens:
        yield Q(birth_date=born, given_key__in=keys.givens)


def _far(person: Person, keys: _Keys) -> Iterator[Q]:
    """By name alone, by the birth date with a name that resembles, by sound in the year of birth."""
    if keys.families and keys.givens:
        yield Q(family_key__in=keys.families, given_key__in=keys.givens)
        yield Q(family_key__in=keys.own_givens, given_key__in=keys.own_families)
    born, year = person.born, person.birth[:4]
    if born is not None and born >= OLDEST:
        yield Q(birth_date=born) & _resembles(keys.own_families | keys.own_givens)
    if keys.own_families and year.isdigit() and OLDEST.year <= int(year) <= 2200:
        days = (date(int(year), 1, 1), date(int(year), 12, 31))
        yield Q(family_sound__in={sound(key) for key in keys.own_families}, birth_date__range=days)
    elif keys.own_families and not keys.givens:
        yield Q(family_key__in=keys.own_families)


def _resembles(names: set[str]) -> Q:
    """On the very day of birth a first letter of either name is enough: few are born on one day."""
    letters = sorted({name[0] for name in names})
    return Q(*[Q(family_key__startswith=c) | Q(given_key__startswith=c) for c in letters], _connector=Q.OR)
