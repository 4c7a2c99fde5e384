"""A dispatcher that goes on until it is told to stop."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection

from notifications.dispatch.claim import due
from notifications.dispatch.run import dispatch

logger = logging.getLogger("refloop.notifications")

PAUSE = 0.5  # seconds between looks when nothing is due: one read of an index each
FULL_PASS_EVERY = timedelta(seconds=15)  # to show life and take back expired leases, also when nothing is due
WAIT_AFTER_ERROR = 5.0  # seconds


def dispatch_forever(
    *, now_fn: Callable[[], datetime], going: Callable[[], bool], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Send what is due within about a second while ``going()``; what is being sent when it says no is finished.

    1. Look whether anything is due; that reads and never writes, so that an idle dispatcher is in nobody's way.
    2. If so, or when the last pass was FULL_PASS_EVERY ago, make a pass.
    3. A database that does not answer is waited for: what was claimed is due again when its lease is over."""
    last_pass: datetime | None = None
    while going():
        try:
            now = now_fn()
            if last_pass is None or now - last_pass >= FULL_PASS_EVERY or due(now).exists():
                close_old_connections()
                last_pass = now
                claimed = dispatch(now_fn=now_fn, keep_going=going).claimed
            else:
                claimed = 0
        except Error:
            logger.exception("dispatch: the database failed, trying again")
            connection.close()
            _wait(WAIT_AFTER_ERROR, going, sleep)
            continue
        if not claimed:
            sleep(PAUSE)


def _wait(seconds: float, going: Callable[[], bool], sleep: Callable[[float], None]) -> None:
    while seconds > 0 and going():
        sleep(PAUSE)
        seconds -= PAUSE
