"""Everything one referral's page shows, in a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from referrals.actions.incoming import PERMISSION as REVIEWING
from referrals.admin import wording
from referrals.admin.actions.leading import MOST, likely_first
from referrals.admin.actions.registry import STEPS
from referrals.admin.referral.escalation import escalation_of
from referrals.admin.referral.loop import loop_of
from referrals.admin.referral.matched import Key, matches
from referrals.admin.referral.standing import standing_of
from referrals.admin.referral.stream import stream_of
from referrals.admin.referral.told import MOST_SHOWN, all_messages_of, messages_of
from referrals.admin.referral.undo import undo_offer
from referrals.lifecycle import guards
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.reaching import TRIES_BEFORE_LETTER
from referrals.lifecycle.states import Action, Status
from referrals.models import Appointment, Document, DocumentVersion, Referral, ReferralEvent
from referrals.routing.candidates import why_nobody
from referrals.selectors import last_declines

ALTERNATIVES = 4
_TAKE_BACK = {True: "Take back no-show", False: "Take back acceptance"}
_VISITS = Appointment.objects.select_related("office", "provider").order_by("-starts_at", "-pk")
# What the page links to by name, where the step may be taken.
_LINKS = {
    "attach": Action.ATTACH_NOTE,
    "contact": Action.LOG_CONTACT,
    "assign": Action.ASSIGN,
    "snooze": Action.SNOOZE,
    "wake": Action.WAKE,
    "nudge": Action.NUDGE,
    "edit": Action.UPDATE_DETAILS,
}
Matches = dict[Key, dict[str, Any]]


def referral_view(model_admin, request: HttpRequest, object_id: str) -> HttpResponse:
    if not object_id.isdigit():
        raise Http404
    referral = model_admin.get_queryset(request).select_related("encounter__provider").filter(pk=object_id).first()
    if referral is None:
        raise Http404
    prefetch_related_objects([referral], Prefetch("appointments", _VISITS))
    now, matched = wording.now(), matches(request, referral)
    due, actor, messages = wording.due_for(referral, now), Actor.staff(request.user), messages_of(request, referral)
    stream = stream_of(request, referral, matched, messages)
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
        "loop": loop_of(referral, due),
        "next_step": wording.step_for(
            referral, now, when_awake=True, declined_by=last_declines([referral]).get(referral.pk, "")
        ),
        "standing": standing_of(referral, due, now),
        "escalation": escalation_of(referral, now),
        "due": due,
        "age": wording.age_for(referral, now),
        **_actions(actor, referral, now),
        **_routing(referral, was_declined=stream["was_declined"]),
        **_records(request, referral, matched),
        **stream,
        **_beginning(referral, stream["first_event"]),
        "undelivered": sum(row["trouble"] for row in messages or ()),
        "all_messages": all_messages_of(referral) if len(messages or ()) >= MOST_SHOWN else "",
        "undo": undo_offer(referral, stream["newest_event"], actor, now),
    }
    return TemplateResponse(request, "admin/referrals/referral/page.html", context)


def _actions(actor: Actor, referral: Referral, now: datetime) -> dict[str, Any]:
    """The buttons: the likely next ones, the others, and apart those that end or take back something."""
    allowed = guards.allowed_actions(referral, actor, now=now)
    likely = likely_first(referral, wording.reach_of(referral), now)
    leading = [action for action in likely if action in allowed][:MOST]
    rest = [action for action in allowed if action not in leading]
    return {
        "leading": [_button(referral, action) for action in leading],
        "others": [_button(referral, action) for action in rest if not STEPS[action].is_final],
        "finals": [_button(referral, action) for action in rest if STEPS[action].is_final],
        "unreachable": _unreachable(referral, allowed),
        "may_route": Action.ROUTE in allowed,
        "route_at_once": Action.ROUTE in allowed and referral.status in (Status.RECEIVED, Status.ROUTED),
        "route_href": wording.step_of(referral, Action.ROUTE),
        **{f"{name}_href": wording.step_of(referral, step) if step in allowed else "" for name, step in _LINKS.items()},
    }


def _unreachable(referral: Referral, allowed: list[str]) -> dict[str, Any] | None:
    """After enough failed tries: the letter, then the end, one click each. None while there is hope."""
    patient = wording.reach_of(referral)
    if not patient.unreachable or Action.LOG_CONTACT not in allowed or referral.seen_at is not None:
        return None
    letter = f"{wording.step_of(referral, Action.LOG_CONTACT)}?channel=letter&outcome=sent"
    lost = f"{wording.step_of(referral, Action.MARK_LOST)}?reason_code=unreachable"
    return {
        "tries": patient.tries,
        "letter_at": patient.letter_at,
        "letter_href": "" if patient.letter_at else letter,
        "lost_href": lost if Action.MARK_LOST in allowed else "",
        "enough": TRIES_BEFORE_LETTER,
    }


def _button(referral: Referral, action: str) -> dict[str, str]:
    label = Action(action).label
    if action == Action.TAKE_BACK:
        label = "Not seen after all" if referral.seen_at else _TAKE_BACK[referral.appointment_status == "noshow"]
    if action == Action.BOOK and referral.status in (Status.SEEN, Status.NOTE_RETURNED):
        label = "Book follow-up"
    return {"label": label, "href": wording.step_of(referral, action), "explains": STEPS[action].explains}


def _routing(referral: Referral, *, was_declined: bool) -> dict[str, Any]:
    decision = referral.routing_decisions.select_related("office", "provider").first()
    chosen = (decision.office_id, decision.provider_id) if decision else None
    others = [
        candidate
        | {"why": " · ".join(candidate["reasons"]), "key": f"{candidate['office_id']}:{candidate['provider_id']}"}
        for candidate in (decision.candidates if decision else [])
        if (candidate["office_id"], candidate["provider_id"]) != chosen
    ]
    return {
        "decision": decision,
        "decided_why": " · ".join(decision.reasons) if decision else "",
        "alternatives": others[:ALTERNATIVES],
        "nobody_because": why_nobody(decision.funnel) if decision and not decision.office_id else "",
        "exclusions": list(referral.exclusions.select_related("office", "provider")) if was_declined else [],
    }


def _records(request: HttpRequest, referral: Referral, matched: Matches) -> dict[str, Any]:
    reconciliations = referral.reconciliations.select_related(
        "encounter__provider", "encounter__office", "version__document"
    )
    return {
        "appointments": list(referral.appointments.all()),
        "documents": _documents(request, referral, matched),
        "may_download": request.user.has_perm("referrals.view_document"),
        "reconciliations": list(reconciliations),
        "siblings": list(
            Referral.objects.filter(patient=referral.patient_id)
            .exclude(pk=referral.pk)
            .select_related("specialty")
            .order_by("-captured_at")[:5]
        ),
    }


def _documents(request: HttpRequest, referral: Referral, matched: Matches) -> list[dict[str, Any]]:
    """The latest first, each with its versions, the latest first."""
    may_refile = request.user.has_perm(REVIEWING)
    versions = DocumentVersion.objects.filter(document__referral=referral)
    found: dict[int, dict[str, Any]] = {}
    for version in versions.select_related("document__author", "document__author_office").order_by(
        "-document__created_at", "-document_id", "-number"
    ):
        document = version.document
        offered = {"refile": _refile_address(document), "unretract": _unretract_address(document)} if may_refile else {}
        row = found.setdefault(document.pk, {"document": document, "versions": []} | offered)
        row["versions"].append({"row": version, "match": matched.get((document.pk, version.number))})
    return list(found.values())


def _refile_address(document: Document) -> str:
    """Where the document is filed as another kind; empty for one that was taken off or taken back."""
    if document.status in (Document.Status.DETACHED, Document.Status.RETRACTED):
        return ""
    return reverse("admin:referrals_referral_refile", kwargs={"pk": document.referral_id, "document": document.pk})


def _unretract_address(document: Document) -> str:
    """Where a retraction is taken back; empty for a document that was not retracted."""
    if document.status != Document.Status.RETRACTED:
        return ""
    return reverse("admin:referrals_referral_unretract", kwargs={"pk": document.referral_id, "document": document.pk})


def _beginning(referral: Referral, captured: ReferralEvent | None) -> dict[str, Any]:
    """What capture warned of, while the referral is open."""
    data = captured.data if captured is not None and referral.is_open else {}
    duplicates = data.get("likely_duplicates", [])
    return {
        "duplicates": [
            {"number": other.number, "href": wording.page_of(other)}
            for other in (Referral.objects.filter(number__in=duplicates) if duplicates else ())
        ],
        "warnings": data.get("warnings", []),
    }
