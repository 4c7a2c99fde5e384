"""What was sent to an endpoint: list, look, send again."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from notifications import selectors
from notifications.models import Delivery
from referrals import office_endpoints
from referrals.api.inputs.endpoints import NothingSerializer
from referrals.api.outputs.endpoints import (
    DeliveryPageSerializer,
    DeliverySerializer,
    DeliveryWithAttemptsSerializer,
    delivery_for,
    delivery_with_tries,
)
from referrals.api.pagination import CURSOR_PARAMETER, LIMIT_PARAMETER, page_of
from referrals.api.schema import Operation
from referrals.api.views.endpoints import ENDPOINT_ID, EndpointsOfOffice
from referrals.errors import InvalidInput

_STATUS = OpenApiParameter("status", {"type": "string", "enum": Delivery.Status.values}, description="Only these.")
_DELIVERY_ID = OpenApiParameter("delivery_id", str, OpenApiParameter.PATH, description="The `webhook-id`, msg_….")


class DeliveriesView(EndpointsOfOffice):
    operations: ClassVar = {
        "GET": Operation(
            id="deliveries_list",
            tag="Be told",
            summary="List deliveries",
            description="What was sent to the endpoint or waits to be, newest first, in cursor pages.",
            gives={200: DeliveryPageSerializer},
            refuses=(400, 404),
            parameters=(ENDPOINT_ID, _STATUS, LIMIT_PARAMETER, CURSOR_PARAMETER),
        )
    }

    def get(self, request: Request, endpoint_id: int) -> Response:
        rows = selectors.deliveries_to(self.endpoint(endpoint_id))
        if status := request.query_params.get("status", ""):
            if status not in Delivery.Status.values:
                raise InvalidInput([("status", f"Choose one of: {', '.join(Delivery.Status.values)}.")])
            rows = rows.filter(status=status)
        shown, following = page_of(rows, request, ordering="-created_at")
        results = [delivery_for(delivery) for delivery in shown]
        return self.answer(DeliveryPageSerializer, {"results": results, "next": following})


class DeliveryView(EndpointsOfOffice):
    operations: ClassVar = {
        "GET": Operation(
            id="deliveries_read",
            tag="Be told",
            summary="Read a delivery",
            description="How it fared, with each try.",
            gives={200: DeliveryWithAttemptsSerializer},
            refuses=(404,),
            parameters=(ENDPOINT_ID, _DELIVERY_ID),
        )
    }

    def get(self, request: Request, endpoint_id: int, delivery_id: str) -> Response:
        delivery = office_endpoints.delivery_of(self.endpoint(endpoint_id), delivery_id)
        return self.answer(DeliveryWithAttemptsSerializer, delivery_with_tries(delivery))


class ResendDeliveryView(EndpointsOfOffice):
    operations: ClassVar = {
        "POST": Operation(
            id="deliveries_resend",
            tag="Be told",
            summary="Send a delivery again",
            description="One that was given up or cancelled, under the same id. Another state is a 409 `conflict`.",
            takes=NothingSerializer,
            gives={200: DeliverySerializer},
            refuses=(403, 404, 409),
            parameters=(ENDPOINT_ID, _DELIVERY_ID),
        )
    }

    def post(self, request: Request, endpoint_id: int, delivery_id: str) -> Response:
        delivery = office_endpoints.delivery_of(self.endpoint(endpoint_id), delivery_id)
        self.validated(NothingSerializer)
        queued = office_endpoints.resend(delivery=delivery, now=timezone.now())
        queued.message = delivery.message
        return self.answer(DeliverySerializer, delivery_for(queued))
