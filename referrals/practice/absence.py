"""Who is away on a day, and who stands in."""

from collections.abc import Iterable
from datetime import date, timedelta

from referrals.models import Absence
from referrals.practice.calendar import practice_calendar

FARTHEST = 366  # days of an absence that are looked at


def covers_on(today: date) -> dict[int, int | None]:
    """Absent coordinators on ``today`` and who covers for each (None: nobody)."""
    rows = Absence.objects.filter(starts_on__lte=today, ends_on__gte=today).order_by("-starts_on", "pk")
    return dict(rows.values_list("coordinator", "cover"))


def uncovered_days(absences: Iterable[Absence], *, today: date) -> dict[str, list[date]]:
    """Business days from ``today`` within ``absences`` on which somebody is away and nobody stands in, by the name of
    whoever is away: no cover was named, or the cover is away as well, or is switched off. One query."""
    windows = [(max(one.starts_on, today), one.ends_on) for one in absences if one.ends_on >= today]
    if not windows:
        return {}
    first, last = min(start for start, _ in windows), max(end for _, end in windows)
    last = min(last, first + timedelta(days=FARTHEST))
    rows = list(
        Absence.objects.filter(starts_on__lte=last, ends_on__gte=first, coordinator__active=True)
        .select_related("coordinator", "cover")
        .order_by("-starts_on", "pk")
    )
    calendar, found = practice_calendar(), {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if not calendar.is_business_day(day) or not any(start <= day <= end for start, end in windows):
            continue
        away = {row.coordinator_id: row for row in rows if row.starts_on <= day <= row.ends_on}
        covers = {pk: row.cover_id if row.cover and row.cover.active else None for pk, row in away.items()}
        for pk, row in away.items():
            if present_cover(pk, covers) is None:
                found.setdefault(row.coordinator.name, []).append(day)
    return found


def present_cover(person_id: int, away: dict[int, int | None]) -> int | None:
    """Follow the covers until somebody is present; None when the chain ends or turns in a circle."""
    seen = set()
    current: int | None = person_id
    while current is not None and current in away:
        if current in seen:
            return None
        seen.add(current)
        current = away[current]
    return current
