"""Documents on a referral and their versions; the bytes live in private storage."""

from django.db import models

from referrals.models.directory import Office, Provider
from referrals.models.encounter import Encounter
from referrals.models.referral import Referral


class Document(models.Model):
    """One document; an amendment is another version of it. ``status`` is that of its newest version."""

    class Kind(models.TextChoices):
        CONSULT_NOTE = "consult_note", "Consult note"
        PROCEDURE_REPORT = "procedure_report", "Procedure report"
        REFERRAL_LETTER = "referral_letter", "Referral letter"
        RESULT = "result", "Test result"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        PRELIMINARY = "preliminary", "Preliminary or unsigned"
        INTERIM = "interim", "Interim"
        FINAL = "final", "Final"
        AMENDED = "amended", "Amended"
        RETRACTED = "retracted", "Retracted"
        DETACHED = "detached", "Taken off this referral"

    NOTE_KINDS = (Kind.CONSULT_NOTE, Kind.PROCEDURE_REPORT)  # what can close a loop; CMS50 counts both
    CLOSING_STATUSES = (Status.FINAL, Status.AMENDED)

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.CONSULT_NOTE)
    status = models.CharField(max_length=11, choices=Status, default=Status.FINAL)
    title = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    author_office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    service_date = models.DateField(null=True, blank=True, help_text="The day of the visit the note is about.")
    # What attaching it changed besides itself, taken back when the match proves wrong (actions/notes.py).
    undo = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def counts_as_note(self) -> bool:
        return self.kind in self.NOTE_KINDS and self.status in self.CLOSING_STATUSES


class DocumentVersion(models.Model):
    """The bytes as they came, never changed. ``sha256`` is of the bytes, in hex."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=11, choices=Document.Status)
    file = models.FileField(upload_to="")
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=120)

    class Meta:
        ordering = ["document", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_versions_are_numbered"),
            # The same bytes twice are one version.
            models.UniqueConstraint(fields=["document", "sha256"], name="document_version_bytes_once"),
        ]
        indexes = [models.Index(fields=["sha256"])]  # the same file on another referral

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"


class Reconciliation(models.Model):
    """The decision that a note documents an encounter of a referral, with its evidence; undone ones stay."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="reconciliations")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="reconciliations")
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="reconciliations")
    evidence = models.JSONField(default=list, help_text="Sentences, strongest first.")
    decided_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField()
    undone_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-decided_at"]
        default_permissions = ("view",)
        constraints = [
            # A referral is reconciled to one encounter at a time.
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(undone_at__isnull=True), name="one_standing_reconciliation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} ↔ {self.encounter}"
