"""How documents came onto a referral by themselves or from the review queue: the evidence, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from referrals.admin import wording
from referrals.admin.incoming.page import PERMISSION, undo_address
from referrals.models import MatchDecision, Referral

MOST = 50
Key = tuple[int, int]  # document, number of the version: as events name them


def matches(request: HttpRequest, referral: Referral) -> dict[Key, dict[str, Any]]:
    """The latest decision about each version that came in from outside. One query."""
    may_undo = request.user.has_perm(PERMISSION)
    rows = MatchDecision.objects.filter(referral=referral, version__isnull=False).select_related("version")
    found: dict[Key, dict[str, Any]] = {}
    for row in rows[:MOST]:
        found.setdefault((row.version.document_id, row.version.number), _told(row, referral, may_undo))
    return found


def line_for(event_data: dict[str, Any], matched: dict[Key, dict[str, Any]]) -> str:
    """What the timeline adds to the event that put a version on the referral; empty for every other event."""
    told = matched.get((event_data.get("document"), event_data.get("version")))
    if told is None or "filename" not in event_data:
        return ""
    return f"{told['how']}: {', '.join(told['evidence'])}" if told["evidence"] else told["how"]


def _told(row: MatchDecision, referral: Referral, may_undo: bool) -> dict[str, Any]:
    undo = f"{undo_address(row)}?{urlencode({'next': wording.page_of(referral)})}"
    return {
        "how": "Matched automatically" if row.automatic else f"Matched by {row.decided_by}",
        "evidence": row.evidence,
        "against": row.against,
        "document": row.document_id,
        "undone": f"by {row.undone_by}, {wording.day(row.undone_at)}: {row.undone_reason}" if row.undone_at else "",
        "undo": undo if may_undo and row.can_be_undone else "",
    }
