"""``manage.py dispatch_messages``: send what is due now, or go on for ever."""

import signal

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications.dispatch.forever import dispatch_forever
from notifications.dispatch.run import dispatch


class Command(BaseCommand):
    help = "Send the messages that are due. With --forever, keep sending until stopped; run as many as you like."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *args, forever: bool, **options):
        if not forever:
            tally = dispatch(now_fn=timezone.now, batch=1_000_000)
            self.stdout.write(f"{tally.delivered} delivered, {tally.failed} failed, {tally.refused} refused.")
            return
        told = []  # signals; a plain list, because a handler must not wait for a lock
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: told.append(number))
        dispatch_forever(now_fn=timezone.now, going=lambda: not told)
