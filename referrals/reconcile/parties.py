"""Who wrote a document and to whom it is addressed, found in the directory by NPI, name and telephone."""

import re
from collections.abc import Iterable

from django.db.models import QuerySet
from rapidfuzz import fuzz

from referrals.intake.reading import Name, Party, Reading
from referrals.models import Document, Office, Provider
from referrals.names import name_key
from referrals.reconcile.fit import Answered
from referrals.reconcile.identity.person import digits, person_name

_DIRECTORY = Provider.objects.prefetch_related("specialties", "offices")
SAME_NAME = 92  # of 100: "Capitol Heart Ctr" is "Capitol Heart Center", "Capitol Kidney Center" is not
_ABBREVIATED = {"ctr": "center", "centre": "center", "assoc": "associates", "assocs": "associates", "med": "medical",
                "hosp": "hospital", "dept": "department", "grp": "group", "phys": "physicians", "st": "saint"}  # fmt: skip
_LEGAL = {"llc", "inc", "pc", "pa", "pllc", "ltd", "sc", "the", "of", "and", "llp", "corp"}


def answered(reading: Reading, offices: Iterable[Office], *, versions_of: Iterable[int] = ()) -> Answered:
    """The facts of a document that referrals are compared with; ``offices`` are those it may be from (the receiving
    ones of the referrals in question), ``versions_of`` the referrals with earlier versions of it. A few queries."""
    authors = _providers([found.value for found in reading.authors], _DIRECTORY)
    referrers = _providers([found.value for found in (*reading.referrers, *reading.recipients)], Provider.objects.all())
    names = tuple(str(p) for p in authors) or tuple(filter(None, (shown(f.value.name) for f in reading.authors)))
    return Answered(
        numbers=frozenset(found.value for found in reading.referral_numbers),
        order_ids=frozenset(found.value.value for found in reading.order_ids),
        authors=frozenset(p.pk for p in authors),
        author_specialties=frozenset(s.pk for p in authors for s in p.specialties.all()),
        author_offices=frozenset(o.pk for p in authors for o in p.offices.all()),
        named_offices=frozenset(office.pk for office in offices if _is_from(reading, office)),
        referrers=frozenset(p.pk for p in referrers),
        visit_on=reading.visit_at.value.day if reading.visit_at else None,
        written_on=reading.written_at.value.day if reading.written_at else None,
        author_names=names,
        versions_of=frozenset(versions_of),
        is_amended=reading.status is not None and reading.status.value == Document.Status.AMENDED,
    )


def _providers(parties: list[Party], directory: QuerySet[Provider]) -> list[Provider]:
    """Those of the directory, by NPI, else by family and given name when only one is called so."""
    npis = {party.npi for party in parties if party.npi}
    names = {key for party in parties if not party.npi and party.name and (key := provider_key(party.name))}
    if not npis and not names:
        return []
    found = {p.pk: p for p in directory.filter(npi__in=npis)} if npis else {}
    namesakes: dict[str, list[Provider]] = {}
    for provider in directory.filter(name_key__in=names) if names else ():
        namesakes.setdefault(provider.name_key, []).append(provider)
    return [*found.values(), *(group[0] for group in namesakes.values() if len(group) == 1)]


def provider_key(name: Name) -> str:
    """As Provider.name_key; empty when either name is missing."""
    family, given = name.family, name.given[0] if name.given else ""
    if not family and name.text:
        words = [
            w for w in re.split(r"[\s,]+", name.text) if w.isalpha() and w.upper() not in {"MD", "DO", "NP", "PA", "DR"}
        ]
        if len(words) >= 2:
            family, given = (words[0], words[1]) if "," in name.text.split(" ")[0] else (words[-1], words[0])
    cleaned = person_name(family, given)
    return f"{name_key(family)} {cleaned.given}" if family and given else ""


def shown(name: Name | None) -> str:
    return (name.text or " ".join((*name.given, name.family)).strip()) if name else ""


def _is_from(reading: Reading, office: Office) -> bool:
    """Whether an author's organization, its NPI or its telephone is the office's."""
    organizations = [f.value.organization for f in reading.authors if f.value.organization]
    if reading.author_organization is not None:
        organizations.append(reading.author_organization.value)
    if any(f.value.npi == office.npi for f in reading.authors):
        return True
    if any(is_same_office(name, office.name) for name in organizations):
        return True
    return bool(digits(p for f in reading.authors for p in f.value.phones) & digits([office.phone, office.fax]))


def is_same_office(one: str, other: str) -> bool:
    a, b = _office_words(one), _office_words(other)
    if not a or not b:
        return False
    return a == b or (min(len(a.split()), len(b.split())) >= 2 and fuzz.token_sort_ratio(a, b) >= SAME_NAME)


def _office_words(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return " ".join(sorted(_ABBREVIATED.get(word, word) for word in words if word not in _LEGAL))
