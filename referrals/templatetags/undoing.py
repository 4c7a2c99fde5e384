"""The Undo beside the message of a step, on whichever page it is shown: ``{% with undo=message.extra_tags|undo_offered %}``."""

import re

from django import template
from django.urls import reverse

from referrals.admin.referral.undo import UNDO

register = template.Library()


@register.filter
def undo_offered(tags: str | None) -> dict[str, str] | None:
    """{href, version} of what the tags of a message offer to undo (referral.undo.undo_tag); None without an offer."""
    found = re.search(rf"\b{UNDO}-(\d+)-(\d+)\b", tags or "")
    if found is None:
        return None
    return {"href": reverse("admin:referrals_referral_undo", kwargs={"pk": int(found[1])}), "version": found[2]}
