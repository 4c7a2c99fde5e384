"""Whose record a row belongs to: the patient, the referral or the incoming document behind any row of ours."""

from typing import Any

from notifications.models import Attempt, Delivery, Message
from referrals.models import DocumentVersion, IncomingDocument, Patient, Referral
from referrals.models import RecordRead as Read

What = Read.What


def subject_of(row: Any) -> dict[str, Any] | None:
    """``what``, ``patient_id``, ``referral_id`` and ``incoming_id`` as far as they are known; None for a row that is of
    no patient."""
    if isinstance(row, Patient):
        return {"what": What.PATIENT, "patient_id": row.pk}
    if isinstance(row, Referral):
        return {"what": What.REFERRAL, "patient_id": row.patient_id, "referral_id": row.pk}
    if isinstance(row, IncomingDocument):
        return {"what": What.DOCUMENT, "incoming_id": row.pk, "about": row.filename}
    if isinstance(row, Message | Delivery | Attempt):
        return _of_message(row)
    if isinstance(row, DocumentVersion):
        row = row.document
    if getattr(row, "referral_id", None):
        return {"what": What.RECORD, "about": str(row), "referral_id": row.referral_id, **of_referral(row.referral_id)}
    if getattr(row, "patient_id", None):
        return {"what": What.RECORD, "about": str(row), "patient_id": row.patient_id}
    return None


def of_referral(pk: int) -> dict[str, Any]:
    """The patient of a referral; a number that leads to none is of nobody."""
    patient = Referral.objects.filter(pk=pk).values_list("patient", flat=True).first()
    return {"patient_id": patient} if patient else {}


def _of_message(row: Message | Delivery | Attempt) -> dict[str, Any] | None:
    delivery = row.delivery if isinstance(row, Attempt) else row
    message = delivery.message if isinstance(delivery, Delivery) else delivery
    found = Referral.objects.filter(number=message.about).only("pk", "patient").first() if message.about else None
    if found is None:
        return None
    return {"what": What.MESSAGE, "patient_id": found.patient_id, "referral_id": found.pk, "about": message.topic}
