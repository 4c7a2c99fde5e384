"""Reading referrals: what one office may see, timelines, worklists. Nothing here writes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from referrals.lifecycle.states import Action, Stage, Status
from referrals.lifecycle.transition import EVENT_KIND
from referrals.messages.event_words import place
from referrals.models import Document, Office, Provider, Referral, ReferralEvent, RoutingExclusion
from referrals.names import name_key

# What offices read on the timeline. The rest is the group's own business: who owns it, whom we tried before, what we
# let wait and whom we pressed.
_INTERNAL = {EVENT_KIND[action] for action in (Action.ASSIGN, Action.SNOOZE, Action.WAKE, Action.NUDGE)} | {
    "not_routed"
}
_OUTCOMES = (  # kinds a service chooses itself
    "closed", "note_returned", "note_amended", "document_removed", "no_show_undone", "acceptance_undone",
    "settling_undone", "contact_undone", "retraction_undone",
)  # fmt: skip
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
    "unreconciled": Q(stage=Stage.UNRECONCILED, reconciled_at__isnull=True),
    "undelivered": Q(stage=Stage.UNRECONCILED, reconciled_at__isnull=False),
    "on_hold": Q(stage=Stage.ON_HOLD),
    "cancelling": Q(stage=Stage.CANCELLING),
}


def queue(name: str) -> QuerySet[Referral]:
    """One worklist queue, most urgent first. Raises KeyError for an unknown name."""
    return Referral.objects.filter(QUEUES[name], ended_at__isnull=True).order_by("next_escalation_at", "pk")


def last_touches(referrals: Iterable[Referral]) -> dict[int, ReferralEvent]:
    """referral -> the last thing a person did to it, staff or an office; none for one only RefLoop touched (one query)."""
    latest = (
        ReferralEvent.objects.filter(referral=OuterRef("pk"))
        .exclude(actor_kind=ReferralEvent.ActorKind.SYSTEM)
        .order_by("-version")
    )
    picked = Referral.objects.filter(pk__in=[referral.pk for referral in referrals]).annotate(
        touch=Subquery(latest.values("pk")[:1])
    )
    return {
        event.referral_id: event for event in ReferralEvent.objects.filter(pk__in=picked.order_by().values("touch"))
    }


def last_declines(referrals: Iterable[Referral]) -> dict[int, str]:
    """referral -> who declined it last, of those that wait for another specialist (no query when none does)."""
    waiting = [referral.pk for referral in referrals if referral.status == Status.RECEIVED]
    if not waiting:
        return {}
    declined = RoutingExclusion.objects.filter(referral__in=waiting).select_related("office", "provider")
    return {each.referral_id: str(each.provider or each.office) for each in declined.order_by("at", "pk")}


def providers_called(providers: QuerySet[Provider], text: str) -> QuerySet[Provider]:
    """Providers whose family name begins with ``text``, accents and case aside."""
    return providers.filter(name_key__startswith=name_key(text))
