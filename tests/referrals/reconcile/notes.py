"""Notes as read, about William Public unless said otherwise, by the provider a referral went to."""

from dataclasses import replace
from datetime import date

from referrals.intake.reading import Found, Moment, Name, Party, Patient, Reading

WHO = {"family_name": "Public", "given_name": "William", "birth_date": date(1961, 3, 4), "phone": "608-555-0142"}


def note(referral, *, family="Public", given="William", birth="1961-03-04", author=True, **more) -> Reading:
    provider = referral.receiving_provider
    names = (Found(Name(family, (given,) if given else ())),) if family else ()
    return Reading(
        format="test",
        patients=(Patient(names=names, birth_date=Found(Moment(birth, birth)) if birth else None),),
        kind=Found("consult_note"),
        status=Found("final"),
        text=more.pop("text", "Seen in consultation."),
        authors=(Found(Party(Name(provider.family_name, (provider.given_name,)), npi=provider.npi)),) if author else (),
        **more,
    )


def person(reading, **values):
    return replace(reading, patients=(replace(reading.patient, **values),))
