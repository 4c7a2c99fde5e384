"""Which documents already on referrals a document is a later version, an addendum or the retraction of."""

from django.db.models import Q, QuerySet

from referrals.intake.reading import Identifier, Reading
from referrals.models import Document, MatchDecision


def identifier_key(identifier: Identifier | None) -> str:
    """``assigner|value`` as IncomingDocument.document_key and set_key hold it; empty when it names nothing."""
    if identifier is None or not (identifier.value or identifier.assigner):
        return ""
    return f"{identifier.assigner}|{identifier.value}"[:200]


def earlier_versions(reading: Reading) -> QuerySet[MatchDecision]:
    """Standing decisions that attached a document which this one names, or another of its set. A retraction may be the
    document itself once more, in another state and under its own id."""
    named = {identifier_key(found.value.target) for found in reading.relations} - {""}
    if reading.status is not None and reading.status.value == Document.Status.RETRACTED and reading.document_id:
        named |= {identifier_key(reading.document_id.value)} - {""}
    one_of_set = identifier_key(reading.set_id.value) if reading.set_id else ""
    ours = Q(document__document_key__in=named)
    if one_of_set:
        ours |= Q(document__set_key=one_of_set)
    return MatchDecision.objects.filter(ours, version__isnull=False, undone_at__isnull=True)
