"""The form of an upload."""

from rest_framework import serializers

from referrals.api.fields import LARGEST_ID, LARGEST_NUMBER, Choice, Day, ProviderNpi, Strict, Text
from referrals.intake.receive import ACCEPTED_WORDS
from referrals.models import Document

SENT_STATUSES = [
    choice
    for choice in Document.Status.choices
    if choice[0] not in (Document.Status.RETRACTED, Document.Status.DETACHED)
]


class UploadSerializer(Strict):
    file = serializers.FileField(
        max_length=500,
        help_text=f"{ACCEPTED_WORDS}.",
    )
    kind = Choice(Document.Kind.choices, default=Document.Kind.CONSULT_NOTE)
    status = Choice(
        SENT_STATUSES, default=Document.Status.FINAL, help_text="A preliminary or interim note never closes the loop."
    )
    title = Text(required=False, max_length=120)
    service_date = Day(required=False, help_text="Day of the visit the note is about.")
    author = ProviderNpi(required=False, help_text="NPI; left out: the receiving provider.")
    supersedes = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Id of the document this is a new version of."
    )
    expected_version = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
