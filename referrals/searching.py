"""Finding referrals by what people type. Each form goes through an index of its own."""

from datetime import date

from django.db.models import Q, QuerySet

from referrals.models import Office, Patient, PatientIdentifier, PatientName, Referral
from referrals.models.patient import office_assigner
from referrals.names import name_key, number_key
from referrals.selectors import visible_to
from referrals.typed import Typed, read

_MOST_OF_A_NUMBER = 200  # people who share one record number, of as many offices


def search(referrals: QuerySet[Referral], text: str) -> QuerySet[Referral]:
    """Referrals by number, name, birth date, phone, record number or order id, or by a name with a birth date or phone
    (typed.read). Nothing typed finds all; nothing is matched in the middle of a word."""
    typed = _settled(referrals, read(text))
    if typed.is_empty:
        return referrals
    if typed.number:
        return referrals.filter(number=typed.number)
    if typed.value:
        return referrals.filter(Q(patient__in=_numbered(typed.value)) | Q(external_id=typed.value))
    return referrals.filter(patient__in=_people(typed))


def search_as(office: Office, text: str) -> QuerySet[Referral]:
    """``search`` among what the office may see, by what it may know.

    An outside office that refers finds its referrals by what it sent: the record they were linked to may hold names
    and numbers it must not be able to probe. One that receives does not find by other offices' record numbers."""
    if office.is_ours:
        return search(visible_to(office), text)
    typed = _settled(visible_to(office), read(text))
    if typed.is_empty:
        return visible_to(office)
    if typed.number:
        return visible_to(office).filter(number=typed.number)
    if typed.value:
        own = PatientIdentifier.objects.filter(value=typed.value, assigner=office_assigner(office))
        return visible_to(office).filter(Q(external_id=typed.value) | Q(patient__in=own.values("patient")))
    as_referrer = Q(referring_office=office) & _as_sent(typed)
    return Referral.objects.filter(as_referrer | Q(receiving_office=office, patient__in=_people(typed)))


def _settled(referrals: QuerySet[Referral], typed: Typed) -> Typed:
    """Decide between two readings by what there is: a number that exists is meant, else the other reading."""
    if typed.instead and not referrals.filter(number=typed.number).exists():
        return _settled(referrals, typed.instead)
    if typed.maybe_births and not _numbered(typed.value):
        return Typed(births=typed.maybe_births)
    return typed


def _numbered(value: str) -> list[int]:
    """Patients with this number, however it is written (one query)."""
    rows = PatientIdentifier.objects.filter(Q(value=value) | Q(value_key=number_key(value))).exclude(value_key="")
    return list(rows.order_by().values_list("patient", flat=True).distinct()[:_MOST_OF_A_NUMBER])


def _people(typed: Typed):
    """The patients all that was typed fits, as a subquery."""
    on = Q()
    if typed.births:
        on &= Q(birth_date__in=typed.births)
    if typed.phone:
        on &= Q(phone=typed.phone)
    if not typed.name:
        return Patient.objects.filter(on).order_by().values("pk")
    words = [name_key(word) for word in typed.name.replace(",", " ").split() if name_key(word)]
    if not words:
        return Patient.objects.none().values("pk")
    ways = [Patient.objects.filter(on, way) for way in _names(typed.name, words)]
    formerly = PatientName.objects.filter(family_key=words[0] if "," in typed.name else "".join(words))
    ways.append(Patient.objects.filter(on, pk__in=formerly.values("patient")))
    if on:  # with a day or a phone the given name does, too
        ways.append(Patient.objects.filter(on, given_key__startswith="".join(words)))
    first, *others = [way.order_by().values("pk") for way in ways]
    return first.union(*others)


def _names(name: str, words: list[str]) -> list[Q]:
    """``Doe``, ``Doe, Ja``, ``Jane Doe`` and ``Doe Jane`` find Jane Doe."""
    if "," in name:
        family, _, given = (name_key(part) for part in name.partition(","))
        return [Q(family_key__startswith=family, given_key__startswith=given)]
    found = [Q(family_key__startswith="".join(words))]
    if len(words) > 1:
        found += [
            Q(family_key__startswith=words[-1], given_key__startswith=words[0]),
            Q(family_key__startswith=words[0], given_key__startswith=words[-1]),
        ]
    return found


def _as_sent(typed: Typed) -> Q:
    on = Q()
    if typed.births:
        on &= _any_of(typed.births)
    if typed.phone:
        on &= Q(patient_as_sent__phone=typed.phone)
    return on & _name_as_sent(typed.name) if typed.name else on


def _any_of(births: tuple[date, ...]) -> Q:
    on = Q(pk__in=())
    for day in births:
        on |= Q(patient_as_sent__birth_date=day.isoformat())
    return on


def _name_as_sent(name: str) -> Q:
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma:
        return Q(patient_as_sent__family_name__istartswith=family, patient_as_sent__given_name__istartswith=given)
    *first, last = name.split()
    found = Q(patient_as_sent__family_name__istartswith=name)
    if first:
        found |= Q(
            patient_as_sent__family_name__istartswith=last, patient_as_sent__given_name__istartswith=" ".join(first)
        )
    return found
