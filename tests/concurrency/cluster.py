"""A queue cluster as it runs in production, with leases so short that what a killed one held is free at once:
``python -m tests.concurrency.cluster``. Kill its process group."""

from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from notifications import backoff  # noqa: E402
from notifications import tasks as notification_tasks  # noqa: E402
from notifications.dispatch import run  # noqa: E402
from referrals import clockwork  # noqa: E402

if __name__ == "__main__":
    clockwork.LEASE = timedelta(seconds=1)
    notification_tasks.ALIVE = timedelta(0)
    run.dispatch.__kwdefaults__["lease"] = timedelta(seconds=1.5)
    backoff.WAITS = (timedelta(seconds=0.2),) * len(backoff.WAITS)
    call_command("qcluster")
