"""Who owns a referral: the best matching rule, then the least loaded, absence respected, always somebody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import changing
from referrals.models import Coordinator, Office, Referral, Specialty
from referrals.practice.absence import covers_on, present_cover
from referrals.prepared import Prepared


@dataclass(frozen=True)
class Ownership:
    owner: Coordinator
    reason: str


@dataclass(frozen=True)
class _Rule:
    """What somebody owns; empty means any."""

    direction: str
    specialties: set[int]
    offices: set[int]


_PEOPLE = Prepared(lambda: Coordinator.objects.filter(active=True, is_fallback=False).order_by("pk"))
_SPECIALTIES = Prepared(lambda: Coordinator.specialties.through.objects.values_list("coordinator", "specialty"))
_OFFICES = Prepared(lambda: Coordinator.offices.through.objects.values_list("coordinator", "office"))


def choose_owner(*, direction: str, specialty: Specialty, office: Office | None, today: date) -> Ownership:
    """The coordinator for a new referral. ``office`` is our side's office.

    1. Drop the inactive and those whose direction, specialties or offices exclude this referral.
    2. Replace the absent by their cover, or drop them.
    3. Keep those who match most of the three; among them take the one with the fewest open referrals.
    4. Nobody left: the fallback desk."""
    people = list(_PEOPLE())
    rules = _rules(people)
    away = covers_on(today)
    by_id = {person.pk: person for person in people}
    matched: dict[int, list[tuple[Coordinator, str]]] = defaultdict(list)
    for person in people:
        reasons = _match(rules[person.pk], direction, specialty, office)
        if reasons is None:
            continue
        stand_in, note = person, []
        if person.pk in away:
            stand_in = by_id.get(present_cover(person.pk, away))
            if stand_in is None:
                continue
            note = [f"covers for {person.name}"]
        matched[len(reasons)].append((stand_in, ", ".join([*reasons, *note]) or "takes any"))
    if not matched:
        return Ownership(fallback_desk(), "nobody else matches or is present")
    return _least_loaded(matched[max(matched)])


def _rules(people: list[Coordinator]) -> dict[int, _Rule]:
    specialties, offices = _SPECIALTIES.sets(), _OFFICES.sets()
    return {p.pk: _Rule(p.direction, specialties[p.pk], offices[p.pk]) for p in people}


def _least_loaded(equals: list[tuple[Coordinator, str]]) -> Ownership:
    """Of those who match equally, the one with the fewest open referrals; a tie goes to the first."""
    if len({person.pk for person, _ in equals}) == 1:
        return Ownership(*equals[0])
    loads = open_per_owner(person.pk for person, _ in equals)
    owner, why = min(equals, key=lambda row: (loads.get(row[0].pk, 0), row[0].pk))
    return Ownership(owner, f"{why}; {loads.get(owner.pk, 0)} open")


def open_per_owner(owner_ids: Iterable[int]) -> dict[int, int]:
    """How many open referrals each owner has; counted on the partial index of open referrals by owner."""
    rows = Referral.objects.filter(owner__in=set(owner_ids), ended_at__isnull=True).order_by()
    return dict(rows.values_list("owner").annotate(count=Count("pk")))


def _match(rule: _Rule, direction: str, specialty: Specialty, office: Office | None) -> list[str] | None:
    """Why somebody with this rule matches, one entry per part of it; None when a part excludes the referral."""
    reasons = []
    if rule.direction:
        if rule.direction != direction:
            return None
        reasons.append(f"owns {direction}")
    if rule.specialties:
        if specialty.pk not in rule.specialties:
            return None
        reasons.append(f"owns {specialty.name.lower()}")
    if rule.offices:
        if office is None or office.pk not in rule.offices:
            return None
        reasons.append(f"owns {office.name}")
    return reasons


def fallback_desk() -> Coordinator:
    """The desk that gets what nobody else can; made again if somebody removed it, so no referral is without owner."""
    desk, _ = Coordinator.objects.get_or_create(is_fallback=True, defaults={"name": "Referral desk"})
    return desk


def reassign(
    *,
    referral: Referral,
    owner: Coordinator,
    actor: Actor,
    now: datetime,
    comment: str = "",
    expected_version: int | None = None,
) -> Referral:
    """Give the referral to another owner."""
    if not owner.active:
        raise InvalidInput([("owner", f"{owner.name} is no longer active; choose somebody else.")])
    with changing(referral, Action.ASSIGN, actor=actor, now=now, expected_version=expected_version) as change:
        before = change.referral.owner
        change.data = {"from": before.name, "from_id": before.pk, "to": owner.name, "comment": comment}
        change.referral.owner = owner
    return change.referral
