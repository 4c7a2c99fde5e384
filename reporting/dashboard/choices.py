"""The filters of a reports page as fields: what can be chosen, and what is."""

from dataclasses import dataclass

from referrals.models import Coordinator, Office, Payer, Referral, Specialty
from reporting.measures.cohort import Filters
from reporting.measures.dimensions import DIMENSIONS

MOST = 500  # choices of one field; whoever has more offices writes the NPI into the address


@dataclass(frozen=True)
class Field:
    """``choices`` are (word, label); ``chosen`` the words in the address."""

    key: str
    name: str
    choices: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]


def of(filters: Filters) -> list[Field]:
    """One query for each field but the fixed ones."""
    offices = tuple(Office.objects.order_by("name").values_list("npi", "name")[:MOST])
    choices: dict[str, tuple[tuple[str, str], ...]] = {
        "direction": tuple(Referral.Direction.choices),
        "specialty": tuple(Specialty.objects.filter(active=True).values_list("code", "name")[:MOST]),
        "referring_office": offices,
        "receiving_office": offices,
        "payer": tuple(Payer.objects.filter(active=True).values_list("code", "name")[:MOST]),
        "owner": tuple((str(pk), name) for pk, name in Coordinator.objects.values_list("pk", "name")[:MOST]),
        "priority": tuple(Referral.Priority.choices),
    }
    return [_field(key, shown, filters) for key, shown in choices.items()]


def _field(key: str, shown: tuple[tuple[str, str], ...], filters: Filters) -> Field:
    """What is chosen is always among the choices, also what is not offered any more."""
    chosen = filters.of(key)
    offered = {word for word, _ in shown}
    more = tuple((choice.word, choice.label) for choice in chosen if choice.word not in offered)
    return Field(key, DIMENSIONS[key].name, shown + more, tuple(choice.word for choice in chosen))
