"""The admin's name, colours and sidebar. A section shows only what its reader may open."""

from django.templatetags.static import static
from django.urls import reverse_lazy


def _link(title: str, icon: str, view: str, permission: str, query: str = "") -> dict:
    address = reverse_lazy(view)
    return {
        "title": title,
        "icon": icon,
        "link": (lambda request: f"{address}{query}") if query else address,
        "permission": lambda request: request.user.has_perm(permission),
    }


def _list(title: str, icon: str, model: str, app: str = "referrals") -> dict:
    return _link(title, icon, f"admin:{app}_{model}_changelist", f"{app}.view_{model}")


def _queue(title: str, icon: str, key: str) -> dict:
    link = _link(title, icon, "admin:referrals_referral_changelist", "referrals.view_referral", f"?queue={key}")
    # Several links lead to the one list: the queue in the address says which of them is open.
    return link | {"active": lambda request: _is_worklist(request) and request.GET.get("queue", "open") == key}


def _billing(title: str, icon: str, key: str, permission: str) -> dict:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy("billing", args=(key,)),
        "permission": lambda request: request.user.has_perm(permission),
    }


def _is_worklist(request) -> bool:
    return (
        request.resolver_match is not None and request.resolver_match.view_name == "admin:referrals_referral_changelist"
    )


DOCUMENTS = "Documents to review"
NAVIGATION = [
    {
        "title": "Work",
        "items": [
            {"title": "Today", "icon": "today", "link": reverse_lazy("admin:index")},
            _queue("My referrals", "person_check", "mine"),
            _queue("Overdue", "alarm", "overdue"),
            _queue("Snoozed", "snooze", "snoozed"),
            _queue("To route", "alt_route", "unrouted"),
            _queue("To reconcile", "join_inner", "unreconciled"),
            _queue("To deliver", "outgoing_mail", "undelivered"),
            _list(DOCUMENTS, "rule_folder", "incomingdocument"),
            _queue("All open referrals", "sync_alt", "open"),
            _link("Add referral", "add_circle", "admin:referrals_referral_add", "referrals.capture_referral"),
            _list("Patients", "personal_injury", "patient"),
            _list("My inbox", "inbox", "inboxitem", "notifications"),
        ],
    },
    {
        "title": "Reports",
        "separator": True,
        "items": [
            _link("Figures", "monitoring", "reports", "reporting.view_reportsettings"),
        ],
    },
    {
        "title": "Billing",
        "separator": True,
        "items": [
            _billing("Ready to bill", "receipt_long", "ready", "referrals.view_encounter"),
            _billing("Seen, no note", "hourglass_top", "waiting", "referrals.view_referral"),
            _billing("Notes without a visit", "link_off", "notes", "referrals.view_referral"),
        ],
    },
    {
        "title": "Directory",
        "separator": True,
        "items": [
            _list("Offices", "home_health", "office"),
            _list("Providers", "stethoscope", "provider"),
            _list("Specialties", "cardiology", "specialty"),
            _list("Payers", "shield", "payer"),
        ],
    },
    {
        "title": "Team",
        "separator": True,
        "items": [
            _list("Coordinators", "groups", "coordinator"),
            _list("Sign-ins", "badge", "user", "auth"),
            _list("Roles", "key", "group", "auth"),
        ],
    },
    {
        "title": "Set-up",
        "separator": True,
        "items": [
            _list("Escalation policies", "notifications_active", "escalationpolicy"),
            _list("Closed days", "event_busy", "closure"),
            _list("Ending reasons", "rule", "endingreason"),
            _list("Office tokens", "vpn_key", "officetoken"),
        ],
    },
    {
        "title": "What reports assume",
        "separator": True,
        "collapsible": True,
        "items": [
            _list("Leakage and value", "tune", "reportsettings", "reporting"),
            _list("Values of services", "attach_money", "servicevalue", "reporting"),
            _list("Minutes of chasing", "more_time", "chaseminutes", "reporting"),
            _list("Our targets", "target", "target", "reporting"),
        ],
    },
    {
        "title": "Messages",
        "separator": True,
        "collapsible": True,
        "items": [
            _list("Deliveries", "outgoing_mail", "delivery", "notifications"),
            _list("Messages", "mail", "message", "notifications"),
            _list("Recipients", "contact_mail", "recipient", "notifications"),
            _list("Endpoints", "webhook", "endpoint", "notifications"),
        ],
    },
    {
        "title": "Records",
        "separator": True,
        "collapsible": True,
        "items": [
            _list("Events", "history", "referralevent"),
            _list("Escalations", "campaign", "escalationfiring"),
            _list("Routing decisions", "route", "routingdecision"),
            _list("Declined by", "block", "routingexclusion"),
            _list("Appointments", "event", "appointment"),
            _list("Contact attempts", "call", "contactattempt"),
            _list("Documents", "description", "document"),
            _list("Encounters", "clinical_notes", "encounter"),
            _list("Reconciliations", "handshake", "reconciliation"),
            _list("Reading log", "visibility", "recordread"),
        ],
    },
    {
        "title": "System",
        "separator": True,
        "collapsible": True,
        "items": [
            _link("Clockwork", "timer", "clockwork", "referrals.view_heartbeat"),
            _list("Deadline reviews", "update", "deadlinereview"),
            _list("Schedules", "schedule", "schedule", "django_q"),
            _list("Waiting tasks", "pending", "ormq", "django_q"),
            _list("Failed tasks", "error", "failure", "django_q"),
            _list("Finished tasks", "check_circle", "success", "django_q"),
            _list("Blocked sign-ins", "lock", "accessattempt", "axes"),
            _list("Sign-in log", "login", "accesslog", "axes"),
        ],
    },
]

UNFOLD = {
    "SITE_TITLE": "RefLoop",
    "SITE_HEADER": "RefLoop",
    "SITE_SUBHEADER": "Closed-loop referrals",
    "SITE_SYMBOL": "sync_alt",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("refloop_site/favicon.svg")},
    ],
    "STYLES": [lambda request: static("refloop_site/refloop.css")],
    "BORDER_RADIUS": "8px",
    # Calm teal: red and amber are kept for what is late.
    "COLORS": {
        "primary": {
            "50": "oklch(97.8% .014 190)",
            "100": "oklch(94.5% .036 190)",
            "200": "oklch(89% .065 190)",
            "300": "oklch(81% .095 190)",
            "400": "oklch(71% .11 190)",
            "500": "oklch(61% .105 192)",
            "600": "oklch(50% .09 194)",
            "700": "oklch(43.5% .078 196)",
            "800": "oklch(37.5% .064 198)",
            "900": "oklch(33% .052 200)",
            "950": "oklch(24% .04 202)",
        },
    },
    "DASHBOARD_CALLBACK": "refloop_site.home.dashboard",
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "refloop_site.sidebar.navigation"},
}
