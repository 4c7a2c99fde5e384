"""How good a specialist is for one ask. Pure: values in, a number and its reasons out.

Points add up to about 100. Weights follow what decides whether a patient gets seen: near enough to go, somebody with
room, soon enough. An urgent ask weighs the wait over the distance.
"""

from dataclasses import dataclass

DISTANCE_POINTS = {"routine": 40, "urgent": 25, "asap": 15, "stat": 15}
WAIT_POINTS = {"routine": 15, "urgent": 30, "asap": 40, "stat": 40}
ROOM_POINTS = 25
PAYER_POINTS = 15
OWN_GROUP_POINTS = 5
URGENT_SLOT_POINTS = 20
TOO_LATE_PENALTY = 30
ROOM_THAT_COUNTS_AS_PLENTY = 10  # open places
LONGEST_WAIT_DAYS = 60
UNKNOWN_SHARE = 0.4  # what an unknown distance, wait or capacity earns of the points


@dataclass(frozen=True)
class Fit:
    """What is known about one specialist at one office for one ask. None means unknown."""

    specialty: str
    payer: str  # empty: the ask names none
    payer_verified: bool  # the specialist's list names the payer
    miles: float | None
    open_places: int | None
    wait_days: int | None
    keeps_urgent_slots: bool
    is_ours: bool


@dataclass(frozen=True)
class Scored:
    points: float
    reasons: tuple[str, ...]


def score(fit: Fit, *, priority: str, max_miles: float, days_until_needed: int | None) -> Scored:
    """Points and the reasons shown to people, e.g. ``cardiology · takes Aetna PPO · 3.1 miles · 6 open``."""
    points, reasons = 0.0, [fit.specialty.lower()]
    if fit.payer:
        points += PAYER_POINTS if fit.payer_verified else 0
        reasons.append(f"takes {fit.payer}" if fit.payer_verified else f"{fit.payer} not verified")
    share = UNKNOWN_SHARE if fit.miles is None else max(0.0, 1 - fit.miles / max_miles)
    points += DISTANCE_POINTS[priority] * share
    reasons.append("distance unknown" if fit.miles is None else f"{fit.miles:.1f} miles")
    if fit.open_places is None:
        points += ROOM_POINTS * UNKNOWN_SHARE
    else:
        points += ROOM_POINTS * min(fit.open_places, ROOM_THAT_COUNTS_AS_PLENTY) / ROOM_THAT_COUNTS_AS_PLENTY
        reasons.append(f"{fit.open_places} open")
    if fit.wait_days is None:
        points += WAIT_POINTS[priority] * UNKNOWN_SHARE
    else:
        points += WAIT_POINTS[priority] * max(0.0, 1 - fit.wait_days / LONGEST_WAIT_DAYS)
        reasons.append(f"about {fit.wait_days} days' wait")
        if days_until_needed is not None and fit.wait_days > days_until_needed:
            points -= TOO_LATE_PENALTY
            reasons.append("likely later than needed")
    if priority != "routine" and fit.keeps_urgent_slots:
        points += URGENT_SLOT_POINTS
        reasons.append("keeps urgent slots")
    if fit.is_ours:
        points += OWN_GROUP_POINTS
        reasons.append("our own group")
    return Scored(round(points, 1), tuple(reasons))
