from django.apps import AppConfig


class Referrals(AppConfig):
    name = "referrals"
    verbose_name = "Referrals"

    def ready(self) -> None:
        from urllib.parse import quote

        from django.urls import reverse

        from notifications.about import seen_at
        from referrals import checks  # noqa: F401  (registers the system checks)

        # Messages are about a referral's number; the list of referrals finds it.
        seen_at(lambda number: f"{reverse('admin:referrals_referral_changelist')}?q={quote(number)}")
