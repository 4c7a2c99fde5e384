"""People on record, as compared: from a patient at hand, or from the rows of many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Value

from referrals.among import among
from referrals.models import Patient, PatientIdentifier, PatientName
from referrals.names import assigner_key, name_key
from referrals.reconcile.identity.person import SHARED_TYPES, Person, digits, person_name, street_key

_SAID = (
    "family_name", "given_name", "middle_name", "suffix", "birth_date", "sex", "phone", "email", "zip_code", "street",
    "city",
)  # fmt: skip
COLUMNS = ("pk", *_SAID)  # of a patient's row


def of_record(patient: Patient) -> Person:
    """The person on record, with former and other names; ``other_names`` and ``identifiers`` prefetched."""
    return _person(
        *(getattr(patient, column) for column in _SAID),
        others=[(other.family_name, other.given_name) for other in patient.other_names.all()],
        numbers=[(number.assigner, number.value_key, number.type) for number in patient.identifiers.all()],
    )


def of_rows(rows: Collection[tuple]) -> dict[int, Person]:
    """The same for many, by key, of rows of COLUMNS. One query."""
    patients = among(pk for pk, *_ in rows)
    names = PatientName.objects.filter(patient__in=patients)
    numbers = PatientIdentifier.objects.filter(patient__in=patients)
    kept: dict[tuple[int, bool], list[tuple]] = defaultdict(list)
    alike = names.values_list("patient", "pk", Value(1), "family_name", "given_name", Value("")).order_by()
    told = alike.union(
        numbers.values_list("patient", "pk", Value(0), "assigner", "value_key", "type").order_by(), all=True
    )
    for pk, _, is_name, *values in sorted(told) if rows else ():
        kept[pk, bool(is_name)].append(tuple(values))
    return {
        pk: _person(*row, others=[other[:2] for other in kept.get((pk, True), ())], numbers=kept.get((pk, False), ()))
        for pk, *row in rows
    }


def _person(
    family: str, given: str, middle: str, suffix: str, born: date, sex: str, phone: str, email: str, zip_code: str,
    street: str, city: str, *, others: Iterable[tuple[str, str]], numbers: Iterable[tuple[str, str, str]],
) -> Person:  # fmt: skip
    keyed = [((assigner_key(assigner), value), type in SHARED_TYPES) for assigner, value, type in numbers]
    return Person(
        names=(
            person_name(family, given, middle, suffix),
            *(person_name(other or family, first or given, middle, suffix) for other, first in others),
        ),
        birth=born.isoformat(),
        sex=sex,
        identifiers=frozenset(number for number, is_shared in keyed if not is_shared),
        shared_numbers=frozenset(number for number, is_shared in keyed if is_shared),
        phones=digits([phone]),
        emails=frozenset([email.lower()] if email else []),
        zips=frozenset([zip_code[:5]] if zip_code else []),
        streets=frozenset([street_key(street)] if street else []),
        cities=frozenset([name_key(city)] if city else []),
    )
