"""Create, list and read referrals."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from referrals import selectors
from referrals.api.allowed import referral_address
from referrals.api.filters import REFERRAL_PARAMETERS, ReferralFilters
from referrals.api.inputs.capture import NewReferralSerializer, ask_from
from referrals.api.outputs.referrals import (
    CapturedReferralSerializer,
    ReferralPageSerializer,
    ReferralSerializer,
    referral_for,
    row_for,
)
from referrals.api.pagination import CURSOR_PARAMETER, LIMIT_PARAMETER, page_of
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.capture.create import Captured, capture
from referrals.capture.duplicates import asked_before_by
from referrals.capture.receipts import LONGEST_KEY
from referrals.errors import IdempotencyConflict, InvalidInput
from referrals.models import RecordRead, Referral
from referrals.practice.calendar import practice_calendar

ORDERINGS = [f"{sign}{name}" for name in ("captured_at", "changed_at", "next_escalation_at") for sign in ("-", "")]
_ORDERING = OpenApiParameter(
    "ordering",
    {"type": "string", "enum": ORDERINGS, "default": "-captured_at"},
    description="A minus sign: newest first. Ended referrals have no next_escalation_at and are left out of that one.",
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Yours, best a UUID. A repeat with the same content gets the first answer; other content is a 409.",
)
_REPLAYED = OpenApiParameter(
    "Idempotent-Replayed", str, OpenApiParameter.HEADER, response=[200], description="true: it existed already."
)
_LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="Of the referral.")


class ReferralsView(OfficeView):
    reads = RecordRead.What.LIST
    operations = {
        "GET": Operation(
            id="referrals_list",
            tag="Capture",
            summary="List referrals",
            description="The referrals your office is a party to, in either role, newest first, in cursor pages.",
            gives={200: ReferralPageSerializer},
            refuses=(400,),
            parameters=(*REFERRAL_PARAMETERS, _ORDERING, LIMIT_PARAMETER, CURSOR_PARAMETER),
        ),
        "POST": Operation(
            id="referrals_create",
            tag="Capture",
            summary="Create a referral",
            description="Captures it, gives it a number and an owner, and routes it. Sending it again with the same "
            "`Idempotency-Key`, or the same `external_id`, gives the first answer again (200, `Idempotent-Replayed: "
            "true`) and makes nothing. `warnings` are for people; a likely duplicate is captured all the same.",
            takes=NewReferralSerializer,
            gives={201: CapturedReferralSerializer, 200: CapturedReferralSerializer},
            notes={201: "Captured.", 200: "It had been captured before; this is what was answered then."},
            refuses=(409,),
            parameters=(_KEY, _REPLAYED, _LOCATION),
        ),
    }

    def get(self, request: Request) -> Response:
        filters = ReferralFilters(request.query_params, queryset=self.visible(), request=request)
        errors = dict(filters.errors)
        ordering = request.query_params.get("ordering", "-captured_at")
        if ordering not in ORDERINGS:
            errors["ordering"] = [f"Choose one of {', '.join(ORDERINGS)}."]
        if errors:
            raise InvalidInput([(name, " ".join(map(str, messages))) for name, messages in errors.items()])
        rows = filters.qs
        if "next_escalation_at" in ordering:
            rows = rows.filter(next_escalation_at__isnull=False)
        shown, following = page_of(rows, request, ordering=ordering)
        results = [row_for(self.viewer, referral) for referral in shown]
        return self.answer(ReferralPageSerializer, {"results": results, "next": following})

    def post(self, request: Request) -> Response:
        ask = ask_from(self.validated(NewReferralSerializer), caller=self.viewer.office)
        key = _key_of(request)
        with transaction.atomic():  # the answer is kept with the referral, or neither
            captured = capture(ask=ask, actor=self.actor, now=timezone.now(), idempotency_key=key)
            body = self._body(captured)
        location = {"Location": referral_address(captured.referral.number)}
        if captured.created:
            return Response(body, status=201, headers=location)
        return Response(body, headers=location | {"Idempotent-Replayed": "true"})

    def _body(self, captured: Captured) -> dict[str, Any]:
        """The first answer to the letter. One given to another office is not repeated: each sees its own side."""
        office = self.viewer.office.pk
        if not captured.created and captured.first_answer and captured.first_answer.get("office") == office:
            return captured.first_answer["body"]
        if not captured.created and not self.viewer.roles_on(captured.referral):
            raise IdempotencyConflict("This order was recorded before, by another office. Ask the referring office.")
        # A group office that recorded a referral routed to another office is no party; it sees what it just sent.
        referral = selectors.with_parties(Referral.objects.select_related("encounter")).get(pk=captured.referral.pk)
        values = referral_for(self.viewer, referral, now=timezone.now()) | {"warnings": self._warnings(captured)}
        body = CapturedReferralSerializer(values).data
        for receipt in captured.receipts:
            receipt.answer = {"office": office, "body": body}
            receipt.save(update_fields=["answer"])
        return body

    def _warnings(self, captured: Captured) -> list[dict[str, Any]]:
        """Likely duplicates, and what identifiers showed; the latter only to the group.

        An outside office hears of what it asked twice itself, never of what a linked record holds: otherwise a pair of
        creates would tell it whether two people are one, or whether somebody is known here at all."""
        found = captured.duplicates
        if not self.viewer.is_group:
            found = asked_before_by(self.viewer.office, captured.referral) if captured.created else []
        duplicates = [
            {
                "code": "likely_duplicate",
                "message": f"{other.number} of {practice_calendar().local_date(other.captured_at)} asks the same for this patient.",
                "referral": other.number,
            }
            for other in found
            if self.viewer.roles_on(other)
        ]
        identity = captured.warnings if self.viewer.is_group else []
        return duplicates + [{"code": "identity", "message": text, "referral": None} for text in identity]


class ReferralView(OfficeView):
    reads = RecordRead.What.REFERRAL
    operations = {
        "GET": Operation(
            id="referrals_read",
            tag="Capture",
            summary="Read a referral",
            description="Everything your office may know, with the timeline and `allowed_actions`: what you can do now "
            "and where to send it. The body of each action is described at its address here.",
            gives={200: ReferralSerializer},
            refuses=(404,),
        )
    }

    def get(self, request: Request, number: str) -> Response:
        return self.answer(
            ReferralSerializer, referral_for(self.viewer, self.party_referral(number), now=timezone.now())
        )


def _key_of(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if "Idempotency-Key" in request.headers and not (0 < len(key) <= LONGEST_KEY):
        raise InvalidInput([("Idempotency-Key", f"Give 1 to {LONGEST_KEY} characters; a UUID is best.")])
    if any(not "!" <= character <= "~" for character in key):
        raise InvalidInput([("Idempotency-Key", "Use letters, digits and signs of ASCII, without spaces.")])
    return key
