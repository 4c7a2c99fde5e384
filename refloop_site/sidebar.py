"""The sidebar of one request: what stands in navigation.py, and what needs attention with its numbers."""

from typing import Any

from django.http import HttpRequest

from referrals.admin.counting import in_words
from refloop_site import pulse
from refloop_site.navigation import DOCUMENTS, NAVIGATION
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
    work = NAVIGATION[0] | {"items": [_with_count(item) for item in NAVIGATION[0]["items"]]}
    attention = {"title": "Needs attention", "separator": True, "items": items}
    return [work, attention, *NAVIGATION[1:]]


def _with_count(item: dict[str, Any]) -> dict[str, Any]:
    """The entry of the documents in review carries their number."""
    return item | _badge(pulse.recent().documents.in_review) if item["title"] == DOCUMENTS else item


def _badge(count: int) -> dict[str, str]:
    return {"badge": in_words(min(count, MOST_SHOWN + 1), MOST_SHOWN)} if count else {}
