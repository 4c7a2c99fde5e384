"""Documents that come in without a referral: stored at once, read and matched afterwards."""

from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.inputs.incoming import IncomingUploadSerializer
from referrals.api.outputs.incoming import IncomingDocumentSerializer, incoming_address, incoming_for
from referrals.api.parsing import FORM_OVERHEAD, BodyTooLarge, BoundedMultiPartParser
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import NotFound
from referrals.intake.arrivals import Sender, take_in
from referrals.models import Arrival

HL7, FHIR = Arrival.Source.HL7, Arrival.Source.FHIR
# Media types taken as they are, as the whole body, and what they make the arrival.
RAW: dict[str, str] = {
    "application/hl7-v2": HL7,
    "x-application/hl7-v2+er7": HL7,
    "application/fhir+json": FHIR,
    "application/fhir+xml": FHIR,
    "application/json": FHIR,
    "application/xml": Arrival.Source.API,
    "application/pdf": Arrival.Source.API,
    "application/octet-stream": Arrival.Source.API,
    "image/png": Arrival.Source.API,
    "image/tiff": Arrival.Source.API,
    "image/jpeg": Arrival.Source.API,
    "text/plain": Arrival.Source.API,
}
_ID = OpenApiParameter("arrival_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Id of the arrival.")
_SOURCE_ID = OpenApiParameter(
    "source_id", {"type": "string", "maxLength": 120}, description="Your own id of it, when it is the whole body."
)
_LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[200, 202], description="Of the arrival."
)


class RawParser(BaseParser):
    """The body's bytes, bounded. Raises BodyTooLarge."""

    def parse(self, stream, media_type=None, parser_context=None) -> bytes:
        content = stream.read(settings.DOCUMENT_MAX_BYTES + 1)
        if len(content) > settings.DOCUMENT_MAX_BYTES:
            raise BodyTooLarge(f"A document may have {settings.DOCUMENT_MAX_BYTES // 1024**2} MB.")
        return content


def _parser_of(media: str) -> type[RawParser]:
    return type("RawParser", (RawParser,), {"media_type": media})


class IncomingDocumentsView(OfficeView):
    parser_classes: ClassVar = [BoundedMultiPartParser, *map(_parser_of, RAW)]
    operations: ClassVar = {
        "POST": Operation(
            id="incoming_documents_create",
            tag="Note",
            summary="Send a document without naming its referral",
            description="For interface engines: a note as HL7 v2 (MDM, ORU), FHIR (DocumentReference, DiagnosticReport, "
            "Composition, Bundle), C-CDA, PDF or an image, as the whole body or as a form. It is stored before "
            "the answer and read afterwards; RefLoop finds the referral by what the document says, and asks its staff "
            "when that is not certain. The same bytes again give the first "
            "arrival, whatever their `source_id`; other bytes under a `source_id` used before are another arrival, which "
            "staff look at. When you know the referral, use its `documents/` instead: nothing has to be found out then.",
            takes={"multipart/form-data": IncomingUploadSerializer} | dict.fromkeys(RAW, OpenApiTypes.BINARY),
            gives={202: IncomingDocumentSerializer},
            notes={202: "Stored; it will be read."},
            parameters=(_SOURCE_ID, _LOCATION),
        )
    }

    @property
    def largest_body(self) -> int:
        return settings.DOCUMENT_MAX_BYTES + FORM_OVERHEAD

    def post(self, request: Request) -> Response:
        media = (request.content_type or "").partition(";")[0].strip().lower()
        source_id = request.query_params.get("source_id", "")[:120]
        if media in RAW:
            source, upload, name = RAW[media], bytes(request.data), "document"
        else:
            values: dict[str, Any] = self.validated(IncomingUploadSerializer)
            source, upload, name = Arrival.Source.API, values["file"], values["file"].name
            source_id = values.get("source_id", source_id)
        office = self.viewer.office
        sender = Sender(source, f"office:{office.pk}", office.name, office)
        arrival = take_in(upload, filename=name, sender=sender, now=timezone.now(), source_id=source_id).arrival
        return self.answer(
            IncomingDocumentSerializer,
            incoming_for(arrival, office),
            status=202,
            headers={"Location": incoming_address(arrival.public_id)},
        )


class IncomingDocumentView(OfficeView):
    operations: ClassVar = {
        "GET": Operation(
            id="incoming_documents_read",
            tag="Note",
            summary="Read what became of a document",
            description="`attached` and the referral's number once it is on a referral of yours.",
            gives={200: IncomingDocumentSerializer},
            refuses=(404,),
            parameters=(_ID,),
        )
    }

    def get(self, request: Request, arrival_id: str) -> Response:
        office = self.viewer.office
        found = Arrival.objects.filter(office=office, public_id=arrival_id).select_related("document").first()
        if found is None:
            raise NotFound("No such document of yours.")
        return self.answer(IncomingDocumentSerializer, incoming_for(found, office))
