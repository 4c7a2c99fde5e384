"""The reasons staff choose from when they end a referral."""

from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesRadioFilter

from referrals.admin.keeping import Kept
from referrals.models import EndingReason


@admin.register(EndingReason)
class EndingReasonAdmin(Kept):
    empty_says = "Every referral that ends without a note needs one of these reasons."
    list_display = ("label", "ends_as", "counts_as_leakage", "excludes_from_cohort", "active")
    list_filter = (("ends_as", ChoicesRadioFilter), ("active", BooleanRadioFilter))
    search_fields = ("label", "code")
    fields = ("label", "code", "ends_as", "counts_as_leakage", "excludes_from_cohort", "active")

    def get_readonly_fields(self, request, obj=None):
        # Old referrals carry the code and ended as it says: both stay what they were.
        return ("code", "ends_as") if obj else ()
