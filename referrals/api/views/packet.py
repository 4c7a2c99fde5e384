"""The packet of a referral as a file to print or fax."""

import logging

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.models import RecordRead
from referrals.packet.contents import sheet_of
from referrals.packet.draw import cover_sheet

logger = logging.getLogger("refloop.api")


class PacketView(OfficeView):
    reads = RecordRead.What.PACKET
    operations = {
        "GET": Operation(
            id="packet_read",
            tag="Note",
            summary="Download the packet",
            description="A PDF cover sheet to print or fax ahead of your records or your note: who, to whom, what is "
            "asked, and the referral number in print and as a QR code. RefLoop reads both on a fax that comes back, so "
            "what follows finds its referral. Made fresh at each call. It changes nothing.",
            gives={(200, "application/pdf"): OpenApiTypes.BINARY},
            notes={200: "The PDF, as an attachment."},
            refuses=(404,),
        )
    }

    def get(self, request: Request, number: str) -> HttpResponse:
        referral = self.party_referral(number)
        sheet = sheet_of(referral, reader=self.actor, now=timezone.now())
        response = HttpResponse(cover_sheet(sheet), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{referral.number}.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        logger.info("packet handed out", extra={"referral": referral.number, "office_id": self.viewer.office.pk})
        return response
