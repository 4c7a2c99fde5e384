"""The event feed."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from referrals import feed, selectors
from referrals.api.outputs.events import EventPageSerializer, event_for
from referrals.api.pagination import LIMIT_PARAMETER, limit_of
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.models import RecordRead


class EventsView(OfficeView):
    reads = RecordRead.What.FEED
    operations = {
        "GET": Operation(
            id="events_list",
            tag="Follow",
            summary="What happened since",
            description="Every event of your referrals once, in an order that hides none. Keep `next_cursor` and send "
            "it as `after` next time; begin without it. Ask again at once while `more` is true, else after a minute "
            "or so. An office that receives reads a referral's events from the moment it was sent there; when it declines or "
            "the referral is sent elsewhere, the last it reads of it is `left`.",
            gives={200: EventPageSerializer},
            refuses=(400,),
            parameters=(
                OpenApiParameter(
                    "after", str, description="`next_cursor` of the page before; left out: from the start."
                ),
                LIMIT_PARAMETER,
            ),
        )
    }

    def get(self, request: Request) -> Response:
        page = feed.page_after(
            selectors.events_visible_to(self.viewer.office),
            request.query_params.get("after", ""),
            reader=str(self.viewer.office.pk),
            limit=limit_of(request),
        )
        specialists = selectors.specialists_then(page.events)
        events = [event_for(self.viewer, e, e.referral, specialist=specialists[e.pk]) for e in page.events]
        return self.answer(EventPageSerializer, {"events": events, "next_cursor": page.next_cursor, "more": page.more})
