"""Documents that came in from outside, before and after somebody knew whose they are."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q

from referrals.models.directory import Office
from referrals.models.document import DocumentVersion, Reconciliation
from referrals.models.referral import Referral


def new_arrival_id() -> str:
    """What a sender is told: says nothing of how much comes in."""
    return f"arr_{secrets.token_urlsafe(16)}"


class IncomingDocument(models.Model):
    """One document as it came. The bytes were stored before anything looked inside; they are never changed.

    The same bytes again are the same row (see Arrival). ``state`` ends in exactly one of matched, rejected, split;
    in review it waits for a person."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be read"
        READING = "reading", "Being read"
        REVIEW = "review", "In review"
        MATCHED = "matched", "Matched"
        REJECTED = "rejected", "Set aside: not ours"
        SPLIT = "split", "Split into its parts"

    file = models.FileField(upload_to="", editable=False)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, unique=True)  # the same bytes twice are one document
    received_at = models.DateTimeField()
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", editable=False
    )

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(
        default=0
    )  # counted when reading starts: one that kills its worker counts
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    leased_by = models.CharField(max_length=80, blank=True, editable=False)
    error = models.CharField(max_length=200, blank=True, help_text="Why it could not be read.")
    reading = models.JSONField(null=True, blank=True, editable=False)  # intake/reading.py to_json
    read_at = models.DateTimeField(null=True, blank=True)
    read_seconds = models.FloatField(null=True, blank=True)
    review_because = models.CharField(max_length=200, blank=True, help_text="Why a person has to look.")
    # The patient as the document names it, for the list and its search: ``Doe, Jane``, the key of the family name, and
    # the birth date at the precision read (ISO).
    patient_name = models.CharField(max_length=160, blank=True, editable=False)
    patient_key = models.CharField(max_length=80, blank=True, editable=False)
    patient_born = models.CharField(max_length=10, blank=True, editable=False)
    # Suggestions in order, as they were when the document was matched: reconcile/matching.py as_json.
    suggestions = models.JSONField(default=list, editable=False)
    # ``assigner|value`` of the document's own id and of its set, by which a later version finds this one.
    document_key = models.CharField(max_length=200, blank=True, editable=False)
    set_key = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "add")
        permissions = [("review_incomingdocument", "Can decide on incoming documents")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="reading", lease_until__isnull=False)
                | (~Q(state="reading") & Q(lease_until__isnull=True)),
                name="incoming_in_reading_has_a_lease",
            ),
        ]
        indexes = [
            # what waits to be read, and what a dead worker was reading
            models.Index(fields=["received_at"], name="incoming_waiting", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="incoming_leased", condition=Q(state="reading")),
            # the review queue, oldest first
            models.Index(fields=["received_at", "id"], name="incoming_review", condition=Q(state="review")),
            models.Index(fields=["-received_at"], name="incoming_received"),
            # what was set aside, newest first
            models.Index(fields=["-received_at"], name="incoming_aside", condition=Q(state="rejected")),
            # the search by the patient's family name as read, as people type it
            models.Index(fields=["patient_key"], name="incoming_patient", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["document_key"], name="incoming_document", condition=~Q(document_key="")),
            models.Index(fields=["set_key"], name="incoming_set", condition=~Q(set_key="")),
        ]

    def __str__(self) -> str:
        return self.filename


class Arrival(models.Model):
    """One time a document reached us, by one way. ``source_id`` is the sender's own id of it (a message control id, a
    fax job) or the hash of the bytes, within ``source_scope`` (``office:12``, ``folder:fax``)."""

    class Source(models.TextChoices):
        UPLOAD = "upload", "Uploaded by staff"
        API = "api", "API"
        FOLDER = "folder", "Watched folder"
        HL7 = "hl7", "HL7 v2 message"
        FHIR = "fhir", "FHIR resource"

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="arrivals")
    public_id = models.CharField(max_length=40, unique=True, default=new_arrival_id, editable=False)
    source = models.CharField(max_length=6, choices=Source)
    source_scope = models.CharField(max_length=80)
    source_id = models.CharField(max_length=120)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals")
    filename = models.CharField(max_length=120)
    received_from = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            # The same bytes under the same id are one arrival, however often the sender repeats itself.
            models.UniqueConstraint(
                fields=["source_scope", "source_id", "document"], name="arrival_named_by_its_sender_once"
            ),
        ]
        indexes = [models.Index(fields=["office", "-at"], name="arrival_of_office", condition=Q(office__isnull=False))]

    def __str__(self) -> str:
        return f"{self.filename} from {self.received_from}"


class MatchDecision(models.Model):
    """What was decided about an incoming document, by whom and on what evidence. Never changed but to be undone."""

    class Kind(models.TextChoices):
        NOTE = "note", "Attached as note"
        FILED = "filed", "Filed on the referral"
        RETRACTED = "retracted", "Took back the note"
        REJECTED = "rejected", "Set aside"
        CAPTURED = "captured", "New referral"
        SPLIT = "split", "Split into its parts"

    class Effect(models.TextChoices):
        """What attaching did to the referral's documents: undo takes back that much."""

        ADDED = "added", "Added the document"
        SIGNED = "signed", "Signed the draft that was there"
        CONFIRMED = "confirmed", "Confirmed the document that was there"

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=9, choices=Kind)
    referral = models.ForeignKey(
        Referral, null=True, blank=True, on_delete=models.PROTECT, related_name="match_decisions"
    )
    version = models.ForeignKey(
        DocumentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="match_decisions"
    )
    effect = models.CharField(max_length=9, choices=Effect, default=Effect.ADDED, editable=False)
    before = models.JSONField(default=dict, editable=False)  # how the referral stood (actions/notes.py)
    reconciliation = models.ForeignKey(
        Reconciliation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )  # the one it brought about
    automatic = models.BooleanField(default=False)
    evidence = models.JSONField(default=list, help_text="Sentences, strongest first.")
    against = models.JSONField(default=list, help_text="What speaks against it.")
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField()
    undone_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            # A document ends once: whatever crashes, two decisions cannot stand.
            models.UniqueConstraint(
                fields=["document"], condition=Q(undone_at__isnull=True), name="one_standing_match_decision"
            ),
        ]
        indexes = [
            # what RefLoop matched by itself and what people matched, latest first
            models.Index(
                fields=["automatic", "-decided_at"], name="match_decided", condition=Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document}"

    def take_back(self, *, by: str, now: datetime, reason: str) -> None:
        """It stands no longer; what it did is for the caller to undo."""
        self.undone_by, self.undone_at, self.undone_reason = by[:120], now, reason[:200]
        self.save(update_fields=["undone_by", "undone_at", "undone_reason"])

    @property
    def can_be_undone(self) -> bool:
        """Whether it stands and says what there is to take back: what RefLoop took apart itself stays so, and old
        retractions do not name the note."""
        if self.kind == self.Kind.RETRACTED and "document" not in self.before:
            return False
        return self.undone_at is None and not (self.kind == self.Kind.SPLIT and self.automatic)
