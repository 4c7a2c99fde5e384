"""How long referrals take: days from capture to close as a distribution, and what each leg of the way takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet

from referrals.lifecycle.states import Status
from referrals.models import Referral
from reporting.measures.cohort import Cohort
from reporting.measures.elapsed import Seconds
from reporting.measures.percentile import Percentile

DAY = 24 * 3600.0
EDGES = (3, 7, 14, 21, 30, 60, 90)  # days, each the last of its bin


@dataclass(frozen=True)
class Bin:
    """Durations of more than ``over`` and at most ``up_to`` days; None: open on that side."""

    over: int | None
    up_to: int | None
    count: int = 0

    @property
    def label(self) -> str:
        if self.over is None:
            return f"up to {self.up_to} days"
        return f"over {self.over} days" if self.up_to is None else f"{self.over} to {self.up_to} days"

    def condition(self, later: F, earlier: str) -> Q:
        """Of referrals whose duration from column ``earlier`` to ``later`` is in the bin."""
        found = Q(**{f"{earlier}__isnull": False})
        if self.over is not None:
            found &= Q(**{f"{earlier}__lt": later - timedelta(days=self.over)})
        if self.up_to is not None:
            found &= Q(**{f"{earlier}__gte": later - timedelta(days=self.up_to)})
        return found


def bins(edges: Sequence[int] = EDGES) -> list[Bin]:
    return [Bin(over, up_to) for over, up_to in zip((None, *edges), (*edges, None), strict=True)]


def closed_in(cohort: Cohort, bin: Bin) -> QuerySet[Referral]:
    """The closed referrals of the cohort whose days from capture to close are in ``bin``, in no order."""
    return cohort.referrals().filter(bin.condition(F("ended_at"), "captured_at"), status=Status.CLOSED)


def distribution(cohort: Cohort, *, edges: Sequence[int] = EDGES) -> list[Bin]:
    """The closed referrals of the cohort by days from capture to close; the counts sum to the closed. One query."""
    closed = cohort.referrals().filter(status=Status.CLOSED)
    counts = {
        f"bin_{n}": Count("pk", filter=bin.condition(F("ended_at"), "captured_at")) for n, bin in enumerate(bins(edges))
    }
    found = closed.aggregate(**counts)
    return [Bin(bin.over, bin.up_to, found[f"bin_{n}"]) for n, bin in enumerate(bins(edges))]


@dataclass(frozen=True)
class Leg:
    """One leg of the way of the ``count`` referrals that have done it; days, None without any."""

    key: str
    name: str
    count: int
    median: float | None
    p90: float | None


# key, name, from, to
LEGS = (
    ("to_schedule", "Capture to first booking", "captured_at", "first_scheduled_at"),
    ("to_visit", "First booking to visit", "first_scheduled_at", "seen_at"),
    ("to_note", "Visit to note", "seen_at", "note_at"),
    ("to_close", "Note to close", "note_at", "ended_at"),
)
# A scorecard's own: a specialist answers for the time since a referral was sent there.
SENT_TO_BOOKING = ("sent_to_booking", "Sent there to first booking", "routed_at", "first_scheduled_at")
LEG_NAMES = {key: name for key, name, *_ in (*LEGS, SENT_TO_BOOKING)}
_ENDS = {key: ends for key, _, *ends in (*LEGS, SENT_TO_BOOKING)}


def gone(key: str) -> Q:
    """Of referrals that have done the leg ``key``. One whose end was recorded before its beginning (a visit entered
    late, a booking of an earlier specialist) has not. Raises KeyError."""
    earlier, later = _ENDS[key]
    found = Q(**{f"{earlier}__isnull": False, f"{later}__gte": F(earlier)})
    return found & Q(status=Status.CLOSED) if later == "ended_at" else found


def on_leg(cohort: Cohort, key: str) -> QuerySet[Referral]:
    """The referrals of the cohort that have done a leg, in no order. Raises KeyError."""
    return cohort.referrals().filter(gone(key))


def seconds_of(key: str) -> Seconds:
    """What the leg took."""
    earlier, later = _ENDS[key]
    return Seconds(F(later), F(earlier))


def legs(cohort: Cohort) -> list[Leg]:
    """Median and 90th percentile of each leg. One query."""
    asked = {}
    for key, *_ in LEGS:
        asked |= {
            f"{key}_count": Count("pk", filter=gone(key)),
            f"{key}_median": Percentile(seconds_of(key), 0.5, filter=gone(key)),
            f"{key}_p90": Percentile(seconds_of(key), 0.9, filter=gone(key)),
        }
    found = cohort.referrals().aggregate(**asked)
    return [
        Leg(key, name, found[f"{key}_count"], in_days(found[f"{key}_median"]), in_days(found[f"{key}_p90"]))
        for key, name, *_ in LEGS
    ]


def in_days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / DAY
