"""The admin's name, colours and sidebar."""

from django.templatetags.static import static
from django.urls import reverse_lazy


def _link(title: str, icon: str, view: str, permission: str) -> dict:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{view}"),
        "permission": lambda request: request.user.has_perm(permission),
    }


UNFOLD = {
    "SITE_TITLE": "RefLoop",
    "SITE_HEADER": "RefLoop",
    "SITE_SUBHEADER": "Closed-loop referrals",
    "SITE_SYMBOL": "sync_alt",
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [lambda request: static("refloop_site/refloop.css")],
    "BORDER_RADIUS": "8px",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [],
    },
}
