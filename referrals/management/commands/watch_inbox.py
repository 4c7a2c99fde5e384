"""``manage.py watch_inbox FOLDER``: take in what fax servers and scanners put into a folder."""

import logging
import os
import signal
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from referrals import clockwork
from referrals.intake.folder import Folder

logger = logging.getLogger("refloop.referrals")


class Command(BaseCommand):
    help = (
        "Take in every file that appears in FOLDER, until stopped. A file is taken once it has not changed between two "
        "looks, and then moved to FOLDER/done or, when it is empty or too large, to FOLDER/rejected with the reason."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks (default 2)")
        parser.add_argument("--label", default="", help="where they come from, for people, such as: fax 608-555-0100")
        parser.add_argument("--once", action="store_true", help="two looks, then end")

    def handle(self, *args, folder: Path, every: float, label: str, once: bool, **options):
        path = folder.resolve()
        if not path.is_dir():
            raise CommandError(f"{folder} is not a folder. Make it, and give RefLoop's user the right to write there.")
        if not os.access(path, os.W_OK | os.X_OK):
            raise CommandError(f"{folder} cannot be written to; files are moved to its subfolder 'done' once taken.")
        told = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: told.append(number))
        watched = Folder(path, label)
        self.beats = clockwork.Beats(clockwork.INBOX)
        taken = self._look(watched)
        while not told:
            time.sleep(every)
            taken += self._look(watched)
            if once:
                break
        if once:
            self.stdout.write(f"{taken} file{'' if taken == 1 else 's'} taken or rejected.")

    def _look(self, watched: Folder) -> int:
        """How many files were taken. It shows life only while none is stuck."""
        try:
            close_old_connections()
            taken = watched.look(now=timezone.now())
            if not watched.stuck:
                self.beats.beat(now=timezone.now())
            return taken
        except (Error, OSError):  # the database, or the folder itself: a share that is not there for a while
            logger.exception("watching a folder failed, trying again")
            connection.close()
            return 0
