"""The pages people work on, by name: for the screenshots and for the accessibility check."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Min
from django.urls import reverse

from notifications.models import Delivery
from referrals.models import Coordinator, EscalationPolicy, IncomingDocument, Patient, Referral
from reporting.models import PeriodClose


def _list(model: str, query: str = "", app: str = "referrals") -> Callable[[], str]:
    return lambda: reverse(f"admin:{app}_{model}_changelist") + query


def _row(rows: Any, app: str = "referrals", page: str = "change") -> Callable[[], str]:
    """The page of the first row; empty when there is none."""

    def address() -> str:
        row = rows().first()
        return reverse(f"admin:{app}_{row._meta.model_name}_{page}", args=(row.pk,)) if row else ""

    return address


def _busiest() -> Any:
    return Referral.objects.filter(ended_at=None, status="note_returned").order_by("-version")


def _report(view: str, query: str = "") -> Callable[[], str]:
    """A page of reports about all referrals there are; empty when there are none."""

    def address() -> str:
        days = Referral.objects.aggregate(first=Min("captured_at"), last=Max("captured_at"))
        if days["first"] is None:
            return ""
        period = {"period": "days", "from": days["first"].date(), "to": days["last"].date(), "year": days["last"].year}
        return f"{reverse(view)}?{urlencode(period)}{query}"

    return address


def _closed_month() -> str:
    closed = PeriodClose.objects.first()
    return reverse("reports-month", args=(closed.key,)) if closed else ""


# The eight pages people are on all day: no fault of WCAG level A or AA on any of them (test_accessible.py).
MAIN: dict[str, Callable[[], str]] = {
    "home": lambda: reverse("admin:index"),
    "worklist": _list("referral"),
    "referral": _row(_busiest),
    "review-queue": _list("incomingdocument"),
    "inbox": _list("inboxitem", app="notifications"),
    "policies": _list("escalationpolicy"),
    "staff": _row(lambda: Coordinator.objects.filter(active=True, absences__isnull=False)),
    "patient": _row(lambda: Patient.objects.filter(referrals__isnull=False).order_by("-pk")),
}
MORE: dict[str, Callable[[], str]] = {
    "policy": _row(lambda: EscalationPolicy.objects.filter(stage="unscheduled", priority="")),
    "which-policy": lambda: reverse("admin:referrals_escalationpolicy_which"),
    "coordinators": _list("coordinator"),
    "patients": _list("patient"),
    "capture": lambda: reverse("admin:referrals_referral_add"),
    "review": _row(lambda: IncomingDocument.objects.filter(state="review")),
    "upload": lambda: reverse("admin:referrals_incomingdocument_add"),
    "offices": _list("office"),
    "providers": _list("provider"),
    "closed-days": _list("closure"),
    "ending-reasons": _list("endingreason"),
    "tokens": _list("officetoken"),
    "given-up": _list("delivery", "?status__exact=dead", "notifications"),
    "delivery": _row(lambda: Delivery.objects.filter(status="dead"), "notifications"),
    "deliveries": _list("delivery", app="notifications"),
    "messages": _list("message", app="notifications"),
    "endpoints": _list("endpoint", app="notifications"),
    "reading-log": _list("recordread"),
    "billing": lambda: reverse("billing", args=("ready",)),
    "clockwork": lambda: reverse("clockwork"),
    "sign-ins": _list("user", app="auth"),
    "password": lambda: reverse("admin:password_change"),
    "not-found": lambda: "/admin/referrals/referral/99999999/change/",
}
REPORTS: dict[str, Callable[[], str]] = {
    "reports": _report("reports"),
    "reports-time": _report("reports-time"),
    "reports-breakdown": _report("reports-parts"),
    "reports-scorecards": _report("reports-people"),
    "reports-behind": _report("reports-referrals", "&figure=open"),
    "reports-months": lambda: reverse("reports-months"),
    "reports-month": _closed_month,
    "reports-cms50": _report("reports-cms50", "&show=all"),
}
SIGNED_OUT: dict[str, Callable[[], str]] = {
    "sign-in": lambda: reverse("admin:login"),
    "lost": lambda: "/nowhere/",
}
