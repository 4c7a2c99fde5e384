"""What of an event's data leaves the group, and in which form: the feed, the timeline and webhooks say the same."""

from datetime import datetime
from typing import Any

from referrals.timestamps import rfc3339

# Who owns it, whom we tried before, and primary keys, which mean nothing outside (document ids are the API's own).
_INTERNAL = frozenset(
    {
        "owner",
        "owner_because",
        "likely_duplicates",
        "warnings",
        "reasons",
        "office_id",
        "encounter",
        "attempt",
        "implied_acceptance",
    }
)
_GROUP_ONLY = frozenset({"evidence"})  # names people and other visits
_GROUP_ONLY_OF_ROUTING = frozenset({"comment"})  # why not the specialist suggested first
_INSTANTS = frozenset({"starts_at", "was", "until"})


def shown_data(kind: str, data: dict[str, Any], *, to_group: bool) -> dict[str, Any]:
    """``data`` of an event of ``kind`` as an office reads it; instants as every other time of the API."""
    hidden = _INTERNAL
    if not to_group:
        hidden |= _GROUP_ONLY | (_GROUP_ONLY_OF_ROUTING if kind == "routed" else frozenset())
    return {
        key: rfc3339(datetime.fromisoformat(value)) if key in _INSTANTS and isinstance(value, str) and value else value
        for key, value in data.items()
        if key not in hidden
    }
