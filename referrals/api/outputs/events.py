"""Events of the timeline and the feed, without what stays inside the group."""

from typing import Any

from rest_framework import serializers

from referrals.api.allowed import referral_address
from referrals.api.fields import Instant
from referrals.api.outputs.viewer import STAFF_OF_THE_GROUP, Viewer
from referrals.lifecycle.states import Status
from referrals.messages import event_words, wording
from referrals.messages.event_data import shown_data
from referrals.messages.status_updates import LEFT_TOPIC
from referrals.models import Referral, ReferralEvent

LEFT = "left"


class EventActorSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(ReferralEvent.ActorKind.choices)
    label = serializers.CharField(help_text="Office name; members of staff are named only to offices of the group.")


class EventSerializer(serializers.Serializer):
    referral = serializers.CharField(help_text="Number of the referral.")
    href = serializers.CharField(help_text="Where the referral is read; 404 once it has left your office.")
    external_id = serializers.CharField(allow_blank=True, help_text="The referring office's own order id.")
    version = serializers.IntegerField(help_text="The referral's version after it.")
    kind = serializers.CharField(
        help_text="Such as captured, routed, accepted, scheduled, seen, note_returned, closed. `left`: the last you hear "
        "of this referral, unless it is sent to you again."
    )
    topic = serializers.CharField(allow_null=True, help_text="Under which webhooks tell it; null: they do not.")
    text = serializers.CharField(help_text="What happened, when and with whom, for people.")
    next_step = serializers.CharField(allow_blank=True, help_text="What comes next, and from whom.")
    at = Instant(help_text="UTC.")
    actor = EventActorSerializer()
    from_status = serializers.ChoiceField(Status.choices, allow_null=True)
    to_status = serializers.ChoiceField(Status.choices)
    data = serializers.DictField(
        help_text="What the kind adds, such as starts_at, reason, comment, document. Times as everywhere."
    )


class EventPageSerializer(serializers.Serializer):
    events = EventSerializer(many=True)
    next_cursor = serializers.CharField(help_text="Send it as `after` next time, also when `events` is empty.")
    more = serializers.BooleanField(help_text="true: ask again at once.")


def event_for(viewer: Viewer, event: ReferralEvent, referral: Referral, *, specialist: str) -> dict[str, Any]:
    """Values for EventSerializer, of an event of ``referral`` (with its specialty); ``specialist`` is who it was with.

    To the office whose turn the event ended it is "left", and says nothing of where the referral went."""
    values = {
        "referral": referral.number,
        "href": referral_address(referral.number),
        "external_id": referral.external_id,
        "version": event.version,
        "at": event.at,
        "actor": {"kind": event.actor_kind, "label": actor_label(viewer, event)},
        "from_status": event.from_status or None,
        "to_status": event.to_status,
    }
    if event.left_office_id == viewer.office.pk and referral.referring_office_id != viewer.office.pk:
        words = event_words.LEFT
        return values | {
            "kind": LEFT, "topic": LEFT_TOPIC, "text": words.text, "next_step": words.next_step, "data": {},
        }  # fmt: skip
    words = event_words.words_of(event.kind, event.data, specialty=referral.specialty.name, specialist=specialist)
    return values | {
        "kind": event.kind,
        "topic": wording.topic_of(event.kind) or None,
        "text": words.text,
        "next_step": words.next_step,
        "data": shown_data(event.kind, event.data, to_group=viewer.is_group),
    }


def actor_label(viewer: Viewer, event: ReferralEvent) -> str:
    is_staff = event.actor_kind == ReferralEvent.ActorKind.STAFF
    return STAFF_OF_THE_GROUP if is_staff and not viewer.is_group else event.actor_label
