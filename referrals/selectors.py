"""Reading referrals: what one office may see, timelines, worklists. Nothing here writes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from referrals.identifiers import clean_phone, clean_referral_number
from referrals.lifecycle.states import Action, Stage, Status
from referrals.lifecycle.transition import EVENT_KIND
from referrals.messages.event_words import place
from referrals.models import (
    Document,
    Office,
    PatientIdentifier,
    Provider,
    Referral,
    ReferralEvent,
)
from referrals.models.patient import office_assigner
from referrals.names import name_key

# What offices read on the timeline. The rest is the group's own business: who owns it, whom we tried before, what we
# let wait and whom we pressed.
_INTERNAL = {EVENT_KIND[action] for action in (Action.ASSIGN, Action.SNOOZE, Action.WAKE, Action.NUDGE)} | {
    "not_routed"
}
_OUTCOMES = ("closed", "note_returned", "note_amended", "document_removed")  # kinds a service chooses itself
SHARED_KINDS = tuple(sorted({*EVENT_KIND.values(), *_OUTCOMES} - _INTERNAL))

_TURNS = tuple(EVENT_KIND[action] for action in (Action.ROUTE, Action.BOOK, Action.DECLINE))  # say with whom it is


def with_parties(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Join what every list and page shows, so that rows cost no query of their own."""
    return referrals.select_related(
        "patient", "specialty", "payer", "referring_office", "referring_provider", "receiving_office",
        "receiving_provider", "owner", "ending_reason", "appointment",
    )  # fmt: skip


def visible_to(office: Office) -> QuerySet[Referral]:
    """The referrals the office is a party to now: it refers, or it is the chosen receiver."""
    return Referral.objects.filter(Q(referring_office=office) | Q(receiving_office=office))


def events_visible_to(office: Office) -> QuerySet[ReferralEvent]:
    """Events of those referrals the office may read: all shared ones when it refers, since its turn when it receives,
    and of a turn that is over the one that ended it (to be shown as "left", without what it says of the next)."""
    return ReferralEvent.objects.filter(
        Q(referral__referring_office=office)
        | Q(referral__receiving_office=office, version__gte=F("referral__receiving_since_version"))
        | Q(left_office=office),
        kind__in=SHARED_KINDS,
    )


def specialists_then(events: Iterable[ReferralEvent]) -> dict[int, str]:
    """event -> who its referral was with right after it, in words. One query."""
    events = list(events)
    turns = defaultdict(list)
    for referral, version, kind, data in (
        ReferralEvent.objects.filter(referral__in={event.referral_id for event in events}, kind__in=_TURNS)
        .order_by("version")
        .values_list("referral", "version", "kind", "data")
    ):
        who = "" if kind == EVENT_KIND[Action.DECLINE] else place(data.get("office"), data.get("provider"))
        turns[referral].append((version, who))
    return {
        event.pk: next((who for version, who in reversed(turns[event.referral_id]) if version <= event.version), "")
        for event in events
    }


def documents_visible_to(office: Office) -> QuerySet[Document]:
    """Documents of those referrals, without the ones taken off again (they may be another patient's)."""
    return Document.objects.filter(referral__in=visible_to(office)).exclude(status=Document.Status.DETACHED)


def overdue(referrals: QuerySet[Referral], *, now: datetime) -> QuerySet[Referral]:
    """Open referrals past a deadline of their stay in the stage, less those asleep.

    The sweep moves ``next_escalation_at`` on to the next rung once one fired; ``overdue_since`` stays until the referral
    moves."""
    passed = Q(next_escalation_at__lte=now) | Q(overdue_since__isnull=False)
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)
    return referrals.filter(passed, awake, ended_at__isnull=True)


def snoozed(referrals: QuerySet[Referral], *, now: datetime) -> QuerySet[Referral]:
    """Referrals asleep at ``now``; they stay in the queue of their stage as well."""
    return referrals.filter(snoozed_until__gt=now, ended_at__isnull=True)


# Worklist queues: every open referral is in exactly one queue of a stage (a test walks the states to show it).
QUEUES: dict[str, Q] = {
    "unrouted": Q(status=Status.RECEIVED),
    "unscheduled": Q(stage=Stage.UNSCHEDULED) & ~Q(status=Status.RECEIVED),
    "awaiting_visit": Q(stage=Stage.AWAITING_VISIT),
    "note_pending": Q(stage=Stage.NOTE_PENDING),
    "unreconciled": Q(stage=Stage.UNRECONCILED),
    "on_hold": Q(stage=Stage.ON_HOLD),
    "cancelling": Q(stage=Stage.CANCELLING),
}


