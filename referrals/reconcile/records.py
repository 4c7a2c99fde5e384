"""People on record, as compared: from a patient at hand, or of many keys at once in three queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from referrals.models import Patient, PatientIdentifier, PatientName
from referrals.names import assigner_key, name_key
from referrals.reconcile.identity.person import SHARED_TYPES, Person, digits, person_name, street_key

_COLUMNS = (
    "family_name", "given_name", "middle_name", "suffix", "birth_date", "sex", "phone", "email", "zip_code", "street",
    "city",
)  # fmt: skip
_NAME = ("family_name", "given_name")
_NUMBER = ("assigner", "value_key", "type")


def of_record(patient: Patient) -> Person:
    """The person on record, with former and other names; ``other_names`` and ``identifiers`` prefetched."""
    return _person(
        *(getattr(patient, column) for column in _COLUMNS),
        others=[(other.family_name, other.given_name) for other in patient.other_names.all()],
        numbers=[(number.assigner, number.value_key, number.type) for number in patient.identifiers.all()],
    )


def of_records(patients: Collection[int]) -> dict[int, Person]:
    """The same for many, by key."""
    others, numbers = defaultdict(list), defaultdict(list)
    for pk, *name in PatientName.objects.filter(patient__in=patients).order_by("pk").values_list("patient", *_NAME):
        others[pk].append(tuple(name))
    for pk, *number in PatientIdentifier.objects.filter(patient__in=patients).values_list("patient", *_NUMBER):
        numbers[pk].append(tuple(number))
    rows = Patient.objects.filter(pk__in=patients).order_by().values_list("pk", *_COLUMNS)
    return {pk: _person(*row, others=others.get(pk, ()), numbers=numbers.get(pk, ())) for pk, *row in rows}


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
