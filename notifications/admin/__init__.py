"""The workspace of message delivery: recipients, addresses, what was told and how it went, the own inbox."""

from notifications.admin import deliveries, endpoints, inbox, recipients

__all__ = ["deliveries", "endpoints", "inbox", "recipients"]
