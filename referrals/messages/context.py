"""The contexts of a message: ``full`` for secure channels, ``minimal`` without anything that identifies a patient."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from referrals.messages.subjects import Subject
from referrals.messages.wording import Words
from referrals.models import Office, Referral
from referrals.names import initials
from referrals.timestamps import rfc3339


def staff_link(referral: Referral | Subject) -> str:
    return _staff_page(settings.REFLOOP_BASE_URL).replace("/0/", f"/{referral.pk}/")


@cache
def _staff_page(base_url: str) -> str:
    return urljoin(base_url, reverse("admin:referrals_referral_change", args=[0]))  # once, not for each of thousands


def office_link(referral: Referral | Subject) -> str:
    return urljoin(settings.REFLOOP_BASE_URL, f"/api/v1/referrals/{referral.number}/")


@dataclass(frozen=True)
class Person:
    """Of the patient, what a reader of a message may know."""

    given_name: str
    family_name: str
    full_name: str
    birth_date: str
    phone: str

    @property
    def initials(self) -> str:
        return initials(self.given_name, self.family_name)


def person(referral: Referral | Subject, reader: Office | None) -> Person:
    """The patient's record; for a referring office outside the group what it sent itself, so that linking it to a
    record tells it nothing. ``reader`` None: staff."""
    patient, sent = referral.patient, referral.patient_as_sent
    is_outside_referrer = (
        reader is not None
        and not reader.is_ours
        and reader.pk == referral.referring_office_id
        and reader.pk != referral.receiving_office_id
    )
    if is_outside_referrer and sent.get("family_name"):
        names = (sent.get(part, "") for part in ("given_name", "middle_name", "family_name", "suffix"))
        return Person(
            given_name=sent.get("given_name", ""),
            family_name=sent["family_name"],
            full_name=" ".join(name for name in names if name),
            birth_date=sent["birth_date"],
            phone=sent.get("phone", ""),
        )
    return Person(
        patient.given_name, patient.family_name, patient.full_name, patient.birth_date.isoformat(), patient.phone
    )


def minimal(
    referral: Referral | Subject, words: Words, *, link: str, at: datetime, reader: Office | None = None
) -> dict[str, Any]:
    """Number, initials, what happened in general words, what to do, link. Free text of people is not in it."""
    who = person(referral, reader).initials
    return {
        "title": f"{referral.number}: {words.title}",
        "text": f"Referral {referral.number} (patient {who}): {words.title}.",
        "next_step": words.next_step,
        "facts": [["Referral", referral.number], ["Patient", who]],
        "link": link,
        "referral": {"number": referral.number, "status": referral.status, "version": referral.version},
        "at": rfc3339(at),
    }


def _born(iso: str) -> str:
    """``03/04/1961``, as the workspace writes it; what an office sent and is no day stays as it is."""
    try:
        return f"{date.fromisoformat(iso):%m/%d/%Y}"
    except ValueError:
        return iso


def full(
    referral: Referral | Subject, words: Words, *, link: str, at: datetime, reader: Office | None = None
) -> dict[str, Any]:
    """Patient and referral context: who, what was asked, between whom, how urgent. ``reader`` None: staff."""
    patient = person(referral, reader)
    receiver = _place(referral.receiving_office, referral.receiving_provider)
    facts = [
        ["Referral", referral.number],
        ["Patient", f"{patient.full_name}, born {_born(patient.birth_date)}"],
        ["Patient's phone", patient.phone],
        ["Specialty", referral.specialty.name],
        ["Question", referral.clinical_question],
        ["Priority", Referral.Priority(referral.priority).label],
        ["From", _place(referral.referring_office, referral.referring_provider)],
        ["To", receiver],
        ["Your order", referral.external_id],
    ]
    return {
        "title": f"{referral.number}: {words.title}",
        "text": words.text,
        "next_step": words.next_step,
        "facts": [fact for fact in facts if fact[1]],
        "link": link,
        "at": rfc3339(at),
        "referral": {
            "number": referral.number,
            "external_id": referral.external_id,
            "status": referral.status,
            "version": referral.version,
            "direction": referral.direction,
            "priority": referral.priority,
            "specialty": referral.specialty.code,
            "captured_at": rfc3339(referral.captured_at),
        },
        "patient": {
            "family_name": patient.family_name,
            "given_name": patient.given_name,
            "birth_date": patient.birth_date,
        },
    }


def left(referral: Referral | Subject, words: Words, *, at: datetime) -> dict[str, Any]:
    """For the office the referral is no longer with: which one it was, and nothing of where it is now."""
    return {
        "title": f"{referral.number}: {words.title}",
        "text": words.text,
        "next_step": words.next_step,
        "facts": [["Referral", referral.number], ["Patient", referral.patient.initials]],
        "referral": {"number": referral.number},
        "at": rfc3339(at),
    }


def _place(office: Any, provider: Any) -> str:
    return ", ".join(str(part) for part in (provider, office) if part)
