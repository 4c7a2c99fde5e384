"""Take a reconciliation back. Called inside a change of the referral."""

from datetime import datetime

from referrals.models import Encounter, Reconciliation, Referral
from referrals.reconcile.encounters import drop_encounter


def undo_standing_reconciliation(referral: Referral, *, by: str, now: datetime, reason: str) -> None:
    """Mark the standing reconciliation of a locked referral undone and take back what it set. None standing: no-op.

    An inferred visit no longer counts; a recorded one stays the referral's visit, not documented any more."""
    standing = Reconciliation.objects.filter(referral=referral, undone_at__isnull=True).first()
    if standing is None:
        return
    standing.undone_by, standing.undone_at, standing.undone_reason = by, now, reason[:200]
    standing.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    encounter = standing.encounter
    still_documented = Reconciliation.objects.filter(encounter=encounter, undone_at__isnull=True).exists()
    if not still_documented:
        encounter.documented_for_billing, encounter.documented_at = False, None
        encounter.save(update_fields=["documented_for_billing", "documented_at"])
    referral.reconciled_at = None
    if referral.note_id is not None:
        referral.document_status = Referral.DocumentStatus.FINAL
    if encounter.source == Encounter.Source.INFERRED:
        drop_encounter(referral)
