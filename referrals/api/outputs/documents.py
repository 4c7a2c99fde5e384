"""Documents and their versions; the bytes are behind ``content``."""

from typing import Any

from rest_framework import serializers

from referrals.api.allowed import referral_address
from referrals.api.fields import Instant
from referrals.api.outputs.directory import OfficeNameSerializer, ProviderNameSerializer
from referrals.models import Document


class VersionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    status = serializers.ChoiceField(Document.Status.choices)
    filename = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Of the bytes, in hex.")
    received_at = Instant()
    content = serializers.CharField(help_text="Where these bytes are.")


class DocumentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Document.Kind.choices)
    status = serializers.ChoiceField(Document.Status.choices, help_text="Of the newest version.")
    title = serializers.CharField(allow_blank=True)
    service_date = serializers.DateField(allow_null=True)
    author = ProviderNameSerializer(allow_null=True)
    author_office = OfficeNameSerializer(allow_null=True)
    counts_as_note = serializers.BooleanField(help_text="A final note; what closes a loop.")
    created_at = Instant()
    href = serializers.CharField()
    content = serializers.CharField(help_text="Where the bytes of the newest version are.")
    versions = VersionSerializer(many=True)


class DocumentListSerializer(serializers.Serializer):
    results = DocumentSerializer(many=True)


def document_for(document: Document, number: str) -> dict[str, Any]:
    """Values for DocumentSerializer; no query when author, office and versions are fetched already."""
    href = f"{referral_address(number)}documents/{document.pk}/"
    values = {
        name: getattr(document, name)
        for name in (
            "kind", "status", "title", "service_date", "author", "author_office", "counts_as_note", "created_at",
        )
    }  # fmt: skip
    versions = [
        {
            name: getattr(version, name)
            for name in ("number", "status", "filename", "content_type", "size", "sha256", "received_at")
        }
        | {"content": f"{href}content/?version={version.number}"}
        for version in sorted(document.versions.all(), key=lambda v: v.number)
    ]
    return values | {"id": document.pk, "href": href, "content": f"{href}content/", "versions": versions}
