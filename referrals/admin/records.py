"""The ledgers behind a referral, to look up and never to edit: services write them."""

from django.contrib import admin
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter, ChoicesRadioFilter

from referrals.admin.keeping import ReadOnly
from referrals.models import (
    Appointment,
    CaptureReceipt,
    ContactAttempt,
    Document,
    DocumentVersion,
    Encounter,
    Heartbeat,
    Reconciliation,
    ReferralEvent,
    RoutingDecision,
    RoutingExclusion,
)

BY_REFERRAL = ("referral__number__exact",)
NUMBER_HELP = "Referral number, such as RL-7K3M-9QXF"


@admin.register(ReferralEvent)
class ReferralEventAdmin(ReadOnly):
    list_display = ("at", "referral", "version", "kind", "actor_label", "from_status", "to_status")
    list_select_related = ("referral",)
    list_filter = (("actor_kind", ChoicesRadioFilter),)
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-id",)


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnly):
    list_display = ("at", "referral", "office", "provider", "by_hand", "decided_by", "no_match_because")
    list_select_related = ("referral", "office", "provider")
    list_filter = (("by_hand", BooleanRadioFilter), ("office", AutocompleteSelectFilter))
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-id",)


@admin.register(RoutingExclusion)
class RoutingExclusionAdmin(ReadOnly):
    list_display = ("at", "referral", "office", "provider", "reason")
    list_select_related = ("referral", "office", "provider")
    list_filter = (("office", AutocompleteSelectFilter),)
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-id",)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    list_display = ("starts_at", "referral", "office", "provider", "kind", "status", "status_reason")
    list_select_related = ("referral", "office", "provider")
    list_filter = (("status", ChoicesRadioFilter), ("kind", ChoicesRadioFilter), ("office", AutocompleteSelectFilter))
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-starts_at", "-id")


@admin.register(ContactAttempt)
class ContactAttemptAdmin(ReadOnly):
    list_display = ("at", "referral", "party", "channel", "outcome", "made_by")
    list_select_related = ("referral",)
    list_filter = (("outcome", ChoicesRadioFilter), ("channel", ChoicesRadioFilter))
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-id",)


@admin.register(Encounter)
class EncounterAdmin(ReadOnly):
    list_display = ("occurred_on", "patient", "office", "provider", "source", "documented_for_billing")
    list_select_related = ("patient", "office", "provider")
    list_filter = (("source", ChoicesRadioFilter), ("documented_for_billing", BooleanRadioFilter))
    search_fields = ("patient__family_key__startswith", "external_id__exact")
    search_help_text = "Patient's family name or visit number"
    ordering = ("-occurred_on", "-id")


class VersionInline(TabularInline):
    """The versions of a document; the bytes are downloaded from the referral's page."""

    model = DocumentVersion
    fields = readonly_fields = ("number", "status", "filename", "size", "received_at", "received_from")
    extra = 0
    hide_title = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("created_at", "referral", "kind", "status", "title", "service_date", "author_office")
    list_select_related = ("referral", "author_office")
    list_filter = (("kind", ChoicesRadioFilter), ("status", ChoicesRadioFilter))
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    inlines = (VersionInline,)
    ordering = ("-id",)


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ReadOnly):
    list_display = ("received_at", "document", "number", "filename", "content_type", "size", "received_from")
    list_select_related = ("document__referral",)
    search_fields = ("document__referral__number__exact", "sha256__exact")
    search_help_text = "Referral number or SHA-256 of the file"
    exclude = ("file",)
    ordering = ("-id",)


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnly):
    list_display = ("decided_at", "referral", "encounter", "decided_by", "undone_at", "undone_by")
    list_select_related = ("referral", "encounter")
    search_fields = BY_REFERRAL
    search_help_text = NUMBER_HELP
    ordering = ("-id",)


@admin.register(CaptureReceipt)
class CaptureReceiptAdmin(ReadOnly):
    list_display = ("created_at", "scope", "kind", "referral")
    list_select_related = ("referral",)
    list_filter = (("kind", ChoicesRadioFilter),)
    search_fields = (*BY_REFERRAL, "value__exact")
    search_help_text = "Referral number, key or order id"
    exclude = ("answer",)
    ordering = ("-id",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "at")
