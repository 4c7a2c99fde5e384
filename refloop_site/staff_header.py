"""What every page of the workspace shows its reader: whether the clock runs, and how much is unread."""

from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import selectors
from refloop_site import pulse, tour
from refloop_site.pulse import Problem

MOST_SHOWN = 99


class StaffHeader:
    """Asked by templates; costs nothing on a page that does not ask, one indexed count on one that does."""

    def __init__(self, request: HttpRequest):
        self._request = request
        self._user = getattr(request, "user", None)

    @property
    def shown(self) -> bool:
        return self._user is not None and self._user.is_active and self._user.is_staff

    @cached_property
    def unread(self) -> int:
        return selectors.unread_count(self._user, most=MOST_SHOWN + 1)

    @property
    def unread_words(self) -> str:
        """``7``, or ``99+``."""
        return f"{MOST_SHOWN}+" if self.unread > MOST_SHOWN else str(self.unread)

    @cached_property
    def tour(self) -> list[tour.Stop]:
        return tour.stops_for(self._request)

    @cached_property
    def tour_is_due(self) -> bool:
        return tour.is_due(self._request)

    @cached_property
    def problems(self) -> list[Problem]:
        now: datetime = timezone.now()
        return pulse.recent().problems(now)


def staff_header(request: HttpRequest) -> dict[str, StaffHeader]:
    """Context processor."""
    return {"staff_header": StaffHeader(request)}


@never_cache
@require_safe
def unread(request: HttpRequest) -> JsonResponse:
    """The bell's number, which an open page asks for each minute."""
    header = StaffHeader(request)
    return JsonResponse({"count": header.unread, "words": header.unread_words})
