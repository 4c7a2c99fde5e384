"""How long something waits and when it is due, in business days and in words. Pure."""

from datetime import datetime, timedelta

from referrals.practice.business_time import BusinessCalendar
from referrals.practice.moments import plural

SOON = timedelta(hours=12)  # a deadline this close is told by its hour


def age_words(since: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``today``, ``1 business day`` or ``7 business days``: counted from the day of ``since``."""
    days = calendar.business_days_between(since, now)
    return plural(days, "business day") if days else "today"


def due_words(at: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``due in 2 business days``, ``due today 2:00 PM``, ``overdue today`` or ``3 business days overdue``; overdue from
    the very instant."""
    if at <= now:
        late = calendar.business_days_between(at, now)
        return f"{plural(late, 'business day')} overdue" if late else "overdue today"
    ahead = calendar.business_days_between(now, at)
    if calendar.local_date(at) == calendar.local_date(now) or (ahead == 0 and at - now < SOON):
        return f"due today {at.astimezone(calendar.zone):%-I:%M %p}"
    return f"due in {plural(ahead, 'business day')}" if ahead else f"due {at.astimezone(calendar.zone):%b %-d}"
