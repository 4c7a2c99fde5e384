"""One way to write an instant for people: the day and hour in the practice's zone, and how far it is from now. Pure."""

from datetime import date, datetime, timedelta

from referrals.practice.business_time import BusinessCalendar

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_WEEKS_FROM = 20  # business days from which it is told in weeks, then months, then years
_LONG = ((365, "year"), (60, "month"), (0, "week"))
_DAYS_OF = {"year": 365, "month": 30, "week": 7}


def day_words(day: date, today: date) -> str:
    """``Tue Nov 24``, with the year when it is another than today's."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{day:%a %b} {day.day}{year}"


def absolute(at: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``Tue Nov 24, 2:10 PM``, with the year when it is not this one."""
    local = at.astimezone(calendar.zone)
    return f"{day_words(local.date(), calendar.local_date(now))}, {local:%I:%M %p}".replace(", 0", ", ")


def relative(at: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``just now``, ``12 min ago``, ``in 3 h``, ``3 business days ago``, ``in 2 days``, ``5 weeks ago``."""
    ahead = at > now
    apart = abs(at - now)
    if apart < _MINUTE:
        return "just now" if not ahead else "in a minute"
    if apart < _HOUR:
        return _directed(f"{apart // _MINUTE} min", ahead)
    if calendar.local_date(at) == calendar.local_date(now):
        return _directed(f"{apart // _HOUR} h", ahead)
    business = calendar.business_days_between(*sorted((at, now)))
    if business >= _WEEKS_FROM:
        return _directed(_long(apart.days), ahead)
    if business:
        return _directed(plural(business, "business day"), ahead)
    days = abs((calendar.local_date(at) - calendar.local_date(now)).days)  # over a weekend or holidays alone
    return _directed(plural(days, "day"), ahead)


def moment(at: datetime, now: datetime, calendar: BusinessCalendar) -> str:
    """``Tue Nov 24, 2:10 PM · 3 business days ago``."""
    return f"{absolute(at, now, calendar)} · {relative(at, now, calendar)}"


def plural(count: int, noun: str) -> str:
    """``1 business day``, ``3 business days``."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


def _long(days: int) -> str:
    unit = next(unit for least, unit in _LONG if days >= least)
    return plural(days // _DAYS_OF[unit], unit)


def _directed(words: str, ahead: bool) -> str:
    return f"in {words}" if ahead else f"{words} ago"
