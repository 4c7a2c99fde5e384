"""System checks of the referral app (run by every management command)."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.compatibility)
def check_settings(app_configs, **kwargs):
    """referrals.E001: the time zone is known. referrals.E002: the start of business is a time of day."""
    from datetime import time
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    problems = []
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(
            Error(
                f"REFLOOP_TIME_ZONE '{settings.TIME_ZONE}' is not a time zone.",
                hint="Use an IANA name such as America/Chicago.",
                id="referrals.E001",
            )
        )
    try:
        time.fromisoformat(settings.REFLOOP_BUSINESS_DAY_STARTS)
    except ValueError:
        problems.append(
            Error(
                "REFLOOP_BUSINESS_DAY_STARTS is not a time of day.",
                hint="Write it as 09:00.",
                id="referrals.E002",
            )
        )
    return problems
