"""Events of the timeline and the feed, without what stays inside the group."""

from typing import Any

from rest_framework import serializers

from referrals.api.fields import Instant
from referrals.api.outputs.viewer import STAFF_OF_THE_GROUP, Viewer
from referrals.lifecycle.states import Action, Status
from referrals.lifecycle.transition import EVENT_KIND
from referrals.models import ReferralEvent
from referrals.selectors import INTERNAL_KEYS

# Primary keys mean nothing outside; document ids are the API's own.
_KEYS = frozenset({"office_id", "encounter", "attempt"})
_GROUP_ONLY = frozenset({"evidence"})  # names people and other visits
_GROUP_ONLY_OF_ROUTING = frozenset({"comment"})  # why not the specialist suggested first


class EventActorSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(ReferralEvent.ActorKind.choices)
    label = serializers.CharField(help_text="Office name; members of staff are named only to offices of the group.")


class EventSerializer(serializers.Serializer):
    referral = serializers.CharField(help_text="Number of the referral.")
    version = serializers.IntegerField(help_text="The referral's version after it.")
    kind = serializers.CharField(
        help_text="Such as captured, routed, accepted, scheduled, seen, note_returned, closed."
    )
    at = Instant(help_text="UTC.")
    actor = EventActorSerializer()
    from_status = serializers.ChoiceField(Status.choices, allow_null=True)
    to_status = serializers.ChoiceField(Status.choices)
    data = serializers.DictField(help_text="What the kind adds, such as starts_at, reason, comment, document.")


class EventPageSerializer(serializers.Serializer):
    events = EventSerializer(many=True)
    next_cursor = serializers.CharField(help_text="Send it as `after` next time, also when `events` is empty.")
    more = serializers.BooleanField(help_text="true: ask again at once.")


def event_for(viewer: Viewer, event: ReferralEvent, number: str) -> dict[str, Any]:
    """Values for EventSerializer."""
    hidden = INTERNAL_KEYS | _KEYS
    if not viewer.is_group:
        hidden |= _GROUP_ONLY | (_GROUP_ONLY_OF_ROUTING if event.kind == EVENT_KIND[Action.ROUTE] else frozenset())
    return {
        "referral": number,
        "version": event.version,
        "kind": event.kind,
        "at": event.at,
        "actor": {"kind": event.actor_kind, "label": actor_label(viewer, event)},
        "from_status": event.from_status or None,
        "to_status": event.to_status,
        "data": {key: value for key, value in event.data.items() if key not in hidden},
    }


def actor_label(viewer: Viewer, event: ReferralEvent) -> str:
    is_staff = event.actor_kind == ReferralEvent.ActorKind.STAFF
    return STAFF_OF_THE_GROUP if is_staff and not viewer.is_group else event.actor_label
