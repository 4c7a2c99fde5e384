"""Is RefLoop alive? ``/livez`` asks the web process, ``/healthz`` also the database and the clockwork."""

import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from refloop_site import pulse

logger = logging.getLogger("refloop.ops")


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the clock runs, else 503 and ``problems``: what stands still, and what to do.

    Numbers and times (UTC or null) only. The reading behind it is at most ten seconds old, so asking often is cheap."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        report = _report(pulse.recent(), timezone.now())
    except DatabaseError:
        logger.exception("health check: the database does not answer")
        report = {"status": "failing", "database": "failing", "problems": []}
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


def _report(reading: pulse.Pulse, now: datetime) -> dict[str, Any]:
    problems, clock, outbox = reading.problems(now), reading.clock, reading.outbox
    return {
        "status": "failing" if problems else "ok",
        "database": "ok",
        "problems": [asdict(problem) for problem in problems],
        "queue": {"last_seen": clock.queue_at, "clusters": clock.clusters, "waiting_tasks": clock.waiting_tasks},
        "sweep": {
            "last_run": clock.sweep_at,
            "due": clock.due,
            "due_since": clock.due_since,
            "set_aside": clock.set_aside,
        },
        "documents": {
            "last_run": clock.read_at,
            "waiting": reading.documents.waiting,
            "waiting_since": reading.documents.waiting_since,
            "in_review": reading.documents.in_review,
            "inbox_last_run": clock.inbox_at,
        },
        "messages": {
            "last_run": outbox.last_dispatch,
            "waiting": outbox.queued + outbox.waiting_retry,
            "in_flight": outbox.in_flight,
            "late": outbox.late,
            "oldest_due_seconds": int(outbox.oldest_due_seconds),
            "given_up": outbox.dead,
            "nobody_to_tell": outbox.nobody_to_tell,
            "failing_addresses": outbox.flagged_endpoints,
            "failing_channels": list(outbox.failing_channels),
        },
    }
