"""When rungs are due, worked out the slow way, one day and one repetition at a time: what the real thing must agree with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from referrals.models import EscalationPolicy, Referral

CHICAGO = ZoneInfo("America/Chicago")
FALLBACK_RUNG = (0, 1, "business_days", 1)


def count_on(start: datetime, amount: int, unit: str, closed: set[date]) -> datetime:
    """``amount`` units after ``start``; days are due at nine, on a day the practice is open, never before ``start``."""
    if unit == "hours":
        return start + timedelta(hours=amount)
    day = start.astimezone(CHICAGO).date()
    if unit == "calendar_days":
        day += timedelta(days=amount)
    else:
        for _ in range(amount):
            day += timedelta(days=1)
            while _is_shut(day, closed):
                day += timedelta(days=1)
    while _is_shut(day, closed):
        day += timedelta(days=1)
    return max(datetime.combine(day, time(9), CHICAGO).astimezone(UTC), start)


def _is_shut(day: date, closed: set[date]) -> bool:
    return day.weekday() >= 5 or day in closed


def rungs_of(referral: Referral) -> list[tuple[int, int, str, int | None]]:
    """(key, after, unit, repeat) of the rungs that govern a referral; the longest repeats when none does."""
    fitting = [
        policy
        for policy in EscalationPolicy.objects.filter(stage=referral.stage)
        if policy.rungs.exists()
        and policy.direction in ("", referral.direction)
        and policy.priority in ("", referral.priority)
        and policy.specialty_id in (None, referral.specialty_id)
    ]
    if not fitting:
        return [FALLBACK_RUNG]
    policy = max(fitting, key=lambda policy: policy.specificity)
    rungs = [(rung.pk, rung.after, rung.unit, rung.repeat_every) for rung in policy.rungs.order_by("after", "pk")]
    if not any(repeat for *_, repeat in rungs):
        days = {"hours": 1 / 24, "calendar_days": 1, "business_days": 1.4}
        longest = max(rungs, key=lambda rung: rung[1] * days[rung[2]])
        again = (*longest[:3], 120 if longest[2] == "hours" else 5)
        rungs[rungs.index(longest)] = again
    return rungs


def undone(referral: Referral, closed: set[date], until: datetime) -> dict[int, list[datetime]]:
    """For each rung the instants it has not fired for in this stay: all up to ``until``, and the one after."""
    last: dict[int, datetime] = {}
    for firing in referral.firings.filter(stay=referral.stage_stay).order_by("repetition"):
        last[firing.rung_key] = firing.due_at
    instants: dict[int, list[datetime]] = {}
    for key, after, unit, repeat in rungs_of(referral):
        if key in last and not repeat:
            continue
        at = count_on(last[key], repeat, unit, closed) if key in last else None
        found = [at or count_on(referral.clock_from, after, unit, closed)]
        while found[-1] <= until and repeat:
            found.append(count_on(found[-1], repeat, unit, closed))
        instants[key] = found
    return instants
