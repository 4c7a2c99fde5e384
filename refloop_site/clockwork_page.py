"""The page "Clockwork": does everything run, what waits, and what has gone wrong, each with a link to where it is mended."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals import clockwork
from referrals.admin.counting import in_words
from referrals.admin.wording import day_and_time
from refloop_site import pulse
from refloop_site.pulse import Pulse
from refloop_site.troubles import TROUBLES, counts


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("referrals.view_heartbeat"):
        raise PermissionDenied
    now = timezone.now()
    reading = pulse.read(now)
    context = {
        **admin.site.each_context(request),
        "title": "Clockwork",
        "parts": _parts(reading, now),
        "waiting": _waiting(reading),
        "troubles": _troubles(request, reading),
        "failing_channels": reading.outbox.failing_channels,
    }
    return TemplateResponse(request, "admin/clockwork.html", context)


def _parts(reading: Pulse, now: datetime) -> list[dict[str, Any]]:
    clock, outbox = reading.clock, reading.outbox
    clusters = f"{clock.clusters} seen in 5 minutes" if clock.clusters > 1 else ""
    return [
        _part("Queue", "runs the tasks of the clock", clock.queue_at, now, clusters),
        _part("Sweep", "looks for stalled referrals, every minute", clock.sweep_at, now),
        _part("Messages", "sends what is due, all the time", outbox.last_dispatch, now),
        _part("Documents", "reads what comes in", clock.read_at, now),
        *(
            [_part("Inbox folder", "takes in what is put there", clock.inbox_at, now)]
            if settings.REFLOOP_INBOX_FOLDER
            else []
        ),
    ]


def _part(name: str, does: str, at: datetime | None, now: datetime, more: str = "") -> dict[str, Any]:
    runs = at is not None and now - at <= clockwork.SILENCE
    return {"name": name, "does": does, "runs": runs, "last": day_and_time(at) or "never", "more": more}


def _waiting(reading: Pulse) -> list[tuple[str, str, str]]:
    """(what, how many, since when or for how long)."""
    clock, outbox, documents = reading.clock, reading.outbox, reading.documents
    since = f"since {day_and_time(clock.due_since)}" if clock.due_since else ""
    came = f"since {day_and_time(documents.waiting_since)}" if documents.waiting_since else ""
    oldest = f"the oldest for {int(outbox.oldest_due_seconds // 60)} min" if outbox.oldest_due_seconds >= 60 else ""
    return [
        ("Referrals due for a look", _words(clock.due), since),
        ("Messages waiting", _words(outbox.queued + outbox.waiting_retry), oldest),
        ("of these late (over 10 minutes)", _words(outbox.late), ""),
        ("Messages being sent", _words(outbox.in_flight), ""),
        ("Documents waiting to be read", _words(documents.waiting), came),
        ("Tasks waiting in the queue", _words(clock.waiting_tasks), ""),
    ]


def _troubles(request: HttpRequest, reading: Pulse) -> list[dict[str, Any]]:
    many = counts(reading)
    return [
        {
            "label": one.label,
            "says": one.says,
            "href": one.address,
            "count": _words(many[one.key]),
            "bad": many[one.key],
        }
        for one in TROUBLES
        if request.user.has_perm(one.permission)
    ]


def _words(count: int) -> str:
    return in_words(count, clockwork.MOST_COUNTED)
