"""Who could take a referral: the directory narrowed criterion by criterion, then ranked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count

from referrals.geography import Coordinates, coordinates_of_zip, miles_between
from referrals.lifecycle.states import Status
from referrals.models import Office, Payer, Provider, Referral, Specialty
from referrals.prepared import Prepared
from referrals.routing.score import Fit, score

WAITING = (Status.ROUTED, Status.ACCEPTED, Status.SCHEDULED)  # statuses that use up a specialist's capacity
KEPT_ALTERNATIVES = 8
NOT_DECLINED = "has not declined this referral"


@dataclass(frozen=True)
class Ask:
    """What routing needs to know about a referral. ``direction`` empty: ours or outside, whoever fits best."""

    specialty: Specialty
    payer: Payer | None
    patient_zip: str
    priority: str
    direction: str
    referring_provider_id: int | None = None
    needed_by: date | None = None
    excluded: frozenset[tuple[int, int | None]] = frozenset()  # (office, provider; None: the whole office)


@dataclass(frozen=True)
class Candidate:
    provider: Provider
    office: Office
    points: float
    miles: float | None
    reasons: tuple[str, ...]

    def as_json(self) -> dict:
        return {
            "provider_id": self.provider.pk,
            "provider": str(self.provider),
            "office_id": self.office.pk,
            "office": self.office.name,
            "score": self.points,
            "miles": None if self.miles is None else round(self.miles, 1),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True)
class Ranking:
    """Candidates, best first; ``funnel`` is how many were left after each criterion."""

    candidates: list[Candidate]
    funnel: list[tuple[str, int]]

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None

    @property
    def no_match_because(self) -> str:
        """The criterion that emptied the list, in words; empty when there is a candidate."""
        return "" if self.candidates else why_nobody(self.funnel)


def why_nobody(funnel: Sequence[Sequence]) -> str:
    """Which criterion left none: ``Nobody fits: of 3 specialists left, none takes Aetna PPO.``"""
    before = 0
    for criterion, left in funnel:
        if left == 0:
            if not before:
                return f"Nobody fits: no specialist in the directory {criterion}."
            if criterion == NOT_DECLINED:
                who = "the only specialist left has" if before == 1 else f"all {before} specialists left have"
                return f"Nobody fits: {who} declined this referral."
            who = "of 1 specialist left" if before == 1 else f"of {before} specialists left"
            return f"Nobody fits: {who}, none {criterion}."
        before = left
    return "No specialist is known."


@dataclass
class _Option:
    provider: Provider
    office: Office
    payer_ids: set[int]
    waiting: int
    miles: float | None

    @property
    def open_places(self) -> int | None:
        return None if self.provider.capacity is None else max(0, self.provider.capacity - self.waiting)


def rank(ask: Ask, *, today: date) -> Ranking:
    """All candidates for ``ask``, best first, one office (the nearest) per provider. Five queries."""
    options = _options(ask.specialty, coordinates_of_zip(ask.patient_zip))
    funnel: list[tuple[str, int]] = []
    for criterion, keeps in _criteria(ask):
        options = [option for option in options if keeps(option)]
        funnel.append((criterion, len({option.provider.pk for option in options})))
    days_left = None if ask.needed_by is None else (ask.needed_by - today).days
    candidates = [_scored(option, ask, days_left) for option in _nearest_office_each(options)]
    candidates.sort(key=lambda c: (-c.points, _distance(c.miles), c.provider.pk))
    return Ranking(candidates, funnel)


def _criteria(ask: Ask) -> list[tuple[str, Callable[[_Option], bool]]]:
    payer = ask.payer
    max_miles = settings.REFLOOP_ROUTING_MAX_MILES
    declined = {provider for _, provider in ask.excluded}
    ours, outside = "is at one of our offices", "is at an outside office"
    side = {"inbound": ours, "internal": ours, "outbound": outside}
    return [
        (f"practises {ask.specialty.name.lower()}", lambda o: o.provider.pk != ask.referring_provider_id),
        (side.get(ask.direction, "is at an active office"), lambda o: _on_side(o.office, ask.direction)),
        (
            NOT_DECLINED,
            # A clinician who declined is left out at every office they practise at.
            lambda o: (o.office.pk, None) not in ask.excluded and o.provider.pk not in declined,
        ),
        ("accepts new patients", lambda o: o.provider.accepting_new_patients),
        (
            f"takes {payer.name}" if payer else "takes the payer (none given)",
            lambda o: payer is None or not o.payer_ids or payer.pk in o.payer_ids,
        ),
        ("has an open place", lambda o: o.open_places != 0),
        (f"is within {max_miles:g} miles", lambda o: o.miles is None or o.miles <= max_miles),
    ]


def misfits(ask: Ask, *, provider: Provider, office: Office, waiting: int) -> list[str]:
    """What speaks against ``provider``, for whom ``waiting`` referrals wait, at ``office`` for ``ask``; empty when
    nothing does. No query for a provider read with their specialties and payers."""
    home = coordinates_of_zip(ask.patient_zip)
    option = _Option(
        provider=provider,
        office=office,
        payer_ids={payer.pk for payer in provider.payers.all()},
        waiting=waiting,
        miles=miles_between(home, office.coordinates) if home and office.coordinates else None,
    )
    practises, *others = _criteria(ask)
    found = [] if ask.specialty in provider.specialties.all() else [_against(practises[0])]
    if provider.pk == ask.referring_provider_id:
        found.append("is the one who refers")
    return found + [_against(criterion) for criterion, keeps in others if not keeps(option)]


def _against(criterion: str) -> str:
    """A criterion turned round: ``takes Aetna PPO`` becomes ``does not take Aetna PPO``."""
    if criterion == NOT_DECLINED:
        return "has declined this referral"
    verb, _, rest = criterion.partition(" ")
    turned = {"is": "is not", "has": "does not have", "takes": "does not take", "accepts": "does not accept",
              "practises": "does not practise"}  # fmt: skip
    return f"{turned[verb]} {rest}"


def _on_side(office: Office, direction: str) -> bool:
    if direction in ("inbound", "internal"):
        return office.is_ours
    return not office.is_ours if direction == "outbound" else True


# Of one specialty: its active providers, the active offices where any provider of it practises, and what ties them.
_PROVIDERS = Prepared(lambda: Provider.objects.filter(specialties=0, active=True).order_by("pk"))
_PLACES = Prepared(
    lambda: Office.objects.filter(providers__specialties=0, active=True).order_by("name", "pk").distinct()
)
_OFFICES = Prepared(
    lambda: Provider.offices.through.objects.filter(provider__specialties=0).values_list("provider", "office")
)
_PAYERS = Prepared(
    lambda: Provider.payers.through.objects.filter(provider__specialties=0).values_list("provider", "payer")
)


def _options(specialty: Specialty, home: Coordinates | None) -> list[_Option]:
    providers = list(_PROVIDERS(specialty.pk))
    places = list(_PLACES(specialty.pk))
    offices, payers = _OFFICES.sets(specialty.pk), _PAYERS.sets(specialty.pk)
    waiting = waiting_for(provider.pk for provider in providers)
    return [
        _Option(
            provider=provider,
            office=office,
            payer_ids=payers[provider.pk],
            waiting=waiting.get(provider.pk, 0),
            miles=miles_between(home, office.coordinates) if home and office.coordinates else None,
        )
        for provider in providers
        for office in places
        if office.pk in offices[provider.pk]
    ]


def waiting_for(provider_ids: Iterable[int]) -> dict[int, int]:
    """How many referrals wait to be seen by each provider."""
    rows = (
        Referral.objects.filter(receiving_provider__in=list(provider_ids), status__in=WAITING)
        .order_by()
        .values_list("receiving_provider")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def _nearest_office_each(options: list[_Option]) -> list[_Option]:
    nearest: dict[int, _Option] = {}
    for option in options:
        known = nearest.get(option.provider.pk)
        if known is None or _distance(option.miles) < _distance(known.miles):
            nearest[option.provider.pk] = option
    return list(nearest.values())


def _distance(miles: float | None) -> float:
    return float("inf") if miles is None else miles


def _scored(option: _Option, ask: Ask, days_left: int | None) -> Candidate:
    fit = Fit(
        specialty=ask.specialty.name,
        payer=ask.payer.name if ask.payer else "",
        payer_verified=ask.payer is not None and ask.payer.pk in option.payer_ids,
        miles=option.miles,
        open_places=option.open_places,
        wait_days=option.provider.typical_wait_days,
        keeps_urgent_slots=option.provider.keeps_urgent_slots,
        is_ours=option.office.is_ours,
    )
    scored = score(
        fit,
        priority=ask.priority,
        max_miles=settings.REFLOOP_ROUTING_MAX_MILES,
        days_until_needed=days_left,
    )
    return Candidate(option.provider, option.office, scored.points, option.miles, scored.reasons)


def ask_of(referral: Referral, *, direction: str) -> Ask:
    """The ask of a stored referral, decliners excluded."""
    return Ask(
        specialty=referral.specialty,
        payer=referral.payer,
        patient_zip=referral.patient.zip_code,
        priority=referral.priority,
        direction=direction,
        referring_provider_id=referral.referring_provider_id,
        needed_by=referral.needed_by,
        excluded=frozenset(referral.exclusions.values_list("office_id", "provider_id")),
    )
