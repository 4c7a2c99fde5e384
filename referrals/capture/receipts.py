"""Idempotent create: the first one under a key wins, a repeat gets its answer, other content is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from referrals.errors import IdempotencyConflict
from referrals.models import CaptureReceipt, Referral

LONGEST_KEY = 200


@dataclass(frozen=True, order=True)
class Key:
    """``scope`` says whose key it is: the sender's for an idempotency key, the referring office's for its order id."""

    kind: str
    scope: str
    value: str


def claim(
    *, keys: list[Key], content_sha256: str, may_name: Callable[[Referral], bool], now: datetime
) -> tuple[list[CaptureReceipt], CaptureReceipt | None]:
    """Claim ``keys`` inside the caller's transaction: (fresh receipts, or the receipt of the first create).

    On PostgreSQL a second claim of a key waits here until the first one's transaction ends; on SQLite the whole
    transactions wait. Raises IdempotencyConflict when a key stands for other content; it names the
    referral only where ``may_name`` allows."""
    fresh: list[CaptureReceipt] = []
    earlier: CaptureReceipt | None = None
    for key in sorted(keys):  # one order for all, so two claims cannot deadlock
        receipt, created = _claim_one(key, content_sha256, now)
        if created:
            fresh.append(receipt)
        elif receipt.content_sha256 != content_sha256:
            named = receipt.referral is not None and may_name(receipt.referral)
            raise IdempotencyConflict(
                f"This {receipt.get_kind_display().lower()} was used before with other content"
                + (f", for referral {receipt.referral.number}" if named else "")
                + ". Send the first content again to get its answer, or use a new one for a new referral."
            )
        else:
            earlier = earlier or receipt
    return fresh, earlier


def _claim_one(key: Key, content_sha256: str, now: datetime) -> tuple[CaptureReceipt, bool]:
    try:
        with transaction.atomic():
            return (
                CaptureReceipt.objects.create(
                    scope=key.scope, kind=key.kind, value=key.value, content_sha256=content_sha256, created_at=now
                ),
                True,
            )
    except IntegrityError:
        found = CaptureReceipt.objects.select_related("referral").get(scope=key.scope, kind=key.kind, value=key.value)
        return found, False
