"""``manage.py dispatch_messages``: send what is due now, or go on for ever."""

import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from notifications.dispatch.run import dispatch

PAUSE = 1.0  # seconds between looks when nothing is due


class Command(BaseCommand):
    help = "Send the messages that are due. With --forever, keep sending until stopped; run as many as you like."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *args, forever: bool, **options):
        if not forever:
            tally = dispatch(now_fn=timezone.now, batch=1_000_000)
            self.stdout.write(f"{tally.delivered} delivered, {tally.failed} failed, {tally.refused} refused.")
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            if not dispatch(now_fn=timezone.now, keep_going=lambda: not stop.is_set()).claimed:
                stop.wait(PAUSE)
