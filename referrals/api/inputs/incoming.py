"""The form of a document that is sent without saying to which referral it belongs."""

from rest_framework import serializers

from referrals.api.fields import Strict, Text
from referrals.intake.receive import ACCEPTED_WORDS


class IncomingUploadSerializer(Strict):
    file = serializers.FileField(
        max_length=500,
        help_text=f"{ACCEPTED_WORDS}.",
    )
    source_id = Text(required=False, max_length=120, help_text="Your own id of it; a repeat adds nothing.")
