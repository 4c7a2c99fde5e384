"""The packet of a referral, to print or fax: opened in the browser, kept by nobody."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referrals.admin import wording
from referrals.lifecycle.actor import Actor
from referrals.packet.contents import sheet_of
from referrals.packet.draw import cover_sheet

logger = logging.getLogger("refloop.referrals")


def packet_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    return _packet(request, model_admin, pk)


@require_safe
def _packet(request: HttpRequest, model_admin, pk: int) -> HttpResponse:
    referral = model_admin.get_queryset(request).filter(pk=pk).first()
    if referral is None:
        raise Http404
    sheet = sheet_of(referral, reader=Actor.staff(request.user), now=wording.now())
    response = HttpResponse(cover_sheet(sheet), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{referral.number}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # The browser's own viewer shows it; the admin's policy allows no such object.
    response["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    logger.info("packet handed out", extra={"referral": referral.number, "user_id": request.user.pk})
    return response
