"""Everything one referral's page shows, in a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from referrals.actions.incoming import PERMISSION as REVIEWING
from referrals.admin import wording
from referrals.admin.actions.registry import LEADING, STEPS
from referrals.admin.referral import timeline
from referrals.admin.referral.escalation import escalation_of
from referrals.admin.referral.loop import loop_of
from referrals.admin.referral.matched import Key, line_for, matches
from referrals.admin.referral.told import messages_of
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action, Status
from referrals.models import Document, Referral

EVENTS_SHOWN = 200
LEADERS = 4
Matches = dict[Key, dict[str, Any]]


def referral_view(model_admin, request: HttpRequest, object_id: str) -> HttpResponse:
    if not object_id.isdigit():
        raise Http404
    referral = model_admin.get_queryset(request).select_related("encounter__provider").filter(pk=object_id).first()
    if referral is None:
        raise Http404
    now, matched = wording.now(), matches(request, referral)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": referral.number,
        "subtitle": None,
        "opts": model_admin.opts,
        "referral": referral,
        "original": referral,
        "has_add_permission": False,
        "status_badge": wording.status_badge(referral.status),
        "priority_badge": wording.priority_badge(referral),
        "specialist": wording.specialist_of(referral),
        "loop": loop_of(referral),
        "next_step": wording.step_for(referral, now, when_awake=True),
        "escalation": escalation_of(referral, now),
        "due": wording.due_for(referral, now),
        "age": wording.age_for(referral, now),
        **_actions(request, referral, now),
        **_routing(referral),
        **_records(request, referral, matched),
        **messages_of(request, referral),
        **_events(referral, matched),
    }
    return TemplateResponse(request, "admin/referrals/referral/page.html", context)


def _actions(request: HttpRequest, referral: Referral, now: datetime) -> dict[str, Any]:
    """The buttons: the likely next ones, the others, and apart those that end or take back something."""
    allowed = guards.allowed_actions(referral, Actor.staff(request.user), now=now)
    # Possible, but not what the referral waits for: another visit or another specialist once seen or chosen.
    aside = {Action.MARK_SEEN, Action.BOOK, Action.NO_SHOW, Action.DECLINE} if referral.seen_at else set()
    if referral.delivered_at:
        aside.add(Action.ACKNOWLEDGE)
    if referral.receiving_office_id:
        aside.add(Action.ROUTE)
    leading = [action for action in LEADING if action in allowed and action not in aside][:LEADERS]
    rest = [action for action in allowed if action not in leading]
    return {
        "leading": [_button(referral, action) for action in leading],
        "others": [_button(referral, action) for action in rest if not STEPS[action].is_final],
        "finals": [_button(referral, action) for action in rest if STEPS[action].is_final],
        "may_route": Action.ROUTE in allowed,
        "route_href": _href(referral, Action.ROUTE),
        "assign_href": _href(referral, Action.ASSIGN) if Action.ASSIGN in allowed else "",
        "snooze_href": _href(referral, Action.SNOOZE) if Action.SNOOZE in allowed else "",
        "wake_href": _href(referral, Action.WAKE) if Action.WAKE in allowed else "",
        "nudge_href": _href(referral, Action.NUDGE) if Action.NUDGE in allowed else "",
        "edit_href": _href(referral, Action.UPDATE_DETAILS) if Action.UPDATE_DETAILS in allowed else "",
    }


def _button(referral: Referral, action: str) -> dict[str, str]:
    label = Action(action).label
    if action == Action.BOOK and referral.status in (Status.SEEN, Status.NOTE_RETURNED):
        label = "Book follow-up"
    return {"label": label, "href": _href(referral, action), "explains": STEPS[action].explains}


def _href(referral: Referral, action: str) -> str:
    return reverse("admin:referrals_referral_act", kwargs={"pk": referral.pk, "action": str(action)})


def _routing(referral: Referral) -> dict[str, Any]:
    decision = referral.routing_decisions.select_related("office", "provider").first()
    chosen = (decision.office_id, decision.provider_id) if decision else None
    others = [
        candidate | {"why": " · ".join(candidate["reasons"])}
        for candidate in (decision.candidates if decision else [])
        if (candidate["office_id"], candidate["provider_id"]) != chosen
    ]
    return {
        "decision": decision,
        "decided_why": " · ".join(decision.reasons) if decision else "",
        "alternatives": others[:4],
        "exclusions": list(referral.exclusions.select_related("office", "provider")),
    }


def _records(request: HttpRequest, referral: Referral, matched: Matches) -> dict[str, Any]:
    documents = referral.documents.select_related("author", "author_office").prefetch_related("versions")
    reconciliations = referral.reconciliations.select_related(
        "encounter__provider", "encounter__office", "version__document"
    )
    return {
        "appointments": list(referral.appointments.select_related("office", "provider").order_by("-starts_at", "-pk")),
        "contacts": list(referral.contact_attempts.order_by("-at", "-pk")[:20]),
        "documents": [
            {
                "document": document,
                "refile": _refile_address(document) if request.user.has_perm(REVIEWING) else "",
                "versions": [
                    {"row": version, "match": matched.get((document.pk, version.number))}
                    for version in sorted(document.versions.all(), key=lambda version: -version.number)
                ],
            }
            for document in documents.order_by("-created_at", "-pk")
        ],
        "may_download": request.user.has_perm("referrals.view_document"),
        "reconciliations": list(reconciliations),
        "siblings": list(
            Referral.objects.filter(patient=referral.patient_id)
            .exclude(pk=referral.pk)
            .select_related("specialty")
            .order_by("-captured_at")[:5]
        ),
    }


def _refile_address(document: Document) -> str:
    """Where the document is filed as another kind; empty for one that was taken off or taken back."""
    if document.status in (Document.Status.DETACHED, Document.Status.RETRACTED):
        return ""
    return reverse("admin:referrals_referral_refile", kwargs={"pk": document.referral_id, "document": document.pk})


def _events(referral: Referral, matched: Matches) -> dict[str, Any]:
    rows = list(referral.events.order_by("-version")[: EVENTS_SHOWN + 1])
    first = rows[-1] if rows and rows[-1].kind == "captured" else None
    duplicates = first.data.get("likely_duplicates", []) if first and referral.is_open else []
    return {
        "events": [
            {
                "told": timeline.told(event),
                "detail": timeline.detail(event),
                "extras": [*timeline.extras(event), line_for(event.data, matched)],
                "who": event.actor_label,
                "kind": event.actor_kind,
                "at": wording.day_and_time(event.at),
                "moved": Status(event.to_status).label if event.to_status != event.from_status else "",
            }
            for event in rows[:EVENTS_SHOWN]
        ],
        "more_events": len(rows) > EVENTS_SHOWN,
        "duplicates": [
            {"number": other.number, "href": wording.page_of(other)}
            for other in (Referral.objects.filter(number__in=duplicates) if duplicates else ())
        ],
        "warnings": first.data.get("warnings", []) if first and referral.is_open else [],
    }
