"""What managers are told of a closed or reopened month. Only sums: no referral and no patient is named."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from notifications.outbox import Outgoing, enqueue_many
from referrals.messages.recipients import of_user
from reporting.measures.breakdown import Report
from reporting.measures.chase import Chase
from reporting.models import PeriodClose

TOPIC = "report.period"
HEADLINES = ("closed", "leaked", "scheduled", "closed_within_14", "days_median", "at_risk", "recoverable")


def closed(one: PeriodClose, made: Report, worked: Chase, *, managers: Iterable, now: datetime) -> None:
    """Call inside the transaction that closes."""
    figures = [made.total.measured(key) for key in HEADLINES] + [worked.measured(made.cohort.period)]
    context = {
        "title": f"{one.period} is closed",
        "text": f"{made.total.cohort} referrals were captured in {one.period}. The report and its figures are attached.",
        "facts": [["Referrals", str(made.total.cohort)], *([m.measure.name, m.text] for m in figures)],
        "next_step": "Open the month to see what is behind each figure, and what moves later.",
        "link": _link(one),
    }
    files = [
        {"filename": f"refloop-{one.key}.pdf", "content_type": "application/pdf", "stored": one.pdf.name},
        {"filename": f"refloop-{one.key}.csv", "content_type": "text/csv", "stored": one.csv.name},
    ]
    _enqueue(one, "closed", context, managers, now, files)


def reopened(one: PeriodClose, *, managers: Iterable, now: datetime) -> None:
    context = {
        "title": f"{one.period} is open again",
        "text": f"{one.reopened_by} reopened {one.period}: {one.reopened_because}",
        "facts": [["Closed", f"{one.closed_at:%Y-%m-%d} by {one.closed_by}"]],
        "next_step": "It is not closed again by itself: somebody closes it when it is right.",
        "link": _link(one),
    }
    _enqueue(one, "reopened", context, managers, now, [])


def _enqueue(
    one: PeriodClose, what: str, context: dict[str, Any], managers: Iterable, now: datetime, files: list[dict[str, str]]
) -> None:
    outgoing = [
        Outgoing(
            topic=TOPIC,
            recipient=of_user(user, now=now),
            dedupe_key=f"period:{one.key}:{one.number}:{what}:user:{user.pk}",
            occurred_at=now,
            context_full=context,
            context_minimal=context,
            about=f"period:{one.key}",
            attachments=tuple(files),
        )
        for user in managers
    ]
    enqueue_many(outgoing, now=now)


def _link(one: PeriodClose) -> str:
    return urljoin(settings.REFLOOP_BASE_URL, reverse("reports-month", args=(one.key,)))
