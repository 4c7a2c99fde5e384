"""Is RefLoop alive? ``/livez`` asks the web process, ``/healthz`` also the database and the queue."""

import logging
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.clockwork import last_beat, waiting_tasks

logger = logging.getLogger("refloop.ops")
QUEUE_SILENCE = timedelta(minutes=5)  # the heartbeat is due every minute; the scheduler wakes about every 30 s


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the queue's heartbeat is younger than five minutes, else 503.

    Body: {"status", "database", "queue", "queue_last_beat" (UTC or null), "queue_waiting" (tasks)}."""
    report = {"status": "ok", "database": "ok", "queue": "ok", "queue_last_beat": None, "queue_waiting": None}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        beat = last_beat()
        report["queue_waiting"] = waiting_tasks()
    except DatabaseError:
        logger.exception("health check: the database does not answer")
        report.update(status="failing", database="failing", queue="unknown")
        return JsonResponse(report, status=503)
    if beat is not None:
        report["queue_last_beat"] = beat.isoformat()
    if beat is None or timezone.now() - beat > QUEUE_SILENCE:
        report.update(status="failing", queue="silent: start `python manage.py qcluster`")
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)
