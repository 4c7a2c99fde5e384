"""Choose a specialist: those who fit with their reasons, anybody else by search with what speaks against them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html, format_html_join

from referrals.admin.actions.step import StepForm, text
from referrals.admin.wording import specialist_of, step_of
from referrals.lifecycle.states import Action, Status, targets
from referrals.models import Office, Provider, Referral
from referrals.names import name_key
from referrals.routing import choose
from referrals.routing.candidates import Ask, ask_of, misfits, waiting_for

OFFERED = 40
FOUND = 20
NO_SPECIALIST = "no_specialist_available"  # seeded code of an ending


@dataclass(frozen=True)
class Option:
    """A specialist at an office, as a choice of the form: ``key`` is office:provider, provider 0 for nobody named."""

    office: Office
    provider: Provider | None
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    score: float | None = None
    is_first: bool = False

    @property
    def key(self) -> str:
        return f"{self.office.pk}:{self.provider.pk if self.provider else 0}"

    @property
    def label(self) -> str:
        name = self.provider or "Anybody there"
        against = format_html_join("", '<span class="rl-misfit">{}</span>', ((words,) for words in self.against))
        reasons = format_html('<span class="rl-muted">{}</span>', " · ".join(self.reasons)) if self.reasons else ""
        points = (
            "" if self.score is None else format_html('<span class="rl-points">{} points</span>', round(self.score))
        )
        first = format_html(' <span class="rl-badge rl-green">{}</span>', "best fit") if self.is_first else ""
        return format_html(
            "<strong>{}</strong>, {}{}{}<br>{}{}", name, self.office.name, first, points, reasons, against
        )


class RouteForm(StepForm):
    choice = forms.ChoiceField(label="Specialist", widget=forms.RadioSelect)
    comment = text(
        "Reason",
        required=False,
        help_text="Both offices may read it.",
    )

    def __init__(self, *args: Any, find: str = "", **kwargs: Any):
        self.find = find.strip()[:80]
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.ranking = choose.rank_for(self.referral, now=self.now)
        self.fitting = [
            Option(c.office, c.provider, c.reasons, score=c.points, is_first=place == 0)
            for place, c in enumerate(self.ranking.candidates[:OFFERED])
        ]
        known = {option.key for option in self.fitting}
        self.others = [option for option in others(self.referral, self.find) if option.key not in known]
        known |= {option.key for option in self.others}
        asked = str(self.data.get("choice") or (self.initial.get("choice") or ""))
        if asked and asked not in known and (named := _named(self.referral, asked)):
            self.others.append(named)
        self.fields["choice"].choices = [(option.key, option.label) for option in (*self.fitting, *self.others)]
        self.fields["comment"].needed = "needed unless you take the best fit"
        self.fields["choice"].error_messages["required"] = "Choose a specialist, or search for one."
        if self.fitting and not self.initial.get("choice"):
            self.initial["choice"] = self.fitting[0].key

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = next((option for option in self.others if option.key == data.get("choice")), None)
        if chosen is not None and chosen.against and not data.get("comment"):
            self.add_error("comment", f"Say why all the same, because this specialist {' and '.join(chosen.against)}.")
        return data

    def radios(self, options: list[Option]) -> list[forms.BoundField]:
        keys = {option.key for option in options}
        return [radio for radio in self["choice"] if radio.data["value"] in keys]

    def way_out(self) -> str:
        """Where the referral is ended because nobody can take the patient; empty once somebody has accepted it."""
        if targets(Action.CANCEL, self.referral.status) != (Status.CANCELLED,):
            return ""
        why = {"reason_code": NO_SPECIALIST, "comment": self.ranking.no_match_because}
        return step_of(self.referral, Action.CANCEL, why)

    def fitting_radios(self) -> list[forms.BoundField]:
        return self.radios(self.fitting)

    def other_radios(self) -> list[forms.BoundField]:
        return self.radios(self.others)


def others(referral: Referral, find: str) -> list[Option]:
    """Specialists by the beginning of a name or a word of their office's, or without ``find`` those of the specialty;
    on the side the referral may go to, with what speaks against each."""
    wanted = _called(find) if find else Q(specialties=referral.specialty_id)
    providers = list(
        Provider.objects.filter(wanted, active=True)
        .distinct()
        .order_by("name_key", "pk")
        .prefetch_related("offices", "specialties", "payers")[: FOUND if find else OFFERED]
    )
    ask = ask_of(referral, direction=referral.direction)
    waiting = waiting_for(provider.pk for provider in providers)
    return [
        _option(ask, office, provider, waiting.get(provider.pk, 0))
        for provider in providers
        for office in provider.offices.all()
        if office.active and (referral.referring_office.is_ours or office.is_ours)
    ][: FOUND if find else OFFERED]


def _called(find: str) -> Q:
    called = Q()
    for word in find.split():
        key = name_key(word)
        named = Q(name_key__startswith=key) | Q(name_key__contains=f" {key}") if key else Q()
        called &= named | Q(offices__name__icontains=word)
    return called


def _option(ask: Ask, office: Office, provider: Provider, waiting: int) -> Option:
    practises = tuple(specialty.name.lower() for specialty in provider.specialties.all())
    return Option(office, provider, practises, tuple(misfits(ask, provider=provider, office=office, waiting=waiting)))


def _named(referral: Referral, key: str) -> Option | None:
    """The option of a key that is on no list: chosen in another search, or by a script."""
    pks = key.split(":")
    if len(pks) != 2 or not all(part.isdecimal() and len(part) < 12 for part in pks):
        return None
    office = Office.objects.filter(pk=int(pks[0])).first()
    provider = Provider.objects.filter(pk=int(pks[1])).first() if int(pks[1]) else None
    if office is None or (provider is None and int(pks[1])):
        return None
    if provider is None:
        return Option(office, None, against=("is not named: the office decides",))
    waiting = waiting_for([provider.pk]).get(provider.pk, 0)
    return _option(ask_of(referral, direction=referral.direction), office, provider, waiting)


def route(common: dict[str, Any], data: dict[str, Any]) -> str:
    office_pk, provider_pk = map(int, data["choice"].split(":"))
    office = Office.objects.get(pk=office_pk)
    provider = Provider.objects.get(pk=provider_pk) if provider_pk else None
    sent = choose.route_by_hand(**common, office=office, provider=provider, comment=data["comment"])
    return f"Sent to {specialist_of(sent)}."
