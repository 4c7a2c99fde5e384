"""Who is told (recipient, endpoint), what (message), and how that went (delivery, attempt, inbox)."""

from notifications.models.delivery import Attempt, Delivery
from notifications.models.endpoint import Endpoint
from notifications.models.health import ChannelHealth, DispatchBeat
from notifications.models.inbox import InboxItem
from notifications.models.message import Message
from notifications.models.recipient import Recipient

__all__ = [
    "Attempt",
    "ChannelHealth",
    "Delivery",
    "DispatchBeat",
    "Endpoint",
    "InboxItem",
    "Message",
    "Recipient",
]
