"""Who wrote a document and to whom it is addressed, found in the directory by NPI, name and telephone."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q, Value
from rapidfuzz import fuzz

from referrals.intake.reading import Found, Name, Party, Reading
from referrals.models import Document, Office, Provider
from referrals.names import name_key
from referrals.reconcile.fit import Answered
from referrals.reconcile.identity.person import digits, person_name

SAME_NAME = 92  # of 100: "Capitol Heart Ctr" is "Capitol Heart Center", "Capitol Kidney Center" is not
_ABBREVIATED = {"ctr": "center", "centre": "center", "assoc": "associates", "assocs": "associates", "med": "medical",
                "hosp": "hospital", "dept": "department", "grp": "group", "phys": "physicians", "st": "saint"}  # fmt: skip
_LEGAL = {"llc", "inc", "pc", "pa", "pllc", "ltd", "sc", "the", "of", "and", "llp", "corp"}


def answered(reading: Reading, offices: Iterable[Office], *, versions_of: Iterable[int] = ()) -> Answered:
    """The facts of a document that referrals are compared with; ``offices`` are those it may be from (the receiving
    ones of the referrals in question), ``versions_of`` the referrals with earlier versions of it. A few queries."""
    wrote, asked = _parties(reading.authors), _parties([*reading.referrers, *reading.recipients])
    directory = _directory([*wrote, *asked])
    authors, referrers = _known(wrote, directory), _known(asked, directory)
    specialties, places = _practices([p.pk for p in authors])
    names = tuple(str(p) for p in authors) or tuple(filter(None, (shown(f.value.name) for f in reading.authors)))
    return Answered(
        numbers=frozenset(found.value for found in reading.referral_numbers),
        order_ids=frozenset(found.value.value for found in reading.order_ids),
        authors=frozenset(p.pk for p in authors),
        author_specialties=frozenset(specialties),
        author_offices=frozenset(places),
        named_offices=frozenset(office.pk for office in offices if _is_from(reading, office)),
        referrers=frozenset(p.pk for p in referrers),
        visit_on=reading.visit_at.value.day if reading.visit_at else None,
        written_on=reading.written_at.value.day if reading.written_at else None,
        author_names=names,
        versions_of=frozenset(versions_of),
        is_amended=reading.status is not None and reading.status.value == Document.Status.AMENDED,
    )


def _parties(found: Iterable[Found[Party]]) -> list[Party]:
    return [one.value for one in found]


def _directory(parties: Sequence[Party]) -> list[Provider]:
    """Who of the directory they may be. One query."""
    npis, names = {party.npi for party in parties if party.npi}, {_key(party) for party in parties} - {""}
    arms = [Q(npi__in=npis)] * bool(npis) + [Q(name_key__in=names)] * bool(names)
    return list(Provider.objects.filter(Q(*arms, _connector=Q.OR))) if arms else []


def _known(parties: Sequence[Party], directory: Sequence[Provider]) -> list[Provider]:
    """Those of the directory, by NPI, else by family and given name when only one is called so."""
    npis, names = {party.npi for party in parties if party.npi}, {_key(party) for party in parties} - {""}
    found = {provider.pk: provider for provider in directory if provider.npi in npis}
    namesakes: dict[str, list[Provider]] = {}
    for provider in directory:
        if provider.name_key in names:
            namesakes.setdefault(provider.name_key, []).append(provider)
    return [*found.values(), *(group[0] for group in namesakes.values() if len(group) == 1)]


def _key(party: Party) -> str:
    """The name to look for; empty when the NPI says who it is."""
    return provider_key(party.name) if party.name and not party.npi else ""


def _practices(providers: Sequence[int]) -> tuple[set[int], set[int]]:
    """The keys of their specialties and of their offices. One query."""
    if not providers:
        return set(), set()
    kinds = ("specialty", Provider.specialties.through), ("office", Provider.offices.through)
    of_kind = [
        through.objects.filter(provider__in=providers).values_list(Value(kind), kind).order_by()
        for kind, through in kinds
    ]
    rows = list(of_kind[0].union(*of_kind[1:]))
    return {pk for kind, pk in rows if kind == "specialty"}, {pk for kind, pk in rows if kind == "office"}


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
