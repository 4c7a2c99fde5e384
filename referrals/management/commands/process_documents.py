"""``manage.py process_documents``: read and match the incoming documents that wait, or go on for ever."""

import logging
import signal
import time

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from referrals import clockwork, pipeline
from referrals.intake.sandbox import Sandbox

logger = logging.getLogger("refloop.referrals")
LOOK_EVERY = 1.0  # seconds, while nothing waits


class Command(BaseCommand):
    help = (
        "Read and match incoming documents that wait. With --forever, keep on until stopped; run as many as you like."
    )

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *args, forever: bool, **options):
        told = []  # signals; a plain list, because a handler must not wait for a lock
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: told.append(number))
        beats = clockwork.Beats(clockwork.READER)

        def going() -> bool:
            beats.beat(now=timezone.now())
            return not told

        with Sandbox() as sandbox:
            while not told:
                try:
                    close_old_connections()
                    done = pipeline.process_due(sandbox=sandbox, now_fn=timezone.now, going=going)
                except (Error, OSError):  # the database or the machine: no room, no memory for a child
                    if not forever:
                        raise
                    logger.exception("reading documents failed, trying again")
                    connection.close()
                    done = 0
                if not forever:
                    self.stdout.write(f"{done} documents read.")
                    return
                if not done:
                    time.sleep(LOOK_EVERY)
