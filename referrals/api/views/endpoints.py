"""An office's own endpoints: list, add, read, change, rotate the secret, test."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.models import Endpoint
from referrals import office_endpoints
from referrals.api.inputs.endpoints import (
    EndpointChangesSerializer,
    NewEndpointSerializer,
    NothingSerializer,
    RotateSecretSerializer,
)
from referrals.api.outputs.endpoints import (
    DeliverySerializer,
    EndpointListSerializer,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    ResentSerializer,
    delivery_for,
    endpoint_address,
    endpoints_for,
)
from referrals.api.schema import Operation
from referrals.api.throttling import EndpointThrottle, TokenThrottle
from referrals.api.views.office_view import OfficeView
from referrals.errors import NotPermitted

ENDPOINT_ID = OpenApiParameter("endpoint_id", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Id of yours.")
_LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="Of the endpoint.")


class EndpointsOfOffice(OfficeView):
    """Finds endpoints of the caller's office. Any token may read; changing takes one that manages endpoints."""

    throttle_classes: ClassVar[list] = [TokenThrottle, EndpointThrottle]

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in self.operations and request.method != "GET" and not request.auth.manages_endpoints:
            raise NotPermitted(
                "This token may read endpoints, not change them. Ask the group's staff for one that may manage endpoints."
            )

    @property
    def by(self) -> str:
        """How notices name the caller."""
        return f"the token {self.request.auth}"

    def endpoint(self, pk: int) -> Endpoint:
        return office_endpoints.endpoint_of(self.viewer.office, pk)

    def shown(self, endpoint: Endpoint, *, secret: str = "", **response) -> Response:
        """The endpoint as it is now; with the secret where one was made. Never kept by a cache."""
        fresh = self.endpoint(endpoint.pk)
        values = endpoints_for([fresh], now=timezone.now())[0] | {"secret": secret}
        answer = self.answer(
            EndpointWithSecretSerializer if secret or response else EndpointSerializer, values, **response
        )
        answer["Cache-Control"] = "no-store"
        return answer


class EndpointsView(EndpointsOfOffice):
    operations: ClassVar = {
        "GET": Operation(
            id="endpoints_list",
            tag="Be told",
            summary="List your endpoints",
            description="Every address your office is told at, webhooks and e-mail, those switched off too.",
            gives={200: EndpointListSerializer},
        ),
        "POST": Operation(
            id="endpoints_create",
            tag="Be told",
            summary="Add an endpoint",
            description="A webhook (or an e-mail address) that is told from now on. The answer holds the webhook's "
            "`secret`, this once. A webhook's address must be https and public. The managers of the group and your "
            "other endpoints are told of it.",
            takes=NewEndpointSerializer,
            gives={201: EndpointWithSecretSerializer},
            refuses=(403,),
            parameters=(_LOCATION,),
        ),
    }

    def get(self, request: Request) -> Response:
        found = office_endpoints.endpoints_of(self.viewer.office)
        return self.answer(EndpointListSerializer, {"results": endpoints_for(found, now=timezone.now())})

    def post(self, request: Request) -> Response:
        values = self.validated(NewEndpointSerializer)
        added = office_endpoints.add(office=self.viewer.office, by=self.by, now=timezone.now(), **values)
        location = {"Location": endpoint_address(added.endpoint.pk)}
        return self.shown(added.endpoint, secret=added.secret, status=201, headers=location)


class EndpointView(EndpointsOfOffice):
    http_method_names: ClassVar[list[str]] = ["get", "head", "patch"]
    operations: ClassVar = {
        "GET": Operation(
            id="endpoints_read",
            tag="Be told",
            summary="Read an endpoint",
            description="How it is doing: `state`, the last `problem`, what waits and what was given up.",
            gives={200: EndpointSerializer},
            refuses=(404,),
            parameters=(ENDPOINT_ID,),
        ),
        "PATCH": Operation(
            id="endpoints_change",
            tag="Be told",
            summary="Change an endpoint",
            description="Send only what is to change. Endpoints are never deleted, so that nobody loses sight of what "
            "was sent: switch one off with `active: false`. Told like an addition.",
            takes=EndpointChangesSerializer,
            gives={200: EndpointSerializer},
            refuses=(403, 404),
            parameters=(ENDPOINT_ID,),
        ),
    }

    def get(self, request: Request, endpoint_id: int) -> Response:
        return self.shown(self.endpoint(endpoint_id))

    def patch(self, request: Request, endpoint_id: int) -> Response:
        endpoint = self.endpoint(endpoint_id)
        values = self.validated(EndpointChangesSerializer)
        return self.shown(office_endpoints.change(endpoint=endpoint, by=self.by, now=timezone.now(), **values))


class RotateSecretView(EndpointsOfOffice):
    operations: ClassVar = {
        "POST": Operation(
            id="endpoints_rotate_secret",
            tag="Be told",
            summary="Rotate the secret",
            description="Makes a new secret, shown in this answer alone. Both sign for seven days; send `leaked: true` "
            "and the old one ends at once. Told like an addition.",
            takes=RotateSecretSerializer,
            gives={200: EndpointWithSecretSerializer},
            refuses=(403, 404),
            parameters=(ENDPOINT_ID,),
        )
    }

    def post(self, request: Request, endpoint_id: int) -> Response:
        endpoint = self.endpoint(endpoint_id)
        values = self.validated(RotateSecretSerializer)
        secret = office_endpoints.rotate_secret(endpoint=endpoint, by=self.by, now=timezone.now(), **values)
        return self.shown(endpoint, secret=secret)


class TestEndpointView(EndpointsOfOffice):
    operations: ClassVar = {
        "POST": Operation(
            id="endpoints_test",
            tag="Be told",
            summary="Send a test message",
            description="Queues `endpoint.test` for this endpoint alone, without patient data. Look at the delivery's "
            "`href` a few seconds later to see how it went.",
            takes=NothingSerializer,
            gives={201: DeliverySerializer},
            refuses=(403, 404, 409),
            parameters=(ENDPOINT_ID,),
        )
    }

    def post(self, request: Request, endpoint_id: int) -> Response:
        endpoint = self.endpoint(endpoint_id)
        self.validated(NothingSerializer)
        delivery = office_endpoints.send_test(endpoint=endpoint, now=timezone.now())
        return self.answer(DeliverySerializer, delivery_for(delivery), status=201)


class ResendGivenUpView(EndpointsOfOffice):
    operations: ClassVar = {
        "POST": Operation(
            id="endpoints_resend",
            tag="Be told",
            summary="Send everything given up again",
            description="After an outage of yours: queues all that was given up, each under its old id.",
            takes=NothingSerializer,
            gives={200: ResentSerializer},
            refuses=(403, 404, 409),
            parameters=(ENDPOINT_ID,),
        )
    }

    def post(self, request: Request, endpoint_id: int) -> Response:
        endpoint = self.endpoint(endpoint_id)
        self.validated(NothingSerializer)
        queued = office_endpoints.resend_all(endpoint=endpoint, now=timezone.now())
        return self.answer(ResentSerializer, {"queued": queued})
