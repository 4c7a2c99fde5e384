"""Numbers with a check digit or character: RefLoop's own and the NPI. Nothing is believed that fails its check. Pure."""

import re
from collections.abc import Iterable

from referrals.identifiers import clean_npi, clean_referral_number
from referrals.intake.reading import Found, Identifier

_OWN = re.compile(
    r"(?<![0-9A-Za-z])R[L1I][-\s\u2010-\u2015]?[0-9A-Z]{4}[-\s\u2010-\u2015]?[0-9A-Z]{4}(?![0-9A-Za-z])", re.I
)
NPI_SYSTEMS = {
    "2.16.840.1.113883.4.6",
    "urn:oid:2.16.840.1.113883.4.6",
    "http://hl7.org/fhir/sid/us-npi",
    "NPI",
    "National Provider Identifier",
}  # fmt: skip


def referral_numbers(text: str, where: str, sure: float = 1.0) -> tuple[Found[str], ...]:
    """RefLoop's numbers in ``text`` whose check character holds, each once, in canonical form."""
    numbers: dict[str, None] = {}
    for match in _OWN.finditer(text):
        try:
            numbers[clean_referral_number(match[0])] = None
        except ValueError:
            continue
    return tuple(Found(number, where, sure) for number in numbers)


def is_npi(identifier: Identifier) -> bool:
    """Whether it is said to be one."""
    return bool({identifier.assigner, identifier.type} & NPI_SYSTEMS)


def npi_among(identifiers: Iterable[Identifier]) -> str:
    """The NPI among a clinician's identifiers: said to be one, or ten digits of no said kind; its check digit holds."""
    for identifier in identifiers:
        if is_npi(identifier) or not (identifier.assigner or identifier.type):
            try:
                return clean_npi(identifier.value)
            except ValueError:
                continue
    return ""
