"""The filters of a reports page as fields: what can be chosen, and what is."""

from dataclasses import dataclass

from referrals.models import Coordinator, Office, Payer, Provider, Referral, Specialty
from reporting.measures.cohort import Filters
from reporting.measures.dimensions import DIMENSIONS

MOST = 500  # choices of one field; whoever has more offices writes the NPI into the address


@dataclass(frozen=True)
class Field:
    """``choices`` are (word, label); ``chosen`` is the word in the address, with commas when it names several."""

    key: str
    name: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


def of(filters: Filters) -> list[Field]:
    """One query for each field but the fixed ones."""
    offices = tuple(Office.objects.order_by("name").values_list("npi", "name")[:MOST])
    choices: dict[str, tuple[tuple[str, str], ...]] = {
        "direction": tuple(Referral.Direction.choices),
        "specialty": tuple(Specialty.objects.filter(active=True).values_list("code", "name")[:MOST]),
        "referring_office": offices,
        "receiving_office": offices,
        "receiving_provider": tuple((one.npi, str(one)) for one in Provider.objects.filter(active=True)[:MOST]),
        "payer": tuple(Payer.objects.filter(active=True).values_list("code", "name")[:MOST]),
        "owner": tuple((str(pk), name) for pk, name in Coordinator.objects.values_list("pk", "name")[:MOST]),
        "priority": tuple(Referral.Priority.choices),
    }
    return [_field(key, shown, filters) for key, shown in choices.items()]


def _field(key: str, shown: tuple[tuple[str, str], ...], filters: Filters) -> Field:
    """What is chosen is always among the choices, also what is not offered any more, and several as one."""
    chosen = filters.of(key)
    word, label = (",".join(choice.word for choice in chosen), ", ".join(choice.label for choice in chosen))
    is_offered = not word or word in {word for word, _ in shown}
    return Field(key, DIMENSIONS[key].name, shown if is_offered else (*shown, (word, label)), word)
