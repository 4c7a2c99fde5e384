from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class RefLoopSite(AppConfig):
    name = "refloop_site"
    verbose_name = "RefLoop"

    def ready(self) -> None:
        from refloop_site import checks  # noqa: F401  (registers the system checks)

        # Sent once a migrate, when all its tables are there (an app without models, like this one, gets no signal).
        post_migrate.connect(
            _ensure_schedules, sender=apps.get_app_config("django_q"), dispatch_uid="refloop schedules"
        )


def _ensure_schedules(sender, *, using, **kwargs) -> None:
    """Whoever migrates has the clockwork: the schedules are made, or mended, after every migrate."""
    from django.db import connections
    from django_q.models import Schedule

    from referrals.clockwork import ensure_schedules
    from reporting.apps import SCHEDULES

    # Migrating backwards may take the queue's table away.
    if using == "default" and Schedule._meta.db_table in connections[using].introspection.table_names():
        ensure_schedules(SCHEDULES)
