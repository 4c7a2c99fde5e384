"""Write the demo's directory: payers, offices, clinicians. Plain rows; nothing here has a service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from referrals.identifiers import npi_check_digit
from referrals.models import Office, Payer, Provider, Specialty
from refloop_site.demo import directory_tables as tables
from refloop_site.demo.directory_tables import ClinicianRow, PlaceRow


@dataclass
class Directory:
    """The rows by their key in the tables."""

    offices: dict[str, Office] = field(default_factory=dict)
    referrers: dict[str, list[Provider]] = field(default_factory=dict)  # by office: who refers from there
    practices: list[Office] = field(default_factory=list)  # outside offices that refer to us
    ours: list[Office] = field(default_factory=list)


def build() -> Directory:
    """Make all rows. The same order every time, so that the same seed gives the same history."""
    made = Directory()
    npis = _npis()
    payers = {code: Payer.objects.create(code=code, name=name) for code, name, _ in tables.PAYERS}
    specialties = {specialty.code: specialty for specialty in Specialty.objects.all()}
    phones = count(100)
    for rows, is_ours in (
        (tables.OUR_OFFICES, True),
        (tables.REFERRING_PRACTICES, False),
        (tables.SPECIALIST_OFFICES, False),
    ):
        for row in rows:
            made.offices[row.key] = _office(row, is_ours=is_ours, npi=next(npis), line=next(phones))
    made.ours = [made.offices[row.key] for row in tables.OUR_OFFICES]
    made.practices = [made.offices[row.key] for row in tables.REFERRING_PRACTICES]
    taken = [payer for code, payer in payers.items() if code != tables.NOBODY_TAKES]
    for row in (*tables.OUR_CLINICIANS, *tables.REFERRING_CLINICIANS, *tables.SPECIALISTS):
        provider = _provider(row, npi=next(npis))
        provider.specialties.set([specialties[row.specialty]])
        provider.offices.set([made.offices[key] for key in row.places])
        refused = set().union(*(tables.PAYERS_NOT_TAKEN_BY.get(key, set()) for key in row.places))
        provider.payers.set([payer for payer in taken if payer.code not in refused])
        if row not in tables.SPECIALISTS:
            for key in row.places:
                made.referrers.setdefault(key, []).append(provider)
    return made


def _npis() -> Iterator[str]:
    """Synthetic NPIs with a valid check digit. They begin with 2, which the registry has not issued so far."""
    for number in count(1):
        first_nine = f"29999{number:04d}"
        yield first_nine + npi_check_digit(first_nine)


def _office(row: PlaceRow, *, is_ours: bool, npi: str, line: int) -> Office:
    return Office.objects.create(
        name=row.name,
        npi=npi,
        is_ours=is_ours,
        street=row.street,
        city=row.city,
        state="WI",
        zip_code=row.zip_code,
        phone=f"608-555-0{line}",
        fax=f"608-555-0{line + 50}",
        email=f"referrals@{row.key}.example.org",
        contact_preference=row.reached_by,
        contact_notes=row.notes,
    )


def _provider(row: ClinicianRow, *, npi: str) -> Provider:
    return Provider.objects.create(
        npi=npi,
        given_name=row.given,
        family_name=row.family,
        credentials=row.credentials,
        typical_wait_days=row.wait_days,
        capacity=row.capacity,
        keeps_urgent_slots=row.urgent_slots,
    )
