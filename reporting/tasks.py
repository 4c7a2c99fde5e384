"""What the queue runs: thin wrappers that hand the clock to services."""

import logging

from django.utils import timezone

from referrals.errors import InvalidInput
from reporting.periods.closing import close
from reporting.periods.due import due

logger = logging.getLogger("refloop.reporting")


def close_due_months() -> int:
    """Close the months whose time has come; how many."""
    now, closed = timezone.now(), 0
    for period in due(now):
        try:
            close(period=period, by="RefLoop", now=now)
        except InvalidInput as refused:  # somebody was quicker
            logger.info("month not closed", extra={"reason": str(refused)})
        else:
            closed += 1
    return closed
