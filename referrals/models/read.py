"""The reading log: who opened which patient's record, when and from where."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from referrals.models.directory import Office
from referrals.models.incoming import IncomingDocument
from referrals.models.patient import Patient
from referrals.models.referral import Referral
from referrals.models.token import OfficeToken


class RecordRead(models.Model):
    """One time somebody was shown patient data. Database triggers refuse UPDATE and DELETE.

    A person of ours (``user``) or an office by its token (``office``, ``token``). A page, document or packet names its
    ``patient``; a document nobody has matched yet names itself (``incoming``). A list, search, feed or export is one row
    with what was asked (``about``) and how many rows it answered with (``rows``, where that is known)."""

    class Way(models.TextChoices):
        PAGE = "page", "Page"
        DOCUMENT = "document", "Document"
        EXPORT = "export", "Export"
        API = "api", "API"

    class What(models.TextChoices):
        REFERRAL = "referral", "Referral"
        PATIENT = "patient", "Patient"
        DOCUMENT = "document", "Document"
        PACKET = "packet", "Packet"
        MESSAGE = "message", "Message"
        RECORD = "record", "Entry of a record"
        LIST = "list", "List"
        SEARCH = "search", "Search"
        FEED = "feed", "Event feed"
        FILE = "file", "Exported file"

    at = models.DateTimeField()
    way = models.CharField("from", max_length=8, choices=Way)
    what = models.CharField(max_length=8, choices=What)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        verbose_name="person",
    )  # fmt: skip
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    token = models.ForeignKey(
        OfficeToken, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reader = models.CharField(max_length=160)  # the name at that time
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="reads", db_index=False
    )
    referral = models.ForeignKey(
        Referral, null=True, blank=True, on_delete=models.PROTECT, related_name="reads", db_index=False
    )
    incoming = models.ForeignKey(
        IncomingDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="reads", db_index=False,
        verbose_name="incoming document",
    )  # fmt: skip
    about = models.CharField("asked for", max_length=300, blank=True)
    rows = models.PositiveIntegerField(null=True, blank=True)
    address = models.GenericIPAddressField("network address", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        verbose_name = "reading"
        verbose_name_plural = "reading log"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, office__isnull=True) | Q(user__isnull=True, office__isnull=False),
                name="read_by_a_person_or_an_office",
            ),
        ]
        indexes = [
            # who opened this patient's record, this referral, this document; newest first
            models.Index(fields=["patient", "-id"], condition=Q(patient__isnull=False), name="read_of_patient"),
            models.Index(fields=["referral", "-id"], condition=Q(referral__isnull=False), name="read_of_referral"),
            models.Index(fields=["incoming", "-id"], condition=Q(incoming__isnull=False), name="read_of_incoming"),
            # what this person, this office read
            models.Index(fields=["user", "-id"], condition=Q(user__isnull=False), name="read_by_user"),
            models.Index(fields=["office", "-id"], condition=Q(office__isnull=False), name="read_by_office"),
            models.Index(fields=["at"], name="read_at"),  # a period
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.get_what_display().lower()}"
