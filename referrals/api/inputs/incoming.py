"""The form of a document that is sent without saying to which referral it belongs."""

from rest_framework import serializers

from referrals.api.fields import Strict, Text


class IncomingUploadSerializer(Strict):
    file = serializers.FileField(
        max_length=500,
        help_text="PDF, TIFF, PNG, JPEG, text, RTF, DOCX, XML (C-CDA, FHIR), JSON (FHIR), HL7 v2 or ZIP.",
    )
    source_id = Text(required=False, max_length=120, help_text="Your own id of it; a repeat adds nothing.")
