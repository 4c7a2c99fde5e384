"""How long something waits and when it is due, in business days and in words. Pure."""

from datetime import datetime, timedelta

from referrals.practice.business_time import BusinessCalendar

SOON = timedelta(hours=12)  # a deadline this close is told by its hour


def age_words(since: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``today``, ``1 bd`` or ``7 bd``: business days since the day of ``since``."""
    days = calendar.business_days_between(since, now)
    return f"{days} bd" if days else "today"


def due_words(at: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``due in 2 bd``, ``due today 14:00``, ``overdue today`` or ``3 bd overdue``; overdue from the very instant."""
    if at <= now:
        late = calendar.business_days_between(at, now)
        return f"{late} bd overdue" if late else "overdue today"
    ahead = calendar.business_days_between(now, at)
    if calendar.local_date(at) == calendar.local_date(now) or (ahead == 0 and at - now < SOON):
        return f"due today {at.astimezone(calendar.zone):%H:%M}"
    return f"due in {ahead} bd" if ahead else f"due {at.astimezone(calendar.zone):%b %-d}"
