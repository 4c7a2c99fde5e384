"""The topics an office can be told about."""

from notifications.topics import matches
from referrals.lifecycle.states import Stage
from referrals.messages.wording import UPDATE_TOPICS

TOPICS: tuple[str, ...] = tuple(
    sorted(
        {
            *UPDATE_TOPICS,
            *(f"escalation.{stage}" for stage in Stage.values),
            "referral.left",
            "note.request",
            "report.period",
        }
    )
)


def covers_nothing(pattern: str) -> bool:
    """Whether ``pattern`` stands for no topic there is: a typing error that would silence an endpoint."""
    return not any(matches(topic, pattern) for topic in TOPICS)
