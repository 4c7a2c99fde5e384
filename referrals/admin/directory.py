"""The directory: specialties, payers, offices and providers."""

from django.contrib import admin
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter

from referrals.admin.keeping import Kept
from referrals.models import Office, Payer, Provider, Specialty


@admin.register(Specialty)
class SpecialtyAdmin(Kept):
    empty_says = "What a referral asks for; each provider has at least one."
    list_display = ("name", "code", "nucc_code", "active")
    list_filter = (("active", BooleanRadioFilter),)
    search_fields = ("name", "code", "nucc_code")
    fields = ("name", "code", "nucc_code", "active")


@admin.register(Payer)
class PayerAdmin(Kept):
    empty_says = "Insurances a provider may take; routing prefers whoever takes the patient's."
    list_display = ("name", "code", "active")
    list_filter = (("active", BooleanRadioFilter),)
    search_fields = ("name", "code")
    fields = ("name", "code", "active")


class ProviderHere(TabularInline):
    """Who practises at the office, to look up; edited on the provider."""

    model = Provider.offices.through
    verbose_name_plural = "providers here"
    hide_title = True
    fields = readonly_fields = ("provider",)
    extra = 0
    per_page = 20

    def get_queryset(self, request):
        return (
            super().get_queryset(request).select_related("provider", "office").order_by("provider__family_name", "pk")
        )

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Office)
class OfficeAdmin(Kept):
    empty_says = "Offices of your group and the ones you refer to or hear from."
    list_display = ("name", "is_ours", "city", "zip_code", "phone", "fax", "contact_preference", "active")
    list_filter = (("is_ours", BooleanRadioFilter), ("active", BooleanRadioFilter))
    # Every word typed must be somewhere: "Lakeside Clinic" is two. A directory is small enough for that.
    search_fields = ("name", "npi__exact", "city", "zip_code__startswith")
    search_help_text = "Name, NPI, city or zip"
    fieldsets = (
        (None, {"fields": ("name", "npi", ("is_ours", "active"))}),
        ("How to reach them", {"fields": (("phone", "fax"), "email", ("contact_preference", "contact_notes"))}),
        ("Address", {"fields": (("street", "city"), ("state", "zip_code"))}),
    )
    inlines = (ProviderHere,)


@admin.register(Provider)
class ProviderAdmin(Kept):
    empty_says = "Clinicians with their specialties, offices and payers; routing chooses among them."
    list_display = ("name", "npi", "in_specialties", "at_offices", "accepting_new_patients", "capacity", "active")
    list_filter = (
        ("specialties", AutocompleteSelectFilter),
        ("offices", AutocompleteSelectFilter),
        ("payers", AutocompleteSelectFilter),
        ("accepting_new_patients", BooleanRadioFilter),
        ("active", BooleanRadioFilter),
    )
    search_fields = ("family_name", "given_name", "npi__exact")
    search_help_text = "Family name, given name or NPI"
    autocomplete_fields = ("specialties", "offices", "payers")
    fieldsets = (
        (None, {"fields": (("given_name", "family_name"), ("credentials", "npi"), ("phone", "active"))}),
        ("Where and what", {"fields": ("specialties", "offices", "payers")}),
        (
            "Room for new patients",
            {"fields": ("accepting_new_patients", "keeps_urgent_slots", ("capacity", "typical_wait_days"))},
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("specialties", "offices")

    @admin.display(description="name", ordering="family_name")
    def name(self, provider: Provider) -> str:
        return str(provider)

    @admin.display(description="specialties")
    def in_specialties(self, provider: Provider) -> str:
        return ", ".join(specialty.name for specialty in provider.specialties.all()) or "none yet"

    @admin.display(description="offices")
    def at_offices(self, provider: Provider) -> str:
        return ", ".join(office.name for office in provider.offices.all()) or "none yet"
