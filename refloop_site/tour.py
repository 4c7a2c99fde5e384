"""The short tour on somebody's first sign-in: what to show whom, and that it was taken."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from referrals.models import TourTaken

TAKEN = "tour-taken"  # in the session, so that only a first page asks the database


@dataclass(frozen=True)
class Stop:
    """``points_at`` is a selector of what is meant; when the page lacks it the words stand alone."""

    title: str
    says: str
    points_at: str = ""
    permission: str = ""


STOPS = (
    Stop(
        "Welcome to RefLoop",
        "RefLoop follows every referral until the specialist's note is back, and tells somebody when one stands still. "
        "Six short stops show where your work is. The arrow keys move on, Escape ends the tour.",
    ),
    Stop(
        "Today",
        "Begin here. Each number is a list: what is overdue, due today, waits for others. One click opens it.",
        "#nav-sidebar a[href='/admin/']",
    ),
    Stop(
        "Your referrals",
        "Each row says what to do next, in words, and by when. Search finds a referral by number, name, birth date or "
        "phone, as people say them to you.",
        "#nav-sidebar a[href*='queue=mine']",
        "referrals.view_referral",
    ),
    Stop(
        "One referral",
        "Its page shows how far the loop is, who waits for whom, and a button for each thing you may do. Whatever you do is "
        "kept in its timeline, and the other office is told.",
        "#nav-sidebar a[href$='/referral/']",
        "referrals.view_referral",
    ),
    Stop(
        "Documents to review",
        "Faxes and notes that RefLoop could not match for certain wait here for a person to look. It never guesses whose "
        "they are.",
        "#nav-sidebar a[href*='/incomingdocument/']",
        "referrals.view_incomingdocument",
    ),
    Stop(
        "Your inbox",
        "The bell counts what you have not read: nudges about your referrals, and messages to you.",
        ".rl-bell",
    ),
    Stop(
        "That is all",
        "Nothing you see here is lost by trying: what cannot be undone asks first. The tour is in your menu, under your "
        "name, as “Show me around”.",
        ".rl-userbutton",
    ),
)


def stops_for(request: HttpRequest) -> list[Stop]:
    return [stop for stop in STOPS if not stop.permission or request.user.has_perm(stop.permission)]


def is_due(request: HttpRequest) -> bool:
    """Whether the tour begins by itself: until it was taken or waved away once."""
    if request.session.get(TAKEN):
        return False
    taken = TourTaken.objects.filter(user=request.user).exists()
    if taken:
        request.session[TAKEN] = True
    return not taken


@require_POST
def taken_view(request: HttpRequest) -> HttpResponse:
    """The person took it, or waved it away."""
    TourTaken.objects.get_or_create(user=request.user, defaults={"at": timezone.now()})
    request.session[TAKEN] = True
    return HttpResponse(status=204)
