"""Documents of a referral: upload, list, look, download."""

import logging
from typing import Any

from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from referrals import selectors
from referrals.actions import notes
from referrals.api.inputs.documents import UploadSerializer
from referrals.api.outputs.documents import DocumentListSerializer, DocumentSerializer, document_for
from referrals.api.parsing import FORM_OVERHEAD, BoundedMultiPartParser
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import InvalidInput, NotFound, NotPermitted
from referrals.intake.receive import store
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action
from referrals.models import Document, DocumentVersion, Provider, RecordRead, Referral

logger = logging.getLogger("refloop.api")
_ID = OpenApiParameter("document_id", OpenApiTypes.INT64, OpenApiParameter.PATH, description="Id of the document.")
_LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201], description="Of the document.")


class DocumentsOfReferral(OfficeView):
    """Finds documents as the caller may see them."""

    reads = RecordRead.What.DOCUMENT

    def documents(self, referral: Referral):
        visible = selectors.documents_visible_to(self.viewer.office).filter(referral=referral)
        return visible.select_related("author", "author_office").prefetch_related("versions")

    def document(self, number: str, document_id: int) -> Document:
        found = self.documents(self.party_referral(number)).filter(pk=document_id).first()
        if found is None:
            raise NotFound("No such document on this referral.")
        return found


class DocumentsView(DocumentsOfReferral):
    parser_classes = [BoundedMultiPartParser]
    operations = {
        "GET": Operation(
            id="documents_list",
            tag="Note",
            summary="List documents",
            description="Those on the referral, oldest first, without the ones taken off again.",
            gives={200: DocumentListSerializer},
            refuses=(404,),
        ),
        "POST": Operation(
            id="documents_create",
            tag="Note",
            summary="Upload a document",
            description="Notes (`consult_note`, `procedure_report`): receiving office or group. Other kinds: either "
            "office. A final note moves the referral to `note_returned`, also when nobody recorded the visit, which it "
            "proves. The same bytes again give 200 and the document that has them; as another "
            "kind they are refused (400 on `kind`). An amendment has the status "
            "`amended`, and `supersedes` when it is not of the current note. What the file is is read from its "
            "content, not its name.",
            takes=UploadSerializer,
            gives={201: DocumentSerializer, 200: DocumentSerializer},
            notes={201: "Attached.", 200: "These bytes were on the referral already."},
            refuses=(403, 404, 409),
            parameters=(_LOCATION,),
        ),
    }

    @property
    def largest_body(self) -> int:
        return settings.DOCUMENT_MAX_BYTES + FORM_OVERHEAD

    def get(self, request: Request, number: str) -> Response:
        referral = self.party_referral(number)
        results = [document_for(document, referral.number) for document in self.documents(referral)]
        return self.answer(DocumentListSerializer, {"results": results})

    def post(self, request: Request, number: str) -> Response:
        referral = self.party_referral(number)  # before the body is read: a stranger's bytes are not even parsed
        values = self.validated(UploadSerializer)
        action = Action.ATTACH_NOTE if values["kind"] in Document.NOTE_KINDS else Action.ADD_DOCUMENT
        if not may(self.actor, action, referral):
            raise NotPermitted("Your role on this referral may not add this kind of document.")
        details = self._details(referral, values)
        upload = values["file"]
        attached = notes.attach(
            referral=referral,
            stored=store(upload, filename=upload.name),
            details=details,
            actor=self.actor,
            now=timezone.now(),
            expected_version=values.get("expected_version"),
        )
        attached_to = attached.version.document  # as attached, should it have been taken off again since
        document = self.documents(referral).filter(pk=attached_to.pk).first() or attached_to
        body = document_for(document, referral.number)
        if not attached.created:
            return self.answer(DocumentSerializer, body)
        return self.answer(DocumentSerializer, body, status=201, headers={"Location": body["href"]})

    def _details(self, referral: Referral, values: dict[str, Any]) -> notes.NoteDetails:
        supersedes = None
        if values.get("supersedes"):
            supersedes = self.documents(referral).filter(pk=values["supersedes"]).first()
            if supersedes is None:
                raise InvalidInput([("supersedes", "No such document on this referral.")])
        is_note = values["kind"] in Document.NOTE_KINDS
        self._refuse_foreign_author(values.get("author"))
        return notes.NoteDetails(
            kind=values["kind"],
            status=values["status"],
            title=values.get("title", ""),
            service_date=values.get("service_date"),
            author=values.get("author"),
            author_office=None if is_note else self.viewer.office,
            supersedes=supersedes,
        )

    def _refuse_foreign_author(self, author: Provider | None) -> None:
        """An outside office speaks for its own clinicians only."""
        if author is None or self.viewer.is_group or author.offices.filter(pk=self.viewer.office.pk).exists():
            return
        raise InvalidInput([("author", f"{author} does not practise at {self.viewer.office.name}.")])


class DocumentView(DocumentsOfReferral):
    operations = {
        "GET": Operation(
            id="documents_read",
            tag="Note",
            summary="Read what a document is",
            description="Kind, status, author and versions; the bytes are at `content`.",
            gives={200: DocumentSerializer},
            refuses=(404,),
            parameters=(_ID,),
        )
    }

    def get(self, request: Request, number: str, document_id: int) -> Response:
        document = self.document(number, document_id)
        return self.answer(DocumentSerializer, document_for(document, document.referral.number))

    def documents(self, referral: Referral):
        return super().documents(referral).select_related("author", "author_office", "referral")


class DocumentContentView(DocumentsOfReferral):
    operations = {
        "GET": Operation(
            id="documents_content",
            tag="Note",
            summary="Download a document",
            description="The bytes as they came, of the newest version or of `version`. Always as an attachment.",
            gives={(200, "application/octet-stream"): OpenApiTypes.BINARY},
            notes={200: "The bytes, with the content type found in them."},
            refuses=(400, 404),
            parameters=(
                _ID,
                OpenApiParameter("version", {"type": "integer", "minimum": 1, "maximum": 32767}, description="Number."),
            ),
        )
    }

    def get(self, request: Request, number: str, document_id: int) -> FileResponse:
        version = self._version(self.document(number, document_id), request.query_params.get("version", ""))
        try:
            opened = version.file.open("rb")
        except FileNotFoundError:
            logger.exception("the bytes of a document are missing", extra={"document_id": document_id})
            raise NotFound("The file of this document is missing; the group's staff can see why.") from None
        response = FileResponse(
            opened, as_attachment=True, filename=version.filename, content_type=version.content_type
        )
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    @staticmethod
    def _version(document: Document, wanted: str) -> DocumentVersion:
        versions = {version.number: version for version in document.versions.all()}
        if not wanted:
            return versions[max(versions)]
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 5 and int(wanted) > 0):
            raise InvalidInput([("version", "Give the number of a version, such as 1.")])
        if int(wanted) not in versions:
            raise NotFound("This document has no such version.")
        return versions[int(wanted)]
