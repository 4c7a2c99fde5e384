"""``manage.py serve``: web, queue, messages, documents and inbox folder together, for production."""

from pathlib import Path

import environ
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from refloop_site.serving import PARTS, WEB, Serving

env = environ.Env()


class Command(BaseCommand):
    help = (
        "Run the web server, the queue, the sender of messages, the reader of documents and, with "
        "REFLOOP_INBOX_FOLDER, the watcher of that folder together. All end when one does (with an exit code "
        "that is not 0, so that whatever supervises this restarts it), or on SIGTERM or Ctrl-C."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default=env.str("REFLOOP_HOST", default="127.0.0.1"))
        parser.add_argument("--port", type=int, default=env.int("REFLOOP_PORT", default=8000))
        parser.add_argument("--web-workers", type=int, default=env.int("REFLOOP_WEB_WORKERS", default=2))
        parser.add_argument("--web-threads", type=int, default=env.int("REFLOOP_WEB_THREADS", default=8))
        parser.add_argument(
            "--stop-seconds",
            type=float,
            default=env.float("REFLOOP_STOP_SECONDS", default=30.0),
            help="How long a stop may take before everything is killed; running tasks finish in it.",
        )
        parser.add_argument(
            "--only",
            nargs="+",
            choices=PARTS,
            default=PARTS,
            metavar="PART",
            help=f"Run only some of: {', '.join(PARTS)}. Without messages or documents, the queue does it every minute.",
        )

    def handle(self, *, host, port, web_workers, web_threads, stop_seconds, only, **options) -> None:
        serving = Serving(
            host=host,
            port=port,
            web_workers=web_workers,
            web_threads=web_threads,
            stop_seconds=stop_seconds,
            parts=tuple(only),
        )
        refuse_bad_options(serving)
        call_command("check", deploy=settings.IS_PRODUCTION, fail_level="ERROR")
        refuse_unready()
        if WEB in serving.parts:
            self.stdout.write(f"Serving on {serving.address}")
            self.stdout.flush()
        if code := serving.run():
            raise CommandError("A part of RefLoop ended by itself; everything was stopped.", returncode=code)


def refuse_bad_options(serving: Serving) -> None:
    """Raise CommandError for an option that cannot work."""
    if not 1 <= serving.port <= 65535:
        raise CommandError("--port must be between 1 and 65535.")
    if serving.web_workers < 1 or serving.web_threads < 1:
        raise CommandError("--web-workers and --web-threads must be at least 1.")
    if serving.stop_seconds < 1:
        raise CommandError("--stop-seconds must be at least 1.")
    if problem := serving.why_not():
        raise CommandError(problem)


def refuse_unready() -> None:
    """Raise CommandError when the database is not reachable or not migrated, or static files are not collected."""
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(f"The database does not answer: {type(error).__name__}. Check DATABASE_URL.") from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is behind the code. Run `python manage.py migrate` first.")
    if settings.IS_PRODUCTION and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        raise CommandError("Static files are missing. Run `python manage.py collectstatic --noinput` first.")
    connection.close()
