"""``manage.py demo``: an invented group with months of referrals, served on this machine. One command, nothing to set up."""

import os
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from refloop_site.demo import access, behaviour, data_set, history
from refloop_site.demo.data_set import Mark, State
from refloop_site.demo.directory_tables import GROUP
from refloop_site.demo.progress import ProgressBar
from refloop_site.serving import Serving

MOST_MONTHS = 24
MOST_PER_MONTH = 5_000
DAYS_IN_A_MONTH = 30.44
DEFAULTS = {"months": 6, "per_month": behaviour.REFERRALS_PER_MONTH, "seed": 1}


class Command(BaseCommand):
    help = "Make (once) and serve a demo: a 14-provider group with six months of referrals, on this machine only."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen on (default 8000).")
        parser.add_argument("--months", type=int, help="Months of history (default 6).")
        parser.add_argument("--seed", type=int, help="Another number makes another history (default 1).")
        parser.add_argument("--per-month", type=int, help="Referrals a month (default 410).")
        parser.add_argument("--reset", action="store_true", help="Throw the demo's data away and make it anew.")
        parser.add_argument("--no-serve", action="store_true", help="Only make the data.")

    def handle(self, *, host, port, months, per_month, seed, reset, no_serve, **options) -> None:
        serving = Serving(host=host, port=port, stop_seconds=10)
        self._refuse_bad_options(serving, months, per_month, no_serve)
        folder = Path(settings.DATA_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # stays empty: the demo serves static files from the sources
        # For the programs started below: this is somebody's terminal, and links in messages point here.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ.setdefault("REFLOOP_BASE_URL", serving.address)
        os.environ.setdefault("REFLOOP_GROUP_NAME", GROUP)
        asked = {"months": months, "per_month": per_month, "seed": seed}
        try:
            may_enter = self._prepare(
                folder, {name: value for name, value in asked.items() if value is not None}, reset
            )
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted before the data was whole. The next run starts anew.", returncode=130
            ) from None
        self.stdout.write(access.welcome(may_enter, address=serving.address))
        if no_serve:
            return
        if host not in ("127.0.0.1", "localhost", "::1"):
            self.stderr.write(f"Listening on {host}: others on the network can reach this demo. It is not hardened.")
        self.stdout.write("  Press Ctrl-C to stop.\n")
        self.stdout.flush()
        if code := serving.run():
            raise CommandError("A part of RefLoop ended by itself; see above. Everything was stopped.", returncode=code)
        self.stdout.write("Stopped.")

    def _refuse_bad_options(self, serving: Serving, months: int | None, per_month: int | None, no_serve) -> None:
        """Everything that can be refused is refused before the long work."""
        if settings.IS_PRODUCTION:
            raise CommandError(
                "The demo prints its passwords and never runs with REFLOOP_ENV=production. Unset REFLOOP_ENV and retry."
            )
        if months is not None and not 1 <= months <= MOST_MONTHS:
            raise CommandError(f"--months must be between 1 and {MOST_MONTHS}.")
        if per_month is not None and not 1 <= per_month <= MOST_PER_MONTH:
            raise CommandError(f"--per-month must be between 1 and {MOST_PER_MONTH}.")
        if not 1 <= serving.port <= 65535:
            raise CommandError("--port must be between 1 and 65535.")
        if not no_serve and (problem := serving.why_not()):
            raise CommandError(problem)

    def _prepare(self, folder: Path, asked: dict[str, int], reset: bool) -> access.Access:
        """The data set as asked for: the one that is there when it is whole and fits, else a new one."""
        state, mark = data_set.look(folder)
        if state is State.FOREIGN:
            raise CommandError(
                "This database holds referrals that the demo did not make. Point DATABASE_URL at an empty database."
            )
        if state is State.WHOLE and not reset:
            if any(getattr(mark, name) != value for name, value in asked.items()):
                raise CommandError(
                    f"The demo data was made with --months {mark.months} --per-month {mark.per_month} "
                    f"--seed {mark.seed}. Add --reset to make other data."
                )
            call_command("migrate", verbosity=0)
            self.stdout.write(f"Using the demo data in {folder} (--reset makes it anew).")
            return access.read(folder)
        if state is State.INTERRUPTED and not reset:
            self.stdout.write(
                "The data there is not whole (an interrupted run) or of an earlier version: starting anew."
            )
        if state is not State.EMPTY:
            data_set.throw_away(folder)
        return self._make(folder, Mark(database=data_set.database_name(), **DEFAULTS | asked))

    def _make(self, folder: Path, mark: Mark) -> access.Access:
        data_set.write(folder, mark)
        self.stdout.write("Setting up the database ...")
        call_command("migrate", verbosity=0)
        end = timezone.now().replace(microsecond=0)
        start = end - timedelta(days=mark.months * DAYS_IN_A_MONTH)
        count = mark.months * mark.per_month
        self.stdout.write(
            f"Making {count} referrals ({mark.months} x {mark.per_month}); this takes about a minute, once ..."
        )
        self.stdout.flush()
        progress = ProgressBar(sys.stderr, start=start, end=end)
        made = history.make(start=start, end=end, count=count, seed=mark.seed, progress=progress)
        progress.done()
        for refusal in made.refused[:5]:
            self.stderr.write(f"A step of the demo was refused: {refusal}")
        may_enter = access.issue(made.staff, folder=folder, now=timezone.now())
        mark.referrals, mark.first_number = made.referrals, made.first_number
        data_set.write(folder, mark)
        self.stdout.write(f"{made.referrals} referrals made.")
        return may_enter
