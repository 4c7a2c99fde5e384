"""The sidebar of one request: what stands in navigation.py, and what needs attention with its numbers."""

from typing import Any

from django.http import HttpRequest

from referrals.admin.counting import in_words
from refloop_site import pulse
from refloop_site.navigation import NAVIGATION
from refloop_site.troubles import TROUBLES, counts

MOST_SHOWN = 99


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Work first, then what needs attention, then the rest."""
    many = counts(pulse.recent())
    items = [
        {
            "title": trouble.label,
            "icon": trouble.icon,
            "link": trouble.address,
            "active": trouble.is_open(request),
            "permission": lambda request, permission=trouble.permission: request.user.has_perm(permission),
        }
        | _badge(many[trouble.key])
        for trouble in TROUBLES
    ]
    attention = {"title": "Needs attention", "separator": True, "items": items}
    return [NAVIGATION[0], attention, *NAVIGATION[1:]]


def _badge(count: int) -> dict[str, str]:
    return {"badge": in_words(min(count, MOST_SHOWN + 1), MOST_SHOWN)} if count else {}
