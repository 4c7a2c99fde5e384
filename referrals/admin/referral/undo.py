"""One click back, right after a step: shown on the referral to whoever took it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from referrals.actions.undoing import undo_last, undo_of
from referrals.admin import wording
from referrals.admin.referral.timeline import told
from referrals.errors import IllegalMove, InvalidInput, NotPermitted, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Referral, ReferralEvent

STEP, UNDO = "step", "undo"


def undo_offer(referral: Referral, event: ReferralEvent | None, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """{told, at, does, href} of the person's last step; None when it is not theirs, too old or cannot be undone."""
    found = undo_of(referral, event, actor, now=now)
    if found is None:
        return None
    undo, step = found
    href = reverse("admin:referrals_referral_undo", kwargs={"pk": referral.pk})
    return {"told": told(step), "at": step.at, "does": undo.does, "href": href}


def undo_tag(referral: Referral, actor: Actor, now: datetime) -> str:
    """Marks the message of a step that was just taken, so that its Undo stands beside it: ``step undo-7-12`` for the
    referral 7 in version 12, ``step`` when it cannot be undone."""
    after = Referral.objects.get(pk=referral.pk)
    found = undo_of(after, after.events.order_by("version").last(), actor, now=now)
    return f"{STEP} {UNDO}-{after.pk}-{after.version}" if found else STEP


def about(words: str, referral: Referral) -> str:
    """``words`` and whom they are about, for a list that shows many; the referral's own page leaves that out."""
    where = wording.page_of(referral)
    return format_html(
        '{}<span class="rl-about"> <a href="{}">{}, {}</a></span>', words, where, referral.patient, referral.number
    )


def undo_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """POST: undo the last step, if it still is the one the person saw, and go back to where they saw it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(STAFF_PERMISSION[Action.TAKE_BACK]):
        raise PermissionDenied
    referral = get_object_or_404(Referral, pk=pk)
    seen = request.POST.get("expected_version", "")
    try:
        after = undo_last(
            referral=referral,
            actor=Actor.staff(request.user),
            now=wording.now(),
            expected_version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        )
    except StaleVersion as error:
        later = referral.events.filter(version__gt=error.expected).order_by("version")[:5]
        done = "; ".join(f"{event.actor_label}: {told(event)}" for event in later)
        messages.warning(request, f"Not undone, because meanwhile: {done or 'the referral changed'}.")
    except (InvalidInput, IllegalMove) as error:
        messages.warning(request, error.plain)
    except NotPermitted:
        raise PermissionDenied from None
    else:
        messages.success(request, about(f"Undone. The referral is {after.get_status_display().lower()}.", after))
    return redirect(_seen_on(request) or wording.page_of(referral))


def _seen_on(request: HttpRequest) -> str:
    """The page of the workspace the Undo stood on, such as a list; empty for another."""
    asked = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(reverse("admin:index"))
    return asked if is_ours else ""
