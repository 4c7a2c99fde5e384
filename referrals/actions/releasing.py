"""A document that came in from outside and is taken off its referral goes back to the people who review documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from referrals.lifecycle.actor import Actor
from referrals.models import DocumentVersion, IncomingDocument, MatchDecision

State = IncomingDocument.State


@contextmanager
def releasing(versions: QuerySet[DocumentVersion], *, actor: Actor, now: datetime, reason: str) -> Iterator[None]:
    """Within, ``versions`` are taken off: whatever put them there is undone with it, and nothing stays "matched" to a
    referral it is not on.

    1. The incoming documents are locked before any referral, in the order in which everybody locks.
    2. The caller takes the versions off.
    3. The decisions end as taken back, the documents wait in review. Nothing is done when 2 raises."""
    with transaction.atomic():
        numbers = list(versions.values_list("pk", flat=True))
        standing = MatchDecision.objects.filter(version__in=numbers, undone_at__isnull=True)
        rows = IncomingDocument.objects.filter(pk__in=standing.values("document")).order_by("pk")
        list(rows.select_for_update())
        yield
        for decision in standing.select_related("document"):
            release(decision, by=actor.label, now=now, reason=reason)


def release(decision: MatchDecision, *, by: str, now: datetime, reason: str) -> None:
    """End a standing decision as taken back; its document, which is locked, waits in review."""
    decision.take_back(by=by, now=now, reason=reason)
    row = decision.document
    row.state, row.review_because = State.REVIEW, f"The decision was taken back: {reason}"[:200]
    row.save(update_fields=["state", "review_because"])
