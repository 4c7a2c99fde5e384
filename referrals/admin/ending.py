"""The reasons staff choose from when they end a referral."""

from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesRadioFilter

from referrals.admin.keeping import Kept
from referrals.models import EndingReason

_FOLLOWS = (
    "A change holds at once for every referral that ever ended for this reason: the figures of all periods move, past ones "
    "too. Months already closed keep their figures and rows and show the change as late movement."
)
HELP = {
    "counts_as_leakage": (
        "Asked of cancelled referrals only; lost and closed without note always count as leaked. Ticked, they are leakage and "
        "revenue at risk, and stay in CMS50; otherwise they count as cancelled, and CMS50 takes the order for withdrawn. "
        + _FOLLOWS
    ),
    "excludes_from_cohort": (
        "The referral never really existed: entered in error, or a duplicate. It is in no figure and not in CMS50. "
        + _FOLLOWS
    ),
}


@admin.register(EndingReason)
class EndingReasonAdmin(Kept):
    empty_says = "Every referral that ends without a note needs one of these reasons."
    list_display = ("label", "ends_as", "counts_as_leakage", "excludes_from_cohort", "active")
    list_filter = (("ends_as", ChoicesRadioFilter), ("active", BooleanRadioFilter))
    search_fields = ("label", "code")
    fields = ("label", "code", "ends_as", "counts_as_leakage", "excludes_from_cohort", "active")

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, help_texts=HELP, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        # Old referrals carry the code and ended as it says: both stay what they were.
        return ("code", "ends_as") if obj else ()
