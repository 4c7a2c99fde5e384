"""System checks of the installation. None touches the database on an ordinary ``check``; W010 does with --database."""

import stat
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from refloop_site import pulse

PREFETCHED = 2  # tasks a worker's queue holds beside the running one, see queue_limit


@register(Tags.compatibility)
def check_queue(app_configs, **kwargs):
    """refloop_site.E001: a task is redelivered while it may still run. E002: the queue is not on our database."""
    queue = settings.Q_CLUSTER
    problems = []
    longest_wait = (queue.get("queue_limit", PREFETCHED) + 2) * queue["timeout"]
    if queue["retry"] <= longest_wait:
        problems.append(
            Error(
                f"Q_CLUSTER: retry ({queue['retry']} s) must be longer than (queue_limit + 2) x timeout = {longest_wait} s.",
                hint="Otherwise a task that waits behind long ones is handed out again and runs twice.",
                id="refloop_site.E001",
            )
        )
    if queue.get("orm") != "default":
        problems.append(
            Error(
                "Q_CLUSTER must use the default database.",
                hint="Tasks are queued in the transaction that causes them; another broker breaks that.",
                id="refloop_site.E002",
            )
        )
    return problems


@register(Tags.compatibility)
def check_sqlite_options(app_configs, **kwargs):
    """refloop_site.W001: SQLite without WAL and immediate transactions loses writes to "database is locked"."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    if options.get("transaction_mode") == "IMMEDIATE" and "journal_mode=WAL" in options.get("init_command", ""):
        return []
    return [
        Warning(
            "SQLite runs without WAL or without immediate transactions.",
            hint="Keep DATABASES['default']['OPTIONS'] as in refloop_site/settings.py.",
            id="refloop_site.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_data_is_private(app_configs, **kwargs):
    """refloop_site.W002: other users of the machine can read the data folder."""
    folder = Path(settings.DATA_DIR)
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & (stat.S_IROTH | stat.S_IXOTH):
        return [
            Warning(
                f"Everybody on this machine can read {folder}, which holds patient data.",
                hint=f"chmod 700 {folder}",
                id="refloop_site.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_production_database(app_configs, **kwargs):
    """refloop_site.W003: production on SQLite has one writer and lives on one machine."""
    if settings.IS_PRODUCTION and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return [
            Warning(
                "Production runs on SQLite: one writer at a time, one machine.",
                hint="Fine for a small group. For more, set DATABASE_URL to a PostgreSQL database.",
                id="refloop_site.W003",
            )
        ]
    return []


@register(Tags.database)
def check_clock_runs(app_configs, databases=None, **kwargs):
    """refloop_site.W010: a part of the clockwork stands still (only asked with ``check --database default``)."""
    if "default" not in (databases or ()):
        return []
    now = timezone.now()
    try:
        problems = pulse.read(now).problems(now)
    except DatabaseError:
        return []  # not migrated yet, or not reachable: other checks say so
    return [Warning(problem.says, hint=problem.do, id="refloop_site.W010") for problem in problems]
