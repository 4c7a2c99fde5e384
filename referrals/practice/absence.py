"""Who is away on a day, and who stands in."""

from datetime import date

from referrals.models import Absence


def covers_on(today: date) -> dict[int, int | None]:
    """Absent coordinators on ``today`` and who covers for each (None: nobody)."""
    rows = Absence.objects.filter(starts_on__lte=today, ends_on__gte=today).order_by("-starts_on", "pk")
    return dict(rows.values_list("coordinator", "cover"))


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
