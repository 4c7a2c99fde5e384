"""The page after signing in: what is late, due and waiting, each a link to its queue, and that the clock runs."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from referrals.admin import queues
from referrals.admin.counting import count_up_to, in_words
from referrals.admin.incoming import tabs
from referrals.admin.wording import day_and_time
from referrals.models import Coordinator
from refloop_site import pulse

# queue, what the card says, what it means when it is empty
CARDS = (
    ("mine", "Mine", "Open referrals you own or cover"),
    ("overdue", "Overdue", "Past a deadline of their stage"),
    ("unrouted", "To route", "No specialist found: choose one"),
    ("unreconciled", "To reconcile", "A note is here; tie it to its visit"),
    ("undelivered", "To deliver", "Our note is reconciled; see that the referrer has it"),
    ("note_pending", "Note pending", "Seen, and the note is not back"),
    ("cancelling", "Cancelling", "Waiting for the specialist to confirm"),
)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the cards and the clock to the index page. Every count stops at 100."""
    now = timezone.now()
    context["title"] = "Today"
    if request.user.has_perm("referrals.view_referral"):
        context["cards"] = [*_mine_first(request, now), *_queues(request, now)]
        context["may_capture"] = request.user.has_perm("referrals.capture_referral")
        context["is_coordinator"] = Coordinator.objects.filter(user=request.user).exists()
    reading = pulse.recent()
    if request.user.has_perm("referrals.view_incomingdocument"):
        context["cards"] = [*context.get("cards", []), _documents()]
    if not reading.problems(now):  # the banner tells them
        context["clock_seen"] = day_and_time(reading.clock.sweep_at)
    context["has_work"] = bool(context.get("cards"))
    return context


def _address(query: str) -> str:
    return f"{reverse('admin:referrals_referral_changelist')}?{query}"


def _documents() -> dict[str, Any]:
    waiting = tabs.rows_of(tabs.REVIEW)
    href = reverse("admin:referrals_incomingdocument_changelist")
    card = _card("Documents to review", "RefLoop is not certain whose they are", waiting, "")
    return card | {"href": href}


def _mine_first(request: HttpRequest, now) -> list[dict[str, Any]]:
    late = queues.rows_of(queues.MY_OVERDUE, user=request.user, now=now)
    due_today = queues.rows_of(queues.MY_TODAY, user=request.user, now=now)
    return [
        _card("My overdue", "Act on these first", late, f"queue={queues.MY_OVERDUE}", tone="late"),
        _card("Mine due today", "Somebody is told at the deadline", due_today, f"queue={queues.MY_TODAY}", tone="soon"),
    ]


def _queues(request: HttpRequest, now) -> list[dict[str, Any]]:
    return [
        _card(label, says, queues.rows_of(key, user=request.user, now=now), f"queue={key}")
        for key, label, says in CARDS
    ]


def _card(label: str, says: str, rows, query: str, tone: str = "") -> dict[str, Any]:
    count = count_up_to(rows, queues.MOST_SHOWN)
    words = in_words(count, queues.MOST_SHOWN)
    return {"label": label, "says": says, "count": words, "href": _address(query), "tone": tone if count else ""}
