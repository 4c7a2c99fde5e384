"""The team at a glance for whoever leads it: who has how much, who is late, who is away and who stands in."""

from dataclasses import dataclass
from datetime import datetime

from referrals.admin import queues
from referrals.admin.counting import counts_up_to, in_words
from referrals.models import Absence, Coordinator
from referrals.practice.absence import present_cover
from referrals.practice.calendar import practice_calendar

PERMISSION = "referrals.change_coordinator"  # managers have it
MOST = 40  # people of one page
COLUMNS = (queues.OPEN_QUEUE, queues.OVERDUE, queues.TODAY)


@dataclass(frozen=True)
class Load:
    """One coordinator. ``counts`` are {key, words, is_zero} of COLUMNS; ``away`` is empty for somebody present."""

    person: Coordinator
    counts: tuple[dict, ...]
    away: str = ""
    uncovered: bool = False


def absences_on(now: datetime) -> list[Absence]:
    """Who is away today, with their covers; where two overlap the later begun first, as practice.absence counts."""
    today = practice_calendar().local_date(now)
    return list(
        Absence.objects.filter(starts_on__lte=today, ends_on__gte=today)
        .select_related("coordinator", "cover")
        .order_by("-starts_on", "pk")
    )


def loads(absences: list[Absence], *, now: datetime) -> list[Load]:
    """Everybody who may own referrals, most late first (two queries; each count stops at queues.MOST_SHOWN)."""
    people = list(Coordinator.objects.filter(active=True)[:MOST])
    nobody = queues.Desk(None)
    lists = {
        f"{person.pk}:{key}": queues.rows_of(key, desk=nobody, now=now).filter(owner=person.pk)
        for person in people
        for key in COLUMNS
    }
    counts = counts_up_to(lists, queues.MOST_SHOWN)
    away = {absence.coordinator_id: absence for absence in reversed(absences)}
    chain = {pk: absence.cover_id for pk, absence in away.items()}
    names = {person.pk: person.name for person in people}
    found = [
        _load(person, counts, away.get(person.pk), names.get(present_cover(person.pk, chain), "")) for person in people
    ]
    return sorted(found, key=lambda load: (-counts[f"{load.person.pk}:{queues.OVERDUE}"], load.person.name))


def _load(person: Coordinator, counts: dict[str, int], absence: Absence | None, cover: str) -> Load:
    cells = tuple(
        {
            "words": in_words(counts[f"{person.pk}:{key}"], queues.MOST_SHOWN),
            "is_zero": not counts[f"{person.pk}:{key}"],
            "query": f"queue={key}&owner__id__exact={person.pk}",
            "late": key == queues.OVERDUE and counts[f"{person.pk}:{key}"] > 0,
        }
        for key in COLUMNS
    )
    if absence is None:
        return Load(person, cells)
    until = f"{absence.ends_on:%a %b} {absence.ends_on.day}"
    if cover:
        return Load(person, cells, f"away until {until}, {cover} covers")
    return Load(person, cells, f"away until {until}, nobody covers", uncovered=True)


def may_see(user) -> bool:
    return user.has_perm(PERMISSION) and user.has_perm("referrals.view_referral")
