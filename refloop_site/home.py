"""The page after signing in: what do I do now, how is the team, and how well do we close our loops."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from notifications import selectors as messages
from referrals import selectors
from referrals.admin import queues
from referrals.admin.counting import counts_up_to, in_words
from referrals.admin.incoming import tabs as documents
from referrals.admin.queues import Desk
from referrals.admin.referral.rows import rows_of
from referrals.admin.referral.worklist import desk_of
from referrals.admin.wording import local, now
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Absence, Referral
from refloop_site import loop_health, pulse, team
from reporting.dashboard.standings import badge_of
from reporting.measures.words import band_in_words

FIRST = 5  # rows under "Next"
WORKLIST = "admin:referrals_referral_changelist"
INBOX = "admin:notifications_inboxitem_changelist"
DOCUMENTS = "admin:referrals_incomingdocument_changelist"

# queue, label, what it asks of its reader, tone when it is not empty
MINE = (
    (queues.MY_OVERDUE, "My overdue", "Act on these first", "late"),
    (queues.MY_TODAY, "Due today", "Before somebody is told", "soon"),
    (queues.MY_WAITING, "Waiting on others", "On time, not your move", ""),
)
OURS = (
    (queues.OVERDUE, "Overdue, all", "Past a deadline of their stage", "late"),
    (queues.TODAY, "Due today, all", "Before somebody is told", "soon"),
)
SHARED = (("unrouted", "To route", "No specialist yet: choose", ""),)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Everything the index page shows. No count reads further than queues.MOST_SHOWN rows."""
    at, user = now(), request.user
    context["title"] = "Today"
    context["greeting"], context["today"] = _greeting(user, at), local(at)
    if user.has_perm("referrals.view_referral"):
        context |= _work(request, at)
    else:
        context["tiles"] = _tiles(request, at, Desk(None), is_lead=False)
    reading = pulse.recent()
    if not reading.problems(at):  # the banner tells them
        context["clock_seen"] = reading.clock.sweep_at
    context["has_work"] = bool(context["tiles"])
    return context


def _work(request: HttpRequest, at: datetime) -> dict[str, Any]:
    user, desk, absences = request.user, desk_of(request), team.absences_on(at)
    is_lead = team.may_see(user)
    may_work = user.has_perm(STAFF_PERMISSION[Action.LOG_CONTACT])
    tiles = _tiles(request, at, desk, is_lead=is_lead)
    return {
        "shows_referrals": True,
        "may_capture": user.has_perm("referrals.capture_referral"),
        "desk": desk,
        "tiles": tiles,
        "covers": _covers(desk, absences),
        "own_absence": _own_absence(desk, absences),
        "loads": team.loads(absences, now=at) if is_lead else [],
        "next": rows_of(_next(desk, at), now=at, may_work=may_work),
        "next_is_mine": desk.person is not None,
        "next_href": f"{reverse(WORKLIST)}?queue={queues.MINE if desk.person else queues.OPEN_QUEUE}",
        "health": _health(at),
    }


def _greeting(user, at: datetime) -> str:
    hour = local(at).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
    name = user.first_name or user.get_username()
    return f"Good {part}, {name}"


def _tiles(request: HttpRequest, at: datetime, desk: Desk, *, is_lead: bool) -> list[dict[str, Any]]:
    """The counts, each with the list that holds exactly what it counts (one query for all)."""
    user, lists, shown = request.user, {}, []
    if user.has_perm("referrals.view_referral"):
        own = (*MINE,) if desk.person else ()
        for key, label, says, tone in (*OURS, *own, *SHARED) if is_lead or not own else (*own, *SHARED):
            lists[key] = queues.rows_of(key, desk=desk, now=at)
            shown.append((key, label, says, tone, f"{reverse(WORKLIST)}?queue={key}"))
    if user.has_perm("referrals.view_incomingdocument"):
        lists["documents"] = documents.rows_of(documents.REVIEW)
        shown.append(("documents", "Documents to review", "Whose are they?", "", reverse(DOCUMENTS)))
    if shown:
        lists["unread"] = messages.inbox_of(user).filter(read_at=None)
        shown.append(("unread", "Unread nudges", "What RefLoop told you", "", f"{reverse(INBOX)}?read_at__isempty=1"))
    counts = counts_up_to(lists, queues.MOST_SHOWN)
    return [
        {
            "key": key,
            "label": label,
            "says": says,
            "count": in_words(counts[key], queues.MOST_SHOWN),
            "href": href,
            "tone": tone if counts[key] else "",
            "is_zero": not counts[key],
        }
        for key, label, says, tone, href in shown
    ]


def _next(desk: Desk, at: datetime) -> list[Referral]:
    """What to do first: of one's own, or of everybody's for whoever owns nothing; late longest on top, none asleep."""
    rows = Referral.objects.filter(queues.awake(at), ended_at__isnull=True)
    if desk.person is not None:
        rows = rows.filter(desk.mine)
    late_first = (F("overdue_since").asc(nulls_last=True), "next_escalation_at", "pk")
    return list(selectors.with_parties(rows).prefetch_related("contact_attempts").order_by(*late_first)[:FIRST])


def _covers(desk: Desk, absences: list[Absence]) -> list[dict[str, Any]]:
    """For whom one stands in, and until when."""
    return [
        {
            "name": absence.coordinator.name,
            "until": absence.ends_on,
            "href": f"{reverse(WORKLIST)}?queue=open&owner__id__exact={absence.coordinator_id}",
        }
        for absence in _one_each(absences)
        if absence.coordinator_id in desk.covered
    ]


def _own_absence(desk: Desk, absences: list[Absence]) -> dict[str, Any] | None:
    for absence in _one_each(absences):
        if desk.person is not None and absence.coordinator_id == desk.person.pk:
            return {"until": absence.ends_on, "cover": absence.cover}
    return None


def _one_each(absences: list[Absence]) -> list[Absence]:
    return list({absence.coordinator_id: absence for absence in reversed(absences)}.values())


def _health(at: datetime) -> dict[str, Any]:
    health = loop_health.recent(at)
    names = loop_health.age_names()
    longest = max(health.longest, 1)
    return {
        "open": health.open,
        "ages": names,
        "bars": [
            {
                "label": bar.label,
                "count": bar.count,
                "href": f"{reverse(WORKLIST)}?queue={bar.key}",
                "parts": [
                    {"name": name, "count": count, "percent": f"{count / longest * 100:.2f}"}
                    for name, count in zip(names, bar.ages, strict=True)
                ],
            }
            for bar in health.bars
        ],
        "month": health.month,
        "month_before": health.month_before,
        "captured": health.captured,
        "measures": [
            {
                "name": measured.measure.name,
                "text": measured.text,
                "target": band_in_words(measured.measure.unit, measured.target),
                "before": before.text,
                "standing": badge_of(before),
                "definition": measured.measure.definition,
            }
            for measured, before in zip(health.measures, health.before, strict=True)
        ],
    }
