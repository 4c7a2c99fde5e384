"""The referral: one row per ask, from capture to the reconciled note."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from referrals.lifecycle.states import ENDED, OPEN, Facts, Stage, Status
from referrals.models.directory import Office, Payer, Provider, Specialty
from referrals.models.ending import EndingReason
from referrals.models.guarded import ReferralQuerySet, StatusIsWrittenElsewhere
from referrals.models.patient import Patient
from referrals.models.staff import Coordinator

_LATE_FIRST = ("overdue_since", "next_escalation_at", "id")  # the order in which open work is listed


class Referral(models.Model):
    """Four axes: ``status``, ``appointment_status``, ``document_status`` and ``ending_reason``.

    ``stage_since`` is when this stay in the stage began; ``clock_from`` is the instant its deadlines count from (the
    appointment's end while awaiting the visit, the hold date on hold)."""

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", "Outbound"
        INBOUND = "inbound", "Inbound"
        INTERNAL = "internal", "Internal"

    class Priority(models.TextChoices):
        ROUTINE = "routine", "Routine"
        URGENT = "urgent", "Urgent"
        ASAP = "asap", "ASAP"
        STAT = "stat", "Stat"

    class AppointmentStatus(models.TextChoices):
        NONE = "none", "None"
        BOOKED = "booked", "Booked"
        ARRIVED = "arrived", "Arrived"
        FULFILLED = "fulfilled", "Fulfilled"
        NOSHOW = "noshow", "No-show"
        CANCELLED = "cancelled", "Cancelled"

    class DocumentStatus(models.TextChoices):
        NONE = "none", "None"
        PRELIMINARY = "preliminary", "Preliminary"
        INTERIM = "interim", "Interim"
        FINAL = "final", "Final"
        RECONCILED = "reconciled", "Reconciled"
        DELIVERED = "delivered", "Delivered"
        RETRACTED = "retracted", "Retracted"

    class Authorization(models.TextChoices):
        NOT_REQUIRED = "not_required", "Not required"
        REQUIRED = "required", "Required"
        PENDING = "pending", "Pending"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        EXPIRED = "expired", "Expired"

    class Source(models.TextChoices):
        ADMIN = "admin", "Admin form"
        API = "api", "API"
        EHR = "ehr", "EHR webhook"
        FHIR = "fhir", "FHIR"
        HL7 = "hl7", "HL7 v2"
        CSV = "csv", "CSV import"
        FAX = "fax", "Fax"

    number = models.CharField(max_length=12, unique=True, editable=False)
    direction = models.CharField(max_length=8, choices=Direction)
    priority = models.CharField(max_length=7, choices=Priority, default=Priority.ROUTINE)
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="referrals")
    clinical_question = models.TextField(help_text="What the specialist is asked to answer.")
    diagnoses = models.JSONField("ICD-10 codes", default=list, blank=True, help_text="List of ICD-10-CM codes.")
    service_requested = models.CharField(max_length=120, blank=True, help_text="Such as consult, stress test.")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    patient_as_sent = models.JSONField(
        default=dict, editable=False, help_text="Demographics as the referring office sent them."
    )
    payer = models.ForeignKey(Payer, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals")
    member_id = models.CharField(max_length=40, blank=True)
    authorization_state = models.CharField(max_length=12, choices=Authorization, default=Authorization.NOT_REQUIRED)
    authorization_number = models.CharField(max_length=40, blank=True)
    authorization_expires_on = models.DateField(null=True, blank=True)
    needed_by = models.DateField(null=True, blank=True)

    referring_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="referrals_made")
    referring_provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals_made"
    )
    receiving_office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals_received"
    )
    receiving_provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals_received"
    )
    # The receiving office reads events from this version on: what happened before is not its business.
    receiving_since_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    source = models.CharField(max_length=5, choices=Source)
    external_id = models.CharField(max_length=80, blank=True, help_text="The referring office's own order id.")
    owner = models.ForeignKey(Coordinator, on_delete=models.PROTECT, related_name="referrals")

    status = models.CharField(max_length=20, choices=Status, editable=False)
    appointment_status = models.CharField(
        max_length=9, choices=AppointmentStatus, default=AppointmentStatus.NONE, editable=False
    )
    document_status = models.CharField(
        max_length=11, choices=DocumentStatus, default=DocumentStatus.NONE, editable=False
    )
    ending_reason = models.ForeignKey(
        EndingReason, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals", editable=False
    )
    ending_comment = models.CharField(max_length=500, blank=True, editable=False)

    version = models.PositiveIntegerField(default=0, editable=False)
    stage = models.CharField(max_length=14, choices=Stage, blank=True, editable=False)
    stage_since = models.DateTimeField(null=True, editable=False)
    stage_stay = models.PositiveIntegerField(default=0, editable=False)  # counts stays, so a rung fires once in each
    clock_from = models.DateTimeField(null=True, editable=False)
    next_escalation_at = models.DateTimeField(null=True, editable=False)
    # The first deadline of this stay that passed: the sweep moves next_escalation_at on, this stays until it moves.
    overdue_since = models.DateTimeField(null=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, editable=False)
    snooze_reason = models.CharField(max_length=200, blank=True, editable=False)
    snoozed_by = models.CharField(max_length=120, blank=True, editable=False)
    hold_until = models.DateTimeField(null=True, editable=False)
    hold_reason = models.CharField(max_length=200, blank=True, editable=False)

    captured_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    # Since when nothing moves (lifecycle/movement.py); ahead of now while a booked visit or the end of a hold is.
    quiet_since = models.DateTimeField(editable=False)
    routed_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    first_scheduled_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    note_at = models.DateTimeField(null=True, editable=False)
    reconciled_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    appointment = models.ForeignKey(
        "Appointment", null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        help_text="The booked initial appointment, if there is one.",
    )  # fmt: skip
    note = models.ForeignKey(
        "Document", null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        help_text="The final consult note that counts.",
    )  # fmt: skip
    encounter = models.ForeignKey(
        "Encounter", null=True, on_delete=models.PROTECT, related_name="referrals", editable=False,
        help_text="The visit: recorded when the patient was seen, confirmed when the note is reconciled.",
    )  # fmt: skip

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-captured_at", "-id"]
        permissions = [
            ("capture_referral", "Can capture referrals"),
            ("work_referral", "Can act on referrals"),
            ("void_referral", "Can void referrals entered in error"),
            ("reopen_referral", "Can reopen ended referrals"),
            ("export_referral", "Can export lists of referrals"),
        ]
        constraints = [
            # These hold whatever code runs, .update() and raw SQL included.
            models.CheckConstraint(condition=Q(status__in=Status.values), name="referral_status_is_known"),
            # Invariant 2: every open referral has a stage and a next look; an ended one has neither.
            models.CheckConstraint(
                condition=Q(
                    status__in=OPEN,
                    stage__in=Stage.values,
                    stage_since__isnull=False,
                    clock_from__isnull=False,
                    next_escalation_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(status__in=ENDED, stage="", next_escalation_at__isnull=True, ended_at__isnull=False),
                name="referral_open_has_clock",
            ),
            # Only a final note reconciled to an encounter closes.
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED)
                | Q(note__isnull=False, encounter__isnull=False, reconciled_at__isnull=False),
                name="referral_closed_has_note_and_encounter",
            ),
            # Every other ending has a reason; nothing else has one.
            models.CheckConstraint(
                condition=Q(
                    status__in=(Status.CLOSED_WITHOUT_NOTE, Status.CANCELLED, Status.LOST), ending_reason__isnull=False
                )
                | Q(status__in=(*OPEN, Status.CLOSED), ending_reason__isnull=True),
                name="referral_ending_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | ~Q(snooze_reason=""), name="referral_snooze_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SCHEDULED) | Q(appointment__isnull=False),
                name="referral_scheduled_has_appointment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.ROUTED, Status.ACCEPTED, Status.SCHEDULED))
                | Q(receiving_office__isnull=False),
                name="referral_routed_has_office",
            ),
        ]
        indexes = [
            # worklists: open referrals by what is due next, of everybody and of one owner or stage
            models.Index(fields=["next_escalation_at"], name="referral_due", condition=Q(ended_at__isnull=True)),
            models.Index(
                fields=["owner", "next_escalation_at"], name="referral_owner_due", condition=Q(ended_at__isnull=True)
            ),
            # the same in the order they are worked down: late longest first
            models.Index(fields=[*_LATE_FIRST], name="referral_open_late", condition=Q(ended_at__isnull=True)),
            models.Index(
                fields=["stage", *_LATE_FIRST], name="referral_stage_late", condition=Q(ended_at__isnull=True)
            ),
            # how long open work stands in its stage: the home page counts it from this index alone
            models.Index(
                fields=["stage", "status", "reconciled_at", "stage_since"],
                name="referral_stage_age",
                condition=Q(ended_at__isnull=True),
            ),
            # what sleeps, next to wake on top
            models.Index(fields=["snoozed_until"], name="referral_snoozed", condition=Q(snoozed_until__isnull=False)),
            # lists in order of capture: of all, of an office in either role, in a status
            models.Index(fields=["-captured_at", "-id"], name="referral_captured"),
            models.Index(fields=["referring_office", "-captured_at"], name="referral_referring"),
            models.Index(fields=["receiving_office", "-captured_at"], name="referral_receiving"),
            models.Index(fields=["status", "-captured_at"], name="referral_status"),
            models.Index(fields=["-changed_at"], name="referral_changed"),
            # search by an office's own order id
            models.Index(fields=["external_id"], name="referral_external_id", condition=~Q(external_id="")),
            # likely duplicates: same patient and specialty in a window
            models.Index(fields=["patient", "specialty", "captured_at"], name="referral_same_ask"),
            # routing counts who waits for a provider
            models.Index(
                fields=["receiving_provider"],
                name="referral_waiting_for",
                condition=Q(status__in=(Status.ROUTED, Status.ACCEPTED, Status.SCHEDULED)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored_status = instance.__dict__.get("status")
        instance._stored = {name: instance.__dict__.get(name) for name in field_names}
        return instance

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._stored_status, self._stored = self.__dict__.get("status"), {}

    def changed_fields(self) -> list[str] | None:
        """Columns that differ from what was read; None when that is not known. JSON may be edited in place: always."""
        stored = getattr(self, "_stored", {})
        if not stored:
            return None
        return [
            field.name
            for field in self._meta.concrete_fields
            if isinstance(field, models.JSONField) or stored.get(field.attname) != getattr(self, field.attname)
        ]

    def save(self, *args, **kwargs):
        """Save everything but a changed status; ``written_by_transition`` is the transition writer's key."""
        allowed = kwargs.pop("written_by_transition", False)
        fields = kwargs.get("update_fields")
        writes_status = fields is None or "status" in fields
        if not allowed and writes_status and self.status != getattr(self, "_stored_status", None):
            raise StatusIsWrittenElsewhere("Only referrals.lifecycle.transition writes Referral.status.")
        if allowed and fields is None and self.pk is not None:
            kwargs["update_fields"] = self.changed_fields()
        super().save(*args, **kwargs)
        self._stored_status, self._stored = self.status, {}

    def delete(self, *args, **kwargs):
        raise StatusIsWrittenElsewhere("Referrals are never deleted; void one that was entered in error.")

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_asleep(self, now: datetime) -> bool:
        """Snoozed, and the end is ahead: nobody is told and it is not overdue meanwhile."""
        return self.snoozed_until is not None and self.snoozed_until > now

    def forget_snooze(self) -> None:
        self.snoozed_until, self.snooze_reason, self.snoozed_by = None, "", ""

    @property
    def facts(self) -> Facts:
        """What status_from_facts decides on."""
        return Facts(
            has_current_note=self.note_id is not None,
            visited=self.seen_at is not None,
            booked=self.appointment_id is not None,
            accepted=self.accepted_at is not None,
            has_specialist=self.receiving_office_id is not None,
        )
