"""Count the figures again in plain Python, from the events wherever they tell it: slow, simple, and not by the same code."""

import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from referrals.models import Appointment, Referral

LEAKS = ("lost", "closed_without_note")
NO_MOVEMENT = {
    "not_routed", "assigned", "contact_logged", "contact_undone", "snoozed", "woken", "nudged", "document_added", "document_removed",
    "details_changed", "commented", "escalated",
}  # fmt: skip


@dataclass
class Story:
    """What the events of one referral say."""

    referral: Referral
    captured_at: datetime
    status: str
    ended_at: datetime | None
    last_moved_at: datetime
    ever_booked: bool
    bucket: str = ""

    @property
    def closed_after(self) -> timedelta | None:
        return self.ended_at - self.captured_at if self.status == "closed" else None


def stories(*, now: datetime, window_days: int = 30) -> list[Story]:
    """Of all referrals but those entered in error and duplicates."""
    told = []
    for referral in Referral.objects.select_related("ending_reason"):
        if referral.ending_reason and referral.ending_reason.code in ("entered_in_error", "duplicate"):
            continue
        story = tell(referral)
        story.bucket = bucket(story, now, window_days)
        told.append(story)
    return told


def tell(referral: Referral) -> Story:
    captured_at = ended_at = last_moved = None
    status, booked = "", False
    for event in referral.events.order_by("version"):
        captured_at = captured_at or event.at
        if event.kind not in NO_MOVEMENT:
            last_moved = event.at
        if event.kind == "scheduled" and event.data["kind"] == "initial":
            booked = True
        over = event.to_status in ("closed", *LEAKS, "cancelled")
        if over and event.to_status != event.from_status:
            ended_at = _given_back(referral, event) or event.at
        elif not over:
            ended_at = None
        status = event.to_status
    return Story(referral, captured_at, status, ended_at, last_moved, booked)


def _given_back(referral: Referral, event) -> datetime | None:
    """A note attached by mistake to an ended referral and taken off again: it ended when it first did."""
    if event.kind != "note_detached":
        return None
    earlier = referral.events.filter(version__lt=event.version, to_status=event.to_status)
    return earlier.exclude(from_status=event.to_status).order_by("-version").values_list("at", flat=True).first()


def bucket(story: Story, now: datetime, window_days: int) -> str:
    if story.status == "closed":
        return "closed"
    if story.status in LEAKS:
        return "leaked_known"
    if story.status == "cancelled":
        return "leaked_known" if story.referral.ending_reason.counts_as_leakage else "cancelled_not_leaked"
    waits_until = story.last_moved_at
    if story.status == "scheduled":
        booked = Appointment.objects.get(referral=story.referral, kind="initial", status="booked")
        waits_until = max(waits_until, booked.ends_at)
    if story.status == "on_hold":
        waits_until = max(waits_until, story.referral.hold_until)
    days_still = (now - waits_until) / timedelta(days=1)
    return "leaked_estimated" if days_still > window_days else "in_progress"


def figures(told: list[Story], *, value: int = 220) -> dict[str, float | int | None]:
    buckets = Counter(story.bucket for story in told)
    days = sorted(story.closed_after / timedelta(days=1) for story in told if story.closed_after is not None)
    leaked = buckets["leaked_known"] + buckets["leaked_estimated"]
    return {
        "cohort": len(told),
        "scheduled": sum(story.ever_booked for story in told),
        "closed": buckets["closed"],
        "closed_within_14": sum(n <= 14 for n in days),
        "leaked_known": buckets["leaked_known"],
        "leaked_estimated": buckets["leaked_estimated"],
        "in_progress": buckets["in_progress"],
        "cancelled_not_leaked": buckets["cancelled_not_leaked"],
        "leaked": leaked,
        "median": statistics.median(days) if days else None,
        "mean": statistics.fmean(days) if days else None,
        "p90": statistics.quantiles(days, n=10, method="inclusive")[8] if len(days) > 1 else days[0] if days else None,
        "at_risk": leaked * value,
    }


def histogram(told: list[Story], edges: tuple[int, ...]) -> list[int]:
    """Closed ones by days: up to the first edge, up to the second …, over the last."""
    counts = [0] * (len(edges) + 1)
    for story in told:
        if story.closed_after is not None:
            counts[sum(story.closed_after > timedelta(days=edge) for edge in edges)] += 1
    return counts


def ages(told: list[Story], now: datetime, edges: tuple[int, ...]) -> dict[str, list[int]]:
    """Open ones by stage and days since capture, in the same bins."""
    found: dict[str, list[int]] = {}
    for story in told:
        if story.ended_at is None:
            row = found.setdefault(STAGES[story.status], [0] * (len(edges) + 1))
            row[sum(now - story.captured_at > timedelta(days=edge) for edge in edges)] += 1
    return found


STAGES = {
    "received": "unscheduled", "routed": "unscheduled", "accepted": "unscheduled", "scheduled": "awaiting_visit",
    "seen": "note_pending", "note_returned": "unreconciled", "on_hold": "on_hold", "cancel_requested": "cancelling",
}  # fmt: skip
