"""Documents that come in without a referral: stored at once, read and matched afterwards."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from referrals.api.inputs.incoming import IncomingUploadSerializer
from referrals.api.outputs import hl7_ack
from referrals.api.outputs.fhir_outcome import FHIR_JSON, FHIR_XML, operation_outcome
from referrals.api.outputs.incoming import IncomingDocumentSerializer, incoming_address, incoming_for
from referrals.api.parsing import FORM_OVERHEAD, BodyTooLarge, BoundedMultiPartParser
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import NotFound
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.parsers.v2.tokens import Segment
from referrals.intake.sniffing import DOCX, HL7_V2
from referrals.models import Arrival, IncomingDocument

HL7, FHIR = Arrival.Source.HL7, Arrival.Source.FHIR
# Media types taken as they are, as the whole body, and what they make the arrival.
RAW: dict[str, str] = {
    "application/hl7-v2": HL7,
    "x-application/hl7-v2+er7": HL7,
    "application/fhir+json": FHIR,
    "application/fhir+xml": FHIR,
    "application/json": FHIR,
    "application/fhir+ndjson": FHIR,
    "application/hl7-v2+xml": HL7,
    "application/xml": Arrival.Source.API,
    "text/xml": Arrival.Source.API,
    "application/cda+xml": Arrival.Source.API,
    "text/html": Arrival.Source.API,
    "application/rtf": Arrival.Source.API,
    "text/rtf": Arrival.Source.API,
    "application/zip": Arrival.Source.API,
    "message/rfc822": Arrival.Source.API,
    DOCX: Arrival.Source.API,
    "application/pdf": Arrival.Source.API,
    "application/octet-stream": Arrival.Source.API,
    "image/png": Arrival.Source.API,
    "image/tiff": Arrival.Source.API,
    "image/jpeg": Arrival.Source.API,
    "text/plain": Arrival.Source.API,
}
REFUSALS = (400, 401, 413, 429)
_ID = OpenApiParameter("arrival_id", OpenApiTypes.STR, OpenApiParameter.PATH, description="Id of the arrival.")
_SOURCE_ID = OpenApiParameter(
    "source_id", {"type": "string", "maxLength": 120}, description="Your own id of it, when it is the whole body."
)
_LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[200, 201, 202], description="Of the arrival."
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
    header: Segment | None = None  # of the HL7 v2 message in the body, or its batch, once it was read
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
            "staff look at. When you know the referral, use its `documents/` instead: nothing has to be found out then.\n\n"
            "Whoever posts `application/hl7-v2` (and does not ask for JSON in `Accept`), or asks for it, gets an HL7 v2 "
            "ACK: MSA-1 is `AA` when the bytes were stored, also on a repeat; `AE` when they were stored but are no HL7 v2 "
            "message; `AR` when they were not stored, with the reason in MSA-3 and ERR-8 and the status of the problem. "
            "MSA-2 is MSH-10, which with MSH-3 and MSH-4 is also the `source_id` when you give none. A batch is acknowledged by "
            "its own id (FHS-11 or BHS-11); several messages without one get an ACK each, in their order. Whoever posts "
            "`application/fhir+json` or `+xml` gets 201, and an OperationOutcome for a problem.",
            takes={"multipart/form-data": IncomingUploadSerializer} | dict.fromkeys(RAW, OpenApiTypes.BINARY),
            gives={
                202: IncomingDocumentSerializer,
                201: IncomingDocumentSerializer,
                **dict.fromkeys([(200, media) for media in hl7_ack.ER7], OpenApiTypes.BINARY),
                **dict.fromkeys([(code, hl7_ack.ER7[0]) for code in REFUSALS], OpenApiTypes.BINARY),
                **dict.fromkeys([(code, FHIR_JSON) for code in REFUSALS], OpenApiTypes.OBJECT),
                **dict.fromkeys([(code, FHIR_XML) for code in REFUSALS], OpenApiTypes.BINARY),
            },
            notes={202: "Stored; it will be read.", 201: "Stored, of a sender of FHIR.", 200: "An HL7 v2 ACK."},
            parameters=(_SOURCE_ID, _LOCATION),
        )
    }

    @property
    def largest_body(self) -> int:
        return settings.DOCUMENT_MAX_BYTES + FORM_OVERHEAD

    def post(self, request: Request) -> HttpResponseBase:
        media = _media_of(request)
        source_id = request.query_params.get("source_id", "")[:120]
        if media in RAW:
            source, upload, name = RAW[media], bytes(request.data), "document"
        else:
            values: dict[str, Any] = self.validated(IncomingUploadSerializer)
            source, upload, name = Arrival.Source.API, values["file"], values["file"].name
            source_id = values.get("source_id", source_id)
        if source == HL7:
            self.header = hl7_ack.header_in(upload)
            source_id = source_id or _id_of(self.header, upload)
        office = self.viewer.office
        sender = Sender(source, f"office:{office.pk}", office.name, office)
        arrived = take_in(upload, filename=name, sender=sender, now=timezone.now(), source_id=source_id)
        address = {"Location": incoming_address(arrived.arrival.public_id)}
        if wants_ack(request):
            code, says = _judged(arrived.document)
            several = hl7_ack.headers_in(upload) if source == HL7 else []
            return self._acknowledged(code, says, 200, address, of=several)
        status = 201 if media in (FHIR_JSON, FHIR_XML) else 202
        values = incoming_for(arrived.arrival, office)
        return self.answer(IncomingDocumentSerializer, values, status=status, headers=address)

    def handle_exception(self, exc: Exception) -> HttpResponseBase:
        """A refusal in the language of the sender: nothing was stored."""
        response = super().handle_exception(exc)
        media = _media_of(self.request)
        if wants_ack(self.request):
            refused = self._acknowledged(hl7_ack.REJECTED, _reason(response.data), response.status_code)
        elif media in (FHIR_JSON, FHIR_XML):
            refused = HttpResponse(
                operation_outcome(response.data["status"], _reason(response.data), media),
                status=response.status_code,
                content_type=media,
            )
        else:
            return response
        for name in ("WWW-Authenticate", "Retry-After"):
            if name in response:
                refused[name] = response[name]
        return refused

    def _acknowledged(
        self, code: str, says: str, status: int, headers: dict[str, str] | None = None, of: Sequence[Segment] = ()
    ) -> HttpResponseBase:
        now = timezone.now()
        content = b"".join(hl7_ack.ack(header, code, says=says, now=now) for header in (of or [self.header]))
        media = _media_of(self.request)
        answered = media if media in hl7_ack.ER7 else hl7_ack.ER7[0]
        return HttpResponse(content, status=status, content_type=f"{answered}; charset=utf-8", headers=headers)


def _media_of(request: Request) -> str:
    return (request.content_type or "").partition(";")[0].strip().lower()


def wants_ack(request: Request) -> bool:
    """Who asks for HL7 in Accept, and who posts it and does not ask for JSON."""
    accepted = request.headers.get("Accept", "").lower()
    if any(media in accepted for media in hl7_ack.ER7):
        return True
    return _media_of(request) in hl7_ack.ER7 and "json" not in accepted


def _id_of(header: Segment | None, content: bytes) -> str:
    """The message control id with the application that gave it, which counts for itself; of a file of several none."""
    if header is None or not hl7_ack.control_id(header) or content.count(b"MSH") > 1:
        return ""
    return "^".join(filter(None, (header.text(3), header.text(4), hl7_ack.control_id(header))))[:120]


def _reason(problem: dict[str, Any]) -> str:
    return " ".join(error["message"] for error in problem.get("errors", ())) or problem["detail"] or problem["title"]


def _judged(document: IncomingDocument) -> tuple[str, str]:
    if document.content_type == HL7_V2:
        return hl7_ack.ACCEPTED, "Stored"
    return hl7_ack.ERROR, "Stored, but this is no HL7 v2 message: staff will look at it"


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
