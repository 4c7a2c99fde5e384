"""The contexts of a message: ``full`` for secure channels, ``minimal`` without anything that identifies a patient."""

from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from referrals.messages.wording import Words
from referrals.models import Referral


def staff_link(referral: Referral) -> str:
    return urljoin(settings.REFLOOP_BASE_URL, _staff_page().replace("/0/", f"/{referral.pk}/"))


@cache
def _staff_page() -> str:
    return reverse("admin:referrals_referral_change", args=[0])  # resolving it for each of thousands takes its time


def office_link(referral: Referral) -> str:
    return urljoin(settings.REFLOOP_BASE_URL, f"/api/v1/referrals/{referral.number}/")


def minimal(referral: Referral, words: Words, *, link: str, at: datetime) -> dict[str, Any]:
    """Number, initials, what happened in general words, what to do, link. Free text of people is not in it."""
    return {
        "title": f"{referral.number}: {words.title}",
        "text": f"Referral {referral.number} (patient {referral.patient.initials}): {words.title}.",
        "next_step": words.next_step,
        "facts": [["Referral", referral.number], ["Patient", referral.patient.initials]],
        "link": link,
        "referral": {"number": referral.number, "status": referral.status, "version": referral.version},
        "at": at.isoformat(),
    }


def full(referral: Referral, words: Words, *, link: str, at: datetime) -> dict[str, Any]:
    """Patient and referral context: who, what was asked, between whom, how urgent."""
    patient = referral.patient
    receiver = _place(referral.receiving_office, referral.receiving_provider)
    facts = [
        ["Referral", referral.number],
        ["Patient", f"{patient.full_name}, born {patient.birth_date.isoformat()}"],
        ["Patient's phone", patient.phone],
        ["Specialty", referral.specialty.name],
        ["Question", referral.clinical_question],
        ["Priority", referral.get_priority_display()],
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
        "at": at.isoformat(),
        "referral": {
            "number": referral.number,
            "external_id": referral.external_id,
            "status": referral.status,
            "version": referral.version,
            "direction": referral.direction,
            "priority": referral.priority,
            "specialty": referral.specialty.code,
            "captured_at": referral.captured_at.isoformat(),
        },
        "patient": {
            "family_name": patient.family_name,
            "given_name": patient.given_name,
            "birth_date": patient.birth_date.isoformat(),
        },
    }


def _place(office: Any, provider: Any) -> str:
    return ", ".join(str(part) for part in (provider, office) if part)
