"""The one form in which instants leave RefLoop: RFC 3339 in UTC, as ``2026-11-24T15:30:00.000Z``. Pure functions."""

from datetime import UTC, datetime


def rfc3339(at: datetime) -> str:
    """``at``, which must be aware, in UTC to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