def queue(name: str) -> QuerySet[Referral]:
    """One worklist queue, most urgent first. Raises KeyError for an unknown name."""
    return Referral.objects.filter(QUEUES[name], ended_at__isnull=True).order_by("next_escalation_at", "pk")


def search(referrals: QuerySet[Referral], text: str) -> QuerySet[Referral]:
    """Referrals by what people type: number, family name (then given name), birth date, record number, phone.

    Each form uses its own index; nothing is matched in the middle of a word."""
    form, value = _read(text)
    if form == "value":
        return referrals.filter(Q(patient__identifiers__value=value) | Q(external_id=value)).distinct()
    return referrals.filter(_in_record(form, value))


def search_as(office: Office, text: str) -> QuerySet[Referral]:
    """``search`` among what the office may see, by what it may know.

    An outside office that refers finds its referrals by what it sent: the record they were linked to may hold names
    and numbers it must not be able to probe. One that receives does not find by other offices' record numbers."""
    if office.is_ours:
        return search(visible_to(office), text)
    form, value = _read(text)
    if form == "value":
        own = PatientIdentifier.objects.filter(value=value, assigner=office_assigner(office))
        return visible_to(office).filter(Q(external_id=value) | Q(patient__in=own.values("patient")))
    as_referrer = Q(referring_office=office) & _as_sent(form, value)
    return Referral.objects.filter(as_referrer | Q(receiving_office=office) & _in_record(form, value)).distinct()


def _read(text: str) -> tuple[str, Any]:
    """(form, value) of a search: "number", "birth_date", "phone", "value" (record number, order id), "name" or ""."""
    text = text.strip()
    for form, clean in (("number", clean_referral_number), ("birth_date", _clean_day), ("phone", clean_phone)):
        try:
            return form, clean(text)
        except ValueError:
            continue
    if any(character.isdigit() for character in text):
        return "value", text
    return ("name", text) if text else ("", "")


def _clean_day(text: str) -> date:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError("not a day")


def _in_record(form: str, value: Any) -> Q:
    if form == "number":
        return Q(number=value)
    if form in ("birth_date", "phone"):
        return Q(**{f"patient__{form}": value})
    return _name(value) if form == "name" else Q()


def _as_sent(form: str, value: Any) -> Q:
    if form == "number":
        return Q(number=value)
    if form == "birth_date":
        return Q(patient_as_sent__birth_date=value.isoformat())
    if form == "phone":
        return Q(patient_as_sent__phone=value)
    if form != "name":
        return Q()
    family, comma, given = (part.strip() for part in value.partition(","))
    if comma:
        return Q(patient_as_sent__family_name__istartswith=family, patient_as_sent__given_name__istartswith=given)
    *first, last = value.split()
    found = Q(patient_as_sent__family_name__istartswith=value)
    if first:
        found |= Q(
            patient_as_sent__family_name__istartswith=last, patient_as_sent__given_name__istartswith=" ".join(first)
        )
    return found


def providers_called(providers: QuerySet[Provider], text: str) -> QuerySet[Provider]:
    """Providers whose family name begins with ``text``, accents and case aside."""
    return providers.filter(name_key__startswith=name_key(text))


def _name(text: str) -> Q:
    """``Doe``, ``Doe, Ja`` and ``Jane Doe`` find Jane Doe; the family name may be a former one."""
    if "," in text:
        family, _, given = (name_key(part) for part in text.partition(","))
        return Q(patient__family_key__startswith=family, patient__given_key__startswith=given)
    words = [name_key(word) for word in text.split() if name_key(word)]
    if not words:
        return Q(pk__in=())
    whole = "".join(words)
    found = Q(patient__family_key__startswith=whole) | Q(patient__other_names__family_key=whole)
    if len(words) > 1:
        found |= Q(patient__family_key__startswith=words[-1], patient__given_key__startswith=words[0])
        found |= Q(patient__family_key__startswith=words[0], patient__given_key__startswith=words[-1])
    return found
