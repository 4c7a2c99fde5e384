"""Reading: how a message fared, what waits, what is in whose inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from notifications.models import ChannelHealth, Delivery, DispatchBeat, Endpoint, InboxItem, Message
from notifications.models.endpoint import FAILING_FROM, SLOW_FROM_MS

Status = Delivery.Status
LATE = timedelta(minutes=10)
MOST_COUNTED = 10_000


def messages_about(about: str) -> QuerySet[Message]:
    """Messages with this reference, newest first, with recipient, deliveries and endpoints (two queries)."""
    return (
        Message.objects.filter(about=about)
        .exclude(about="")
        .select_related("recipient")
        .prefetch_related(Prefetch("deliveries", Delivery.objects.select_related("endpoint")))
    )


def deliveries_to(endpoint: Endpoint) -> QuerySet[Delivery]:
    """What was and is to be sent there, with its message (one query)."""
    return Delivery.objects.filter(endpoint=endpoint).select_related("message")


def undelivered_counts(endpoints: Iterable[Endpoint]) -> dict[int, dict[str, int]]:
    """endpoint -> status -> how many deliveries are not delivered (one query, over undelivered rows alone)."""
    counts: dict[int, dict[str, int]] = {endpoint.pk: {} for endpoint in endpoints}
    rows = Delivery.objects.filter(endpoint__in=counts).exclude(status=Status.DELIVERED)
    for pk, status, count in rows.order_by().values_list("endpoint", "status").annotate(Count("pk")):
        counts[pk][status] = count
    return counts


def unreached() -> QuerySet[Message]:
    """Messages that found no endpoint and are not settled, oldest first: somebody must add an address or telephone."""
    return (
        Message.objects.filter(nobody_to_tell=True, settled_at=None)
        .select_related("recipient")
        .order_by("created_at", "pk")
    )


@dataclass(frozen=True)
class QueueState:
    """The outbox at a glance. ``oldest_due_seconds`` is how long the longest waiting due delivery has been due (0:
    nothing is), ``stuck_seconds`` the same among addresses that work: only a dispatcher's fault keeps those waiting.
    ``late`` counts what has been due for LATE; ``last_dispatch`` is when any dispatcher last gave a sign of life.
    Counts stop beyond MOST_COUNTED."""

    queued: int
    in_flight: int
    waiting_retry: int
    dead: int
    late: int
    nobody_to_tell: int
    flagged_endpoints: int
    failing_channels: tuple[str, ...]
    oldest_due_seconds: float
    stuck_seconds: float
    last_dispatch: datetime | None


def queue_state(*, now: datetime) -> QueueState:
    """Eight queries, each on a partial index: the cost does not grow with what was delivered."""
    counts = dict(
        Delivery.objects.exclude(status=Status.DELIVERED)
        .exclude(status=Status.CANCELLED)
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    due = Delivery.objects.filter(status__in=Delivery.DUE, next_attempt_at__lte=now)
    works = due.filter(endpoint__active=True).exclude(_struggling())
    return QueueState(
        queued=counts.get(Status.QUEUED, 0),
        in_flight=counts.get(Status.IN_FLIGHT, 0),
        waiting_retry=counts.get(Status.WAITING_RETRY, 0),
        dead=counts.get(Status.DEAD, 0),
        late=_count(due.filter(next_attempt_at__lte=now - LATE)),
        nobody_to_tell=_count(unreached()),
        flagged_endpoints=_count(Endpoint.objects.filter(flagged_at__isnull=False)),
        failing_channels=tuple(
            ChannelHealth.objects.filter(failing_since__isnull=False)
            .order_by("channel")
            .values_list("channel", flat=True)
        ),
        oldest_due_seconds=_age_of_oldest(due, now),
        stuck_seconds=_age_of_oldest(works, now),
        last_dispatch=last_dispatch(),
    )


def _struggling() -> Q:
    return Q(endpoint__consecutive_failures__gte=FAILING_FROM) | Q(endpoint__last_duration_ms__gte=SLOW_FROM_MS)


def _count(rows: QuerySet) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()


def _age_of_oldest(due: QuerySet[Delivery], now: datetime) -> float:
    oldest = due.aggregate(at=Min("next_attempt_at"))["at"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def last_dispatch() -> datetime | None:
    """When any dispatcher last gave a sign of life."""
    return DispatchBeat.objects.order_by("-at").values_list("at", flat=True).first()


def inbox_of(user) -> QuerySet[InboxItem]:
    """What this user was told, newest first."""
    return InboxItem.objects.filter(user=user)


def unread_count(user, *, most: int = MOST_COUNTED) -> int:
    """For the bell, counted to ``most``; an index scan of the unread alone."""
    return InboxItem.objects.filter(user=user, read_at=None).order_by()[:most].count()
